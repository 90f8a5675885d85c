//! A request from its fields to its answer, as the edge does it over HTTP: limits, who asks, fields, flow, error envelope.

use std::collections::BTreeMap;

use aerocall_api_types::{ErrorAnswer, ErrorBody};
use aerocall_contract::errors;
use serde::Serialize;
use serde_json::{Map, Value};

use super::input::Described;
use crate::{
    app::App,
    base::{
        error::{Error, Problem, Refusal, Result, chain},
        ids::Scope,
        input::Fields,
        request::RequestMeta,
    },
    flows::steps::endpoint::{BodyLimit, Caller, Client, Flow, Method, Rate},
};

/// A request on its way to a flow.
pub(super) struct Asked {
    pub(super) scope: Scope,
    pub(super) meta: RequestMeta,
    pub(super) described: Described,
}

/// What a client gets.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Value,
}

/// Limits → token → fields → flow → answer.
pub(super) async fn answered<F>(app: &App, asked: Asked) -> Answered
where
    F: Flow,
    F::Who: Client,
    F::Output: Serialize,
{
    let id = asked.meta.id.clone();
    let answer = Box::pin(run::<F>(app, asked)).await.and_then(|output| {
        let status = F::status(&output);
        let body = serde_json::to_value(&output).map_err(|error| Error::unexpected("writing a response", error))?;
        Ok(Answered::json(status, body))
    });
    answer
        .unwrap_or_else(|error| Answered::error(&id, error))
        .with("x-request-id", id)
}

/// The same for flows whose output is no document.
pub(super) async fn run<F>(app: &App, asked: Asked) -> Result<F::Output>
where
    F: Flow,
    F::Who: Client,
{
    let Asked { scope, meta, described } = asked;
    let settings = app.settings.auth(&scope).await?;
    if F::ENDPOINT.rate == Rate::Secret
        && let Some(quota) = app.limits.address(&scope, &settings.limits, &meta.ip).await
    {
        quota.check()?;
    }
    app.limits.project(&scope, &settings.limits).await?;
    let who = <F::Who as Client>::of(app, &scope, described.bearer()).await?;
    let mut fields = fields::<F>(app, &described)?;
    let read = F::read(&mut fields, &settings);
    let input = fields.finish(read)?;
    let caller = Caller {
        scope,
        request: meta,
        settings,
        who,
        path: described.parts,
    };
    Box::pin(F::run(app, &caller, input)).await
}

fn fields<F: Flow>(app: &App, described: &Described) -> Result<Fields> {
    if F::ENDPOINT.method == Method::Get {
        return Ok(Fields::of_query(described.query.iter().cloned()));
    }
    let most = match F::BODY {
        BodyLimit::Nothing => return Ok(Fields::none()),
        BodyLimit::Bytes(bytes) => bytes,
        _ => app.config.http.json_body_bytes,
    };
    Ok(Fields::new(body(described, most)?))
}

fn body(described: &Described, most: usize) -> Result<Map<String, Value>> {
    let malformed = |problem: &str| Refusal {
        details: vec![Problem {
            field: "body".to_owned(),
            problem: problem.to_owned(),
        }],
        ..Refusal::new(errors::MALFORMED_BODY, "The body cannot be read; see details")
    };
    match &described.body {
        Some(Value::Object(members)) => match serde_json::to_string(members) {
            Ok(text) if text.len() > most => Err(Refusal::body_too_large(most).into()),
            _ => Ok(members.clone()),
        },
        Some(_) => Err(malformed("must be a JSON object").into()),
        None => Err(malformed("is missing: send a JSON object").into()),
    }
}

impl Answered {
    pub(super) fn json(status: u16, body: Value) -> Self {
        let empty = Self {
            status,
            headers: BTreeMap::new(),
            body,
        };
        empty.with("content-type", "application/json")
    }

    /// The one error envelope.
    pub(super) fn error(request_id: &str, error: Error) -> Self {
        let refusal = match error {
            Error::Refused(refusal) => *refusal,
            Error::Unexpected(error) => {
                tracing::error!(request_id, error = chain(&error), "unexpected error");
                let message = "An unexpected error occurred. Include the request id when you report it";
                Refusal::new(errors::INTERNAL_ERROR, message)
            }
        };
        let envelope = ErrorAnswer {
            error: ErrorBody {
                code: refusal.code.to_string(),
                message: refusal.message.to_string(),
                request_id: request_id.to_owned(),
                hook: refusal.hook,
                details: refusal.details,
                conflict: refusal.conflict.map(|conflict| *conflict),
            },
        };
        let answered = Self::json(refusal.status, serde_json::to_value(envelope).unwrap_or_default());
        match refusal.retry_after {
            Some(seconds) => answered.with("retry-after", seconds.to_string()),
            None => answered,
        }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.insert(name.to_owned(), value.into());
        self
    }
}
