//! What is live in an environment, and how it becomes so.

mod document;
mod get_live;
mod set_state;

use std::collections::HashMap;

use aerocall_api_types::{Deployment, LiveHooks};
use aerocall_runtime::Manifest;

use super::deployments;
use crate::{
    app::App,
    base::{
        error::{Problem, Refusal, Result},
        ids::{HookName, Scope},
    },
    hooks::Stored,
};

pub(crate) use get_live::GetLiveHooks;
pub(crate) use set_state::SetHookState;

/// The hook that a path names.
pub(super) fn hook_name(text: &str) -> Result<HookName> {
    Ok(HookName::parse(text).map_err(|problem| {
        Refusal::invalid_input(vec![Problem {
            field: "name".to_owned(),
            problem,
        }])
    })?)
}

/// A stored deployment becomes live on this node.
pub(super) async fn take_effect(app: &App, scope: &Scope, stored: Stored) -> Result<(Deployment, LiveHooks)> {
    let deployment = deployments::deployment(stored.deployment.clone());
    let live = app.hooks.registry.assemble(scope, stored).await?;
    let document = document::live_hooks(&live);
    app.hooks.registry.install(scope, live);
    Ok((deployment, document))
}

/// A message has one consumer: two would each have to succeed, and a retry would run both again.
pub(super) fn one_consumer_each(enabled: &[(String, Manifest)]) -> std::result::Result<(), Refusal> {
    let mut consumers: HashMap<&str, &str> = HashMap::new();
    let mut problems = Vec::new();
    for (name, manifest) in enabled {
        let queues = manifest.events.iter().filter(|event| is_queue(event));
        for queue in queues {
            if let Some(other) = consumers.insert(queue, name) {
                problems.push(Problem {
                    field: "hooks".to_owned(),
                    problem: format!("`{other}` and `{name}` both answer {queue}; disable one of them"),
                });
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid_input(problems))
    }
}

fn is_queue(event: &str) -> bool {
    aerocall_contract::names::queue_of(event).is_some()
}

/// For the reference: the members of what is live.
macro_rules! live_example {
    () => {
        r#""number": 3, "points": {"beforeSignup": [{"name": "signup", "number": 1, "digest": "sha256:…", "failurePolicy": "closed"}]}, "hooks": [{"name": "signup", "number": 1, "digest": "sha256:…", "state": "enabled", "rollout": null, "breaker": "closed", "hooks": ["beforeSignup"], "events": ["auth.signup"], "schedules": {"cleanup": "0 3 * * *"}, "capabilities": ["cache"], "limits": {"fuel": 2000000000, "memoryBytes": 33554432, "deadlineMs": 2000, "payloadBytes": 1048576, "replyBytes": 1048576, "logLines": 200, "logBytes": 65536, "hostCalls": 2000, "hostBytes": 8388608, "recordBytes": 262144, "dbRows": 10000, "dbStatementMs": 1000, "httpRequests": 20, "httpResponseBytes": 1048576, "emails": 5, "queueMessages": 50}, "notRun": []}]"#
    };
}

pub(super) use live_example;
