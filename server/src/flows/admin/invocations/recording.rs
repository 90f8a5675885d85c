//! `GET …/invocations/{invocation}/recording`

use aerocall_api_types::{Permission, Recording};
use aerocall_contract::errors;

use super::{Found, find, not_replayable};
use crate::{
    app::App,
    base::error::{Error, Result},
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
    },
};

/// Shows everything that an invocation got from outside.
pub(crate) struct GetRecording;

impl Flow for GetRecording {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Recording;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::get(
        environment!("/invocations/{invocation}/recording"),
        "Export an invocation for a replay",
    )
    .about("Everything that the invocation got from outside, for `aerocall replay --bundle` on another machine. The random seed is part of it: whoever has it knows what the hook drew at random. Each export is in the audit log.")
    .answers(
        200,
        "The recording.",
        r#"{"invocation": "inv_…", "hook": "signup", "point": "beforeSignup", "version": 3, "digest": "sha256:…", "context": "{\"projectId\":\"shop\"}", "payload": "{\"user\":{\"email\":\"ada@example.com\"}}", "reply": "{\"kind\":\"allow\"}", "outcome": "allow", "fuel": 120000, "calls": [{"name": "cache.get", "arguments": "[\"seen\"]", "answer": "null"}], "clockMs": [1795464000123.456], "seed": "00000000000000000000000000000000000000000000000000000000000000ff"}"#,
    )
    .errors(&[errors::NOT_REPLAYABLE]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Recording> {
        let id = caller.part("invocation")?.to_owned();
        let recorded = match find(app, &caller.scope, &id).await? {
            Found::Recorded(recorded) => recorded,
            Found::Unknown(code) => return Err(not_replayable(code)),
        };
        let entry = AuditEntry::new(Action::InvocationExported, id);
        caller.change(app, |_, _| Ok(Audited::Changed((), entry))).await?;
        let document = recorded.invocation.document(recorded.context);
        document.map_err(|error| Error::unexpected("writing a recording", error))
    }
}
