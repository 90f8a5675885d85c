//! What a server would make of a hook's decision, asked where there is no flow: of a payload that somebody wrote.

use aerocall_contract::{OwnField, shape::Presence};
use aerocall_runtime::Outcome;
use serde_json::{Map, Value};

use crate::{
    base::input::{Email, Metadata, Parsed, PersonName, Phone},
    domain::user::Profile,
    hooks::{Delivery, HookPoint, Payload, patch},
};

/// Stands for an address that the payload does not have, so that what a hook changes besides can be looked at.
const NOBODY: &str = "nobody@example.com";

/// The outcome that a client would get: a patch that cannot be applied is a failure. `shown`: what the hook got.
pub(super) fn decided(point: HookPoint, shown: &Value, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Patch(patch) => match patch::apply(&payload(point, shown), shown, point, &patch) {
            Ok(_) => Outcome::Patch(patch),
            Err(problem) => Outcome::Failed(patch::refused(problem, patch)),
        },
        decided => decided,
    }
}

/// The payload of a document that may leave something out: what a server always sends is there all the same.
fn payload(point: HookPoint, shown: &Value) -> Payload {
    let has = |name: &str| {
        let field = point.payload().own.iter().find(|field| field.name == name);
        field.is_some_and(|field| {
            field.presence == Presence::Always || shown.get(name).is_some_and(|value| !value.is_null())
        })
    };
    let delivery = || match shown["delivery"].as_str() {
        Some("none") => Delivery::Nobody,
        Some("hook") => Delivery::Hook,
        _ => Delivery::Server,
    };
    Payload {
        user: has("user").then(|| profile(&shown["user"])).flatten(),
        claims: has(OwnField::Claims.name()).then(|| object(&shown["claims"])),
        delivery: has(OwnField::Delivery.name()).then(delivery),
        ..Payload::default()
    }
}

/// The user as far as the document can be read.
fn profile(user: &Value) -> Option<Profile> {
    fn read<T>(value: &Value, parse: impl FnOnce(Value) -> Parsed<T>) -> Option<T> {
        parse(value.clone()).ok()
    }
    let email = read(&user["email"], Email::parse).or_else(|| Email::parse(NOBODY.into()).ok())?;
    Some(Profile {
        email,
        phone: read(&user["phone"], Phone::parse),
        name: read(&user["name"], PersonName::parse),
        metadata: read(&user["metadata"], Metadata::parse).unwrap_or_default(),
        public_metadata: read(&user["publicMetadata"], Metadata::parse).unwrap_or_default(),
    })
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use aerocall_contract::UserFields;
    use serde_json::json;

    use super::*;

    fn refused(point: HookPoint, shown: &Value, patch: Value) -> Option<String> {
        let Value::Object(patch) = patch else {
            panic!("a patch is an object")
        };
        match decided(point, shown, Outcome::Patch(patch)) {
            Outcome::Patch(_) => None,
            Outcome::Failed(failure) => Some(failure.to_string()),
            other => panic!("{other:?}"),
        }
    }

    /// A patch for each field that a hook may try to change, and one with a value that the field cannot have.
    fn tries() -> [(&'static str, Value, Value); 7] {
        let user = |field: &str, value: Value| json!({ "user": { field: value } });
        [
            (
                "email",
                user("email", json!("new@example.com")),
                user("email", json!("new")),
            ),
            (
                "name",
                user("name", json!("Grace")),
                user("name", json!("x".repeat(201))),
            ),
            (
                "phone",
                user("phone", json!("+4930123456")),
                user("phone", json!("call me")),
            ),
            (
                "metadata",
                user("metadata", json!({ "a": 1 })),
                user("metadata", json!([])),
            ),
            (
                "publicMetadata",
                user("publicMetadata", json!({ "a": 1 })),
                user("publicMetadata", json!({ "a": "x".repeat(17_000) })),
            ),
            (
                "claims",
                json!({ "claims": { "plan": "pro" } }),
                json!({ "claims": { "sub": "usr_2" } }),
            ),
            (
                "delivery",
                json!({ "delivery": "hook" }),
                json!({ "delivery": "pigeon" }),
            ),
        ]
    }

    #[test]
    fn at_every_point_hooks_change_what_they_may_and_nothing_else_whatever_the_payload_leaves_out() {
        for point in HookPoint::all() {
            let changes = point.changes();
            let may = |field: &str| {
                changes.user.names().contains(&field) || changes.own.is_some_and(|own| own.name() == field)
            };
            let always_has_user = |name: &str| {
                let fields = point.payload().own;
                fields
                    .iter()
                    .any(|field| field.name == name && field.presence == Presence::Always)
            };
            for shown in [point.payload().sample(), json!({})] {
                for (field, good, bad) in tries() {
                    let own = changes.own.is_some_and(|own| own.name() == field);
                    let is_there = shown.get("user").is_some() || always_has_user("user") || own;
                    let found = refused(point, &shown, good);
                    assert_eq!(
                        found.is_none(),
                        may(field) && is_there,
                        "{} {field}: {found:?}",
                        point.name()
                    );
                    assert!(refused(point, &shown, bad).is_some(), "{} {field}", point.name());
                }
            }
        }
        assert_eq!(
            HookPoint::named("beforeSignup").unwrap().changes().user,
            UserFields::Profile
        );
    }

    #[test]
    fn what_was_given_back_is_no_change_and_what_is_wrong_is_reported_as_a_server_does() {
        let point = HookPoint::named("afterLogin").unwrap();
        let shown = point.payload().sample();
        assert_eq!(refused(point, &shown, shown.as_object().unwrap().clone().into()), None);
        assert_eq!(
            refused(point, &shown, json!({ "user": { "email": "other@example.com" } })).unwrap(),
            "`user.email` of the patch cannot be changed by this hook"
        );
        let point = HookPoint::named("beforeSignup").unwrap();
        assert_eq!(
            refused(
                point,
                &json!({ "user": { "email": "A" } }),
                json!({ "user": { "email": "a" } })
            )
            .unwrap(),
            "`user.email` of the patch must be an email address, like ada@example.com"
        );
        let point = HookPoint::named("beforeOtpSend").unwrap();
        let nobody = json!({ "delivery": "none" });
        assert!(refused(point, &nobody, json!({ "delivery": "hook" })).is_some());
    }
}
