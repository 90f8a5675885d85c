//! `DELETE …/users/{user}`

use aerocall_api_types::{Deleted, Permission};

use super::{found, requester};
use crate::{
    app::App,
    base::{error::Result, event::EventKind},
    domain::audit::Action,
    flows::steps::{
        accounts::{self, noted},
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, Method, environment},
    },
    hooks::{FlowContext, Step},
};

/// Deletes a user with everything that belongs to them.
pub(crate) struct DeleteUser;

impl Flow for DeleteUser {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = Deleted;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Delete, environment!("/users/{user}"), "Delete a user")
        .about("Deletes the user with all sessions, factors and linked identities.")
        .answers(
            200,
            "The id of the deleted user.",
            r#"{"deleted": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"}"#,
        )
        .steps(&[Step::UserDelete])
        .events(&[EventKind::UserDeleted]);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<Deleted> {
        let user = found(app, &caller.scope, caller.part("user")?).await?;
        let deleted = user.id.clone();
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let recorded = noted(Action::UserDeleted, &caller.scope, &caller.actor(), app.clock.now_ms());
        accounts::delete(app, at, user, requester(caller), recorded).await?;
        Ok(Deleted { deleted })
    }
}
