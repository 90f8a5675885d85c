//! The layers that keep a tenant in its database. All of them are always on; only a test can switch one off, to see that
//! the others hold without it, and that the test would notice if they did not.

/// Which layers there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layers {
    /// SQLite: the authorizer. PostgreSQL: the reader of statements.
    pub(super) rules: Layer,
    /// SQLite: how a file is opened. PostgreSQL: roles and what was revoked from everyone.
    pub(super) setup: Layer,
    /// Limits of size and time.
    pub(super) budgets: Layer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    On,
    #[cfg(test)]
    Off,
}

impl Layers {
    pub(super) const ALL: Self = Self {
        rules: Layer::On,
        setup: Layer::On,
        budgets: Layer::On,
    };
}

impl Layer {
    pub(super) fn is_on(self) -> bool {
        self == Self::On
    }
}
