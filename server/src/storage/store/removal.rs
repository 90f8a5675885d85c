//! The removal of projects and environments. First they are marked, with the keys and tokens that open them gone: from that
//! commit on they are there for nobody. Then what they had is deleted, part by part, and last their own rows, which keep
//! their names taken until then.

use diesel::{
    sql_query,
    sql_types::{BigInt, Text},
};

use super::{
    StoreError, Tx, access,
    pool::Connection,
    query::prelude::*,
    schema::{
        admin_invitations, admin_tokens, api_keys, changes, environments, hook_versions, personal_tokens,
        project_members, projects,
    },
};
use crate::base::ids::{Scope, Slug};

/// What an environment has, in the order in which it can be deleted: nothing is left that a later line is referred to by.
/// A table and a column; rows are chosen by it, part by part. A test finds tables that are missing here.
const OF_ENVIRONMENTS: &[(&str, &str)] = &[
    ("api_keys", "id"),
    ("admin_tokens", "id"),
    ("personal_tokens", "id"),
    ("schedules", "name"),
    ("jobs", "id"),
    ("mails", "id"),
    ("outbox_events", "id"),
    ("webhook_endpoints", "id"),
    ("backtest_rows", "id"),
    ("backtests", "id"),
    ("hook_rollouts", "id"),
    ("invocations", "id"),
    ("one_time_tokens", "lookup"),
    ("refresh_tokens", "hash"),
    ("sessions", "id"),
    ("identities", "subject"),
    ("mfa_factors", "id"),
    ("users", "id"),
    ("deployments", "id"),
    ("mail_templates", "name"),
    ("secrets", "name"),
    ("project_settings", "name"),
    ("signing_keys", "kid"),
    ("audit_log", "id"),
];

/// Rows that name no environment, and belong to rows that do: deleted before these. `{lock}`: see [`Tx::row_lock`].
const OF_OTHER_ROWS: &[(&str, &str)] = &[
    (
        "webhook_endpoints",
        "DELETE FROM webhook_deliveries WHERE id IN (SELECT own.id FROM webhook_deliveries AS own \
         JOIN webhook_endpoints e ON e.id = own.endpoint_id WHERE e.project_id = $1 AND e.environment = $2 \
         ORDER BY own.id LIMIT $3{lock})",
    ),
    (
        "deployments",
        "DELETE FROM deployment_hooks WHERE deployment_id IN (SELECT own.deployment_id FROM deployment_hooks AS own \
         JOIN deployments d ON d.id = own.deployment_id WHERE d.project_id = $1 AND d.environment = $2 \
         ORDER BY own.deployment_id LIMIT $3{lock})",
    ),
];

/// What a project has beside its environments.
const OF_PROJECTS: &[(&str, &str)] = &[
    ("hook_drafts", "hook"),
    ("deleted_drafts", "project_id"),
    ("hook_cases", "name"),
    ("hook_summaries", "digest"),
    ("hook_proposals", "id"),
    ("assistant_usage", "day"),
    ("assistant_settings", "project_id"),
    ("deleted_versions", "hook"),
    ("hook_versions", "id"),
    ("admin_tokens", "id"),
    ("personal_tokens", "id"),
    ("admin_invitations", "id"),
    ("project_members", "account_id"),
    ("audit_log", "id"),
];

/// An environment that is being removed.
#[derive(Clone, Debug)]
pub(crate) struct Removal {
    pub(crate) scope: Scope,
    /// Since when.
    pub(crate) since_ms: i64,
}

impl Tx<'_> {
    /// Marks the environment, and takes its keys and the tokens that open it alone away. The other nodes are notified.
    pub(crate) fn remove_environment(&mut self, scope: &Scope, now_ms: i64) -> Result<(), StoreError> {
        let keys = api_keys::table
            .filter(api_keys::project_id.eq(scope.project.as_str()))
            .filter(api_keys::environment.eq(scope.environment.as_str()));
        diesel::delete(keys).execute(self)?;
        let tokens = admin_tokens::table
            .filter(admin_tokens::project_id.eq(scope.project.as_str()))
            .filter(admin_tokens::environment.eq(scope.environment.as_str()));
        diesel::delete(tokens).execute(self)?;
        let personal = personal_tokens::table
            .filter(personal_tokens::project_id.eq(scope.project.as_str()))
            .filter(personal_tokens::environment.eq(scope.environment.as_str()));
        diesel::delete(personal).execute(self)?;
        let row = environments::table
            .filter(environments::project_id.eq(scope.project.as_str()))
            .filter(environments::name.eq(scope.environment.as_str()));
        diesel::update(row)
            .set(environments::removed_ms.eq(now_ms))
            .execute(self)?;
        self.changed(scope)
    }

    /// Marks the project and these environments, which are all that it has, and takes keys and tokens away.
    pub(crate) fn remove_project(
        &mut self,
        project: &Slug,
        environments: &[String],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let tokens = admin_tokens::table.filter(admin_tokens::project_id.eq(project.as_str()));
        diesel::delete(tokens).execute(self)?;
        // A project of the same id that is created later has none of them.
        let personal = personal_tokens::table.filter(personal_tokens::project_id.eq(project.as_str()));
        diesel::delete(personal).execute(self)?;
        let invitations = admin_invitations::table.filter(admin_invitations::project_id.eq(project.as_str()));
        diesel::delete(invitations).execute(self)?;
        let members = project_members::table.filter(project_members::project_id.eq(project.as_str()));
        diesel::delete(members).execute(self)?;
        diesel::update(projects::table.filter(projects::id.eq(project.as_str())))
            .set(projects::removed_ms.eq(now_ms))
            .execute(self)?;
        for name in environments {
            if let Some(scope) = access::scope(project.as_str(), name) {
                self.remove_environment(&scope, now_ms)?;
            }
        }
        Ok(())
    }

    /// Whether a project of this id is there or being removed: either way its name is taken.
    pub(crate) fn is_project_taken(&mut self, project: &Slug) -> Result<bool, StoreError> {
        let id: Option<String> = projects::table
            .filter(projects::id.eq(project.as_str()))
            .select(projects::id)
            .first(self)
            .optional()?;
        Ok(id.is_some())
    }

    /// The same of an environment.
    pub(crate) fn is_environment_taken(&mut self, scope: &Scope) -> Result<bool, StoreError> {
        let name: Option<String> = environments::table
            .filter(environments::project_id.eq(scope.project.as_str()))
            .filter(environments::name.eq(scope.environment.as_str()))
            .select(environments::name)
            .first(self)
            .optional()?;
        Ok(name.is_some())
    }

    /// The environments that are being removed, and since when.
    pub(crate) fn removals(&mut self) -> Result<Vec<Removal>, StoreError> {
        let rows: Vec<(String, String, Option<i64>)> = environments::table
            .filter(environments::removed_ms.is_not_null())
            .order(environments::removed_ms)
            .select((environments::project_id, environments::name, environments::removed_ms))
            .load(self)?;
        let removal = |(project, environment, since_ms): &(String, String, Option<i64>)| {
            Some(Removal {
                scope: access::scope(project, environment)?,
                since_ms: (*since_ms)?,
            })
        };
        Ok(rows.iter().filter_map(removal).collect())
    }

    /// The projects that are being removed and have no environments any more.
    pub(crate) fn emptied_projects(&mut self) -> Result<Vec<Slug>, StoreError> {
        let ids: Vec<String> = projects::table
            .filter(projects::removed_ms.is_not_null())
            .select(projects::id)
            .load(self)?;
        let mut emptied = Vec::new();
        for id in ids {
            let left = environments::table.filter(environments::project_id.eq(&id));
            let left: i64 = left.count().get_result(self)?;
            emptied.extend(Slug::parse(&id).ok().filter(|_| left == 0));
        }
        Ok(emptied)
    }

    /// Deletes some rows of what an environment had, of one table: who works on several has them in another order. How many, at
    /// most about `max_rows`.
    pub(crate) fn delete_part(&mut self, scope: &Scope, max_rows: i64) -> Result<usize, StoreError> {
        for (table, column) in OF_ENVIRONMENTS {
            let others = OF_OTHER_ROWS.iter().filter(|(owner, _)| owner == table);
            let own = format!(
                "DELETE FROM {table} WHERE project_id = $1 AND environment = $2 AND {column} IN (SELECT own.{column} \
                 FROM {table} AS own WHERE own.project_id = $1 AND own.environment = $2 ORDER BY own.{column} \
                 LIMIT $3{{lock}})"
            );
            for sql in others.map(|(_, sql)| *sql).chain([own.as_str()]) {
                let deleted = self.part(sql, scope, max_rows)?;
                if deleted > 0 {
                    return Ok(deleted);
                }
            }
        }
        Ok(0)
    }

    /// At the end of a select of the rows `own`, in the order of their keys: see [`super::locks`].
    fn row_lock(&self) -> &'static str {
        match self.connection {
            Connection::Sqlite(_) => "",
            Connection::Postgres(_) => " FOR UPDATE OF own",
        }
    }

    fn part(&mut self, sql: &str, scope: &Scope, max_rows: i64) -> Result<usize, StoreError> {
        let delete = sql_query(sql.replace("{lock}", self.row_lock()))
            .bind::<Text, _>(scope.project.as_str())
            .bind::<Text, _>(scope.environment.as_str())
            .bind::<BigInt, _>(max_rows);
        Ok(delete.execute(self)?)
    }

    /// Deletes the row of an environment that has nothing left; its name is free again. The other nodes have heard of the
    /// removal.
    pub(crate) fn forget_environment(&mut self, scope: &Scope) -> Result<(), StoreError> {
        let heard = changes::table
            .filter(changes::project_id.eq(scope.project.as_str()))
            .filter(changes::environment.eq(scope.environment.as_str()));
        diesel::delete(heard).execute(self)?;
        let row = environments::table
            .filter(environments::project_id.eq(scope.project.as_str()))
            .filter(environments::name.eq(scope.environment.as_str()))
            .filter(environments::removed_ms.is_not_null());
        diesel::delete(row).execute(self)?;
        Ok(())
    }

    /// The digests of everything that a project has uploaded.
    pub(crate) fn version_digests(&mut self, project: &Slug) -> Result<Vec<String>, StoreError> {
        Ok(hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .select(hook_versions::digest)
            .load(self)?)
    }

    /// Deletes some rows of what a project had beside its environments, and then its own. How many.
    pub(crate) fn forget_project(&mut self, project: &Slug, max_rows: i64) -> Result<usize, StoreError> {
        for (table, column) in OF_PROJECTS {
            let sql = format!(
                "DELETE FROM {table} WHERE project_id = $1 AND {column} IN (SELECT own.{column} FROM {table} AS own \
                 WHERE own.project_id = $1 ORDER BY own.{column} LIMIT $2{})",
                self.row_lock()
            );
            let delete = sql_query(sql)
                .bind::<Text, _>(project.as_str())
                .bind::<BigInt, _>(max_rows);
            let deleted = delete.execute(self)?;
            if deleted > 0 {
                return Ok(deleted);
            }
        }
        let row = projects::table
            .filter(projects::id.eq(project.as_str()))
            .filter(projects::removed_ms.is_not_null());
        Ok(diesel::delete(row).execute(self)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    #[derive(diesel::QueryableByName)]
    struct Table {
        #[diesel(sql_type = Text)]
        name: String,
    }

    #[tokio::test]
    async fn every_table_with_rows_of_an_environment_or_a_project_is_emptied() {
        const WITH: &str = "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
                            WHERE m.type = 'table' AND c.name = ";
        let world = World::new().await;
        let tables = |column: &'static str| {
            let named = world.store.read(move |tx| {
                let tables: Vec<Table> = sql_query(format!("{WITH}'{column}'")).load(tx)?;
                Ok(tables.into_iter().map(|table| table.name).collect::<Vec<_>>())
            });
            async { named.await.unwrap() }
        };
        let listed = |lists: &[&[(&str, &str)]], name: &str| {
            ["environments", "changes"].contains(&name)
                || lists.iter().copied().flatten().any(|(table, _)| *table == name)
        };
        let of_environments = tables("environment").await;
        assert!(of_environments.len() > 15, "{of_environments:?}");
        for table in of_environments {
            assert!(listed(&[OF_ENVIRONMENTS], &table), "{table} is not in OF_ENVIRONMENTS");
        }
        for table in tables("project_id").await {
            assert!(
                listed(&[OF_ENVIRONMENTS, OF_PROJECTS], &table),
                "{table} is in neither list"
            );
        }
    }
}
