//! `GET /admin/api/v1/hook-points`

use aerocall_api_types::{
    HookEventDescription, HookPhase, HookPointDescription, HookPointList, InputSample, Object, Permission,
};
use aerocall_contract::{Input, Sample};
use serde_json::Value;

use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{AnyAdmin, Caller, Endpoint, Flow},
    hooks::{HookPoint, Phase, default_policy},
};

/// Lists hook points and events.
pub(crate) struct ListHookPoints;

impl Flow for ListHookPoints {
    type Who = AnyAdmin;
    type Input = ();
    type Output = HookPointList;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/hook-points", "List hook points and events")
        .about("Everything that hooks are called for: when, with which payload, what they can change, and samples to run them with (`POST …/hooks/{hook}/run`). Queues and schedules are listed once each, with a name as an example. The same for every project.")
        .answers(
            200,
            "The hook points and events.",
            r#"{"points": [{"name": "beforeLogout", "phase": "before", "when": "Before the commit: logout.", "endpoint": "POST /auth/logout", "payloadSchema": {"type": "object", "required": ["user"]}, "replySchema": {"oneOf": [{"type": "null"}]}, "mayChange": ["user.metadata", "user.publicMetadata"], "defaultFailurePolicy": "closed", "samples": [{"name": "every member", "input": {"user": {"id": "usr_…", "email": "ada@example.com", "metadata": {}, "publicMetadata": {}}}}]}], "events": [{"name": "queue.example", "when": "A message of the queue with this name is to be handled.", "inputSchema": {"type": "object"}, "samples": []}]}"#,
        );

    async fn run(_: &App, _: &Caller<AnyAdmin>, (): ()) -> Result<HookPointList> {
        let points = HookPoint::all().map(point).collect();
        let events = Input::all().filter(|input| !matches!(input, Input::Point(_)));
        Ok(HookPointList {
            points,
            events: events.map(event).collect(),
        })
    }
}

fn point(point: HookPoint) -> HookPointDescription {
    let input = Input::Point(point);
    let (method, path) = point.step.endpoint();
    HookPointDescription {
        name: input.name(),
        phase: match point.phase {
            Phase::Before => HookPhase::Before,
            Phase::After => HookPhase::After,
        },
        when: input.when(),
        endpoint: format!("{method} {path}"),
        payload_schema: object(input.schema()),
        reply_schema: object(input.reply_schema()),
        may_change: input.may_change(),
        default_failure_policy: default_policy(point).into(),
        samples: samples(input),
    }
}

fn event(input: Input) -> HookEventDescription {
    HookEventDescription {
        name: input.name(),
        when: input.when(),
        input_schema: object(input.schema()),
        samples: samples(input),
    }
}

fn samples(input: Input) -> Vec<InputSample> {
    let sample = |Sample { name, input }| InputSample { name, input };
    input.samples().into_iter().map(sample).collect()
}

fn object(schema: Value) -> Object {
    match schema {
        Value::Object(members) => members,
        _ => Object::new(),
    }
}
