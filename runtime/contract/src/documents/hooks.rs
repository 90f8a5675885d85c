//! The table of hook points in `docs/hooks.md`, `docs/hooks.schema.json` and the types of payloads and hooks.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{is_committed, part_is_committed, typescript};
use crate::{
    Changes, HookPoint, OwnField, Phase, UserFields, payloads,
    shape::{self, Presence, Shape},
};

const SOURCE: &str = "runtime/contract/src/points.rs and payloads.rs: change those, and run UPDATE_DOCS=1 cargo nextest run \
                      --workspace documents_are";

fn table() -> String {
    let mut table =
        "\n| hook point | runs at | payload besides `client` | a hook can change |\n|---|---|---|---|\n".to_owned();
    for point in HookPoint::all() {
        let field = |field: &shape::Field| {
            let mark = if field.presence == Presence::Always { "" } else { "?" };
            let note = if matches!(field.shape, Shape::NewUser) {
                " (without id)"
            } else {
                ""
            };
            format!("`{}{mark}`{note}", field.name)
        };
        let payload: Vec<String> = point.payload().own.iter().map(field).collect();
        let about = match point.phase {
            Phase::Before => point.step.about(),
            Phase::After => "the same, after the commit",
        };
        let (name, payload, changes) = (point.name(), payload.join(", "), changed(point.changes()));
        writeln!(table, "| `{name}` | {about} | {payload} | {changes} |").unwrap();
    }
    table + "\n"
}

fn changed(changes: Changes) -> String {
    let user = changes.user.names().iter().map(|field| format!("`user.{field}`"));
    let own = changes.own.map(|own| match own {
        OwnField::Claims => "`claims`, except reserved ones",
        OwnField::Delivery => "`delivery`: `\"hook\"` says that the hook has sent it",
    });
    let all: Vec<String> = own.map(str::to_owned).into_iter().chain(user).collect();
    match all.is_empty() {
        true => "nothing".to_owned(),
        false => all.join(", "),
    }
}

/// JSON Schema of every payload, with a sample for each hook point.
fn schema() -> Value {
    let mut types = match shape::definitions(&["user", "newUser", "userPatch", "session", "password", "client"]) {
        Value::Object(definitions) => definitions,
        _ => Map::new(),
    };
    types.extend(
        payloads::ALL
            .iter()
            .map(|payload| (payload.name.to_owned(), payload.schema())),
    );
    let of_point = |point: HookPoint| {
        let schema = json!({
            "$ref": format!("#/$defs/{}", point.payload().name),
            "description": point.step.about(),
            "examples": [point.payload().sample()],
        });
        (point.name().to_owned(), schema)
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Payloads of the hook points of Aerocall Hooks",
        "description": "Each property is a hook point, its value the payload that a hook gets there.",
        "type": "object",
        "properties": HookPoint::all().map(of_point).collect::<Map<String, Value>>(),
        "$defs": types,
    })
}

fn payload_types() -> String {
    let mut types = format!(
        "// What each hook point gets and what a hook may change there.\n// Made from {SOURCE}\n\
         import type {{ Json, JsonObject }} from \"./json.js\";\n\
         import type {{ Client, LateUserPatch, NewUser, PasswordHandle, SessionRef, User, UserPatch }} from \"./users.js\";\n\n\
         /** What every payload has. */\nexport interface BasePayload {{\n"
    );
    for field in payloads::COMMON {
        types.push_str(&typescript::member(field, "  ", "readonly "));
    }
    types.push_str("}\n");
    for payload in payloads::ALL {
        write!(
            types,
            "\n{}export interface {} extends BasePayload {{\n",
            typescript::comment(payload.about, ""),
            payload.name
        )
        .unwrap();
        for field in payload.own {
            types.push_str(&typescript::member(field, "  ", "readonly "));
        }
        types.push_str("}\n");
    }
    types.push_str("\n/** The payload of each hook point. */\nexport interface Payloads {\n");
    for point in HookPoint::all() {
        writeln!(types, "  {}: {};", point.name(), point.payload().name).unwrap();
    }
    types.push_str(
        "}\n\n/** What a hook may change at each hook point; `never`: nothing. */\nexport interface Patches {\n",
    );
    for point in HookPoint::all() {
        writeln!(types, "  {}: {};", point.name(), patch_type(point.changes())).unwrap();
    }
    types.push_str(
        "}\n\n/** The name of a hook point. */\nexport type HookPoint = keyof Payloads;\n\n\
         /** A hook point before the state changes. */\n\
         export type BeforePoint = Extract<HookPoint, `before${string}`>;\n\n\
         /** A hook point after the state has changed. */\n\
         export type AfterPoint = Extract<HookPoint, `after${string}`>;\n\n\
         /** What a hook at a hook point may change. */\n\
         export type Patch<Point extends HookPoint> = Patches[Point];\n",
    );
    types
}

fn patch_type(changes: Changes) -> String {
    let own = changes.own.map(|own| match own {
        OwnField::Claims => "claims?: { [name: string]: Json | undefined }",
        OwnField::Delivery => "delivery?: \"server\" | \"hook\"",
    });
    let user = match changes.user {
        UserFields::Profile => Some("user?: UserPatch"),
        UserFields::Metadata => Some("user?: LateUserPatch"),
        UserFields::Nothing => None,
    };
    let members: Vec<&str> = own.into_iter().chain(user).collect();
    match members.is_empty() {
        true => "never".to_owned(),
        false => format!("{{ {} }}", members.join("; ")),
    }
}

fn hook_types() -> String {
    let mut types = format!(
        "// The type of each hook: `export const beforeSignup: BeforeSignup = async (context, payload, Aerocall) => …`.\n\
         // Made from {SOURCE}\n\
         import type {{ RequestContext }} from \"./context.js\";\n\
         import type {{ HookPoint, Payloads }} from \"./payloads.js\";\n\
         import type {{ Reply }} from \"./reply.js\";\n\
         import type {{ Aerocall }} from \"./sdk.js\";\n\n\
         /** A hook at a hook point. */\n\
         export type Hook<Point extends HookPoint> = (\n  \
           context: RequestContext,\n  \
           payload: Payloads[Point],\n  \
           Aerocall: Aerocall,\n\
         ) => Reply<Point> | Promise<Reply<Point>>;\n\n"
    );
    for point in HookPoint::all() {
        let name = point.name();
        writeln!(
            types,
            "export type {}{} = Hook<\"{name}\">;",
            name[..1].to_uppercase(),
            &name[1..]
        )
        .unwrap();
    }
    types
}

#[test]
fn documents_are_what_the_list_of_hook_points_says() {
    part_is_committed("docs/hooks.md", "hook points", &table());
    let schema = serde_json::to_string_pretty(&schema()).unwrap();
    is_committed("docs/hooks.schema.json", &format!("{schema}\n"));
    is_committed("sdk-js/package/src/payloads.d.ts", &payload_types());
    is_committed("sdk-js/package/src/hooks.d.ts", &hook_types());
}
