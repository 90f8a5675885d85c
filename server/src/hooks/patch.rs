//! Merges a hook's patch into the payload, through the same parsers as a client's input.

use aerocall_contract::{OwnField, UserFields};
use aerocall_runtime::Failure;
use serde_json::{Map, Value};

use super::{Delivery, HookPoint, Payload, fault::cut, payload::HANDLE_AS_TEXT};
use crate::{
    base::{
        error::Problem,
        input::{Email, Parsed, PersonName, Phone},
    },
    domain::user::Profile,
    security::token,
};

/// The payload after the patch. `shown` is what the hook got: giving a value back unchanged is no change, so
/// `{ patch: { user: { ...payload.user, name } } }` works.
pub(super) fn apply(
    payload: &Payload,
    shown: &Value,
    point: HookPoint,
    patch: &Map<String, Value>,
) -> Result<Payload, Problem> {
    let mut patched = payload.clone();
    for (name, value) in patch {
        let problem = |problem| Problem {
            field: name.clone(),
            problem,
        };
        match (name.as_str(), value) {
            ("user", Value::Object(fields)) if patched.user.is_some() => {
                if let Some(user) = &mut patched.user {
                    change(user, &shown["user"], point.changes().user, fields)?;
                }
            }
            ("claims", value) if patched.claims.is_some() && point.changes().own == Some(OwnField::Claims) => {
                patched.claims = Some(token::merged_claims(&shown["claims"], value.clone())?);
            }
            ("delivery", value)
                if patched.delivery.is_some_and(|delivery| delivery != Delivery::Nobody)
                    && point.changes().own == Some(OwnField::Delivery) =>
            {
                patched.delivery = Some(delivery(value).map_err(problem)?);
            }
            (name, value) if shown.get(name) == Some(value) => {}
            ("password", value) if value == HANDLE_AS_TEXT => {}
            _ => return Err(problem(unchangeable())),
        }
    }
    Ok(patched)
}

/// The outcome of an invocation whose patch is refused: the same on a server as where hooks are tried.
pub(super) fn refused(problem: Problem, patch: Map<String, Value>) -> Failure {
    let Problem { field, problem } = cut(problem);
    Failure::RefusedPatch { field, problem, patch }
}

fn change(
    user: &mut Profile,
    shown: &Value,
    changeable: UserFields,
    fields: &Map<String, Value>,
) -> Result<(), Problem> {
    for (field, value) in fields {
        if shown.get(field) != Some(value) {
            set(user, field, value.clone(), changeable).map_err(|problem| Problem {
                field: format!("user.{field}"),
                problem,
            })?;
        }
    }
    Ok(())
}

fn set(user: &mut Profile, field: &str, value: Value, changeable: UserFields) -> Parsed<()> {
    match (field, changeable) {
        ("email", UserFields::Profile) => user.email = Email::parse(value)?,
        ("name", UserFields::Profile) => user.name = unless_null(value, PersonName::parse)?,
        ("phone", UserFields::Profile) => user.phone = unless_null(value, Phone::parse)?,
        ("metadata", UserFields::Profile | UserFields::Metadata) => user.metadata = user.metadata.patched(value)?,
        ("publicMetadata", UserFields::Profile | UserFields::Metadata) => {
            user.public_metadata = user.public_metadata.patched(value)?;
        }
        _ => return Err(unchangeable()),
    }
    Ok(())
}

fn delivery(value: &Value) -> Parsed<Delivery> {
    match value.as_str() {
        Some("server") => Ok(Delivery::Server),
        Some("hook") => Ok(Delivery::Hook),
        _ => Err("must be \"server\" or \"hook\"".to_owned()),
    }
}

fn unchangeable() -> String {
    "cannot be changed by this hook".to_owned()
}

fn unless_null<T>(value: Value, parse: impl FnOnce(Value) -> Parsed<T>) -> Parsed<Option<T>> {
    if value.is_null() {
        Ok(None)
    } else {
        parse(value).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        base::input::Metadata,
        hooks::point::{Phase, Step},
    };

    fn patched(side: Phase, patch: Value) -> Result<Value, String> {
        let user = Profile {
            email: Email::parse(json!("ada@example.com")).unwrap(),
            phone: None,
            name: Some(PersonName::parse(json!("Ada")).unwrap()),
            metadata: Metadata::parse(json!({"a": {"b": 1, "c": 2}, "d": 3})).unwrap(),
            public_metadata: Metadata::default(),
        };
        let point = match side {
            Phase::Before => Step::Signup.before(),
            Phase::After => Step::Signup.after(),
        };
        let payload = Payload::of_user(None, user, Map::new())
            .with_provider("password")
            .with_password();
        let Value::Object(patch) = patch else {
            panic!("a patch is an object")
        };
        apply(&payload, &payload.document(), point, &patch)
            .map(|payload| payload.user.unwrap().document().into())
            .map_err(|problem| problem.field)
    }

    #[test]
    fn a_patch_merges_deeply() {
        let user = patched(
            Phase::Before,
            json!({"user": {"metadata": {"a": {"b": 9, "e": {}}, "d": null}}}),
        )
        .unwrap();
        assert_eq!(user["metadata"], json!({"a": {"b": 9, "c": 2, "e": {}}}));
        let user = patched(Phase::Before, json!({"user": {"name": null, "email": "New@x.io"}})).unwrap();
        assert_eq!((user.get("name"), &user["email"]), (None, &json!("New@x.io")));
    }

    #[test]
    fn a_patch_is_checked_like_input_and_names_the_field() {
        let refused = |side, patch| patched(side, patch).unwrap_err();
        assert_eq!(refused(Phase::Before, json!({"user": {"email": "nope"}})), "user.email");
        assert_eq!(refused(Phase::Before, json!({"user": {"email": null}})), "user.email");
        assert_eq!(
            refused(Phase::Before, json!({"user": {"name": "a\u{0}b"}})),
            "user.name"
        );
        assert_eq!(refused(Phase::Before, json!({"user": {"role": "admin"}})), "user.role");
        assert_eq!(refused(Phase::Before, json!({"user": {"id": "usr_1"}})), "user.id");
        assert_eq!(
            refused(Phase::Before, json!({"user": {"metadata": []}})),
            "user.metadata"
        );
        assert_eq!(refused(Phase::Before, json!({"user": []})), "user");
        assert_eq!(refused(Phase::Before, json!({"provider": "google"})), "provider");
        assert_eq!(refused(Phase::Before, json!({"password": {"handle": 2}})), "password");
        assert_eq!(
            refused(Phase::After, json!({"user": {"email": "other@x.io"}})),
            "user.email"
        );
        let large = "x".repeat(17 << 10);
        assert_eq!(
            refused(Phase::After, json!({"user": {"metadata": {"x": large}}})),
            "user.metadata"
        );
    }

    #[test]
    fn giving_a_value_back_is_no_change() {
        let patch = json!({"provider": "password", "password": "[password]", "user": {"email": "ada@example.com", "publicMetadata": {"x": 1}}});
        assert_eq!(patched(Phase::After, patch).unwrap()["publicMetadata"], json!({"x": 1}));
    }
}
