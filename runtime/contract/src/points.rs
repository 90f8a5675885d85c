//! Hook points: where in a request hooks run, what each gets and what it may change. A hook point is a step of a request and
//! a phase, before or after its commit. To add a step, add its entry to `steps!`; the server then has to run it.

use serde_json::Value;

use crate::payloads::{self, Payload};

/// Whether a hook point lies before or after the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// A hook can stop the request and change what is kept.
    Before,
    /// What has happened is kept; a hook cannot undo it.
    After,
}

/// A point in a request at which hooks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HookPoint {
    /// The step of the request.
    pub step: Step,
    /// Before or after its commit.
    pub phase: Phase,
}

/// What a hook at a point may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Of the user in the payload.
    pub user: UserFields,
    /// Besides the user.
    pub own: Option<OwnField>,
}

/// Which fields of the user a hook may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserFields {
    /// Everything a profile has: email, name, phone, metadata, publicMetadata.
    Profile,
    /// What projects keep with a user, which decides nothing here: metadata, publicMetadata.
    Metadata,
    /// None.
    Nothing,
}

/// A field of the payload, other than the user, that a hook may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnField {
    /// The project's own claims of an access token.
    Claims,
    /// Who delivers a one-time code.
    Delivery,
}

impl UserFields {
    /// Their names.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Profile => &["email", "name", "phone", "metadata", "publicMetadata"],
            Self::Metadata => &["metadata", "publicMetadata"],
            Self::Nothing => &[],
        }
    }
}

impl OwnField {
    /// Its name in the payload and in the patch.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Delivery => "delivery",
        }
    }
}

const fn user(user: UserFields) -> Changes {
    Changes { user, own: None }
}

const PROFILE: Changes = user(UserFields::Profile);
const METADATA: Changes = user(UserFields::Metadata);
const NOTHING: Changes = user(UserFields::Nothing);
const CLAIMS: Changes = Changes {
    user: UserFields::Nothing,
    own: Some(OwnField::Claims),
};
const DELIVERY: Changes = Changes {
    user: UserFields::Metadata,
    own: Some(OwnField::Delivery),
};

/// One of the two hook points of a step.
struct Definition {
    name: &'static str,
    payload: &'static Payload,
    changes: Changes,
}

/// The steps, and what there is to say about each.
macro_rules! steps {
    ($($step:ident {
        $before:literal: $before_payload:ident, $before_changes:ident;
        $after:literal: $after_payload:ident, $after_changes:ident;
        $method:literal $path:literal; $about:literal
    })*) => {
        /// Something that a request does and that hooks run before and after.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Step {
            $(#[doc = $about] $step,)*
        }

        impl Step {
            /// In the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$step,)*];

            /// Where it happens.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self {
                    $(Self::$step => $about,)*
                }
            }

            /// Method and path of the endpoint where it usually happens; there may be others.
            #[must_use]
            pub fn endpoint(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$step => ($method, $path),)*
                }
            }

            fn definitions(self) -> &'static (Definition, Definition) {
                match self {
                    $(Self::$step => &(
                        Definition { name: $before, payload: payloads::$before_payload, changes: $before_changes },
                        Definition { name: $after, payload: payloads::$after_payload, changes: $after_changes },
                    ),)*
                }
            }
        }
    };
}

steps! {
    Signup {
        "beforeSignup": SIGNUP, PROFILE; "afterSignup": SIGNED_UP, METADATA;
        "POST" "/auth/register";
        "registration; first login of a new user with a one-time code, magic link or identity provider; a user created by an admin"
    }
    Login {
        "beforeLogin": LOGIN, PROFILE; "afterLogin": LOGGED_IN, METADATA;
        "POST" "/auth/login";
        "login with a password, one-time code, magic link or identity provider; verification of a second factor"
    }
    TokenIssue {
        "beforeTokenIssue": TOKEN_ISSUE, CLAIMS; "afterTokenIssue": TOKEN_ISSUE, NOTHING;
        "POST" "/auth/login";
        "every access token"
    }
    TokenRefresh {
        "beforeTokenRefresh": SESSION, METADATA; "afterTokenRefresh": SESSION, METADATA;
        "POST" "/auth/refresh";
        "refresh of a session"
    }
    Logout {
        "beforeLogout": SESSION, METADATA; "afterLogout": SESSION, METADATA;
        "POST" "/auth/logout";
        "logout"
    }
    PasswordResetRequest {
        "beforePasswordResetRequest": PASSWORD_RESET_REQUEST, NOTHING;
        "afterPasswordResetRequest": PASSWORD_RESET_REQUEST, NOTHING;
        "POST" "/auth/password/forgot";
        "request of a password reset"
    }
    PasswordReset {
        "beforePasswordReset": PASSWORD, METADATA; "afterPasswordReset": USER_ALONE, METADATA;
        "POST" "/auth/password/reset";
        "password reset"
    }
    PasswordChange {
        "beforePasswordChange": PASSWORD, METADATA; "afterPasswordChange": USER_ALONE, METADATA;
        "POST" "/auth/password/change";
        "password change"
    }
    OtpSend {
        "beforeOtpSend": OTP_SEND, DELIVERY; "afterOtpSend": OTP_SENT, METADATA;
        "POST" "/auth/otp/send";
        "sending a one-time code"
    }
    OtpVerify {
        "beforeOtpVerify": OTP, METADATA; "afterOtpVerify": OTP, METADATA;
        "POST" "/auth/otp/verify";
        "verifying a one-time code"
    }
    EmailVerify {
        "beforeEmailVerify": EMAIL_VERIFY, METADATA; "afterEmailVerify": EMAIL_VERIFY, METADATA;
        "POST" "/auth/email/verify";
        "verification of an email address"
    }
    UserUpdate {
        "beforeUserUpdate": USER_UPDATE, PROFILE; "afterUserUpdate": USER_UPDATE, METADATA;
        "PATCH" "/auth/me";
        "change of a user by themselves or an admin; change of the email address"
    }
    UserDelete {
        "beforeUserDelete": USER_ALONE, NOTHING; "afterUserDelete": USER_ALONE, NOTHING;
        "DELETE" "/auth/me";
        "deletion of a user by themselves or an admin"
    }
    MfaVerify {
        "beforeMfaVerify": MFA_VERIFY, METADATA; "afterMfaVerify": MFA_VERIFY, METADATA;
        "POST" "/auth/mfa/verify";
        "verification of a second factor"
    }
}

impl Step {
    /// The hook point before its commit.
    #[must_use]
    pub fn before(self) -> HookPoint {
        HookPoint {
            step: self,
            phase: Phase::Before,
        }
    }

    /// The hook point after its commit.
    #[must_use]
    pub fn after(self) -> HookPoint {
        HookPoint {
            step: self,
            phase: Phase::After,
        }
    }
}

impl HookPoint {
    /// Every hook point, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        Step::ALL.iter().flat_map(|step| [step.before(), step.after()])
    }

    /// The hook point with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|point| point.name() == name)
    }

    /// As hooks are exported: `beforeSignup`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// What a hook gets.
    #[must_use]
    pub fn payload(self) -> &'static Payload {
        self.definition().payload
    }

    /// What a hook may change.
    #[must_use]
    pub fn changes(self) -> Changes {
        self.definition().changes
    }

    /// What in a payload is not as it is described, if anything.
    #[must_use]
    pub fn fault(self, payload: &Value) -> Option<String> {
        self.payload().fault(payload)
    }

    fn definition(self) -> &'static Definition {
        let (before, after) = self.step.definitions();
        match self.phase {
            Phase::Before => before,
            Phase::After => after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_of_one_point_and_says_its_step_and_its_phase() {
        for point in HookPoint::all() {
            assert_eq!(HookPoint::named(point.name()), Some(point));
            let phase = format!("{:?}", point.phase).to_lowercase();
            assert_eq!(point.name(), format!("{phase}{:?}", point.step));
        }
        assert_eq!(HookPoint::all().count(), 2 * Step::ALL.len());
        assert_eq!(HookPoint::named("beforesignup"), None);
    }

    #[test]
    fn a_payload_has_what_a_hook_may_change_and_its_sample_is_as_described() {
        for point in HookPoint::all() {
            let (payload, changes) = (point.payload(), point.changes());
            assert!(
                payloads::ALL.iter().any(|known| known.name == payload.name),
                "{point:?}"
            );
            let has = |name: &str| payload.own.iter().any(|field| field.name == name);
            assert!(changes.user == UserFields::Nothing || has("user"), "{point:?}");
            assert!(changes.own.is_none_or(|field| has(field.name())), "{point:?}");
            assert_eq!(point.fault(&payload.sample()), None, "{point:?}");
            assert!(point.fault(&Value::Null).is_some());
        }
    }
}
