//! What nodes on the same database have to agree on: what changed of an environment that they keep in memory, counted in the
//! transaction of the change, so that others find it by a number; and whose master key it is. Knows nothing of what they
//! keep, and no key.

use super::{
    StoreError, Tx, access,
    pool::Connection,
    postgres,
    query::prelude::*,
    schema::{changes, installation},
};
use crate::base::ids::Scope;

impl Tx<'_> {
    /// Notifies the other nodes, with the commit, to read the scope anew. The last thing of its transaction that others may
    /// have to wait for: from here to the commit it holds the one row that all changes count in.
    pub(crate) fn changed(&mut self, scope: &Scope) -> Result<(), StoreError> {
        let revision: i64 = diesel::update(installation::table)
            .set(installation::revision.eq(installation::revision + 1))
            .returning(installation::revision)
            .get_result(self)?;
        diesel::insert_into(changes::table)
            .values((
                changes::project_id.eq(scope.project.as_str()),
                changes::environment.eq(scope.environment.as_str()),
                changes::revision.eq(revision),
            ))
            .on_conflict((changes::project_id, changes::environment))
            .do_update()
            .set(changes::revision.eq(revision))
            .execute(self)?;
        if let Connection::Postgres(connection) = &mut self.connection {
            postgres::notify(connection)?;
        }
        Ok(())
    }

    /// The MAC of the first node's master key, if there was one.
    pub(crate) fn key_check(&mut self) -> Result<Option<String>, StoreError> {
        Ok(installation::table.select(installation::key_check).first(self)?)
    }

    /// Keeps the MAC, unless there is one: which it is now.
    pub(crate) fn keep_key_check(&mut self, check: &str) -> Result<String, StoreError> {
        diesel::update(installation::table)
            .filter(installation::key_check.is_null())
            .set(installation::key_check.eq(check))
            .execute(self)?;
        self.key_check()?
            .ok_or(StoreError::Inconsistent("the installation has no key"))
    }

    /// How often something was changed.
    pub(crate) fn revision(&mut self) -> Result<i64, StoreError> {
        Ok(installation::table.select(installation::revision).first(self)?)
    }

    /// The revision of the scope's last change; 0 before the first.
    pub(crate) fn revision_of(&mut self, scope: &Scope) -> Result<i64, StoreError> {
        let row = changes::table
            .filter(changes::project_id.eq(scope.project.as_str()))
            .filter(changes::environment.eq(scope.environment.as_str()))
            .select(changes::revision)
            .first(self)
            .optional()?;
        Ok(row.unwrap_or(0))
    }

    /// What was changed after the revision.
    pub(crate) fn changed_since(&mut self, revision: i64) -> Result<Vec<Scope>, StoreError> {
        let rows: Vec<(String, String)> = changes::table
            .filter(changes::revision.gt(revision))
            .order(changes::revision)
            .select((changes::project_id, changes::environment))
            .load(self)?;
        Ok(rows
            .iter()
            .filter_map(|(project, environment)| access::scope(project, environment))
            .collect())
    }
}
