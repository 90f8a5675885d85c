//! Where hooks run.

use super::Policy;

/// A point of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    BeforeSignup,
    AfterSignup,
    BeforeLogin,
    AfterLogin,
}

/// On which side of the commit a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// A hook can stop the flow and change what is kept.
    Before,
    /// A hook cannot undo anything.
    After,
}

impl Point {
    /// In the order of the flows.
    pub(crate) const ALL: [Self; 4] = [
        Self::BeforeSignup,
        Self::AfterSignup,
        Self::BeforeLogin,
        Self::AfterLogin,
    ];

    /// As bundles export it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::BeforeSignup => "beforeSignup",
            Self::AfterSignup => "afterSignup",
            Self::BeforeLogin => "beforeLogin",
            Self::AfterLogin => "afterLogin",
        }
    }

    pub(crate) fn side(self) -> Side {
        match self {
            Self::BeforeSignup | Self::BeforeLogin => Side::Before,
            Self::AfterSignup | Self::AfterLogin => Side::After,
        }
    }

    /// What holds when a deployment does not say: a gate that cannot answer stays shut, a follow-up does not spoil what
    /// has happened.
    pub(crate) fn default_policy(self) -> Policy {
        match self.side() {
            Side::Before => Policy::Closed,
            Side::After => Policy::Open,
        }
    }
}
