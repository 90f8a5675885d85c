//! `GET …/users/{user}/factors`

use aerocall_api_types::{Permission, UserFactorList};

use super::{FACTORS, factor_list};
use crate::{
    app::App,
    base::error::{Refusal, Result},
    flows::steps::endpoint::{Caller, Endpoint, EnvironmentAdmin, Flow, environment},
};

/// Lists the second factors of somebody.
pub(crate) struct ListUserFactors;

impl Flow for ListUserFactors {
    type Who = EnvironmentAdmin;
    type Input = ();
    type Output = UserFactorList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(
        environment!("/users/{user}/factors"),
        "List the second factors of a user",
    )
    .about("Without their secrets. A factor whose state is `pending` is not confirmed and not yet used.")
    .answers(200, "The factors, oldest first.", FACTORS);

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, (): ()) -> Result<UserFactorList> {
        let (scope, id) = (caller.scope.clone(), caller.part("user")?.to_owned());
        let found = app.store.read(move |tx| {
            let Some(user) = tx.user(&scope, &id)? else {
                return Ok(None);
            };
            let factors = tx.exported_factors(&scope, &user.id)?;
            Ok(Some((factors, tx.recovery_codes_left(&user.id)?)))
        });
        factor_list(found.await?.ok_or_else(Refusal::not_found)?)
    }
}
