//! Whose tokens an endpoint is about: those of the server, or those of a project. What differs between the two.

use aerocall_api_types::Permission;
use aerocall_contract::errors;

use super::limits;
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::Slug,
    },
    flows::steps::{
        endpoint::{AdminWho, Endpoint, Field, FieldKind, Method, ProjectOwner, ServerAdmin, Who},
        lifespan::Expiry,
    },
    security::access,
    storage::store::TokenPlace,
};

/// The server or a project, with its endpoints: paths and descriptions.
pub(crate) trait Holder: 'static {
    /// Who may list, create and end its tokens.
    type Who: AdminWho;
    /// What they need.
    const NEEDS: Permission;

    const LIST: Endpoint;
    const CREATE: Endpoint;
    const ROTATE: Endpoint;
    const REVOKE: Endpoint;
    /// What is sent to create one.
    const FIELDS: &'static [Field];

    fn place(scope: &<Self::Who as Who>::Scope) -> TokenPlace;

    /// Refuses a token of an environment that is not there.
    fn require_environment(
        app: &App,
        scope: &<Self::Who as Who>::Scope,
        environment: &Slug,
    ) -> impl Future<Output = Result<()>> + Send;
}

const NAME: Field = Field::required("name", FieldKind::Text(100), "What or whom the token is for.");

/// A token opens the admin API of the whole server.
pub(crate) struct OfServer;

impl Holder for OfServer {
    type Who = ServerAdmin;
    const NEEDS: Permission = Permission::ServerManage;

    const LIST: Endpoint = Endpoint::get("/admin/api/v1/tokens", "List admin tokens")
        .about("The tokens that are valid, without the tokens themselves. Requires an admin token of the server.");
    const CREATE: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/tokens", "Create an admin token")
        .about("A token opens the admin API of the whole server. It is returned only here. Requires an admin token of the server.");
    const ROTATE: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/tokens/{token}/rotate", "Rotate an admin token")
        .about("Creates a token with the name and the lifetime of the old one, which is given by its id. The old one stops working at once, or after the overlap, on all nodes. Requires an admin token of the server.");
    const REVOKE: Endpoint = Endpoint::plain(Method::Delete, "/admin/api/v1/tokens/{token}", "Revoke an admin token")
        .about("The token, given by its id, stops working at once, on all nodes. The last one cannot be revoked while no account is an administrator: `last_admin_token`. Requires an admin token of the server.")
        .errors(&[errors::LAST_ADMIN_TOKEN]);

    const FIELDS: &'static [Field] = &[NAME, limits::SCOPES, Expiry::FIELD];

    fn place((): &()) -> TokenPlace {
        TokenPlace::Server
    }

    async fn require_environment(_: &App, (): &(), _: &Slug) -> Result<()> {
        let problem = "is not a field of tokens of the server: create a token of the project";
        Err(Refusal::invalid_field("environment", problem).into())
    }
}

/// A token opens the admin API of all environments of the project, and nothing of other projects or the server.
pub(crate) struct OfProject;

impl Holder for OfProject {
    type Who = ProjectOwner;
    const NEEDS: Permission = Permission::ProjectManage;

    const LIST: Endpoint = Endpoint::get("/admin/api/v1/projects/{project}/tokens", "List admin tokens of a project")
        .about("The tokens that are valid, without the tokens themselves. Requires an admin token of the server or of the project.");
    const CREATE: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/projects/{project}/tokens", "Create an admin token of a project")
        .about("A token (`pt_…`) opens the admin API of the project with all its environments, except creating and deleting environments and projects. It is returned only here. Requires an admin token of the server or of the project.");
    const ROTATE: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/projects/{project}/tokens/{token}/rotate", "Rotate an admin token of a project")
        .about("Creates a token with the name and the lifetime of the old one, which is given by its id. The old one stops working at once, or after the overlap, on all nodes. Requires an admin token of the server or of the project.");
    const REVOKE: Endpoint = Endpoint::plain(Method::Delete, "/admin/api/v1/projects/{project}/tokens/{token}", "Revoke an admin token of a project")
        .about("The token, given by its id, stops working at once, on all nodes. Requires an admin token of the server or of the project.");

    const FIELDS: &'static [Field] = &[NAME, limits::SCOPES, limits::ENVIRONMENT, Expiry::FIELD];

    fn place(project: &Slug) -> TokenPlace {
        TokenPlace::Project(project.clone())
    }

    async fn require_environment(app: &App, project: &Slug, environment: &Slug) -> Result<()> {
        let environments = access::environments(&app.store, project).await?;
        if environments.iter().any(|name| name == environment.as_str()) {
            return Ok(());
        }
        let problem = format!(
            "is not an environment of the project, which has {}",
            environments.join(", ")
        );
        Err(Refusal::invalid_field("environment", problem).into())
    }
}
