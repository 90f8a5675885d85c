//! Admin tokens, of the server and of projects, and the codes by which the first admin of a server gets one. Knows no token
//! and no code, only their fingerprints.

use diesel::{IntoSql as _, sql_types::Bool};

use super::{
    StoreError, Tx, credentials,
    query::prelude::*,
    schema::{admin_tokens, setup_codes},
};
use crate::base::{
    ids::{Kind, Slug, new_id},
    permissions::Permissions,
};

/// Codes that are valid at the same time, of nodes that start together; older ones give way.
const MAX_SETUP_CODES: i64 = 16;

/// Which admin API a token opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenPlace {
    /// That of the server.
    Server,
    /// That of a project, with all its environments.
    Project(Slug),
}

impl TokenPlace {
    fn project(&self) -> Option<&str> {
        match self {
            Self::Server => None,
            Self::Project(project) => Some(project.as_str()),
        }
    }

    /// What a token without limits may do there.
    pub(crate) fn permissions(&self) -> Permissions {
        most(self.project().is_some())
    }

    /// What a token is found by. Those of projects are not found by servers that take every token for one of the server.
    fn lookup(&self, fingerprint: &str) -> String {
        match self {
            Self::Server => fingerprint.to_owned(),
            Self::Project(_) => of_project(fingerprint),
        }
    }
}

fn most(of_project: bool) -> Permissions {
    match of_project {
        true => Permissions::OF_PROJECT,
        false => Permissions::ALL,
    }
}

fn of_project(fingerprint: &str) -> String {
    format!("project:{fingerprint}")
}

/// What a token with limits is found by, so that servers that know no limits do not find it.
fn limited(lookup: &str) -> String {
    format!("limited:{lookup}")
}

/// What a token is limited to.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokenLimits {
    /// Everything that its place allows if there are none.
    pub(crate) permissions: Option<Permissions>,
    /// Of the project; all if there is none.
    pub(crate) environment: Option<Slug>,
}

impl TokenLimits {
    /// What a token of the place with these limits may do.
    pub(crate) fn permissions_in(&self, place: &TokenPlace) -> Permissions {
        place.permissions().and(self.permissions.unwrap_or(Permissions::ALL))
    }

    fn any(&self) -> bool {
        self.permissions.is_some() || self.environment.is_some()
    }
}

/// A token to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewAdminToken {
    pub(crate) name: String,
    pub(crate) fingerprint: String,
    pub(crate) expires_ms: Option<i64>,
    pub(crate) limits: TokenLimits,
}

/// A token that is valid.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = admin_tokens)]
pub(crate) struct AdminTokenRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) project_id: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) last_used_ms: Option<i64>,
    pub(crate) expires_ms: Option<i64>,
    /// Names of permissions; everything that its place allows if there are none.
    pub(crate) scopes: Option<String>,
    pub(crate) environment: Option<String>,
}

impl AdminTokenRow {
    /// What it may do.
    pub(crate) fn permissions(&self) -> Permissions {
        most(self.project_id.is_some()).and(self.limit().unwrap_or(Permissions::ALL))
    }

    fn limit(&self) -> Option<Permissions> {
        self.scopes.as_deref().map(Permissions::read)
    }

    /// As it was created.
    pub(crate) fn limits(&self) -> TokenLimits {
        TokenLimits {
            permissions: self.limit(),
            environment: self.environment.as_deref().and_then(|name| Slug::parse(name).ok()),
        }
    }
}

/// The tokens of a place that are valid at a time. Nothing equals NULL, which is what those of the server have.
macro_rules! valid_of {
    ($place:expr, $now_ms:expr) => {{
        let is_server = (*$place == TokenPlace::Server).into_sql::<Bool>();
        credentials::valid!(admin_tokens, $now_ms).filter(
            admin_tokens::project_id
                .eq($place.project())
                .or(admin_tokens::project_id.is_null().and(is_server)),
        )
    }};
}

impl Tx<'_> {
    /// Answers its id. With an admin of the server, set-up is over.
    pub(crate) fn insert_admin_token(
        &mut self,
        place: &TokenPlace,
        token: &NewAdminToken,
        now_ms: i64,
    ) -> Result<String, StoreError> {
        let id = new_id(Kind::AdminToken);
        let lookup = place.lookup(&token.fingerprint);
        let limits = &token.limits;
        diesel::insert_into(admin_tokens::table)
            .values((
                admin_tokens::id.eq(&id),
                admin_tokens::name.eq(&token.name),
                admin_tokens::hash.eq(if limits.any() { limited(&lookup) } else { lookup }),
                admin_tokens::project_id.eq(place.project()),
                admin_tokens::created_ms.eq(now_ms),
                admin_tokens::expires_ms.eq(token.expires_ms),
                admin_tokens::scopes.eq(limits.permissions.map(Permissions::stored)),
                admin_tokens::environment.eq(limits.environment.as_ref().map(Slug::as_str)),
            ))
            .execute(self)?;
        if *place == TokenPlace::Server {
            self.delete_setup_codes()?;
        }
        Ok(id)
    }

    /// The server has an admin: nobody becomes the first one any more.
    pub(crate) fn delete_setup_codes(&mut self) -> Result<(), StoreError> {
        diesel::delete(setup_codes::table).execute(self)?;
        Ok(())
    }

    /// Whether a token of the server with this fingerprint was ever made, valid or not.
    pub(crate) fn has_admin_token(&mut self, fingerprint: &str) -> Result<bool, StoreError> {
        let id: Option<String> = admin_tokens::table
            .filter(admin_tokens::hash.eq(fingerprint))
            .select(admin_tokens::id)
            .first(self)
            .optional()?;
        Ok(id.is_some())
    }

    /// The valid token of the server with this fingerprint.
    pub(crate) fn server_token(&mut self, fingerprint: &str, now_ms: i64) -> Result<Option<AdminTokenRow>, StoreError> {
        self.token_by(fingerprint, now_ms)
    }

    /// The valid token of a project with this fingerprint.
    pub(crate) fn project_token(
        &mut self,
        fingerprint: &str,
        now_ms: i64,
    ) -> Result<Option<AdminTokenRow>, StoreError> {
        self.token_by(&of_project(fingerprint), now_ms)
    }

    fn token_by(&mut self, lookup: &str, now_ms: i64) -> Result<Option<AdminTokenRow>, StoreError> {
        Ok(credentials::valid!(admin_tokens, now_ms)
            .filter(admin_tokens::hash.eq_any([lookup.to_owned(), limited(lookup)]))
            .select(AdminTokenRow::columns())
            .first(self)
            .optional()?)
    }

    /// The valid tokens of a place, newest first.
    pub(crate) fn admin_tokens(&mut self, place: &TokenPlace, now_ms: i64) -> Result<Vec<AdminTokenRow>, StoreError> {
        Ok(valid_of!(place, now_ms)
            .order(admin_tokens::id.desc())
            .select(AdminTokenRow::columns())
            .load(self)?)
    }

    /// A valid token of a place.
    pub(crate) fn admin_token(
        &mut self,
        place: &TokenPlace,
        id: &str,
        now_ms: i64,
    ) -> Result<Option<AdminTokenRow>, StoreError> {
        Ok(valid_of!(place, now_ms)
            .filter(admin_tokens::id.eq(id))
            .select(AdminTokenRow::columns())
            .first(self)
            .optional()?)
    }

    /// Ends a token: now, or at that time if it does not end sooner by itself.
    pub(crate) fn end_admin_token(&mut self, token: &AdminTokenRow, at_ms: i64, now_ms: i64) -> Result<(), StoreError> {
        credentials::end!(admin_tokens, self, token, at_ms, now_ms)
    }

    /// Records that a token was used.
    pub(crate) fn admin_token_used(&mut self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        credentials::mark_used!(admin_tokens, self, id, now_ms)
    }

    /// Deletes tokens that ended before then.
    pub(crate) fn delete_old_admin_tokens(&mut self, before_ms: i64) -> Result<usize, StoreError> {
        credentials::delete_ended!(admin_tokens, self, before_ms)
    }

    /// Keeps a code for the first admin. Those that have expired go, and the oldest if there are too many.
    pub(crate) fn insert_setup_code(
        &mut self,
        fingerprint: &str,
        now_ms: i64,
        expires_ms: i64,
    ) -> Result<(), StoreError> {
        let newest: Vec<String> = setup_codes::table
            .filter(setup_codes::expires_ms.gt(now_ms))
            .order(setup_codes::created_ms.desc())
            .select(setup_codes::hash)
            .limit(MAX_SETUP_CODES - 1)
            .load(self)?;
        diesel::delete(setup_codes::table.filter(setup_codes::hash.ne_all(newest))).execute(self)?;
        diesel::insert_into(setup_codes::table)
            .values((
                setup_codes::hash.eq(fingerprint),
                setup_codes::created_ms.eq(now_ms),
                setup_codes::expires_ms.eq(expires_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Whether the code is good at this time.
    pub(crate) fn is_setup_code(&mut self, fingerprint: &str, now_ms: i64) -> Result<bool, StoreError> {
        let found: Option<String> = setup_codes::table
            .filter(setup_codes::hash.eq(fingerprint))
            .filter(setup_codes::expires_ms.gt(now_ms))
            .select(setup_codes::hash)
            .first(self)
            .optional()?;
        Ok(found.is_some())
    }
}
