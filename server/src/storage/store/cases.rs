//! Test cases that are kept with a hook.

use diesel::dsl::count_star;

use super::{StoreError, Tx, query::prelude::*, schema::hook_cases};
use crate::base::ids::{HookName, Slug};

/// A case, kept or to keep.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = hook_cases)]
pub(crate) struct CaseRow {
    pub(crate) name: String,
    /// JSON.
    pub(crate) document: String,
    pub(crate) created_by: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
}

impl Tx<'_> {
    /// Replaces the document of a case, and answers the case; `None` if there is none of that name.
    pub(crate) fn update_case(
        &mut self,
        project: &Slug,
        hook: &HookName,
        name: &str,
        document: &str,
        now_ms: i64,
    ) -> Result<Option<CaseRow>, StoreError> {
        let named = hook_cases::table
            .filter(hook_cases::project_id.eq(project.as_str()))
            .filter(hook_cases::hook.eq(hook.as_str()))
            .filter(hook_cases::name.eq(name));
        diesel::update(named)
            .set((hook_cases::document.eq(document), hook_cases::updated_ms.eq(now_ms)))
            .execute(self)?;
        self.case(project, hook, name)
    }

    pub(crate) fn insert_case(&mut self, project: &Slug, hook: &HookName, row: &CaseRow) -> Result<(), StoreError> {
        diesel::insert_into(hook_cases::table)
            .values((
                hook_cases::project_id.eq(project.as_str()),
                hook_cases::hook.eq(hook.as_str()),
                hook_cases::name.eq(&row.name),
                hook_cases::document.eq(&row.document),
                hook_cases::created_by.eq(&row.created_by),
                hook_cases::created_ms.eq(row.created_ms),
                hook_cases::updated_ms.eq(row.updated_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The cases of a hook, by name.
    pub(crate) fn cases(&mut self, project: &Slug, hook: &HookName) -> Result<Vec<CaseRow>, StoreError> {
        Ok(hook_cases::table
            .filter(hook_cases::project_id.eq(project.as_str()))
            .filter(hook_cases::hook.eq(hook.as_str()))
            .order(hook_cases::name)
            .select(CaseRow::columns())
            .load(self)?)
    }

    pub(crate) fn count_cases(&mut self, project: &Slug, hook: &HookName) -> Result<i64, StoreError> {
        Ok(hook_cases::table
            .filter(hook_cases::project_id.eq(project.as_str()))
            .filter(hook_cases::hook.eq(hook.as_str()))
            .select(count_star())
            .first(self)?)
    }

    pub(crate) fn case(&mut self, project: &Slug, hook: &HookName, name: &str) -> Result<Option<CaseRow>, StoreError> {
        Ok(hook_cases::table
            .filter(hook_cases::project_id.eq(project.as_str()))
            .filter(hook_cases::hook.eq(hook.as_str()))
            .filter(hook_cases::name.eq(name))
            .select(CaseRow::columns())
            .first(self)
            .optional()?)
    }

    /// Deletes those of a hook that is no more; how many there were.
    pub(crate) fn delete_cases(&mut self, project: &Slug, hook: &HookName) -> Result<usize, StoreError> {
        let of_hook = hook_cases::table
            .filter(hook_cases::project_id.eq(project.as_str()))
            .filter(hook_cases::hook.eq(hook.as_str()));
        Ok(diesel::delete(of_hook).execute(self)?)
    }

    /// Whether there was one.
    pub(crate) fn delete_case(&mut self, project: &Slug, hook: &HookName, name: &str) -> Result<bool, StoreError> {
        let named = hook_cases::table
            .filter(hook_cases::project_id.eq(project.as_str()))
            .filter(hook_cases::hook.eq(hook.as_str()))
            .filter(hook_cases::name.eq(name));
        Ok(diesel::delete(named).execute(self)? > 0)
    }
}
