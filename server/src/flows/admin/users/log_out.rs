//! `POST …/users/{user}/logout`

use aerocall_api_types::{Permission, RevokedSessions};
use serde_json::json;

use super::sessions;
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

/// Ends all sessions of somebody.
pub(crate) struct LogOutUser;

impl Flow for LogOutUser {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = RevokedSessions;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Post,
        environment!("/users/{user}/logout"),
        "Revoke all sessions of a user",
    )
    .answers(200, "The number of sessions revoked.", r#"{"revoked": 2}"#)
    .events(&[EventKind::SessionRevoked]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<RevokedSessions> {
        let (scope, id, actor) = (
            caller.scope.clone(),
            caller.part("user")?.to_owned(),
            caller.actor().actor,
        );
        let revoked = caller.change(app, move |tx, now_ms| {
            let Some(user) = tx.lock_user(&scope, &id)? else {
                return Ok(Audited::Unchanged(None));
            };
            let revoked = sessions::end(tx, &scope, &actor, &user, "admin", now_ms)?;
            let entry = AuditEntry::new(Action::UserLoggedOut, id).with(json!({ "revoked": revoked }));
            Ok(Audited::Changed(Some(revoked), entry))
        });
        let revoked = revoked.await?.ok_or_else(Refusal::not_found)?;
        app.hooks.platform.events.notify_one();
        Ok(RevokedSessions {
            revoked: u64::try_from(revoked).unwrap_or(u64::MAX),
        })
    }
}
