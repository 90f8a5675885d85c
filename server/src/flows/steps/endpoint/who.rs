//! Who may send a request, and what it is about.

use std::{collections::BTreeMap, future::Future, marker::PhantomData, sync::Arc};

use aerocall_api_types::Permission;

use super::{
    describe::{Access, Proof},
    flow::{Flow, part},
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{Scope, Slug},
        permissions::Permissions,
        request::RequestMeta,
    },
    domain::{audit, project::AuthSettings},
    flows::steps::session::{self, SignedIn},
    security::{
        access::Admin,
        person::{self, Person},
    },
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

/// Somebody without a key or token, at the server itself.
pub(crate) struct Stranger;

impl Who for Stranger {
    const ACCESS: Access = Access::Open;
    type Scope = ();
    type Settings = ();
}

/// An admin and what the request is about.
pub(crate) struct Identified<W: Who> {
    pub(crate) who: W,
    pub(crate) scope: W::Scope,
    pub(crate) settings: Arc<W::Settings>,
}

/// What a flow of the admin API requires of who sends its request.
#[derive(Clone, Copy)]
pub(crate) struct Requirements {
    needs: Option<Permission>,
    proof: Proof,
}

impl Requirements {
    pub(crate) const fn of<F: Flow>() -> Self {
        Self {
            needs: F::NEEDS,
            proof: F::PROOF,
        }
    }
}

/// Who sent a request of the admin API, if they may see what its path names and have the permission that the flow needs.
pub(crate) async fn identify<W: AdminWho>(
    app: &App,
    admin: Admin,
    path: &BTreeMap<String, String>,
    required: Requirements,
) -> Result<Identified<W>> {
    let identified = W::identify(app, admin, path).await?;
    if let Some(needed) = required.needs {
        identified.who.permissions().require(needed)?;
    }
    if required.proof == Proof::Fresh {
        identified.who.require_fresh(app.clock.now_ms())?;
    }
    Ok(identified)
}

/// Bearers of the admin API.
pub(crate) trait AdminWho: Who {
    /// Refuses who may not see what the path names; it is answered as if it did not exist.
    fn identify(
        app: &App,
        admin: Admin,
        path: &BTreeMap<String, String>,
    ) -> impl Future<Output = Result<Identified<Self>>> + Send;

    /// As in the audit log.
    fn actor(&self, request: &RequestMeta) -> audit::Actor;

    /// What they may do with what the path names.
    fn permissions(&self) -> Permissions;

    /// Refuses a session whose last proof of who uses it is too old.
    fn require_fresh(&self, now_ms: i64) -> Result<()>;

    /// What the request is about, for the audit log.
    fn audit_place(scope: &Self::Scope) -> audit::Place;
}

/// An admin of `S`, with a credential that `C` accepts.
pub(crate) struct AdminOf<S, C> {
    pub(crate) admin: Admin,
    permissions: Permissions,
    kind: PhantomData<(S, C)>,
}

/// An admin of an environment: of the server, of the project, or by a secret key of the environment.
pub(crate) type EnvironmentAdmin = AdminOf<Scope, AnyCredential>;
/// An admin of an environment by a token, not by a secret key: for what a key that leaked must not do.
pub(crate) type EnvironmentOwner = AdminOf<Scope, Token>;
/// An admin of a project.
pub(crate) type ProjectAdmin = AdminOf<Slug, AnyCredential>;
/// An admin of a project by a token, not by the secret key of one of its environments.
pub(crate) type ProjectOwner = AdminOf<Slug, Token>;
/// An admin of the whole server.
pub(crate) type ServerAdmin = AdminOf<(), ServerToken>;
/// Somebody in a session of their account, about themselves.
pub(crate) type AccountSession = AdminOf<(), OwnSession>;
/// Somebody with an account, in a session or by a personal token, about themselves.
pub(crate) type AccountHolder = AdminOf<(), OwnCredential>;
/// Every admin; what is answered depends on which.
pub(crate) type AnyAdmin = AdminOf<(), AnyCredential>;

impl<S: AdminScope, C: Credential> Who for AdminOf<S, C> {
    const ACCESS: Access = C::ACCESS;
    type Scope = S;
    type Settings = S::Settings;
}

impl<S: AdminScope, C: Credential> AdminWho for AdminOf<S, C> {
    async fn identify(app: &App, admin: Admin, path: &BTreeMap<String, String>) -> Result<Identified<Self>> {
        C::check(&admin)?;
        let scope = S::of(app, &admin, path).await?;
        Ok(Identified {
            settings: scope.settings(app).await?,
            who: Self {
                permissions: admin.permissions_in(scope.project()),
                admin,
                kind: PhantomData,
            },
            scope,
        })
    }

    fn actor(&self, request: &RequestMeta) -> audit::Actor {
        let actor = audit::Actor::request(self.admin.actor(), request);
        match self.admin.person() {
            Some(person) => actor.account(&person.account.email, person.via()),
            None => actor,
        }
    }

    fn permissions(&self) -> Permissions {
        self.permissions
    }

    fn require_fresh(&self, now_ms: i64) -> Result<()> {
        self.admin.require_fresh(now_ms)
    }

    fn audit_place(scope: &S) -> audit::Place {
        scope.audit_place()
    }
}

/// What a request of an admin is about.
pub(crate) trait AdminScope: Sized + Send + Sync + 'static {
    /// What is set there.
    type Settings: Send + Sync;

    /// What the path names, if this admin may see it.
    fn of(app: &App, admin: &Admin, path: &BTreeMap<String, String>) -> impl Future<Output = Result<Self>> + Send;

    fn settings(&self, app: &App) -> impl Future<Output = Result<Arc<Self::Settings>>> + Send;

    /// The project that it is about, or that it is in.
    fn project(&self) -> Option<&Slug>;

    fn audit_place(&self) -> audit::Place;
}

/// An environment.
impl AdminScope for Scope {
    type Settings = AuthSettings;

    async fn of(app: &App, admin: &Admin, path: &BTreeMap<String, String>) -> Result<Self> {
        let (project, environment) = (part(path, "project")?, part(path, "environment")?);
        admin.scope(&app.store, project, environment).await
    }

    async fn settings(&self, app: &App) -> Result<Arc<AuthSettings>> {
        app.settings.auth(self).await
    }

    fn project(&self) -> Option<&Slug> {
        Some(&self.project)
    }

    fn audit_place(&self) -> audit::Place {
        audit::Place::Environment(self.clone())
    }
}

/// A project.
impl AdminScope for Slug {
    type Settings = ();

    async fn of(app: &App, admin: &Admin, path: &BTreeMap<String, String>) -> Result<Self> {
        admin.project(&app.store, part(path, "project")?).await
    }

    async fn settings(&self, _: &App) -> Result<Arc<()>> {
        Ok(Arc::new(()))
    }

    fn project(&self) -> Option<&Slug> {
        Some(self)
    }

    fn audit_place(&self) -> audit::Place {
        audit::Place::Project(self.clone())
    }
}

/// The server.
impl AdminScope for () {
    type Settings = ();

    async fn of(_: &App, _: &Admin, _: &BTreeMap<String, String>) -> Result<Self> {
        Ok(())
    }

    async fn settings(&self, _: &App) -> Result<Arc<()>> {
        Ok(Arc::new(()))
    }

    fn project(&self) -> Option<&Slug> {
        None
    }

    fn audit_place(&self) -> audit::Place {
        audit::Place::Server
    }
}

/// Which keys and tokens a request accepts, of those that are valid.
pub(crate) trait Credential: Send + Sync + 'static {
    /// What the endpoint says of it.
    const ACCESS: Access = Access::Admin;

    fn check(admin: &Admin) -> Result<()>;
}

/// Admin tokens and secret keys.
pub(crate) struct AnyCredential;

impl Credential for AnyCredential {
    fn check(_: &Admin) -> Result<()> {
        Ok(())
    }
}

/// Admin tokens of the server or of a project.
pub(crate) struct Token;

impl Credential for Token {
    fn check(admin: &Admin) -> Result<()> {
        admin.require_token()
    }
}

/// Admin tokens of the server.
pub(crate) struct ServerToken;

impl Credential for ServerToken {
    fn check(admin: &Admin) -> Result<()> {
        admin.require_server()
    }
}

/// The session of an account.
pub(crate) struct OwnSession;

impl Credential for OwnSession {
    const ACCESS: Access = Access::Session;

    fn check(admin: &Admin) -> Result<()> {
        let person = admin.person().ok_or_else(person::needs_session)?;
        person.session().map(drop)
    }
}

/// The session of an account, or a personal token.
pub(crate) struct OwnCredential;

impl Credential for OwnCredential {
    const ACCESS: Access = Access::Person;

    fn check(admin: &Admin) -> Result<()> {
        Ok(admin.person().map(drop).ok_or_else(person::needs_session)?)
    }
}

impl<C: Credential> AdminOf<(), C> {
    /// The person, of an endpoint that is for them alone.
    pub(crate) fn person(&self) -> Result<&Person> {
        Ok(self.admin.person().ok_or_else(person::needs_session)?)
    }
}
