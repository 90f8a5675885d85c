//! Results to answers. The one error envelope: `{"error":{"code","message","request_id","hook"?,"details"?}}`.

use std::{borrow::Cow, future::Future, pin::Pin, sync::Arc};

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use aerocall_api_types::{ErrorAnswer, ErrorBody};
use aerocall_contract::errors;
use serde::Serialize;
use tokio::{runtime::Handle, sync::watch, task::JoinHandle};
use tracing::Instrument as _;

use super::envelope::RequestId;
use crate::{
    app::App,
    base::{
        erased::{self, Erased},
        error::{Error, Refusal, Result, chain},
        request,
    },
};

/// Where flows run: on the runtime of the server, to their end. A client that hangs up, or a worker that is stopped,
/// does not leave a user without their after-hooks; and a panic in a flow is an answer like another one.
pub(crate) struct Flows {
    pub(crate) app: Arc<App>,
    runtime: Handle,
    closing: watch::Receiver<bool>,
}

impl Flows {
    pub(crate) fn new(app: Arc<App>, runtime: Handle, closing: watch::Receiver<bool>) -> Self {
        Self { app, runtime, closing }
    }

    /// Becomes true when the server begins to stop: an answer without end ends then.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.clone()
    }

    pub(crate) fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    pub(crate) async fn run<T, F>(&self, flow: impl FnOnce(Arc<App>) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        self.run_for(None, flow).await
    }

    /// The same, for the request with this id.
    pub(crate) async fn run_for<T, F>(&self, request: Option<String>, flow: impl FnOnce(Arc<App>) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let flow = flow(Arc::clone(&self.app));
        let done = self.spawned(request, Box::pin(async move { Ok(Box::new(flow.await?) as Erased) }));
        let other_type = || Error::unexpected("running a flow", "its result has another type");
        erased::restored(done.await?).ok_or_else(other_type)
    }

    async fn spawned(&self, request: Option<String>, flow: Spawned) -> Result<Erased> {
        let flow = match request {
            Some(id) => Box::pin(request::within(id, flow)),
            None => flow,
        };
        // The span of the request goes with it: the log of the flow is the log of the request.
        finished(self.runtime.spawn(flow.in_current_span())).await
    }
}

/// A flow of whatever result: tasks are compiled once, and not for each.
type Spawned = Pin<Box<dyn Future<Output = Result<Erased>> + Send>>;

/// A panic ends the flow, not the connection: the log has it under the request's id.
async fn finished<T>(flow: JoinHandle<Result<T>>) -> Result<T> {
    flow.await.map_err(|error| Error::unexpected("running a flow", error))?
}

/// The answer to a result: the document with its status, or the error.
pub(crate) fn of<T: Serialize>(request: &HttpRequest, status: StatusCode, result: Result<T>) -> HttpResponse {
    result.map_or_else(
        |error| error_of(request, error),
        |document| HttpResponse::build(status).json(document),
    )
}

fn error_of(request: &HttpRequest, error: Error) -> HttpResponse {
    match error {
        Error::Refused(refusal) => refused(request, &refusal),
        Error::Unexpected(error) => {
            tracing::error!(
                request_id = request_id(request),
                error = chain(&error),
                "unexpected error"
            );
            let message = "An unexpected error occurred. Include the request id when you report it";
            refused(request, &Refusal::new(errors::INTERNAL_ERROR, message))
        }
    }
}

/// The code of the error that a request is answered with, for its line in the log.
pub(crate) struct RefusalCode(pub(crate) Cow<'static, str>);

/// The error envelope.
pub(crate) fn refused(request: &HttpRequest, refusal: &Refusal) -> HttpResponse {
    request.extensions_mut().insert(RefusalCode(refusal.code.clone()));
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    if let Some(seconds) = refusal.retry_after {
        answer.insert_header((RETRY_AFTER, seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        answer.insert_header((WWW_AUTHENTICATE, challenge(request)));
    }
    answer.json(ErrorAnswer {
        error: ErrorBody {
            code: refusal.code.to_string(),
            message: refusal.message.to_string(),
            request_id: request_id(request),
            hook: refusal.hook.clone(),
            details: refusal.details.clone(),
            conflict: refusal.conflict.as_deref().cloned(),
        },
    })
}

/// The value of `WWW-Authenticate`, which every 401 has (RFC 9110, 11.6.1): the scheme, and `invalid_token` if credentials were sent
/// (RFC 6750, 3.1).
fn challenge(request: &HttpRequest) -> &'static str {
    match request.headers().contains_key(AUTHORIZATION) {
        true => r#"Bearer error="invalid_token""#,
        false => "Bearer",
    }
}

pub(crate) fn request_id(request: &HttpRequest) -> String {
    request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_error_shows_its_id_and_nothing_else() {
        let request = actix_web::test::TestRequest::default().to_http_request();
        request.extensions_mut().insert(RequestId("req_1".to_owned()));
        let error = Error::unexpected("talking to the database", "password=hunter2");
        let answer = of::<()>(&request, StatusCode::OK, Err(error));
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = answer.into_body();
        let body = actix_web::body::MessageBody::try_into_bytes(body).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (&json["error"]["code"], &json["error"]["request_id"]),
            (&"internal_error".into(), &"req_1".into())
        );
        assert!(!json.to_string().contains("hunter2") && !json.to_string().contains("database"));
    }

    #[tokio::test]
    async fn a_panic_in_a_flow_is_an_unexpected_error() {
        let flow = Handle::current().spawn(async { panic!("a bug") });
        let result: Result<()> = finished(flow).await;
        assert!(matches!(result, Err(Error::Unexpected(_))), "{result:?}");
    }
}
