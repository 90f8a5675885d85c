//! `POST …/queues/{queue}/requeue`

use aerocall_api_types::{Permission, RequeuedJobs};
use serde_json::{Value, json};

use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, query},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
};

/// Jobs of one request.
const MAX: i64 = 1_000;

/// Puts dead jobs back into their queue, with all their attempts.
pub(crate) struct RequeueDeadJobs;

/// What the client sends.
pub(crate) struct Input {
    before_ms: Option<i64>,
}

impl Flow for RequeueDeadJobs {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = RequeuedJobs;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/queues/{queue}/requeue"),
        "Requeue the dead jobs of a queue",
    )
    .about("The oldest first, up to 1,000 per request. `/` in the name of a queue is written `%2F`.")
    .fields(&[
        Field::required("state", FieldKind::OneOf(&["dead"]), "Which jobs; always `dead`."),
        Field::optional(
            "before",
            FieldKind::TIME,
            "Only jobs that became dead before this time (RFC 3339).",
        ),
    ])
    .example(r#"{"state":"dead"}"#)
    .answers(
        200,
        "The number of jobs requeued.",
        r#"{"requeued": 12, "hasMore": false}"#,
    );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let state = fields.required("state", |value| match value {
            Value::String(text) if text == "dead" => Ok(()),
            _ => Err("must be dead".to_owned()),
        });
        let before_ms = fields.optional("before", query::time);
        state.map(|()| Input { before_ms })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<RequeuedJobs> {
        let (scope, queue) = (caller.scope.clone(), queue(caller.part("queue")?));
        let requeued = caller.change(app, move |tx, now_ms| {
            let before_ms = input.before_ms.unwrap_or(i64::MAX);
            let requeued = tx.requeue_dead_jobs(&scope, &queue, before_ms, now_ms, MAX)?;
            Ok(match requeued {
                0 => Audited::Unchanged(0),
                count => {
                    let entry = AuditEntry::new(Action::QueueRequeued, queue).with(json!({ "jobs": count }));
                    Audited::Changed(count, entry)
                }
            })
        });
        let requeued = u64::try_from(requeued.await?).unwrap_or(u64::MAX);
        app.hooks.platform.wake();
        Ok(RequeuedJobs {
            requeued,
            has_more: requeued >= MAX.unsigned_abs(),
        })
    }
}

/// A part of a path keeps this one sign encoded.
fn queue(part: &str) -> String {
    part.replace("%2F", "/").replace("%2f", "/")
}
