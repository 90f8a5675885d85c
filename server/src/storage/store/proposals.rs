//! What models have proposed. No draft and no version is made of these rows; a person's request reads one and changes a draft.

use super::{StoreError, Tx, query::prelude::*, schema::hook_proposals};
use crate::base::ids::{HookName, Slug};

/// A proposal, kept or to keep.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = hook_proposals)]
pub(crate) struct ProposalRow {
    pub(crate) id: String,
    /// JSON.
    pub(crate) document: String,
    pub(crate) created_ms: i64,
    pub(crate) applied_ms: Option<i64>,
    pub(crate) applied_revision: Option<i64>,
}

impl Tx<'_> {
    /// Keeps one, and of the project the newest only.
    pub(crate) fn insert_proposal(
        &mut self,
        project: &Slug,
        hook: &HookName,
        row: &ProposalRow,
        most: i64,
    ) -> Result<(), StoreError> {
        diesel::insert_into(hook_proposals::table)
            .values((
                hook_proposals::id.eq(&row.id),
                hook_proposals::project_id.eq(project.as_str()),
                hook_proposals::hook.eq(hook.as_str()),
                hook_proposals::document.eq(&row.document),
                hook_proposals::created_ms.eq(row.created_ms),
                hook_proposals::applied_ms.eq(row.applied_ms),
                hook_proposals::applied_revision.eq(row.applied_revision),
            ))
            .execute(self)?;
        let surplus: Vec<String> = hook_proposals::table
            .filter(hook_proposals::project_id.eq(project.as_str()))
            .order(hook_proposals::id.desc())
            .select(hook_proposals::id)
            .offset(most)
            .limit(most)
            .load(self)?;
        diesel::delete(hook_proposals::table.filter(hook_proposals::id.eq_any(surplus))).execute(self)?;
        Ok(())
    }

    pub(crate) fn proposal(
        &mut self,
        project: &Slug,
        hook: &HookName,
        id: &str,
    ) -> Result<Option<ProposalRow>, StoreError> {
        Ok(hook_proposals::table
            .filter(hook_proposals::id.eq(id))
            .filter(hook_proposals::project_id.eq(project.as_str()))
            .filter(hook_proposals::hook.eq(hook.as_str()))
            .select(ProposalRow::columns())
            .first(self)
            .optional()?)
    }

    /// Notes that one was applied; false: it was applied before.
    pub(crate) fn proposal_applied(&mut self, id: &str, revision: i64, now_ms: i64) -> Result<bool, StoreError> {
        let open = hook_proposals::table
            .filter(hook_proposals::id.eq(id))
            .filter(hook_proposals::applied_ms.is_null());
        let changed = diesel::update(open)
            .set((
                hook_proposals::applied_ms.eq(now_ms),
                hook_proposals::applied_revision.eq(revision),
            ))
            .execute(self)?;
        Ok(changed > 0)
    }

    pub(crate) fn delete_old_proposals(&mut self, before_ms: i64, max_rows: i64) -> Result<usize, StoreError> {
        let old = hook_proposals::table.filter(hook_proposals::created_ms.lt(before_ms));
        let ids: Vec<String> = old.select(hook_proposals::id).limit(max_rows).lock_free().load(self)?;
        Ok(diesel::delete(hook_proposals::table.filter(hook_proposals::id.eq_any(ids))).execute(self)?)
    }
}
