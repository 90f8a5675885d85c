//! `DELETE …/users/{user}/sessions/{session}`

use aerocall_api_types::{Deleted, Permission};
use serde_json::json;

use super::super::sessions;
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
    },
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    },
};

/// Ends one session of somebody.
pub(crate) struct EndUserSession;

impl Flow for EndUserSession {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/users/{user}/sessions/{session}"),
        "Revoke a session of a user",
    )
    .about("Its tokens are refused from then on.")
    .answers(
        200,
        "The id of the revoked session.",
        r#"{"deleted": "ses_0198f2c6b1d87c3d9f1e5a7b6c4d3e30"}"#,
    )
    .events(&[EventKind::SessionRevoked]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let (scope, id) = (caller.scope.clone(), caller.part("user")?.to_owned());
        let (session, actor) = (caller.part("session")?.to_owned(), caller.actor().actor);
        let deleted = session.clone();
        let ended = caller.change(app, move |tx, now_ms| {
            let Some(user) = tx.lock_user(&scope, &id)? else {
                return Ok(Audited::Unchanged(false));
            };
            if !sessions::end_one(tx, &scope, &actor, &user, &session, now_ms)? {
                return Ok(Audited::Unchanged(false));
            }
            let entry = AuditEntry::new(Action::UserSessionEnded, id).with(json!({ "session": session }));
            Ok(Audited::Changed(true, entry))
        });
        if !ended.await? {
            return Err(Refusal::not_found().into());
        }
        app.hooks.platform.events.notify_one();
        Ok(Deleted { deleted })
    }
}
