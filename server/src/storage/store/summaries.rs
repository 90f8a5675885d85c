//! What hooks do, in words: by digest, and by the model that said it.

use diesel::dsl::count_star;

use super::{StoreError, Tx, query::prelude::*, schema::hook_summaries};
use crate::base::ids::Slug;

/// Rows that one project keeps; the oldest go.
const MAX_ROWS: i64 = 1_000;
/// How many go at a time.
const FREED_ROWS: i64 = 100;

/// A summary, kept or to keep.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = hook_summaries)]
pub(crate) struct SummaryRow {
    pub(crate) digest: String,
    /// Empty for what the server says.
    pub(crate) model: String,
    pub(crate) text: String,
    /// JSON.
    pub(crate) facts: String,
    pub(crate) created_ms: i64,
}

impl Tx<'_> {
    /// What is said of a digest, by the server or by a model.
    pub(crate) fn summary(
        &mut self,
        project: &Slug,
        digest: &str,
        model: &str,
    ) -> Result<Option<SummaryRow>, StoreError> {
        Ok(hook_summaries::table
            .filter(hook_summaries::project_id.eq(project.as_str()))
            .filter(hook_summaries::digest.eq(digest))
            .filter(hook_summaries::model.eq(model))
            .select(SummaryRow::columns())
            .first(self)
            .optional()?)
    }

    /// Keeps a summary in place of an earlier one, and lets go of the oldest if there are too many.
    pub(crate) fn put_summary(&mut self, project: &Slug, row: &SummaryRow) -> Result<(), StoreError> {
        let earlier = hook_summaries::table
            .filter(hook_summaries::project_id.eq(project.as_str()))
            .filter(hook_summaries::digest.eq(&row.digest))
            .filter(hook_summaries::model.eq(&row.model));
        diesel::delete(earlier).execute(self)?;
        let count: i64 = hook_summaries::table
            .filter(hook_summaries::project_id.eq(project.as_str()))
            .select(count_star())
            .first(self)?;
        if count >= MAX_ROWS {
            self.delete_oldest_summaries(project)?;
        }
        diesel::insert_into(hook_summaries::table)
            .values((
                hook_summaries::project_id.eq(project.as_str()),
                hook_summaries::digest.eq(&row.digest),
                hook_summaries::model.eq(&row.model),
                hook_summaries::text.eq(&row.text),
                hook_summaries::facts.eq(&row.facts),
                hook_summaries::created_ms.eq(row.created_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    fn delete_oldest_summaries(&mut self, project: &Slug) -> Result<(), StoreError> {
        let last: Option<i64> = hook_summaries::table
            .filter(hook_summaries::project_id.eq(project.as_str()))
            .order(hook_summaries::created_ms)
            .select(hook_summaries::created_ms)
            .offset(FREED_ROWS)
            .first(self)
            .optional()?;
        let Some(last) = last else { return Ok(()) };
        let oldest = hook_summaries::table
            .filter(hook_summaries::project_id.eq(project.as_str()))
            .filter(hook_summaries::created_ms.le(last));
        diesel::delete(oldest).execute(self)?;
        Ok(())
    }

    /// Deletes summaries from before a time; they are made again when somebody asks.
    pub(crate) fn delete_old_summaries(&mut self, before_ms: i64) -> Result<usize, StoreError> {
        let old = hook_summaries::table.filter(hook_summaries::created_ms.lt(before_ms));
        Ok(diesel::delete(old).execute(self)?)
    }
}
