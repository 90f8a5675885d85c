//! Who may send a request, and what it is about.

use std::{collections::BTreeMap, future::Future, sync::Arc};

use super::{describe::Access, flow::part};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{Scope, Slug},
    },
    domain::{audit, project::AuthSettings},
    flows::steps::session::{self, SignedIn},
    security::access::Admin,
};

/// Who may send a request.
pub(crate) trait Who: Sized + Send + Sync + 'static {
    /// What the endpoint says of them.
    const ACCESS: Access;

    /// What a request is about: an environment, a project, or the server.
    type Scope: Send + Sync;
    /// What is set there.
    type Settings: Send + Sync;
}

/// Clients of the auth API, who send a key of the project.
pub(crate) trait Client: Who<Scope = Scope, Settings = AuthSettings> {
    fn of(app: &App, scope: &Scope, bearer: Option<&str>) -> impl Future<Output = Result<Self>> + Send;
}

/// Everybody with a key of the project.
pub(crate) struct Anybody;

impl Who for Anybody {
    const ACCESS: Access = Access::Key;
    type Scope = Scope;
    type Settings = AuthSettings;
}

impl Client for Anybody {
    async fn of(_: &App, _: &Scope, _: Option<&str>) -> Result<Self> {
        Ok(Self)
    }
}

impl Who for SignedIn {
    const ACCESS: Access = Access::User;
    type Scope = Scope;
    type Settings = AuthSettings;
}

impl Client for SignedIn {
    async fn of(app: &App, scope: &Scope, bearer: Option<&str>) -> Result<Self> {
        let token = bearer.ok_or_else(Refusal::invalid_token)?;
        session::signed_in(app, scope, token).await
    }
}

/// Everybody with a key of the project; who sends an access token must send a valid one.
pub(crate) struct Somebody(pub(crate) Option<SignedIn>);

impl Who for Somebody {
    const ACCESS: Access = Access::Key;
    type Scope = Scope;
    type Settings = AuthSettings;
}

impl Client for Somebody {
    async fn of(app: &App, scope: &Scope, bearer: Option<&str>) -> Result<Self> {
        match bearer {
            Some(token) => Ok(Self(Some(session::signed_in(app, scope, token).await?))),
            None => Ok(Self(None)),
        }
    }
}

/// What an admin is and what the request is about.
pub(crate) struct Identified<W: Who> {
    pub(crate) who: W,
    pub(crate) scope: W::Scope,
    pub(crate) settings: Arc<W::Settings>,
}

/// Bearers of the admin API.
pub(crate) trait AdminWho: Who {
    /// Refuses who may not see what the path names; it is answered as if it did not exist.
    fn identify(
        app: &App,
        admin: Admin,
        path: &BTreeMap<String, String>,
    ) -> impl Future<Output = Result<Identified<Self>>> + Send;

    /// As in the audit log and in events: `admin:<id>`, `key:<scope>`.
    fn name(&self) -> String;

    /// What the request is about, for the audit log.
    fn audit_place(scope: &Self::Scope) -> audit::Place;
}

/// An admin of an environment: of the server, or of the project by its secret key.
pub(crate) struct EnvironmentAdmin(Admin);

impl Who for EnvironmentAdmin {
    const ACCESS: Access = Access::Admin;
    type Scope = Scope;
    type Settings = AuthSettings;
}

impl AdminWho for EnvironmentAdmin {
    async fn identify(app: &App, admin: Admin, path: &BTreeMap<String, String>) -> Result<Identified<Self>> {
        let (project, environment) = (part(path, "project")?, part(path, "environment")?);
        let scope = admin.scope(&app.store, project, environment).await?;
        Ok(Identified {
            who: Self(admin),
            settings: app.settings.auth(&scope).await?,
            scope,
        })
    }

    fn name(&self) -> String {
        self.0.actor()
    }

    fn audit_place(scope: &Scope) -> audit::Place {
        audit::Place::Environment(scope.clone())
    }
}

/// An admin of a project.
pub(crate) struct ProjectAdmin(Admin);

impl Who for ProjectAdmin {
    const ACCESS: Access = Access::Admin;
    type Scope = Slug;
    type Settings = ();
}

impl AdminWho for ProjectAdmin {
    async fn identify(app: &App, admin: Admin, path: &BTreeMap<String, String>) -> Result<Identified<Self>> {
        Ok(Identified {
            scope: admin.project(&app.store, part(path, "project")?).await?,
            who: Self(admin),
            settings: Arc::new(()),
        })
    }

    fn name(&self) -> String {
        self.0.actor()
    }

    fn audit_place(project: &Slug) -> audit::Place {
        audit::Place::Project(project.clone())
    }
}

/// An admin of the whole server.
pub(crate) struct ServerAdmin(Admin);

impl Who for ServerAdmin {
    const ACCESS: Access = Access::Admin;
    type Scope = ();
    type Settings = ();
}

impl AdminWho for ServerAdmin {
    async fn identify(_: &App, admin: Admin, _: &BTreeMap<String, String>) -> Result<Identified<Self>> {
        admin.require_server()?;
        Ok(Identified {
            scope: (),
            who: Self(admin),
            settings: Arc::new(()),
        })
    }

    fn name(&self) -> String {
        self.0.actor()
    }

    fn audit_place((): &()) -> audit::Place {
        audit::Place::Server
    }
}

/// An admin of an environment by a token, not by a secret key: for what a key that leaked must not do.
pub(crate) struct EnvironmentOwner(Admin);

impl Who for EnvironmentOwner {
    const ACCESS: Access = Access::Admin;
    type Scope = Scope;
    type Settings = ();
}

impl AdminWho for EnvironmentOwner {
    async fn identify(app: &App, admin: Admin, path: &BTreeMap<String, String>) -> Result<Identified<Self>> {
        admin.require_token()?;
        let (project, environment) = (part(path, "project")?, part(path, "environment")?);
        Ok(Identified {
            scope: admin.scope(&app.store, project, environment).await?,
            who: Self(admin),
            settings: Arc::new(()),
        })
    }

    fn name(&self) -> String {
        self.0.actor()
    }

    fn audit_place(scope: &Scope) -> audit::Place {
        audit::Place::Environment(scope.clone())
    }
}

/// An admin of a project by a token, not by the secret key of one of its environments.
pub(crate) struct ProjectOwner(Admin);

impl Who for ProjectOwner {
    const ACCESS: Access = Access::Admin;
    type Scope = Slug;
    type Settings = ();
}

impl AdminWho for ProjectOwner {
    async fn identify(app: &App, admin: Admin, path: &BTreeMap<String, String>) -> Result<Identified<Self>> {
        admin.require_token()?;
        Ok(Identified {
            scope: admin.project(&app.store, part(path, "project")?).await?,
            who: Self(admin),
            settings: Arc::new(()),
        })
    }

    fn name(&self) -> String {
        self.0.actor()
    }

    fn audit_place(project: &Slug) -> audit::Place {
        audit::Place::Project(project.clone())
    }
}

/// Somebody without a key or token, at the server itself.
pub(crate) struct Stranger;

impl Who for Stranger {
    const ACCESS: Access = Access::Open;
    type Scope = ();
    type Settings = ();
}

/// Every admin; what is answered depends on which.
pub(crate) struct AnyAdmin(pub(crate) Admin);

impl Who for AnyAdmin {
    const ACCESS: Access = Access::Admin;
    type Scope = ();
    type Settings = ();
}

impl AdminWho for AnyAdmin {
    async fn identify(_: &App, admin: Admin, _: &BTreeMap<String, String>) -> Result<Identified<Self>> {
        Ok(Identified {
            scope: (),
            who: Self(admin),
            settings: Arc::new(()),
        })
    }

    fn name(&self) -> String {
        self.0.actor()
    }

    fn audit_place((): &()) -> audit::Place {
        audit::Place::Server
    }
}
