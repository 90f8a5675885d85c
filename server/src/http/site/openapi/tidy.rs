//! Schemas as the types' derive writes them, put so that generators of clients understand them best. Changes no meaning.

use serde_json::{Map, Value, json};

/// With each choice between words as an `enum`, and without `null` where a member is rather left out.
pub(super) fn tidied(mut schema: Value) -> Value {
    tidy(&mut schema);
    schema
}

fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(all) => all.iter_mut().for_each(tidy),
        Value::Object(object) => {
            object.values_mut().for_each(tidy);
            if let Some(words) = words(object) {
                put_words(object, &words);
            }
            without_null(object);
        }
        _ => {}
    }
}

/// A word and what it means.
type Word = (String, Option<String>);

/// The words of a `oneOf` that has nothing else.
fn words(object: &Map<String, Value>) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    for one in object.get("oneOf")?.as_array()? {
        let about = one["description"].as_str().map(str::to_owned);
        match (&one["const"], &one["enum"]) {
            (Value::String(word), _) => words.push((word.clone(), about)),
            (_, Value::Array(plain)) => {
                for word in plain {
                    words.push((word.as_str()?.to_owned(), None));
                }
            }
            _ => return None,
        }
    }
    Some(words)
}

fn put_words(object: &mut Map<String, Value>, words: &[Word]) {
    object.remove("oneOf");
    object.insert("type".to_owned(), json!("string"));
    if let [(word, about)] = words {
        object.insert("const".to_owned(), json!(word));
        if let (None, Some(about)) = (object.get("description"), about) {
            object.insert("description".to_owned(), json!(about));
        }
        return;
    }
    let all: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    object.insert("enum".to_owned(), json!(all));
    let meant = words.iter().filter_map(|(word, about)| Some((word, about.as_ref()?)));
    let lines: Vec<String> = meant.map(|(word, about)| format!("- `{word}`: {about}")).collect();
    let title = object.get("description").and_then(Value::as_str).map(str::to_owned);
    let text = title.into_iter().chain((!lines.is_empty()).then(|| lines.join("\n")));
    let text = text.collect::<Vec<_>>().join("\n\n");
    if !text.is_empty() {
        object.insert("description".to_owned(), text.into());
    }
}

/// A member that may be missing is left out instead of being null: that is what `skip_serializing_if` does in every type.
fn without_null(object: &mut Map<String, Value>) {
    let required: Vec<Value> = object
        .get("required")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let Some(Value::Object(properties)) = object.get_mut("properties") else {
        return;
    };
    for (name, member) in properties {
        if !required.iter().any(|required| required == name.as_str()) {
            not_null(member);
        }
    }
}

fn not_null(schema: &mut Value) {
    let Value::Object(object) = schema else { return };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(words)) = object.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    if let Some(Value::Array(either)) = object.get_mut("anyOf") {
        either.retain(|one| one["type"] != "null");
        if let [Value::Object(only)] = either.as_slice() {
            let only = only.clone();
            object.remove("anyOf");
            for (name, value) in only {
                object.entry(name).or_insert(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_an_enum_and_what_they_mean_is_in_the_description() {
        let derived = json!({ "description": "A state.", "oneOf": [
            { "type": "string", "const": "on", "description": "It runs." },
            { "type": "string", "enum": ["off"] },
        ] });
        let tidy = json!({ "description": "A state.\n\n- `on`: It runs.", "type": "string", "enum": ["on", "off"] });
        assert_eq!(tidied(derived), tidy);
        let one = json!({ "oneOf": [{ "type": "string", "const": "done", "description": "It was done." }] });
        let tidy = json!({ "type": "string", "const": "done", "description": "It was done." });
        assert_eq!(tidied(one), tidy);
        let objects = json!({ "oneOf": [{ "type": "object" }, { "type": "string", "const": "a" }] });
        assert_eq!(tidied(objects.clone()), objects);
    }

    #[test]
    fn what_may_be_missing_is_never_null_and_what_is_required_may_be() {
        let members = json!({
            "a": { "type": ["string", "null"] },
            "b": { "description": "B.", "anyOf": [{ "$ref": "#/B" }, { "type": "null" }] },
        });
        let object = |required: Value| json!({ "type": "object", "properties": members, "required": required });
        assert_eq!(tidied(object(json!(["a", "b"]))), object(json!(["a", "b"])));
        let tidy = json!({ "a": { "type": "string" }, "b": { "description": "B.", "$ref": "#/B" } });
        assert_eq!(tidied(object(json!([])))["properties"], tidy);
    }
}
