//! Where hooks run: before and after each moment of the flows.

use super::Policy;

/// Something that a flow does and hooks stand beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Moment {
    Signup,
    Login,
    TokenIssue,
    TokenRefresh,
    Logout,
    PasswordResetRequest,
    PasswordReset,
    PasswordChange,
    OtpSend,
    OtpVerify,
    EmailVerify,
    UserUpdate,
    UserDelete,
    MfaVerify,
}

/// On which side of the commit a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    /// A hook can stop the flow and change what is kept.
    Before,
    /// A hook cannot undo anything.
    After,
}

/// A point of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Point {
    pub(crate) moment: Moment,
    pub(crate) side: Side,
}

impl Moment {
    /// In the order of the documentation.
    pub(crate) const ALL: [Self; 14] = [
        Self::Signup,
        Self::Login,
        Self::TokenIssue,
        Self::TokenRefresh,
        Self::Logout,
        Self::PasswordResetRequest,
        Self::PasswordReset,
        Self::PasswordChange,
        Self::OtpSend,
        Self::OtpVerify,
        Self::EmailVerify,
        Self::UserUpdate,
        Self::UserDelete,
        Self::MfaVerify,
    ];

    pub(crate) fn before(self) -> Point {
        Point {
            moment: self,
            side: Side::Before,
        }
    }

    pub(crate) fn after(self) -> Point {
        Point {
            moment: self,
            side: Side::After,
        }
    }

    /// As bundles export the two sides.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Signup => ("beforeSignup", "afterSignup"),
            Self::Login => ("beforeLogin", "afterLogin"),
            Self::TokenIssue => ("beforeTokenIssue", "afterTokenIssue"),
            Self::TokenRefresh => ("beforeTokenRefresh", "afterTokenRefresh"),
            Self::Logout => ("beforeLogout", "afterLogout"),
            Self::PasswordResetRequest => ("beforePasswordResetRequest", "afterPasswordResetRequest"),
            Self::PasswordReset => ("beforePasswordReset", "afterPasswordReset"),
            Self::PasswordChange => ("beforePasswordChange", "afterPasswordChange"),
            Self::OtpSend => ("beforeOtpSend", "afterOtpSend"),
            Self::OtpVerify => ("beforeOtpVerify", "afterOtpVerify"),
            Self::EmailVerify => ("beforeEmailVerify", "afterEmailVerify"),
            Self::UserUpdate => ("beforeUserUpdate", "afterUserUpdate"),
            Self::UserDelete => ("beforeUserDelete", "afterUserDelete"),
            Self::MfaVerify => ("beforeMfaVerify", "afterMfaVerify"),
        }
    }
}

impl Point {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Moment::ALL
            .into_iter()
            .flat_map(|moment| [moment.before(), moment.after()])
    }

    /// As bundles export it.
    pub(crate) fn name(self) -> &'static str {
        let (before, after) = self.moment.names();
        match self.side {
            Side::Before => before,
            Side::After => after,
        }
    }

    /// What holds when a deployment does not say: a gate that cannot answer stays shut, a follow-up does not spoil what
    /// has happened.
    pub(crate) fn default_policy(self) -> Policy {
        match self.side {
            Side::Before => Policy::Closed,
            Side::After => Policy::Open,
        }
    }
}
