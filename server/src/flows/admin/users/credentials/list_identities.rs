//! `GET …/users/{user}/identities`

use aerocall_api_types::{Permission, UserIdentityList};

use super::{IDENTITIES, identity_list};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Lists the accounts at identity providers that somebody can log in with.
pub(crate) struct ListUserIdentities;

impl Flow for ListUserIdentities {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = UserIdentityList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(
        environment!("/users/{user}/identities"),
        "List the linked identities of a user",
    )
    .about("The accounts at identity providers that the user can log in with.")
    .answers(200, "The identities, oldest first.", IDENTITIES);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<UserIdentityList> {
        let (scope, id) = (caller.scope.clone(), caller.part("user")?.to_owned());
        let found = app.store.read(move |tx| {
            let Some(user) = tx.user(&scope, &id)? else {
                return Ok(None);
            };
            tx.exported_identities(&scope, &user.id).map(Some)
        });
        Ok(identity_list(found.await?.ok_or_else(Refusal::not_found)?))
    }
}
