//! The assistant of projects: settings of their own, and what was used of models by day. Tokens are counted before they are spent,
//! under a lock, so that no number of requests at the same time goes past a limit.

use super::{
    StoreError, Tx,
    query::prelude::*,
    schema::{assistant_settings, assistant_usage},
};
use crate::base::ids::Slug;

/// The settings of a project.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = assistant_settings)]
pub(crate) struct AssistantSettingRow {
    /// JSON.
    pub(crate) document: String,
    /// The key of the model's server, under the master key.
    pub(crate) sealed_key: Option<Vec<u8>>,
}

/// Whose model it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UsageOrigin {
    Installation,
    Project,
}

impl UsageOrigin {
    fn as_str(self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Project => "project",
        }
    }
}

/// What was used on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = assistant_usage)]
pub(crate) struct SpentRow {
    pub(crate) requests: i64,
    pub(crate) input_tokens: i64,
    pub(crate) output_tokens: i64,
    /// In millionths of the currency.
    pub(crate) cost_micros: i64,
}

/// What a request is going to use, and the limits that it has to stay within.
#[derive(Clone, Debug)]
pub(crate) struct Spending {
    pub(crate) day: String,
    pub(crate) origin: UsageOrigin,
    pub(crate) input_tokens: i64,
    /// The most of its answer.
    pub(crate) output_tokens: i64,
    /// Of the project on this day.
    pub(crate) of_project: i64,
    /// Of all projects that use the installation's model.
    pub(crate) of_all: i64,
}

impl SpentRow {
    pub(crate) fn tokens(self) -> i64 {
        self.input_tokens.saturating_add(self.output_tokens)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(other.requests),
            input_tokens: self.input_tokens.saturating_add(other.input_tokens),
            output_tokens: self.output_tokens.saturating_add(other.output_tokens),
            cost_micros: self.cost_micros.saturating_add(other.cost_micros),
        }
    }
}

impl Tx<'_> {
    pub(crate) fn assistant_setting(&mut self, project: &Slug) -> Result<Option<AssistantSettingRow>, StoreError> {
        Ok(assistant_settings::table
            .filter(assistant_settings::project_id.eq(project.as_str()))
            .select(AssistantSettingRow::columns())
            .first(self)
            .optional()?)
    }

    pub(crate) fn put_assistant_setting(
        &mut self,
        project: &Slug,
        row: &AssistantSettingRow,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        diesel::insert_into(assistant_settings::table)
            .values((
                assistant_settings::project_id.eq(project.as_str()),
                assistant_settings::document.eq(&row.document),
                assistant_settings::sealed_key.eq(row.sealed_key.as_ref()),
                assistant_settings::updated_ms.eq(now_ms),
            ))
            .on_conflict(assistant_settings::project_id)
            .do_update()
            .set((
                assistant_settings::document.eq(&row.document),
                assistant_settings::sealed_key.eq(row.sealed_key.as_ref()),
                assistant_settings::updated_ms.eq(now_ms),
            ))
            .execute(self)?;
        Ok(())
    }

    /// Whether there were any.
    pub(crate) fn delete_assistant_setting(&mut self, project: &Slug) -> Result<bool, StoreError> {
        let own = assistant_settings::table.filter(assistant_settings::project_id.eq(project.as_str()));
        Ok(diesel::delete(own).execute(self)? > 0)
    }

    /// What a project has used on a day, of whosever model.
    pub(crate) fn assistant_spent(&mut self, project: &Slug, day: &str) -> Result<SpentRow, StoreError> {
        let rows: Vec<SpentRow> = assistant_usage::table
            .filter(assistant_usage::project_id.eq(project.as_str()))
            .filter(assistant_usage::day.eq(day))
            .select(SpentRow::columns())
            .load(self)?;
        Ok(rows.into_iter().fold(SpentRow::default(), SpentRow::plus))
    }

    /// What all projects have used of the installation's model on a day.
    pub(crate) fn assistant_spent_by_all(&mut self, day: &str) -> Result<SpentRow, StoreError> {
        let rows: Vec<SpentRow> = assistant_usage::table
            .filter(assistant_usage::day.eq(day))
            .filter(assistant_usage::origin.eq(UsageOrigin::Installation.as_str()))
            .select(SpentRow::columns())
            .load(self)?;
        Ok(rows.into_iter().fold(SpentRow::default(), SpentRow::plus))
    }

    /// How many tokens are left.
    pub(crate) fn assistant_left(&mut self, project: &Slug, spending: &Spending) -> Result<i64, StoreError> {
        let own = spending.of_project - self.assistant_spent(project, &spending.day)?.tokens();
        let left = match spending.origin {
            UsageOrigin::Project => own,
            UsageOrigin::Installation => {
                own.min(spending.of_all - self.assistant_spent_by_all(&spending.day)?.tokens())
            }
        };
        Ok(left.max(0))
    }

    /// Counts a request with the most that it can use. The answer: how many tokens its answer may have, which are fewer than it
    /// wants where not more are left; `None`: nothing is counted, because there would be no room for an answer.
    pub(crate) fn reserve_tokens(
        &mut self,
        project: &Slug,
        spending: &Spending,
        least_output: i64,
    ) -> Result<Option<i64>, StoreError> {
        self.advisory_lock(&match spending.origin {
            UsageOrigin::Installation => "assistant usage".to_owned(),
            UsageOrigin::Project => format!("assistant usage {project}"),
        })?;
        let left = self.assistant_left(project, spending)? - spending.input_tokens;
        let output_tokens = spending.output_tokens.min(left);
        if output_tokens < least_output.min(spending.output_tokens) {
            return Ok(None);
        }
        let reserved = SpentRow {
            requests: 1,
            input_tokens: spending.input_tokens,
            output_tokens,
            cost_micros: 0,
        };
        self.add_spent(project, spending, reserved)?;
        Ok(Some(output_tokens))
    }

    /// Adds to what was counted; what is negative is taken away again.
    pub(crate) fn add_spent(&mut self, project: &Slug, of: &Spending, more: SpentRow) -> Result<(), StoreError> {
        diesel::insert_into(assistant_usage::table)
            .values((
                assistant_usage::project_id.eq(project.as_str()),
                assistant_usage::day.eq(&of.day),
                assistant_usage::origin.eq(of.origin.as_str()),
                assistant_usage::requests.eq(more.requests),
                assistant_usage::input_tokens.eq(more.input_tokens),
                assistant_usage::output_tokens.eq(more.output_tokens),
                assistant_usage::cost_micros.eq(more.cost_micros),
            ))
            .on_conflict((
                assistant_usage::project_id,
                assistant_usage::day,
                assistant_usage::origin,
            ))
            .do_update()
            .set((
                assistant_usage::requests.eq(assistant_usage::requests + more.requests),
                assistant_usage::input_tokens.eq(assistant_usage::input_tokens + more.input_tokens),
                assistant_usage::output_tokens.eq(assistant_usage::output_tokens + more.output_tokens),
                assistant_usage::cost_micros.eq(assistant_usage::cost_micros + more.cost_micros),
            ))
            .execute(self)?;
        Ok(())
    }

    pub(crate) fn delete_old_assistant_usage(&mut self, before_day: &str) -> Result<usize, StoreError> {
        let old = assistant_usage::table.filter(assistant_usage::day.lt(before_day));
        Ok(diesel::delete(old).execute(self)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    fn spending(origin: UsageOrigin, input_tokens: i64) -> Spending {
        Spending {
            day: "2026-01-31".to_owned(),
            origin,
            input_tokens,
            output_tokens: 100,
            of_project: 1_000,
            of_all: 1_500,
        }
    }

    #[tokio::test]
    async fn tokens_are_counted_before_they_are_spent_and_never_beyond_a_limit() {
        let world = World::new().await;
        let (a, b) = (world.scope.project.clone(), world.other.project.clone());
        let reserve = |project: &Slug, origin, input| {
            let (project, spending) = (project.clone(), spending(origin, input));
            let reserved = world.store.write(move |tx| tx.reserve_tokens(&project, &spending, 10));
            async { reserved.await.unwrap() }
        };
        let installation = UsageOrigin::Installation;
        assert_eq!(reserve(&a, installation, 600).await, Some(100));
        assert_eq!(reserve(&a, installation, 250).await, Some(50), "what is left");
        assert_eq!(
            reserve(&a, installation, 1).await,
            None,
            "nothing is left of the project's"
        );
        assert_eq!(reserve(&a, UsageOrigin::Project, 1).await, None);
        assert_eq!(
            reserve(&b, installation, 450).await,
            Some(50),
            "of all projects 500 were left"
        );
        assert_eq!(reserve(&b, installation, 0).await, None);
        assert_eq!(
            reserve(&b, UsageOrigin::Project, 0).await,
            Some(100),
            "its own model is not theirs"
        );
        let (project, of) = (a.clone(), spending(installation, 0));
        let given_back = SpentRow {
            output_tokens: -140,
            cost_micros: 7,
            ..SpentRow::default()
        };
        let settled = world.store.write(move |tx| {
            tx.add_spent(&project, &of, given_back)?;
            tx.assistant_spent(&project, &of.day)
        });
        let expected = SpentRow {
            requests: 2,
            input_tokens: 850,
            output_tokens: 10,
            cost_micros: 7,
        };
        assert_eq!(settled.await.unwrap(), expected);
        let old = world.store.write(|tx| tx.delete_old_assistant_usage("2026-02-01"));
        assert_eq!(old.await.unwrap(), 3);
    }
}
