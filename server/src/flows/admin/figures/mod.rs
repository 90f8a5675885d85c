//! Figures of invocations, from their records: there are as many as the settings let a project keep, so all of them can be read.
//!
//! `steps`: time in equal parts; `measured`: counts and percentiles; `get`: the endpoint

mod get;
mod measured;
mod steps;

pub(crate) use get::GetFigures;

pub(in crate::flows::admin) use measured::Tally;
pub(in crate::flows::admin) use steps::{STEP, Steps};

/// Records that one request reads.
pub(in crate::flows::admin) const MOST_ROWS: i64 = 50_000;
