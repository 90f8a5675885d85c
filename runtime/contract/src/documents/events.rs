//! `docs/events.md`, `docs/events.schema.json` and the types of events, from the list of events.

use std::fmt::Write as _;

use super::{is_committed, typescript};
use crate::{
    EventKind, event_schema,
    shape::{Presence, Shape},
};

const HEAD: &str = "# Events\n\n\
    <!-- Made from runtime/contract/src/events.rs: change that, and run UPDATE_DOCS=1 cargo nextest run --workspace documents_are -->\n\n\
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
        let (about, fields) = (kind.about(), kind.data());
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
    // Made from runtime/contract/src/events.rs: change that, and run UPDATE_DOCS=1 cargo nextest run --workspace documents_are\n\
    import type { JsonObject } from \"./json.js\";\n\
    import type { SessionRef, User } from \"./users.js\";\n\n\
    /** The data of every event that the server emits, by event type. */\n\
    export interface KnownEvents {\n";

fn types() -> String {
    let mut types = TYPES_HEAD.to_owned();
    for kind in EventKind::ALL {
        let (about, fields) = (kind.about(), kind.data());
        writeln!(types, "{}  \"{}\": {{", typescript::comment(about, "  "), kind.as_str()).unwrap();
        for field in fields {
            types.push_str(&typescript::member(field, "    ", ""));
        }
        types.push_str("  };\n");
    }
    types + "}\n"
}

#[test]
fn documents_are_what_the_list_of_events_says() {
    is_committed("docs/events.md", &page());
    let schema = serde_json::to_string_pretty(&event_schema()).unwrap();
    is_committed("docs/events.schema.json", &format!("{schema}\n"));
    is_committed("sdk-js/package/src/known-events.d.ts", &types());
}
