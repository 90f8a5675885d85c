//! Merges a hook's patch into the user, through the same parsers as a client's input.

use serde_json::{Map, Value};

use super::{payload::HANDLE_AS_TEXT, point::Side};
use crate::{
    error::Problem,
    input::{Email, Parsed, PersonName, Phone},
    user::Profile,
};

/// The user after the patch. `shown` is the payload the hook got: giving a value back unchanged is no change, so
/// `{ patch: { user: { ...payload.user, name } } }` works.
pub(super) fn apply(user: &Profile, shown: &Value, side: Side, patch: Map<String, Value>) -> Result<Profile, Problem> {
    let mut patched = user.clone();
    for (name, value) in patch {
        match value {
            Value::Object(fields) if name == "user" => {
                for (field, value) in fields {
                    let problem = |problem| Problem {
                        field: format!("user.{field}"),
                        problem,
                    };
                    if shown["user"].get(&field) != Some(&value) {
                        set(&mut patched, &field, value, side).map_err(problem)?;
                    }
                }
            }
            value if shown.get(&name) == Some(&value) => {}
            value if name == "password" && value == HANDLE_AS_TEXT => {}
            _ => {
                return Err(Problem {
                    problem: unchangeable(),
                    field: name,
                });
            }
        }
    }
    Ok(patched)
}

fn set(user: &mut Profile, field: &str, value: Value, side: Side) -> Parsed<()> {
    match (field, side) {
        ("email", Side::Before) => user.email = Email::parse(value)?,
        ("name", Side::Before) => user.name = unless_null(value, PersonName::parse)?,
        ("phone", Side::Before) => user.phone = unless_null(value, Phone::parse)?,
        ("metadata", _) => user.metadata = user.metadata.patched(value)?,
        ("publicMetadata", _) => user.public_metadata = user.public_metadata.patched(value)?,
        _ => return Err(unchangeable()),
    }
    Ok(())
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
    use crate::hooks::Payload;
    use crate::input::Metadata;

    fn patched(side: Side, patch: Value) -> Result<Value, String> {
        let user = Profile {
            email: Email::parse(json!("ada@example.com")).unwrap(),
            phone: None,
            name: Some(PersonName::parse(json!("Ada")).unwrap()),
            metadata: Metadata::parse(json!({"a": {"b": 1, "c": 2}, "d": 3})).unwrap(),
            public_metadata: Metadata::default(),
        };
        let shown = Payload::new(None, user.clone(), Map::new()).document();
        let Value::Object(patch) = patch else {
            panic!("a patch is an object")
        };
        apply(&user, &shown, side, patch)
            .map(|user| user.document().into())
            .map_err(|problem| problem.field)
    }

    #[test]
    fn a_patch_merges_deeply() {
        let user = patched(
            Side::Before,
            json!({"user": {"metadata": {"a": {"b": 9, "e": {}}, "d": null}}}),
        )
        .unwrap();
        assert_eq!(user["metadata"], json!({"a": {"b": 9, "c": 2, "e": {}}}));
        let user = patched(Side::Before, json!({"user": {"name": null, "email": "New@x.io"}})).unwrap();
        assert_eq!((user.get("name"), &user["email"]), (None, &json!("New@x.io")));
    }

    #[test]
    fn a_patch_is_checked_like_input_and_names_the_field() {
        let refused = |side, patch| patched(side, patch).unwrap_err();
        assert_eq!(refused(Side::Before, json!({"user": {"email": "nope"}})), "user.email");
        assert_eq!(refused(Side::Before, json!({"user": {"email": null}})), "user.email");
        assert_eq!(refused(Side::Before, json!({"user": {"name": "a\u{0}b"}})), "user.name");
        assert_eq!(refused(Side::Before, json!({"user": {"role": "admin"}})), "user.role");
        assert_eq!(refused(Side::Before, json!({"user": {"id": "usr_1"}})), "user.id");
        assert_eq!(
            refused(Side::Before, json!({"user": {"metadata": []}})),
            "user.metadata"
        );
        assert_eq!(refused(Side::Before, json!({"user": []})), "user");
        assert_eq!(refused(Side::Before, json!({"provider": "google"})), "provider");
        assert_eq!(refused(Side::Before, json!({"password": {"handle": 2}})), "password");
        assert_eq!(
            refused(Side::After, json!({"user": {"email": "other@x.io"}})),
            "user.email"
        );
        let large = "x".repeat(17 << 10);
        assert_eq!(
            refused(Side::After, json!({"user": {"metadata": {"x": large}}})),
            "user.metadata"
        );
    }

    #[test]
    fn giving_a_value_back_is_no_change() {
        let patch = json!({"provider": "password", "password": "[password]", "user": {"email": "ada@example.com", "publicMetadata": {"x": 1}}});
        assert_eq!(patched(Side::After, patch).unwrap()["publicMetadata"], json!({"x": 1}));
    }
}
