//! Requests of the auth API that are tried from end to end: on copies, where nothing changes, or in the environment itself with a
//! user of a test.
//!
//! - `input`: what is asked for; `table`: the flows that there are, `answered`: one of them from its fields to its answer,
//!   `navigation`: those that browsers go to
//! - `names`: whom a request is about; `sandbox`: a server whose back ends are copies
//! - `run`: the endpoint; `live`: a test in the environment
//! - `steps`, `effects`: what is shown of it; `hidden`: what is not

mod answered;
mod effects;
mod hidden;
mod input;
mod live;
mod names;
mod navigation;
mod run;
mod sandbox;
mod steps;
mod table;

pub(crate) use run::TryRequest;
