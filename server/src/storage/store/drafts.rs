//! Drafts of hooks: one for each, with a revision that every change has to name, so that none is overwritten unseen.

use diesel::dsl::{count_star, max};

use super::{
    StoreError, Tx,
    query::prelude::*,
    schema::{deleted_drafts, hook_drafts, hook_versions},
};
use crate::base::ids::{HookName, Slug};

/// What a draft consists of; each a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DraftContent {
    /// The author's files.
    pub(crate) files: String,
    /// What a build needs besides.
    pub(crate) settings: String,
}

/// The version that a draft began from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DraftBase {
    pub(crate) number: i32,
    pub(crate) digest: String,
}

/// A draft to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewDraft {
    pub(crate) content: DraftContent,
    /// Files of npm packages, JSON.
    pub(crate) packages: String,
    pub(crate) base: Option<DraftBase>,
    pub(crate) now_ms: i64,
    pub(crate) by: String,
}

/// A kept draft.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = hook_drafts)]
pub(crate) struct DraftRow {
    pub(crate) hook: String,
    pub(crate) revision: i64,
    pub(crate) files: String,
    pub(crate) packages: String,
    pub(crate) settings: String,
    pub(crate) base_number: Option<i32>,
    pub(crate) base_digest: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    pub(crate) updated_by: String,
}

/// A kept draft without its files.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = hook_drafts)]
pub(crate) struct DraftSummaryRow {
    pub(crate) hook: String,
    pub(crate) revision: i64,
    pub(crate) base_number: Option<i32>,
    pub(crate) base_digest: Option<String>,
    pub(crate) updated_ms: i64,
    pub(crate) updated_by: String,
}

/// The versions of one hook: how many, and the number of the newest.
#[derive(Clone, Debug)]
pub(crate) struct HookVersions {
    pub(crate) hook: String,
    pub(crate) count: i64,
    pub(crate) newest: i32,
}

impl Tx<'_> {
    /// Until the transaction ends, no draft of the project comes, changes or goes.
    pub(crate) fn lock_drafts(&mut self, project: &Slug) -> Result<(), StoreError> {
        self.advisory_lock(&format!("drafts {project}"))
    }

    /// The draft of a hook, if there is one.
    pub(crate) fn draft(&mut self, project: &Slug, hook: &HookName) -> Result<Option<DraftRow>, StoreError> {
        Ok(hook_drafts::table
            .filter(hook_drafts::project_id.eq(project.as_str()))
            .filter(hook_drafts::hook.eq(hook.as_str()))
            .select(DraftRow::columns())
            .first(self)
            .optional()?)
    }

    /// The drafts of a project, by hook.
    pub(crate) fn drafts(&mut self, project: &Slug) -> Result<Vec<DraftSummaryRow>, StoreError> {
        Ok(hook_drafts::table
            .filter(hook_drafts::project_id.eq(project.as_str()))
            .order(hook_drafts::hook)
            .select(DraftSummaryRow::columns())
            .load(self)?)
    }

    /// How many drafts a project has.
    pub(crate) fn count_drafts(&mut self, project: &Slug) -> Result<i64, StoreError> {
        Ok(hook_drafts::table
            .filter(hook_drafts::project_id.eq(project.as_str()))
            .select(count_star())
            .get_result(self)?)
    }

    /// Keeps a draft for a hook that has none.
    pub(crate) fn insert_draft(
        &mut self,
        project: &Slug,
        hook: &HookName,
        new: &NewDraft,
    ) -> Result<DraftRow, StoreError> {
        let revision = self.last_deleted_draft(project)? + 1;
        let base = new.base.as_ref();
        Ok(diesel::insert_into(hook_drafts::table)
            .values((
                hook_drafts::project_id.eq(project.as_str()),
                hook_drafts::hook.eq(hook.as_str()),
                hook_drafts::revision.eq(revision),
                hook_drafts::files.eq(&new.content.files),
                hook_drafts::packages.eq(&new.packages),
                hook_drafts::settings.eq(&new.content.settings),
                hook_drafts::base_number.eq(base.map(|base| base.number)),
                (
                    hook_drafts::base_digest.eq(base.map(|base| base.digest.as_str())),
                    hook_drafts::created_ms.eq(new.now_ms),
                    hook_drafts::updated_ms.eq(new.now_ms),
                    hook_drafts::updated_by.eq(&new.by),
                ),
            ))
            .returning(DraftRow::columns())
            .get_result(self)?)
    }

    /// Replaces the content of a draft that is still at this revision. `None`: it is not.
    pub(crate) fn update_draft(
        &mut self,
        project: &Slug,
        hook: &HookName,
        revision: i64,
        content: &DraftContent,
        (now_ms, by): (i64, &str),
    ) -> Result<Option<DraftRow>, StoreError> {
        let at_revision = hook_drafts::table
            .filter(hook_drafts::project_id.eq(project.as_str()))
            .filter(hook_drafts::hook.eq(hook.as_str()))
            .filter(hook_drafts::revision.eq(revision));
        Ok(diesel::update(at_revision)
            .set((
                hook_drafts::revision.eq(revision + 1),
                hook_drafts::files.eq(&content.files),
                hook_drafts::settings.eq(&content.settings),
                hook_drafts::updated_ms.eq(now_ms),
                hook_drafts::updated_by.eq(by),
            ))
            .returning(DraftRow::columns())
            .get_result(self)
            .optional()?)
    }

    /// The draft goes on from a version that was made of it. Its revision stays: nothing of its content changes. A draft that
    /// was deleted and made anew since is another one.
    pub(crate) fn rebase_draft(
        &mut self,
        project: &Slug,
        hook: &HookName,
        draft: &DraftRow,
        base: &DraftBase,
    ) -> Result<(), StoreError> {
        let made_of = hook_drafts::table
            .filter(hook_drafts::project_id.eq(project.as_str()))
            .filter(hook_drafts::hook.eq(hook.as_str()))
            .filter(hook_drafts::created_ms.eq(draft.created_ms))
            .filter(hook_drafts::revision.ge(draft.revision));
        diesel::update(made_of)
            .set((
                hook_drafts::base_number.eq(base.number),
                hook_drafts::base_digest.eq(&base.digest),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Deletes a draft that is still at this revision, and keeps the revision from being given again. False: it is not.
    pub(crate) fn delete_draft(&mut self, project: &Slug, hook: &HookName, revision: i64) -> Result<bool, StoreError> {
        let at_revision = hook_drafts::table
            .filter(hook_drafts::project_id.eq(project.as_str()))
            .filter(hook_drafts::hook.eq(hook.as_str()))
            .filter(hook_drafts::revision.eq(revision));
        if diesel::delete(at_revision).execute(self)? == 0 {
            return Ok(false);
        }
        let kept = deleted_drafts::table.filter(deleted_drafts::project_id.eq(project.as_str()));
        let known: Option<i64> = kept.select(deleted_drafts::revision).first(self).optional()?;
        match known {
            None => {
                diesel::insert_into(deleted_drafts::table)
                    .values((
                        deleted_drafts::project_id.eq(project.as_str()),
                        deleted_drafts::revision.eq(revision),
                    ))
                    .execute(self)?;
            }
            Some(known) if known < revision => {
                diesel::update(kept)
                    .set(deleted_drafts::revision.eq(revision))
                    .execute(self)?;
            }
            Some(_) => {}
        }
        Ok(true)
    }

    /// The highest revision of a draft of the project that was deleted; 0 if none was.
    pub(crate) fn last_deleted_draft(&mut self, project: &Slug) -> Result<i64, StoreError> {
        let deleted: Option<i64> = deleted_drafts::table
            .filter(deleted_drafts::project_id.eq(project.as_str()))
            .select(deleted_drafts::revision)
            .first(self)
            .optional()?;
        Ok(deleted.unwrap_or(0))
    }

    /// How many versions each hook of a project has, by hook.
    pub(crate) fn hook_versions(&mut self, project: &Slug) -> Result<Vec<HookVersions>, StoreError> {
        let rows: Vec<(String, i64, Option<i32>)> = hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .group_by(hook_versions::name)
            .order(hook_versions::name)
            .select((hook_versions::name, count_star(), max(hook_versions::number)))
            .load(self)?;
        let line = |(hook, count, newest): (String, i64, Option<i32>)| HookVersions {
            hook,
            count,
            newest: newest.unwrap_or_default(),
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
