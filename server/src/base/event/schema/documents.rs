//! What is made of the list of events: a page for people, a JSON Schema, TypeScript types.

use std::fmt::Write as _;

use super::{EventKind, Presence, Shape, described, schema};
use crate::base::reference::is_committed;

const HEAD: &str = "# Events\n\n\
    <!-- Made from server/src/base/event/schema.rs: change that, and run UPDATE_DOCS=1 cargo test --workspace --lib documents_are -->\n\n\
    What happened, kept in the transaction of the change it tells of. Script hooks (`export const on`), webhooks, the admin\n\
    API (`…/events`) and its stream (`…/events/stream`) all see the same document; [its JSON Schema](events.schema.json):\n\n\
    ```json\n\
    { \"id\": \"evt_…\", \"type\": \"auth.signup\", \"version\": 1, \"time\": \"2026-01-31T12:00:00.000Z\", \"project\": \"shop\",\n  \
    \"environment\": \"production\", \"actor\": \"anonymous\", \"subject\": \"usr_…\", \"data\": { \"user\": { … } } }\n\
    ```\n\n\
    In TypeScript: `KnownEvent` for any of them and `WebhookMessage` for a receiver's body, from `@aerocall/hooks`.\n\n\
    `version` is of the shape of `data`. Fields may be added within a version; a receiver that does not know one ignores it.\n\
    How they reach a receiver: [webhooks.md](webhooks.md); how a hook: [hooks.md](hooks.md).\n";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for kind in EventKind::ALL {
        let (about, fields) = described(*kind);
        write!(
            page,
            "\n## {}\n\n{about}\n\n| data | | |\n|---|---|---|\n",
            kind.as_str()
        )
        .unwrap();
        for field in fields {
            let presence = match field.presence {
                Presence::Always => "",
                Presence::Sometimes => "may be absent",
            };
            let about = match field.shape {
                Shape::OneOf(words) => format!("{} One of `{}`.", field.about, words.join("`, `")),
                _ => field.about.to_owned(),
            };
            writeln!(page, "| `{}` | {presence} | {about} |", field.name).unwrap();
        }
    }
    page
}

const TYPES_HEAD: &str = "// What is in the data of each event.\n\
    // Made from server/src/base/event/schema.rs: change that, and run UPDATE_DOCS=1 cargo test --workspace --lib documents_are\n\
    import type { SessionRef, User } from \"./users.js\";\n\n\
    /** The data of every event that the server makes, by its name. */\n\
    export interface KnownEvents {\n";

fn types() -> String {
    let mut types = TYPES_HEAD.to_owned();
    for kind in EventKind::ALL {
        let (about, fields) = described(*kind);
        write!(types, "  /** {about} */\n  \"{}\": {{\n", kind.as_str()).unwrap();
        for field in fields {
            let mark = if field.presence == Presence::Always { "" } else { "?" };
            let shape = of_typescript(field.shape);
            writeln!(types, "    /** {} */\n    {}{mark}: {shape};", field.about, field.name).unwrap();
        }
        types.push_str("  };\n");
    }
    types + "}\n"
}

fn of_typescript(shape: Shape) -> String {
    match shape {
        Shape::User => "User".to_owned(),
        Shape::Session => "SessionRef".to_owned(),
        Shape::Factor => "{ id: string; type: \"totp\" }".to_owned(),
        Shape::Text => "string".to_owned(),
        Shape::Count => "number".to_owned(),
        Shape::OneOf(words) => format!("\"{}\"", words.join("\" | \"")),
    }
}

#[test]
fn documents_are_what_the_list_of_events_says() {
    is_committed("docs/events.md", &page());
    let schema = serde_json::to_string_pretty(&schema()).unwrap();
    is_committed("docs/events.schema.json", &format!("{schema}\n"));
    is_committed("sdk-js/package/src/known-events.d.ts", &types());
}
