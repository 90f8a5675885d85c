//! Whether a JSON value is what a JSON Schema of the OpenAPI document says. Knows the keywords that the document uses and
//! stops at any other one, so that none is overlooked. Stricter than JSON Schema in one thing: a member that no schema
//! describes is a problem, because readers of the document would not know of it.

use serde_json::{Map, Value};

/// Keywords that say nothing about what is valid.
const ANNOTATIONS: [&str; 6] = [
    "description",
    "title",
    "default",
    "examples",
    "deprecated",
    "contentMediaType",
];

/// What of a value is not as the schema says, each with its place.
pub(crate) fn problems(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut check = Check {
        document,
        found: Vec::new(),
    };
    check.value(schema, value, "answer", Members::Known);
    check.found
}

/// Whether every member has to be described here, or may be by a schema beside this one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Members {
    Known,
    Any,
}

struct Check<'d> {
    document: &'d Value,
    found: Vec<String>,
}

impl<'d> Check<'d> {
    fn value(&mut self, schema: &'d Value, value: &Value, place: &str, members: Members) {
        let Value::Object(keywords) = schema else {
            if *schema == Value::Bool(false) {
                self.found.push(format!("{place} must not be there"));
            }
            return;
        };
        for (keyword, operand) in keywords {
            self.keyword(keyword, operand, value, place, beside(keywords, members));
        }
        let Value::Object(object) = value else { return };
        if let Some(more) = keywords.get("additionalProperties") {
            for (name, member) in object
                .iter()
                .filter(|(name, _)| schema["properties"].get(name.as_str()).is_none())
            {
                self.value(more, member, &format!("{place}.{name}"), Members::Known);
            }
        } else if members == Members::Known {
            let describes = ["properties", "anyOf", "oneOf", "allOf"]
                .iter()
                .any(|name| keywords.contains_key(*name));
            for name in object.keys().filter(|_| describes) {
                if !self.describes(schema, name) {
                    self.found.push(format!("{place} has {name}, which is not described"));
                }
            }
        }
    }

    fn keyword(&mut self, keyword: &str, operand: &'d Value, value: &Value, place: &str, members: Members) {
        let text = value.as_str().map(|text| text.chars().count() as f64);
        let items = value.as_array().map(|items| items.len() as f64);
        let bound = operand.as_f64();
        let right = match keyword {
            "$ref" => return self.value(self.target(operand), value, place, members),
            "allOf" => {
                for one in list(operand) {
                    self.value(one, value, place, Members::Any);
                }
                return;
            }
            "anyOf" | "oneOf" => return self.alternatives(operand, value, place, members),
            "properties" => {
                for (name, schema) in operand.as_object().into_iter().flatten() {
                    if let Some(member) = value.get(name) {
                        self.value(schema, member, &format!("{place}.{name}"), Members::Known);
                    }
                }
                return;
            }
            // Together with the names that are left over.
            "additionalProperties" => return,
            "items" => {
                for (index, item) in list(value).iter().enumerate() {
                    self.value(operand, item, &format!("{place}[{index}]"), Members::Known);
                }
                return;
            }
            "prefixItems" => {
                for (index, (schema, item)) in list(operand).iter().zip(list(value)).enumerate() {
                    self.value(schema, item, &format!("{place}[{index}]"), Members::Known);
                }
                return;
            }
            "required" => {
                let missing = |name: &&Value| value.is_object() && value.get(name.as_str().unwrap()).is_none();
                let missing = list(operand).iter().filter(missing);
                self.found.extend(missing.map(|name| format!("{place} lacks {name}")));
                return;
            }
            "type" => match operand {
                Value::Array(either) => either.iter().any(|kind| is(kind, value)),
                kind => is(kind, value),
            },
            "const" => operand == value,
            "enum" => list(operand).contains(value),
            "format" => value.as_str().is_none_or(|text| has_format(operand, text)),
            "minLength" => text.is_none_or(|chars| Some(chars) >= bound),
            "maxLength" => text.is_none_or(|chars| Some(chars) <= bound),
            "minItems" => items.is_none_or(|items| Some(items) >= bound),
            "maxItems" => items.is_none_or(|items| Some(items) <= bound),
            "minimum" => value.as_f64().is_none_or(|number| Some(number) >= bound),
            "maximum" => value.as_f64().is_none_or(|number| Some(number) <= bound),
            annotation if ANNOTATIONS.contains(&annotation) => true,
            other => panic!("{place}: a keyword that this test does not know: {other}"),
        };
        if !right {
            self.found
                .push(format!("{place} is not of {keyword} {operand}: {value}"));
        }
    }

    /// The problems of the alternative that is closest, if none fits.
    fn alternatives(&mut self, either: &'d Value, value: &Value, place: &str, members: Members) {
        let of_one = |schema: &'d Value| {
            let mut check = Check {
                document: self.document,
                found: Vec::new(),
            };
            check.value(schema, value, place, members);
            check.found
        };
        let closest = list(either).iter().map(of_one).min_by_key(Vec::len);
        self.found.extend(closest.unwrap_or_default());
    }

    /// Whether a schema, or a part of it, is about this member.
    fn describes(&self, schema: &'d Value, name: &str) -> bool {
        if let Some(reference) = schema.get("$ref") {
            return self.describes(self.target(reference), name);
        }
        let parts = ["anyOf", "oneOf", "allOf"].iter().flat_map(|part| list(&schema[part]));
        schema["properties"].get(name).is_some()
            || schema
                .get("additionalProperties")
                .is_some_and(|more| *more != Value::Bool(false))
            || parts.into_iter().any(|part| self.describes(part, name))
    }

    fn target(&self, reference: &Value) -> &'d Value {
        let pointer = reference.as_str().unwrap().trim_start_matches('#');
        self.document
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{reference} leads nowhere"))
    }
}

/// What the parts of a schema have to describe: beside members of its own they describe only some.
fn beside(keywords: &Map<String, Value>, members: Members) -> Members {
    match keywords.contains_key("properties") {
        true => Members::Any,
        false => members,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "null" => value.is_null(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        other => panic!("{other} is no type"),
    }
}

/// Times are written in one way, with milliseconds in UTC; other formats are for people who generate clients.
fn has_format(format: &Value, text: &str) -> bool {
    let like = |pattern: &str| {
        let same = |(wanted, is): (char, char)| match wanted {
            '0' => is.is_ascii_digit(),
            wanted => wanted == is,
        };
        pattern.len() == text.len() && pattern.chars().zip(text.chars()).all(same)
    };
    format != "date-time" || like("0000-00-00T00:00:00.000Z")
}

#[test]
fn what_is_not_as_the_schema_says_is_found() {
    use serde_json::json;

    let document = json!({ "components": { "schemas": {
        "A": { "type": "object", "required": ["a"], "properties": { "a": { "const": 1 }, "time": { "type": ["string", "null"], "format": "date-time" } } },
        "B": { "type": "object", "required": ["b"], "properties": { "b": { "enum": ["x", "y"] } } },
        "Either": { "anyOf": [{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }] },
        "Both": { "type": "object", "properties": { "c": { "type": "integer", "minimum": 0, "format": "uint64" } }, "oneOf": [{ "$ref": "#/components/schemas/B" }] },
        "Pair": { "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }], "minItems": 2, "maxItems": 2 },
        "Map": { "type": "object", "additionalProperties": { "type": "boolean" } },
    } } });
    let check = |name: &str, value: Value| {
        let schema = json!({ "type": "array", "items": { "$ref": format!("#/components/schemas/{name}") } });
        problems(&document, &schema, &json!([value])).len()
    };
    for (name, right) in [
        ("A", json!({ "a": 1, "time": null })),
        ("A", json!({ "a": 1, "time": "2026-01-31T12:00:00.000Z" })),
        ("Either", json!({ "a": 1 })),
        ("Either", json!({ "b": "y" })),
        ("Both", json!({ "b": "x", "c": 3 })),
        ("Map", json!({ "a": true })),
        ("Pair", json!(["a", 1])),
    ] {
        assert_eq!(check(name, right.clone()), 0, "{name}: {right}");
    }
    for (name, wrong) in [
        ("A", json!({ "a": 2 })),
        ("A", json!({})),
        ("A", json!([])),
        ("A", json!({ "a": 1, "time": "2026-01-31T12:00:00Z" })),
        ("A", json!({ "a": 1, "more": true })),
        ("Either", json!({ "a": 1, "b": "y" })),
        ("Either", json!({ "b": "z" })),
        ("Both", json!({ "b": "x", "c": -1 })),
        ("Both", json!({ "c": 1 })),
        ("Both", json!({ "b": "x", "d": 1 })),
        ("Map", json!({ "a": 1 })),
        ("Pair", json!(["a", "b"])),
        ("Pair", json!(["a"])),
    ] {
        assert_eq!(check(name, wrong.clone()), 1, "{name}: {wrong}");
    }
}
