//! `GET …/versions/{number}`

use aerocall_api_types::{Permission, Version};

use super::{ONE, example, named, version};
use crate::{
    app::App,
    base::error::Result,
    flows::steps::endpoint::{Caller, Endpoint, Flow, ProjectAdmin},
};

/// Shows a version.
pub(crate) struct GetVersion;

impl Flow for GetVersion {
    type Who = ProjectAdmin;
    type Input = ();
    type Output = Version;

    const NEEDS: Option<Permission> = Some(Permission::HooksRead);
    const ENDPOINT: Endpoint = Endpoint::get(ONE, "Get a version of a hook").answers(200, "The version.", example!());

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, (): ()) -> Result<Version> {
        version(named(app, caller).await?)
    }
}
