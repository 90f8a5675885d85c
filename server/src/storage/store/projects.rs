//! Projects and their environments.

use super::{
    StoreError, Tx, access,
    query::prelude::*,
    schema::{environments, projects},
};
use crate::base::ids::{Scope, Slug};

/// A project with its environments.
#[derive(Clone, Debug)]
pub(crate) struct ProjectRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) created_ms: i64,
    pub(crate) environments: Vec<String>,
}

impl Tx<'_> {
    pub(crate) fn insert_project(&mut self, id: &Slug, name: &str, now_ms: i64) -> Result<(), StoreError> {
        diesel::insert_into(projects::table)
            .values((
                projects::id.eq(id.as_str()),
                projects::name.eq(name),
                projects::created_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    pub(crate) fn insert_environment(&mut self, scope: &Scope, now_ms: i64) -> Result<(), StoreError> {
        diesel::insert_into(environments::table)
            .values((
                environments::project_id.eq(scope.project.as_str()),
                environments::name.eq(scope.environment.as_str()),
                environments::created_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Every project, by id.
    pub(crate) fn projects(&mut self) -> Result<Vec<ProjectRow>, StoreError> {
        let rows: Vec<(String, String, i64)> = projects::table
            .order(projects::id)
            .select(projects::all_columns)
            .load(self)?;
        rows.into_iter()
            .map(|(id, name, created_ms)| self.with_environments(id, name, created_ms))
            .collect()
    }

    pub(crate) fn project(&mut self, id: &Slug) -> Result<Option<ProjectRow>, StoreError> {
        let row: Option<(String, String, i64)> = projects::table
            .find(id.as_str())
            .select(projects::all_columns)
            .first(self)
            .optional()?;
        row.map(|(id, name, created_ms)| self.with_environments(id, name, created_ms))
            .transpose()
    }

    fn with_environments(&mut self, id: String, name: String, created_ms: i64) -> Result<ProjectRow, StoreError> {
        let environments = environments::table
            .filter(environments::project_id.eq(&id))
            .order(environments::name)
            .select(environments::name)
            .load(self)?;
        Ok(ProjectRow {
            id,
            name,
            created_ms,
            environments,
        })
    }

    /// Every environment of every project.
    pub(crate) fn scopes(&mut self) -> Result<Vec<Scope>, StoreError> {
        let rows: Vec<(String, String)> = environments::table
            .select((environments::project_id, environments::name))
            .load(self)?;
        Ok(rows
            .iter()
            .filter_map(|(project, environment)| access::scope(project, environment))
            .collect())
    }
}
