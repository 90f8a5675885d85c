//! Schedules of live hooks.

mod list;
mod run;

pub(crate) use list::ListSchedules;
pub(crate) use run::RunSchedule;
