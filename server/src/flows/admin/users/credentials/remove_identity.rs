//! `DELETE …/users/{user}/identities/{provider}`

use aerocall_api_types::{Permission, UserIdentityList};
use serde_json::json;

use super::{super::emit_updated, IDENTITIES, identity_list};
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

/// Parts somebody from their account at an identity provider.
pub(crate) struct RemoveUserIdentity;

impl Flow for RemoveUserIdentity {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = UserIdentityList;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/users/{user}/identities/{provider}"),
        "Unlink an identity provider from a user",
    )
    .about("The account at the provider can no longer be used to log in; sessions go on. It may be the user's only login method: then they get in again with a password reset or a login link.")
    .answers(200, "The remaining identities.", IDENTITIES)
    .events(&[EventKind::UserUpdated]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<UserIdentityList> {
        let (scope, id) = (caller.scope.clone(), caller.part("user")?.to_owned());
        let (provider, actor) = (caller.part("provider")?.to_owned(), caller.actor().actor);
        let left = caller.change(app, move |tx, now_ms| {
            let Some(user) = tx.lock_user(&scope, &id)? else {
                return Ok(Audited::Unchanged(None));
            };
            if tx.delete_identities(&scope, &user.id, &provider)? == 0 {
                return Ok(Audited::Unchanged(None));
            }
            emit_updated(tx, &scope, &actor, &user, now_ms)?;
            let left = tx.exported_identities(&scope, &user.id)?;
            let entry = AuditEntry::new(Action::IdentityRemoved, id).with(json!({ "provider": provider }));
            Ok(Audited::Changed(Some(left), entry))
        });
        let left = left.await?.ok_or_else(Refusal::not_found)?;
        app.hooks.platform.events.notify_one();
        Ok(identity_list(left))
    }
}
