//! `GET …/event-types`

use aerocall_api_types::{EventType, EventTypeList, Object, Permission};
use aerocall_contract::Input;
use serde_json::Value;

use crate::{
    app::App,
    base::{error::Result, event::EventKind},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Lists the types of events.
pub(crate) struct ListEventTypes;

impl Flow for ListEventTypes {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = EventTypeList;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/event-types"), "List the types of events")
        .about("What webhook endpoints can subscribe to: every type with its groups, its JSON Schema and a sample. The same for every environment.")
        .answers(
            200,
            "The types.",
            r#"{"eventTypes": [{"name": "auth.mfa.removed", "description": "A second factor was removed.", "groups": ["auth.mfa.*", "auth.*", "*"], "schema": {"type": "object"}, "sample": {"type": "auth.mfa.removed", "data": {}}}]}"#,
        );

    async fn run(_: &App, _: &Caller<EnvironmentAdmin>, (): ()) -> Result<EventTypeList> {
        Ok(EventTypeList {
            event_types: EventKind::ALL.iter().map(|kind| event_type(*kind)).collect(),
        })
    }
}

fn event_type(kind: EventKind) -> EventType {
    let input = Input::Event(kind);
    EventType {
        name: input.name(),
        description: input.when(),
        groups: groups(kind.as_str()),
        schema: object(input.schema()),
        sample: input
            .samples()
            .into_iter()
            .next()
            .map(|sample| object(sample.input))
            .unwrap_or_default(),
    }
}

/// `auth.mfa.removed`: `auth.mfa.*`, `auth.*` and `*`.
fn groups(name: &str) -> Vec<String> {
    let dots = name.rmatch_indices('.').map(|(at, _)| format!("{}.*", &name[..at]));
    dots.chain(["*".to_owned()]).collect()
}

fn object(value: Value) -> Object {
    match value {
        Value::Object(members) => members,
        _ => Object::new(),
    }
}
