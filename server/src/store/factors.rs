//! Second factors and recovery codes. Secrets are sealed by somebody else before they get here.

use super::{StoreError, Tx, query::prelude::*, schema::mfa_factors};
use crate::ids::Scope;

impl Tx<'_> {
    /// Whether the user has a factor that was verified.
    pub(crate) fn has_second_factor(&mut self, scope: &Scope, user_id: &str) -> Result<bool, StoreError> {
        let found: Option<String> = mfa_factors::table
            .filter(mfa_factors::project_id.eq(scope.project.as_str()))
            .filter(mfa_factors::environment.eq(scope.environment.as_str()))
            .filter(mfa_factors::user_id.eq(user_id))
            .filter(mfa_factors::state.eq("verified"))
            .select(mfa_factors::id)
            .first(self)
            .optional()?;
        Ok(found.is_some())
    }
}
