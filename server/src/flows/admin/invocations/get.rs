//! `GET …/invocations/{invocation}`

use aerocall_api_types::{InvocationDetail, Permission};

use super::{error_example, example};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    hooks::records,
};

/// Shows an invocation with everything that went in and out.
pub(crate) struct GetInvocation;

impl Flow for GetInvocation {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = InvocationDetail;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/invocations/{invocation}"), "Get an invocation").answers(
        200,
        "The invocation, with its context, payload, reply, logs and host calls.",
        concat!(
            "{",
            example!(),
            r#", "context": {"projectId": "shop", "environment": "production", "requestId": "req_…", "invocationId": "inv_…", "hook": "beforeSignup", "endpoint": "POST /auth/register", "time": "2026-01-31T12:00:00.000Z", "attempt": 1, "request": {"ip": "203.0.113.9", "userAgent": "curl/8.5.0", "method": "POST", "path": "/auth/register", "locale": "en", "headers": [["x-region", "eu"]]}, "version": {"number": 1}}, "payload": {"user": {"email": "ada@example.com"}}, "reply": {"kind": "failure", "code": "hook_failed", "message": "TypeError: not a function at hooks/signup.ts:3:7", "error": "#,
            error_example!(),
            r#"}, "hostCalls": [{"name": "cache.get", "arguments": {"key": "seen"}, "answer": null, "durationUs": 40}], "completeness": "whole"}"#
        ),
    );

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<InvocationDetail> {
        let (scope, id) = (caller.scope.clone(), caller.part("invocation")?.to_owned());
        let row = app.store.read(move |tx| tx.invocation(&scope, &id)).await?;
        records::whole(&row.ok_or_else(Refusal::not_found)?)
    }
}
