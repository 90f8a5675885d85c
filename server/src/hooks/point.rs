//! Where hooks run: the hook points of the contract, before and after each step of the flows, and what a failure means there.

pub(crate) use aerocall_contract::{HookPoint, Phase, Step};

use super::Policy;

/// What holds when a deployment does not say: a gate that cannot answer stays shut, a follow-up does not spoil what
/// has happened.
pub(crate) fn default_policy(point: HookPoint) -> Policy {
    match point.phase {
        Phase::Before => Policy::Closed,
        Phase::After => Policy::Open,
    }
}
