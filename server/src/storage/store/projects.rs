//! Projects and their environments. Those that are being removed are in the tables and are not there: see [`super::removal`].

use std::collections::BTreeSet;

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

/// An environment.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = environments)]
pub(crate) struct EnvironmentRow {
    pub(crate) project_id: String,
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) created_ms: i64,
}

/// The row of an environment, if it is there.
macro_rules! environment {
    ($scope:expr) => {
        environments::table
            .filter(environments::project_id.eq($scope.project.as_str()))
            .filter(environments::name.eq($scope.environment.as_str()))
            .filter(environments::removed_ms.is_null())
    };
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

    /// Gives a project another display name. Whether it is there.
    pub(crate) fn rename_project(&mut self, id: &Slug, name: &str) -> Result<bool, StoreError> {
        let one = projects::table
            .filter(projects::id.eq(id.as_str()))
            .filter(projects::removed_ms.is_null());
        Ok(diesel::update(one).set(projects::name.eq(name)).execute(self)? == 1)
    }

    /// Gives an environment another display name. Whether it is there.
    pub(crate) fn rename_environment(&mut self, scope: &Scope, name: &str) -> Result<bool, StoreError> {
        let renamed = diesel::update(environment!(scope)).set(environments::display_name.eq(name));
        Ok(renamed.execute(self)? == 1)
    }

    /// Every project, by id.
    pub(crate) fn projects(&mut self) -> Result<Vec<ProjectRow>, StoreError> {
        let rows: Vec<(String, String, i64)> = projects::table
            .filter(projects::removed_ms.is_null())
            .order(projects::id)
            .select((projects::id, projects::name, projects::created_ms))
            .load(self)?;
        rows.into_iter()
            .map(|(id, name, created_ms)| self.with_environments(id, name, created_ms))
            .collect()
    }

    pub(crate) fn project(&mut self, id: &Slug) -> Result<Option<ProjectRow>, StoreError> {
        let row: Option<(String, String, i64)> = projects::table
            .filter(projects::id.eq(id.as_str()))
            .filter(projects::removed_ms.is_null())
            .select((projects::id, projects::name, projects::created_ms))
            .first(self)
            .optional()?;
        row.map(|(id, name, created_ms)| self.with_environments(id, name, created_ms))
            .transpose()
    }

    /// Those of these projects that are not there, or are being removed.
    pub(crate) fn deleted_of(&mut self, mut projects: BTreeSet<String>) -> Result<BTreeSet<String>, StoreError> {
        let there: Vec<String> = projects::table
            .filter(projects::removed_ms.is_null())
            .filter(projects::id.eq_any(&projects))
            .select(projects::id)
            .load(self)?;
        projects.retain(|id| !there.contains(id));
        Ok(projects)
    }

    fn with_environments(&mut self, id: String, name: String, created_ms: i64) -> Result<ProjectRow, StoreError> {
        let environments = environments::table
            .filter(environments::project_id.eq(&id))
            .filter(environments::removed_ms.is_null())
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

    pub(crate) fn environment(&mut self, scope: &Scope) -> Result<Option<EnvironmentRow>, StoreError> {
        Ok(environment!(scope)
            .select(EnvironmentRow::columns())
            .first(self)
            .optional()?)
    }

    /// Whether the environment is there, and not being removed.
    pub(crate) fn is_environment(&mut self, scope: &Scope) -> Result<bool, StoreError> {
        Ok(self.environment(scope)?.is_some())
    }

    /// Every environment of every project.
    pub(crate) fn scopes(&mut self) -> Result<Vec<Scope>, StoreError> {
        let rows: Vec<(String, String)> = environments::table
            .filter(environments::removed_ms.is_null())
            .select((environments::project_id, environments::name))
            .load(self)?;
        Ok(rows
            .iter()
            .filter_map(|(project, environment)| access::scope(project, environment))
            .collect())
    }
}
