//! Hooks of the auth flows. In the order a call goes through them:
//!
//! - `point`: where hooks run, `policy`: what a failure means there
//! - `live`: a deployment that runs, `registry`: which one runs in which scope, `stored`: what the store says of it,
//!   `engines`: the JavaScript engines that its hooks share, `refused`: a bundle that does not load
//! - `payload`: what a hook gets, `patch`: what it may change
//! - `chain`: the hooks of a point one after the other, `invoke`: one of them, `fault`: when there is no reply,
//!   `breaker`: when that happens again and again
//! - `rollouts`: a version beside the live one, for a time
//! - `local`: hooks that are tried, `trials` and `backtests`: how many at the same time
//!
//! `beforeLogin` runs after the credentials were found right and before the session exists: a hook is no oracle for
//! passwords, and nobody without a password can make a project's hooks run.

mod backtests;
mod breaker;
mod chain;
mod due;
mod engines;
mod fault;
mod invoke;
mod live;
pub mod local;
mod patch;
mod payload;
mod point;
mod policy;
pub(crate) mod records;
mod refused;
mod registry;
pub(crate) mod rollouts;
pub(crate) mod schedule;
mod script;
pub(crate) mod sdk;
mod stored;
mod trials;

pub(crate) use backtests::{Backtests, Running};
pub(crate) use breaker::{Breaker, Switch};
pub(crate) use chain::{FlowContext, Hooks, Observers};
pub(crate) use due::Due;
pub(crate) use live::{Live, LiveHook, State, limits};
pub(crate) use payload::{Delivery, PasswordInPlay, Payload};
pub(crate) use point::{HookPoint, Phase, Step, default_policy};
pub(crate) use policy::Policy;
pub(crate) use refused::refused;
pub(crate) use script::{Ended, NotKept, Script};
pub(crate) use stored::Stored;
pub(crate) use trials::Trials;
