//! Who may do what: keys open the auth API of one project and environment, admin tokens the admin API of all, secret
//! keys the admin API of their own. What a caller may not see is answered as if it did not exist.

use crate::{
    base::{
        crypto::secret,
        error::{Refusal, Result},
        ids::{Scope, Slug},
    },
    storage::store::{KeyKind, Store},
};

/// A caller of the admin API.
#[derive(Clone, Debug)]
pub(crate) enum Admin {
    /// Somebody who runs the server.
    Server {
        /// Of the token.
        id: String,
    },
    /// A server of the project itself.
    Project(Scope),
}

/// The scope that a publishable or secret key opens.
pub(crate) async fn scope_of_key(store: &Store, key: &str) -> Result<Scope> {
    let (kind, lookup) = if key.starts_with("sk_") {
        (KeyKind::Secret, secret::fingerprint(key))
    } else {
        (KeyKind::Publishable, key.to_owned())
    };
    let scope = store.read(move |tx| tx.scope_of_key(kind, &lookup)).await?;
    Ok(scope.ok_or_else(|| Refusal::new(401, "invalid_api_key", "This API key does not exist or was revoked"))?)
}

/// Who a bearer of the admin API is.
pub(crate) async fn admin(store: &Store, token: &str) -> Result<Admin> {
    let hash = secret::fingerprint(token);
    let found = store.read(move |tx| {
        if let Some(id) = tx.admin_token(&hash)? {
            return Ok(Some(Admin::Server { id }));
        }
        Ok(tx.scope_of_key(KeyKind::Secret, &hash)?.map(Admin::Project))
    });
    Ok(found.await?.ok_or_else(unauthorized)?)
}

/// The answer to a missing or unknown admin token.
pub(crate) fn unauthorized() -> Refusal {
    Refusal::new(
        401,
        "unauthorized",
        "Send an admin token or a secret key: Authorization: Bearer …",
    )
}

impl Admin {
    /// The project, if it exists and this caller may see it.
    pub(crate) async fn project(&self, store: &Store, project: &str) -> Result<Slug> {
        let project = Slug::parse(project).map_err(|_| Refusal::not_found())?;
        match self {
            Self::Project(own) if own.project == project => Ok(project),
            Self::Project(_) => Err(Refusal::not_found().into()),
            Self::Server { .. } => {
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
            Self::Project(own) if *own == scope => Ok(scope),
            Self::Project(_) => Err(Refusal::not_found().into()),
            Self::Server { .. } => known(store, scope).await,
        }
    }

    /// Refuses everybody but those who run the server.
    pub(crate) fn require_server(&self) -> Result<()> {
        match self {
            Self::Server { .. } => Ok(()),
            Self::Project(_) => Err(Refusal::not_found().into()),
        }
    }

    /// For the record of a deployment.
    pub(crate) fn actor(&self) -> String {
        match self {
            Self::Server { id } => format!("admin:{id}"),
            Self::Project(scope) => format!("key:{scope}"),
        }
    }
}

/// The scope, if it exists.
pub(crate) async fn known(store: &Store, scope: Scope) -> Result<Scope> {
    let project = scope.project.clone();
    let found = store.read(move |tx| tx.project(&project)).await?;
    let environments = found.map(|project| project.environments).unwrap_or_default();
    if environments.iter().any(|name| name == scope.environment.as_str()) {
        return Ok(scope);
    }
    Err(Refusal::not_found().into())
}
