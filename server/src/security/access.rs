//! Who may do what: keys open the auth API of one project and environment, admin tokens the admin API of the server or of a
//! project, secret keys the admin API of their own environment. What a caller may not see is answered as if it did not exist.
//!
//! Keys and tokens are read from the store for every request: what was revoked at one node is refused at all.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use aerocall_contract::errors;

use crate::{
    base::{
        clock::Clock,
        crypto::secret,
        error::{Refusal, Result, chain},
        ids::{Scope, Slug},
        permissions::Permissions,
    },
    security::person::{By, PERSONAL_TOKEN, Person, TokenLimit},
    storage::store::{AdminAccountRow, KeyKind, Store, StoreError, Tx},
};

/// Admin tokens of the server begin with it.
pub(crate) const SERVER_TOKEN: &str = "at";
/// Admin tokens of a project begin with it.
pub(crate) const PROJECT_TOKEN: &str = "pt";
/// Secret keys begin with it.
pub(crate) const SECRET_KEY: &str = "sk";
/// Publishable keys begin with it.
pub(crate) const PUBLISHABLE_KEY: &str = "pk";

/// The last use of a key or token is written down about this often.
const USE_NOTED_MS: i64 = 10 * 60_000;
/// Keys and tokens of which this process remembers when it wrote that.
const MAX_NOTED: usize = 10_000;

/// A caller of the admin API.
#[derive(Clone, Debug)]
pub(crate) enum Admin {
    /// Somebody who runs the server.
    Server {
        /// Of the token.
        id: String,
        permissions: Permissions,
    },
    /// Somebody who runs a project.
    Project {
        /// Of the token.
        id: String,
        project: Slug,
        /// The only one that the token opens; all if there is none.
        environment: Option<Slug>,
        permissions: Permissions,
    },
    /// A server of the project, by the secret key of an environment.
    Key(Scope),
    /// Somebody with an account.
    Person(Box<Person>),
}

/// Authenticates API keys and admin tokens.
pub(crate) struct Access {
    store: Store,
    clock: Clock,
    /// When the use of each was last written down.
    noted: Mutex<HashMap<String, i64>>,
}

/// What is noted of a key or a token that was used.
type NoteUse = fn(&mut Tx<'_>, &str, i64) -> std::result::Result<(), StoreError>;

impl Access {
    pub(crate) fn new(store: Store, clock: Clock) -> Self {
        Self {
            store,
            clock,
            noted: Mutex::default(),
        }
    }

    /// The scope that a publishable or secret key opens.
    pub(crate) async fn scope_of_key(&self, key: &str) -> Result<Scope> {
        let (kind, lookup) = match has_prefix(key, SECRET_KEY) {
            true => (KeyKind::Secret, secret::fingerprint(key)),
            false => (KeyKind::Publishable, key.to_owned()),
        };
        let scope = self.scope_of(kind, lookup).await?;
        Ok(scope.ok_or_else(|| Refusal::new(errors::INVALID_API_KEY, "This API key does not exist or was revoked"))?)
    }

    /// Who a bearer of the admin API is.
    pub(crate) async fn admin(&self, token: &str) -> Result<Admin> {
        let (fingerprint, now_ms) = (secret::fingerprint(token), self.clock.now_ms());
        if has_prefix(token, SECRET_KEY) {
            let scope = self.scope_of(KeyKind::Secret, fingerprint).await?;
            return Ok(scope.map(Admin::Key).ok_or_else(unauthorized)?);
        }
        if has_prefix(token, PERSONAL_TOKEN) {
            return self.by_personal_token(fingerprint, now_ms).await;
        }
        let of_project = has_prefix(token, PROJECT_TOKEN);
        let found = self.store.read(move |tx| match of_project {
            true => tx.project_token(&fingerprint, now_ms),
            false => tx.server_token(&fingerprint, now_ms),
        });
        let row = found.await?.ok_or_else(unauthorized)?;
        self.note(&row.id, row.last_used_ms, now_ms, |tx, id, at| {
            tx.admin_token_used(id, at)
        });
        let permissions = row.permissions();
        let slug = |stored: String| Slug::parse(&stored).map_err(|_| unauthorized());
        let id = row.id;
        Ok(match row.project_id {
            None => Admin::Server { id, permissions },
            Some(project) => Admin::Project {
                id,
                project: slug(project)?,
                environment: row.environment.map(slug).transpose()?,
                permissions,
            },
        })
    }

    /// Who has the cookie of a session.
    pub(crate) async fn by_session(&self, cookie: &str) -> Result<Admin> {
        let (fingerprint, now_ms) = (secret::fingerprint(cookie), self.clock.now_ms());
        let found = self.store.read(move |tx| {
            let found = tx.admin_session_by(&fingerprint, now_ms)?;
            found
                .map(|(session, account)| person(tx, account, By::Session(session)))
                .transpose()
        });
        let person = found.await?.ok_or_else(session_over)?;
        if let By::Session(session) = &person.by {
            self.note(&session.id, Some(session.last_seen_ms), now_ms, |tx, id, at| {
                tx.admin_session_seen(id, at)
            });
        }
        Ok(Admin::Person(Box::new(person)))
    }

    async fn by_personal_token(&self, fingerprint: String, now_ms: i64) -> Result<Admin> {
        let found = self.store.read(move |tx| {
            let Some((token, account)) = tx.personal_token_by(&fingerprint, now_ms)? else {
                return Ok(None);
            };
            let slug = |stored: Option<&str>| stored.map(Slug::parse).transpose();
            let places = (slug(token.project_id.as_deref()), slug(token.environment.as_deref()));
            // A limit that cannot be read opens nothing.
            let (Ok(project), Ok(environment)) = places else {
                return Ok(None);
            };
            let limit = TokenLimit {
                permissions: token.permissions(),
                id: token.id,
                project,
                environment,
                expires_ms: token.expires_ms,
            };
            let person = person(tx, account, By::Token(limit))?;
            Ok(Some((person, token.last_used_ms)))
        });
        let (person, last_used_ms) = found.await?.ok_or_else(unauthorized)?;
        self.note(person.via(), last_used_ms, now_ms, |tx, id, at| {
            tx.personal_token_used(id, at)
        });
        Ok(Admin::Person(Box::new(person)))
    }

    async fn scope_of(&self, kind: KeyKind, lookup: String) -> Result<Option<Scope>> {
        let now_ms = self.clock.now_ms();
        let found = self.store.read(move |tx| tx.api_key_by(kind, &lookup, now_ms));
        let Some(row) = found.await? else {
            return Ok(None);
        };
        self.note(&row.id, row.last_used_ms, now_ms, |tx, id, at| tx.api_key_used(id, at));
        Ok(row.scope())
    }

    /// Writes down, beside the request, that something was used, unless that was done a short while ago.
    fn note(&self, id: &str, last_ms: Option<i64>, now_ms: i64, write: NoteUse) {
        let is_recent = |at: i64| now_ms - at < USE_NOTED_MS;
        if last_ms.is_some_and(is_recent) {
            return;
        }
        {
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            if noted.get(id).is_some_and(|at| is_recent(*at)) {
                return;
            }
            if noted.len() >= MAX_NOTED {
                noted.clear();
            }
            noted.insert(id.to_owned(), now_ms);
        }
        let (store, id) = (self.store.clone(), id.to_owned());
        tokio::spawn(async move {
            // Nobody waits for it, and a store that cannot be written to says so elsewhere.
            if let Err(error) = store.write(move |tx| write(tx, &id, now_ms)).await {
                tracing::debug!(error = chain(&error), "the use of a key or token could not be noted");
            }
        });
    }
}

fn has_prefix(key: &str, prefix: &str) -> bool {
    key.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('_'))
}

fn person(tx: &mut Tx<'_>, account: AdminAccountRow, by: By) -> std::result::Result<Person, StoreError> {
    let roles = tx.admin_roles(&account.id)?;
    Ok(Person { account, roles, by })
}

/// The answer to a missing or unknown admin token.
pub(crate) fn unauthorized() -> Refusal {
    Refusal::new(
        errors::UNAUTHORIZED,
        "Send an admin token or a secret key: Authorization: Bearer …",
    )
}

/// The answer to the cookie of a session that is over or never was.
fn session_over() -> Refusal {
    Refusal::new(
        errors::UNAUTHORIZED,
        "The session has ended: sign in again with POST /admin/api/v1/session",
    )
}

impl Admin {
    /// The project, if it exists and this caller may see it.
    pub(crate) async fn project(&self, store: &Store, project: &str) -> Result<Slug> {
        let project = Slug::parse(project).map_err(|_| Refusal::not_found())?;
        match self {
            Self::Key(own) if own.project == project => Ok(project),
            Self::Project { project: own, .. } if *own == project => Ok(project),
            Self::Key(_) | Self::Project { .. } => Err(Refusal::not_found().into()),
            Self::Person(person) if !person.sees(&project) => Err(Refusal::not_found().into()),
            Self::Server { .. } | Self::Person(_) => {
                let wanted = project.clone();
                let found = store.read(move |tx| tx.project(&wanted)).await?;
                Ok(found.map(|_| project).ok_or_else(Refusal::not_found)?)
            }
        }
    }

    /// The environment of the project, if it exists and this caller may see it.
    pub(crate) async fn scope(&self, store: &Store, project: &str, environment: &str) -> Result<Scope> {
        let project = self.project(store, project).await?;
        let environment = Slug::parse(environment).map_err(|_| Refusal::not_found())?;
        let scope = Scope { project, environment };
        match self {
            Self::Key(own) if *own == scope => Ok(scope),
            Self::Project {
                environment: Some(own), ..
            } if *own != scope.environment => Err(Refusal::not_found().into()),
            Self::Person(person) if !person.sees_environment(&scope.environment) => Err(Refusal::not_found().into()),
            Self::Key(_) => Err(Refusal::not_found().into()),
            Self::Server { .. } | Self::Project { .. } | Self::Person(_) => known(store, scope).await,
        }
    }

    /// Refuses everybody but those who run the server.
    pub(crate) fn require_server(&self) -> Result<()> {
        match self {
            Self::Server { .. } => Ok(()),
            Self::Person(person) if person.sees_server() => Ok(()),
            Self::Project { .. } | Self::Key(_) | Self::Person(_) => Err(Refusal::not_found().into()),
        }
    }

    /// Refuses secret keys: one that leaked must not be able to make another one, or to take away what replaces it.
    pub(crate) fn require_token(&self) -> Result<()> {
        match self {
            Self::Server { .. } | Self::Project { .. } | Self::Person(_) => Ok(()),
            Self::Key(_) => Err(Refusal::not_found().into()),
        }
    }

    /// The person, if it is one.
    pub(crate) fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            Self::Server { .. } | Self::Project { .. } | Self::Key(_) => None,
        }
    }

    /// Refuses a session whose last proof of who uses it is too old.
    pub(crate) fn require_fresh(&self, now_ms: i64) -> Result<()> {
        self.person().map_or(Ok(()), |person| person.require_fresh(now_ms))
    }

    /// What they may do in a project that they see, or where none is named.
    pub(crate) fn permissions_in(&self, project: Option<&Slug>) -> Permissions {
        match self {
            Self::Server { permissions, .. } | Self::Project { permissions, .. } => *permissions,
            Self::Key(_) => Permissions::OF_SECRET_KEY,
            Self::Person(person) => person.permissions_in(project),
        }
    }

    /// For the record of a deployment.
    pub(crate) fn actor(&self) -> String {
        match self {
            Self::Server { id, .. } | Self::Project { id, .. } => format!("admin:{id}"),
            Self::Key(scope) => format!("key:{scope}"),
            Self::Person(person) => person.actor(),
        }
    }
}

/// The names of a project's environments; none if there is no such project.
pub(crate) async fn environments(store: &Store, project: &Slug) -> Result<Vec<String>> {
    let project = project.clone();
    let found = store.read(move |tx| tx.project(&project)).await?;
    Ok(found.map(|project| project.environments).unwrap_or_default())
}

/// The scope, if it exists.
pub(crate) async fn known(store: &Store, scope: Scope) -> Result<Scope> {
    let environments = environments(store, &scope.project).await?;
    if environments.iter().any(|name| name == scope.environment.as_str()) {
        return Ok(scope);
    }
    Err(Refusal::not_found().into())
}
