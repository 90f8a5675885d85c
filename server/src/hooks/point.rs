//! Where hooks run: the hook points of the contract, before and after each moment of the flows, and what a failure means there.

pub(crate) use aerocall_contract::{HookPoint as Point, Phase as Side, Step as Moment};

use super::Policy;

/// What holds when a deployment does not say: a gate that cannot answer stays shut, a follow-up does not spoil what
/// has happened.
pub(super) fn default_policy(point: Point) -> Policy {
    match point.phase {
        Side::Before => Policy::Closed,
        Side::After => Policy::Open,
    }
}
