//! One file per command.

pub(crate) mod build;
pub(crate) mod inspect;
pub(crate) mod run;
pub(crate) mod serve;
