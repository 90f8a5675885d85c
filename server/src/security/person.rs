//! A person who uses the admin API with an account: by the session of a browser, or by a personal token. What they may do is
//! read from the store for every request, so that whoever lost a role has lost it at every node.

use aerocall_api_types::Role;
use aerocall_contract::errors;

use crate::{
    base::{
        crypto::{MasterKey, secret},
        error::{Refusal, Result},
        ids::Slug,
        permissions::Permissions,
    },
    storage::store::{AdminAccountRow, AdminSessionRow},
};

/// Personal tokens begin with it.
pub(crate) const PERSONAL_TOKEN: &str = "pat";

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) account: AdminAccountRow,
    /// By the projects' ids.
    pub(crate) roles: Vec<(Slug, Role)>,
    pub(crate) by: By,
}

/// How they are known.
#[derive(Clone, Debug)]
pub(crate) enum By {
    /// By the cookie of a session.
    Session(AdminSessionRow),
    /// By a personal token.
    Token(TokenLimit),
}

/// A personal token, and what it is limited to.
#[derive(Clone, Debug)]
pub(crate) struct TokenLimit {
    pub(crate) id: String,
    pub(crate) permissions: Option<Permissions>,
    pub(crate) project: Option<Slug>,
    pub(crate) environment: Option<Slug>,
    pub(crate) expires_ms: Option<i64>,
}

impl TokenLimit {
    /// The most that it may do, whoever has it: what is about more than its place is not for it.
    fn permissions(&self) -> Permissions {
        let of_place = match (&self.project, &self.environment) {
            (_, Some(_)) => Permissions::OF_SECRET_KEY,
            (Some(_), None) => Permissions::OF_PROJECT,
            (None, None) => Permissions::ALL,
        };
        of_place.and(self.permissions.unwrap_or(Permissions::ALL))
    }
}

impl Person {
    fn limit(&self) -> Option<&TokenLimit> {
        match &self.by {
            By::Session(_) => None,
            By::Token(limit) => Some(limit),
        }
    }

    /// The session or the token.
    pub(crate) fn via(&self) -> &str {
        match &self.by {
            By::Session(session) => &session.id,
            By::Token(limit) => &limit.id,
        }
    }

    /// As in the audit log and in events.
    pub(crate) fn actor(&self) -> String {
        actor(&self.account.id)
    }

    /// Whether the server as a whole is there for them.
    pub(crate) fn sees_server(&self) -> bool {
        self.account.is_administrator() && self.limit().is_none_or(|limit| limit.project.is_none())
    }

    /// Whether the project is there for them, if it is there.
    pub(crate) fn sees(&self, project: &Slug) -> bool {
        self.opens(project) && (self.account.is_administrator() || self.role_in(project).is_some())
    }

    /// Whether the environment of a project that they see is there for them, if it is there.
    pub(crate) fn sees_environment(&self, environment: &Slug) -> bool {
        let only = self.limit().and_then(|limit| limit.environment.as_ref());
        only.is_none_or(|only| only == environment)
    }

    fn opens(&self, project: &Slug) -> bool {
        let only = self.limit().and_then(|limit| limit.project.as_ref());
        only.is_none_or(|only| only == project)
    }

    fn role_in(&self, project: &Slug) -> Option<Role> {
        let mut roles = self.roles.iter();
        roles.find(|(own, _)| own == project).map(|(_, role)| *role)
    }

    /// What they may do in a project that they see, or where none is named.
    pub(crate) fn permissions_in(&self, project: Option<&Slug>) -> Permissions {
        let own = match (self.account.is_administrator(), project) {
            (true, _) => Permissions::ALL,
            (false, None) => Permissions::OF_ACCOUNT,
            (false, Some(project)) => self.role_in(project).map_or(Permissions::NONE, Permissions::of_role),
        };
        self.limit().map_or(own, |limit| own.and(limit.permissions()))
    }

    /// The session, if they came with one.
    ///
    /// # Errors
    /// They came with a token.
    pub(crate) fn session(&self) -> Result<&AdminSessionRow> {
        match &self.by {
            By::Session(session) => Ok(session),
            By::Token(_) => Err(needs_session().into()),
        }
    }

    /// Refuses a session whose last proof of who uses it is too old. Tokens prove themselves with every request.
    pub(crate) fn require_fresh(&self, now_ms: i64) -> Result<()> {
        match &self.by {
            By::Session(session) if session.fresh_until_ms <= now_ms => Err(Refusal::new(
                errors::FRESH_PROOF_REQUIRED,
                "Confirm that it is you first, with your password or a code: POST /admin/api/v1/session/confirm",
            )
            .into()),
            By::Session(_) | By::Token(_) => Ok(()),
        }
    }
}

/// An account as in the audit log and in events.
pub(crate) fn actor(account_id: &str) -> String {
    format!("account:{account_id}")
}

/// The answer to whoever comes without the session of an account.
pub(crate) fn needs_session() -> Refusal {
    Refusal::new(
        errors::FORBIDDEN,
        "This needs the session of an account: POST /admin/api/v1/session",
    )
}

/// What every request of a session that changes something has to send: other sites cannot read it.
pub(crate) fn csrf_token(master: &MasterKey, session_id: &str) -> String {
    master.tag("admin csrf", &[session_id])
}

/// Whether a text is this token. Compared by fingerprints, whose time says nothing about the token.
pub(crate) fn is_csrf_token(master: &MasterKey, session_id: &str, sent: &str) -> bool {
    secret::fingerprint(sent) == secret::fingerprint(&csrf_token(master, session_id))
}
