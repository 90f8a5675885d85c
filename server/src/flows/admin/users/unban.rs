//! `POST …/users/{user}/unban`

use aerocall_api_types::{Permission, UserEnvelope};

use super::{EXAMPLE, emit_updated, envelope};
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
    storage::store::UserChange,
};

/// Lets somebody in again.
pub(crate) struct UnbanUser;

impl Flow for UnbanUser {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = UserEnvelope;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/users/{user}/unban"), "Unban a user")
        .answers(200, "The user.", EXAMPLE)
        .events(&[EventKind::UserUpdated]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<UserEnvelope> {
        let (scope, id, actor) = (
            caller.scope.clone(),
            caller.part("user")?.to_owned(),
            caller.actor().actor,
        );
        let change = UserChange {
            ban: Some(None),
            ..UserChange::default()
        };
        let user = caller.change(app, move |tx, now_ms| {
            let Some(user) = tx.update_user(&scope, &id, &change, now_ms)? else {
                return Ok(Audited::Unchanged(None));
            };
            emit_updated(tx, &scope, &actor, &user, now_ms)?;
            Ok(Audited::Changed(Some(user), AuditEntry::new(Action::UserUnbanned, id)))
        });
        let user = user.await?.ok_or_else(Refusal::not_found)?;
        app.hooks.platform.events.notify_one();
        envelope(&user, app.clock.now_ms())
    }
}
