//! Hooks that are run for a test: nothing outside changes.

mod effects;
mod input;
mod run;

pub(crate) use run::RunHook;

pub(in crate::flows::admin) use input::{FAULTS, MIGRATIONS, case_bounds, faults};

use std::time::Duration;

use crate::{
    base::error::{Error, Refusal},
    hooks::local::LocalFault,
};

/// The longest that a test of a hook may take, with everything that is given.
pub(in crate::flows::admin) const MOST_TIME: Duration = Duration::from_secs(30);

/// What was given and cannot be is for whoever sent it; the rest is ours.
pub(in crate::flows::admin) fn refused(fault: LocalFault) -> Error {
    match fault {
        LocalFault::Given(problem) => match problem.split_once(": ") {
            Some((place, problem)) if place.starts_with("given") => Refusal::invalid_field(place, problem).into(),
            _ => Refusal::invalid_field("given", problem).into(),
        },
        LocalFault::Machine(problem) => Error::unexpected("trying a hook", problem),
    }
}

/// It takes too long.
pub(in crate::flows::admin) fn too_slow() -> Error {
    Refusal::invalid_field(
        "given",
        format!(
            "takes more than {} s together with the call: give less",
            MOST_TIME.as_secs()
        ),
    )
    .into()
}
