//! The types of the crate for hooks in Rust, held against the contract: every member of every sample is in them, and their codes are
//! those of the SDK.

use aerocall_hooks::{User, events, payloads as typed};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::rust::script_events;
use crate::{payloads, shape};

/// A document is the same after it was read as a type: the type has every member.
fn is_kept<T: DeserializeOwned + Serialize>(name: &str, document: &Value) {
    let read: T = serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(serde_json::to_value(read).unwrap(), *document, "{name}");
}

/// A user with every member that the schema has.
fn whole_user(definition: &str) -> Value {
    let schema = &shape::definitions(&[definition])[definition];
    let members = schema["properties"].as_object().unwrap().iter();
    let value = |schema: &Value| match (schema["type"].as_str(), schema["format"].as_str()) {
        (_, Some("date-time")) => json!("2026-01-31T12:00:00.000Z"),
        (Some("boolean"), _) => json!(true),
        (Some("object"), _) => json!({ "a": [1] }),
        (Some("string"), _) => json!("text"),
        (None, _) => Value::Null,
        other => panic!("{other:?}"),
    };
    members
        .map(|(name, schema)| (name.clone(), value(schema)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[test]
fn the_types_of_the_crate_for_rust_have_every_member() {
    macro_rules! kept {
        ($module:ident, $name:expr, $document:expr, $($known:ident),*) => {
            match $name.as_str() {
                $(stringify!($known) => is_kept::<$module::$known>(&$name, $document),)*
                name => panic!("{name} is not held against its sample: add it here"),
            }
        };
    }
    for payload in payloads::ALL {
        let name = payload.name.to_owned();
        #[rustfmt::skip]
        kept!(typed, name, &payload.sample(), SignupPayload, SignedUpPayload, LoginPayload, LoggedInPayload, TokenIssuePayload,
            SessionPayload, PasswordResetRequestPayload, PasswordPayload, UserPayload, OtpSendPayload, OtpSentPayload, OtpPayload,
            EmailVerifyPayload, UserUpdatePayload, MfaVerifyPayload);
    }
    for kind in script_events() {
        let name = format!("{kind:?}");
        #[rustfmt::skip]
        kept!(events, name, &kind.sample(), Signup, Login, LoginFailed, Logout, TokenRefreshed, PasswordResetRequested,
            PasswordResetCompleted, PasswordChanged, OtpSend, OtpVerified, EmailVerificationRequested, EmailVerified, UserUpdated,
            UserDeleted, SessionRevoked, MfaEnrolled, MfaVerified, MfaRecoveryUsed, MfaRemoved);
    }
    is_kept::<User>("user", &whole_user("user"));
    is_kept::<aerocall_hooks::NewUser>("newUser", &whole_user("newUser"));
    is_kept::<aerocall_hooks::UserPatch>("userPatch", &whole_user("userPatch"));
    is_kept::<aerocall_hooks::Client>("client", &whole_user("client"));
}

#[test]
fn the_crate_for_rust_has_the_codes_of_the_sdk() {
    let mut codes: Vec<&str> = aerocall_hooks::ErrorCode::ALL
        .iter()
        .map(|code| code.as_str())
        .collect();
    let of_sdk = crate::errors::ALL
        .iter()
        .filter(|code| code.area == crate::errors::Area::Sdk);
    let mut known: Vec<&str> = of_sdk.map(|code| code.name).collect();
    codes.sort_unstable();
    known.sort_unstable();
    assert_eq!(codes, known);
}
