//! What a project adds to the types of the SDK: its names, so that an editor can offer them. Every name stays allowed, for what is
//! not there yet.

use std::{collections::BTreeSet, fmt::Write as _};

use serde_json::json;

/// Names that a project uses.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) secrets: BTreeSet<String>,
    pub(super) queues: BTreeSet<String>,
}

/// A file of declarations.
pub(super) fn declarations(names: &Names) -> String {
    let mut text = "// Names that this project uses. Made by the server.\n\
                    import type { JsonInput } from \"./json.js\";\n\
                    import type { EnqueueOptions } from \"./queue.js\";\n\
                    import type { SecretHandle } from \"./secrets.js\";\n"
        .to_owned();
    let secrets = literals(&names.secrets);
    let queues = literals(&names.queues);
    let _ = write!(
        text,
        "\n/** Names of the project's secrets. */\nexport type SecretName = {secrets};\n\
         /** Queues that hooks of the project handle. */\nexport type QueueName = {queues};\n\n\
         declare module \"./secrets.js\" {{\n  interface Secrets {{\n    \
         get(name: SecretName): Promise<SecretHandle>;\n  }}\n}}\n\
         declare module \"./queue.js\" {{\n  interface Queue {{\n    \
         enqueue(queue: QueueName, message: JsonInput, options?: EnqueueOptions): Promise<{{ id: string }}>;\n  }}\n}}\n"
    );
    text
}

/// A union of texts; `never` of none.
fn literals(names: &BTreeSet<String>) -> String {
    // JSON's texts are TypeScript's.
    let texts: Vec<String> = names.iter().map(|name| json!(name).to_string()).collect();
    match texts.is_empty() {
        true => "never".to_owned(),
        false => texts.join(" | "),
    }
}
