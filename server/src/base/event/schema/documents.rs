//! What is made of the list of events: a page for people, a JSON Schema, TypeScript types.

use std::fmt::Write as _;

use super::{EventKind, Presence, Shape, described, schema};
use crate::base::reference::is_committed;

const HEAD: &str = "# Events\n\n\
    <!-- Made from server/src/events/schema.rs: change that, and run UPDATE_DOCS=1 cargo nextest run --workspace documents_are -->\n\n\
    An event describes something that happened. It is stored in the same transaction as the change that it describes. Script\n\
    hooks (`export const on`), webhooks, the admin API (`…/events`) and its stream (`…/events/stream`) all get the same\n\
    document ([JSON Schema](events.schema.json)):\n\n\
    ```json\n\
    { \"id\": \"evt_…\", \"type\": \"auth.signup\", \"version\": 1, \"time\": \"2026-01-31T12:00:00.000Z\", \"project\": \"shop\",\n  \
    \"environment\": \"production\", \"actor\": \"anonymous\", \"subject\": \"usr_…\", \"data\": { \"user\": { … } } }\n\
    ```\n\n\
    TypeScript types from `@aerocall/hooks`: `KnownEvent` for all events, `WebhookMessage` for the body of a webhook.\n\n\
    `version` is the version of the shape of `data`. Fields can be added within a version; receivers should ignore unknown fields.\n\
    Delivery to webhooks: [webhooks.md](webhooks.md); to script hooks: [hooks.md](hooks.md).\n";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for kind in EventKind::ALL {
        let (about, fields) = described(*kind);
        write!(
            page,
            "\n## {}\n\n{about}\n\n| field of `data` | | |\n|---|---|---|\n",
            kind.as_str()
        )
        .unwrap();
        for field in fields {
            let presence = match field.presence {
                Presence::Always => "",
                Presence::Sometimes => "optional",
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

const TYPES_HEAD: &str = "// The data of each event.\n\
    // Made from server/src/events/schema.rs: change that, and run UPDATE_DOCS=1 cargo nextest run --workspace documents_are\n\
    import type { SessionRef, User } from \"./users.js\";\n\n\
    /** The data of every event that the server emits, by event type. */\n\
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
