//! `DELETE …/users/{user}/factors/{factor}`

use aerocall_api_types::{Permission, UserFactorList};
use serde_json::json;

use super::{FACTORS, Factors, factor_list};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        ids::Scope,
    },
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, Proof, environment},
        session,
    },
    storage::store::{StoreError, Tx, UserRow},
};

/// Takes away a second factor, of somebody who has lost it.
pub(crate) struct RemoveUserFactor;

impl Flow for RemoveUserFactor {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = UserFactorList;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(
        Method::Delete,
        environment!("/users/{user}/factors/{factor}"),
        "Remove a second factor of a user",
    )
    .about("For a user who has lost it; make sure who asks for it. Removing the last factor also deletes the recovery codes. If the project requires a second factor, the user adds a new one at the next login.")
    .answers(200, "The remaining factors.", FACTORS)
    .events(&[EventKind::MfaRemoved]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<UserFactorList> {
        let (scope, id) = (caller.scope.clone(), caller.part("user")?.to_owned());
        let (factor, actor) = (caller.part("factor")?.to_owned(), caller.actor().actor);
        let left = caller.change(app, move |tx, now_ms| {
            let Some(user) = tx.lock_user(&scope, &id)? else {
                return Ok(Audited::Unchanged(None));
            };
            let Some(left) = remove(tx, &scope, &actor, &user, &factor, now_ms)? else {
                return Ok(Audited::Unchanged(None));
            };
            let entry = AuditEntry::new(Action::MfaRemoved, id).with(json!({ "factor": factor }));
            Ok(Audited::Changed(Some(left), entry))
        });
        let left = left.await?.ok_or_else(Refusal::not_found)?;
        app.hooks.platform.events.notify_one();
        factor_list(left)
    }
}

/// What is left of them; `None` if there was no such factor.
fn remove(
    tx: &mut Tx<'_>,
    scope: &Scope,
    actor: &str,
    user: &UserRow,
    factor: &str,
    now_ms: i64,
) -> std::result::Result<Option<Factors>, StoreError> {
    if !tx.delete_factor(scope, &user.id, factor)? {
        return Ok(None);
    }
    if !tx.has_second_factor(scope, &user.id)? {
        tx.put_recovery_codes(&user.id, &[], now_ms)?;
    }
    let mut event = session::event(EventKind::MfaRemoved, actor.to_owned(), user, None, now_ms)?;
    event.data["factor"] = json!({ "id": factor, "type": "totp" });
    tx.insert_event(scope, &event)?;
    let factors = tx.exported_factors(scope, &user.id)?;
    Ok(Some((factors, tx.recovery_codes_left(&user.id)?)))
}
