//! When schedules are due next. A due time is taken by one statement, so of several servers one makes its job.

use super::{StoreError, Tx, access, query::prelude::*, schema::schedules};
use crate::base::ids::Scope;

/// A schedule and when it is due.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = schedules)]
pub(crate) struct ScheduleRow {
    project_id: String,
    environment: String,
    pub(crate) hook: String,
    pub(crate) name: String,
    /// That `next_ms` was reckoned from.
    pub(crate) pattern: String,
    pub(crate) next_ms: i64,
}

impl ScheduleRow {
    pub(crate) fn new(scope: &Scope, hook: &str, name: &str, pattern: &str, next_ms: i64) -> Self {
        Self {
            project_id: scope.project.to_string(),
            environment: scope.environment.to_string(),
            hook: hook.to_owned(),
            name: name.to_owned(),
            pattern: pattern.to_owned(),
            next_ms,
        }
    }

    /// What no other schedule has.
    pub(crate) fn key(&self) -> [&str; 4] {
        [&self.project_id, &self.environment, &self.hook, &self.name]
    }

    /// Names in the store were checked when they were written.
    pub(crate) fn scope(&self) -> Result<Scope, StoreError> {
        access::scope(&self.project_id, &self.environment)
            .ok_or(StoreError::Inconsistent("a schedule without a project"))
    }
}

/// The row of this schedule.
macro_rules! of_schedule {
    ($row:expr) => {
        schedules::table
            .filter(schedules::project_id.eq(&$row.project_id))
            .filter(schedules::environment.eq(&$row.environment))
            .filter(schedules::hook.eq(&$row.hook))
            .filter(schedules::name.eq(&$row.name))
    };
}

impl Tx<'_> {
    /// Schedules whose time has come, the longest due first.
    pub(crate) fn due_schedules(&mut self, now_ms: i64, most: i64) -> Result<Vec<ScheduleRow>, StoreError> {
        Ok(schedules::table
            .filter(schedules::next_ms.le(now_ms))
            .order(schedules::next_ms)
            .limit(most)
            .select(ScheduleRow::columns())
            .load(self)?)
    }

    /// Makes sure that the schedule is there with this pattern. One that has it keeps its time, unless that is later than
    /// `latest_ms`: then a clock that ran ahead has moved it on, and nobody would ever come to it.
    pub(crate) fn keep_schedule(&mut self, row: &ScheduleRow, latest_ms: i64) -> Result<(), StoreError> {
        let changed =
            of_schedule!(row).filter(schedules::pattern.ne(&row.pattern).or(schedules::next_ms.gt(latest_ms)));
        diesel::update(changed)
            .set((schedules::pattern.eq(&row.pattern), schedules::next_ms.eq(row.next_ms)))
            .execute(self)?;
        diesel::insert_into(schedules::table)
            .values((
                schedules::project_id.eq(&row.project_id),
                schedules::environment.eq(&row.environment),
                schedules::hook.eq(&row.hook),
                schedules::name.eq(&row.name),
                schedules::pattern.eq(&row.pattern),
                schedules::next_ms.eq(row.next_ms),
            ))
            .on_conflict_do_nothing()
            .execute(self)?;
        Ok(())
    }

    /// Moves a due schedule on. Whether it stood where it was seen: otherwise somebody else has taken its time.
    pub(crate) fn take_schedule(&mut self, seen: &ScheduleRow, next_ms: i64) -> Result<bool, StoreError> {
        let there = of_schedule!(seen)
            .filter(schedules::pattern.eq(&seen.pattern))
            .filter(schedules::next_ms.eq(seen.next_ms));
        let moved = diesel::update(there)
            .set(schedules::next_ms.eq(next_ms))
            .execute(self)?;
        Ok(moved == 1)
    }

    /// Forgets a schedule that no live hook has any more, unless somebody has moved it on.
    pub(crate) fn forget_schedule(&mut self, seen: &ScheduleRow) -> Result<(), StoreError> {
        diesel::delete(of_schedule!(seen).filter(schedules::next_ms.eq(seen.next_ms))).execute(self)?;
        Ok(())
    }
}
