//! Every field of every endpoint of the auth API, as the OpenAPI document lists them, with everything that can be wrong with
//! it: a 4xx that names the field, and nothing done.

use serde_json::{Value, json};

use crate::site::{Answer, Project, Site};

/// An endpoint of the document that takes a JSON body.
struct Endpoint {
    method: String,
    path: String,
    properties: Vec<(String, Value)>,
    required: Vec<String>,
    example: Value,
    needs_user: bool,
}

fn endpoints(site: &Site) -> Vec<Endpoint> {
    let document = site.get("/openapi.json").json;
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let body = &operation["requestBody"]["content"]["application/json"];
            if !path.starts_with("/auth/") || body.is_null() {
                continue;
            }
            let name = body["schema"]["$ref"].as_str().unwrap().trim_start_matches('#');
            let schema = document.pointer(name).unwrap();
            let names = |list: &Value| list.as_array().cloned().unwrap_or_default();
            let schemes = operation["security"].to_string();
            found.push(Endpoint {
                method: method.to_uppercase(),
                path: path.clone(),
                properties: schema["properties"].as_object().unwrap().clone().into_iter().collect(),
                required: names(&schema["required"])
                    .iter()
                    .map(|name| name.as_str().unwrap().to_owned())
                    .collect(),
                example: body["example"].clone(),
                needs_user: schemes.contains("user"),
            });
        }
    }
    assert!(found.len() >= 15, "the document lists the auth API: {}", found.len());
    found
}

struct Client {
    site: Site,
    project: Project,
    token: String,
}

impl Client {
    fn new() -> Self {
        let site = Site::new();
        let project = site.project("a");
        let token = site.registered(&project.pk, "ada@work.example").token().to_owned();
        Self { site, project, token }
    }

    fn send(&self, endpoint: &Endpoint, content_type: &str, body: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![
            ("x-aerocall-key", self.project.pk.as_str()),
            ("content-type", content_type),
        ];
        if endpoint.needs_user {
            headers.push(("authorization", &bearer));
        }
        let path = endpoint.path.replace("{id}", "mfa_1").replace("{provider}", "google");
        self.site.send(&endpoint.method, &path, &headers, body)
    }

    fn json(&self, endpoint: &Endpoint, body: &Value) -> Answer {
        self.send(endpoint, "application/json", body.to_string().as_bytes())
    }

    /// The body is refused for this field.
    fn refused(&self, endpoint: &Endpoint, field: &str, what: &str, body: &Value) {
        let answer = self.json(endpoint, body);
        let case = format!("{} {}: {field} {what}: {answer:?}", endpoint.method, endpoint.path);
        assert_eq!((answer.status, answer.code()), (422, "invalid_input"), "{case}");
        let names_it = |name: &&str| *name == field || name.starts_with(&format!("{field}."));
        assert!(answer.fields().iter().any(names_it), "{case}");
    }
}

fn with(example: &Value, field: &str, value: Value) -> Value {
    let mut body = example.clone();
    body[field] = value;
    body
}

fn without(example: &Value, field: &str) -> Value {
    let mut body = example.clone();
    body.as_object_mut().unwrap().remove(field);
    body
}

#[test]
fn every_field_that_is_wrong_is_named() {
    let client = Client::new();
    for endpoint in endpoints(&client.site) {
        for (field, schema) in &endpoint.properties {
            let required = endpoint.required.contains(field);
            if required {
                client.refused(&endpoint, field, "missing", &without(&endpoint.example, field));
                client.refused(&endpoint, field, "null", &with(&endpoint.example, field, Value::Null));
            }
            let is_object = schema["$ref"].as_str().is_some_and(|name| name.ends_with("/Client"));
            let kind = if is_object {
                Some("object")
            } else {
                // Of what may be null, too.
                schema["type"].as_str().or_else(|| schema["type"][0].as_str())
            };
            let wrong = match kind {
                Some("object") => vec![json!("text"), json!([]), json!(1), json!(true)],
                Some("boolean") => vec![json!("true"), json!([]), json!(1), json!({})],
                Some("integer") => vec![json!("1"), json!([]), json!(1.5), json!({}), json!(-1_000_000_000)],
                _ => vec![json!(1), json!([]), json!(true), json!({})],
            };
            for value in wrong {
                let what = format!("of the wrong type: {value}");
                client.refused(&endpoint, field, &what, &with(&endpoint.example, field, value));
            }
            if kind == Some("string") {
                for (what, value) in [
                    ("empty", String::new()),
                    ("too long", "x".repeat(4_000)),
                    ("with a NUL", "a\u{0}b@example.com".to_owned()),
                    ("with a line break", "a\r\nBcc: b@example.com".to_owned()),
                ] {
                    // A password is any text: what is in it is nobody's business.
                    if schema["format"] == "password" && what.starts_with("with") {
                        continue;
                    }
                    client.refused(&endpoint, field, what, &with(&endpoint.example, field, json!(value)));
                }
            }
        }
    }
}

#[test]
fn what_nobody_asked_for_is_refused() {
    let client = Client::new();
    for endpoint in endpoints(&client.site) {
        for field in [
            "role",
            "verified",
            "emailVerified",
            "email_verified_ms",
            "publicMetadata",
            "id",
            "user_id",
            "__proto__",
        ] {
            if endpoint.properties.iter().any(|(name, _)| name == field) {
                continue;
            }
            client.refused(
                &endpoint,
                field,
                "unknown",
                &with(&endpoint.example, field, json!("admin")),
            );
        }
    }
}

#[test]
fn a_body_that_is_none_is_refused_before_it_is_looked_at() {
    let client = Client::new();
    for endpoint in endpoints(&client.site) {
        let example = endpoint.example.to_string();
        let large = format!("{{\"x\":\"{}\"}}", "x".repeat(70_000));
        let cases: [(&str, &[u8], u16, &str); 8] = [
            ("application/json", b"[]", 400, "malformed_body"),
            ("application/json", b"{\"email\":", 400, "malformed_body"),
            ("application/json", b"\xff\xfe{}", 400, "malformed_body"),
            ("application/json", b"{\"a\":\"\xc3\x28\"}", 400, "malformed_body"),
            ("text/plain", example.as_bytes(), 415, "unsupported_media_type"),
            (
                "application/x-www-form-urlencoded",
                b"email=a",
                415,
                "unsupported_media_type",
            ),
            (
                "application/json; charset=utf-16",
                example.as_bytes(),
                415,
                "unsupported_media_type",
            ),
            ("application/json", large.as_bytes(), 413, "body_too_large"),
        ];
        for (content_type, body, status, code) in cases {
            let answer = client.send(&endpoint, content_type, body);
            let case = format!("{} {} {content_type}: {answer:?}", endpoint.method, endpoint.path);
            assert_eq!((answer.status, answer.code()), (status, code), "{case}");
        }
    }
}
