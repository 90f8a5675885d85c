//! The OpenAPI document against the server that it describes: it is the committed one, and what is answered is what it says.

use serde_json::{Value, json};

use crate::site::{Answer, PASSWORD, Site, until};

const GATE: &str = "
export const beforeSignup = async (_c: any, { user }: any, { Deny }: any) => {
  if (user.email.startsWith('refused')) throw new Deny('not you', { code: 'no', status: 418 });
};
";

/// What of a value is not as the schema says.
fn problems(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        let target = document.pointer(target.trim_start_matches('#')).unwrap();
        return problems(document, target, value, place, found);
    }
    if let Some(either) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let fits = |schema: &Value| {
            let mut found = Vec::new();
            problems(document, schema, value, place, &mut found);
            found.is_empty()
        };
        if !either.iter().any(fits) {
            found.push(format!("{place} is none of the alternatives: {value}"));
        }
        return;
    }
    let is_a = |name: &str| match name {
        "null" => value.is_null(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        other => panic!("{place}: a type this test does not know: {other}"),
    };
    let right = match &schema["type"] {
        Value::Null => true,
        Value::Array(names) => names.iter().any(|name| is_a(name.as_str().unwrap())),
        name => is_a(name.as_str().unwrap()),
    };
    let is_word = schema["const"].is_null() || schema["const"] == *value;
    let is_listed = schema["enum"].as_array().is_none_or(|words| words.contains(value));
    if !(is_word && is_listed) {
        found.push(format!("{place} is none of the words of {schema}: {value}"));
    }
    if !right {
        found.push(format!("{place} is no {}: {value}", schema["type"]));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            found.push(format!("{place} lacks {name}"));
        }
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(schema) => problems(document, schema, value, &format!("{place}.{name}"), found),
            None if schema["additionalProperties"] == false => found.push(format!("{place} has {name}")),
            None if schema["additionalProperties"].is_object() => {
                let place = format!("{place}.{name}");
                problems(document, &schema["additionalProperties"], value, &place, found);
            }
            None => {}
        }
    }
    for value in value.as_array().into_iter().flatten() {
        problems(document, &schema["items"], value, &format!("{place}[]"), found);
    }
}

/// Holds an answer against what the document says of its endpoint.
fn fits(document: &Value, method: &str, path: &str, answer: &Answer) {
    let operation = &document["paths"][path][method.to_ascii_lowercase()];
    assert!(operation.is_object(), "{method} {path} is not in the document");
    let responses = operation["responses"].as_object().unwrap();
    let class = format!("{}XX", answer.status / 100);
    let response = responses
        .get(&answer.status.to_string())
        .or_else(|| responses.get(&class));
    let response = response.unwrap_or_else(|| panic!("{method} {path} does not say that it answers {answer:?}"));
    let mut found = Vec::new();
    let schema = &response["content"]["application/json"]["schema"];
    problems(document, schema, &answer.json, "answer", &mut found);
    assert!(found.is_empty(), "{method} {path}: {found:#?} in {answer:?}");
}

#[test]
fn the_document_that_is_served_is_the_committed_one() {
    let site = Site::new();
    let served = site.get("/openapi.json");
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json")).unwrap();
    assert_eq!(served.json, serde_json::from_str::<Value>(&kept).unwrap());
    assert_eq!(served.json["openapi"], "3.1.0");
    assert!(served.header("content-type").starts_with("application/json"));
}

#[test]
fn everything_in_the_document_is_served() {
    let site = Site::new();
    let document = site.get("/openapi.json").json;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let filled: String = path
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let other = site.send("PROPFIND", &filled, &[], b"");
        assert_eq!(other.status, 405, "{path}: {other:?}");
        let mut allowed: Vec<String> = other.header("allow").split(", ").map(str::to_ascii_lowercase).collect();
        allowed.sort();
        let mut described: Vec<&str> = operations.as_object().unwrap().keys().map(String::as_str).collect();
        described.sort_unstable();
        assert_eq!(allowed, described, "{path}");
    }
}

#[test]
fn what_the_auth_api_answers_is_what_the_document_says() {
    let site = Site::new();
    let project = site.project("a");
    site.live("a", &[("gate", GATE)]);
    let document = site.get("/openapi.json").json;
    let register = |body: Value| {
        let answer = site.register(&project.pk, body);
        fits(&document, "POST", "/auth/register", &answer);
        answer
    };
    let made = register(json!({ "email": "a@example.com", "password": PASSWORD, "name": "A", "phone": "+4930123456" }));
    assert_eq!(made.status, 201);
    assert_eq!(
        register(json!({ "email": "a@example.com", "password": PASSWORD })).status,
        409
    );
    assert_eq!(register(json!({ "email": 1, "extra": 2 })).status, 422);
    assert_eq!(
        register(json!({ "email": "refused@example.com", "password": PASSWORD })).status,
        418
    );
    let entered = site.login(&project.pk, "a@example.com", PASSWORD);
    fits(&document, "POST", "/auth/login", &entered);
    fits(
        &document,
        "POST",
        "/auth/login",
        &site.login(&project.pk, "a@example.com", "wrong"),
    );
    fits(&document, "GET", "/auth/me", &site.me(&project.pk, entered.token()));
    fits(&document, "GET", "/auth/me", &site.me(&project.pk, "none"));
    fits(&document, "GET", "/auth/me", &site.me("pk_none", entered.token()));
    let keys = site.get(&format!("/.well-known/jwks.json?key={}", project.pk));
    fits(&document, "GET", "/.well-known/jwks.json", &keys);
    assert!(keys.json["keys"][0].is_object());
}

/// Below an environment.
const LISTS: [&str; 12] = [
    "hooks",
    "deployments",
    "migrations",
    "endpoints",
    "secrets",
    "mails",
    "mail-templates",
    "jobs",
    "queues",
    "invocations",
    "users",
    "audit",
];

#[test]
fn what_the_admin_api_answers_is_what_the_document_says() {
    let site = Site::new();
    let project = site.project("a");
    let document = site.get("/openapi.json").json;
    let ask = |method: &str, path: &str, template: &str, body: Option<Value>| {
        let answer = site.admin(method, path, body);
        fits(&document, method, &format!("/admin/api/v1{template}"), &answer);
        answer
    };
    const OF: &str = "/projects/a/environments/production";
    const TEMPLATE: &str = "/projects/{project}/environments/{environment}";
    let of = |method: &str, rest: &str, template: &str, body: Option<Value>| {
        ask(method, &format!("{OF}{rest}"), &format!("{TEMPLATE}{template}"), body)
    };
    // With nothing there, and with something.
    for _ in 0..2 {
        ask("GET", "/projects", "/projects", None);
        for list in LISTS {
            let answer = of("GET", &format!("/{list}"), &format!("/{list}"), None);
            assert_eq!(answer.status, 200, "{list}");
        }
        for setting in ["http", "mail", "limits", "auth", "providers"] {
            let path = format!("/settings/{setting}");
            of("GET", &path, &path, None);
        }
        ask(
            "GET",
            "/projects/a/hooks/gate/versions",
            "/projects/{project}/hooks/{hook}/versions",
            None,
        );
        site.live("a", &[("gate", GATE)]);
        drop(site.register(&project.pk, json!({ "email": "a@example.com", "password": PASSWORD })));
        let secret = json!({ "value": "v", "hosts": ["api.example.com"] });
        of("PUT", "/secrets/token", "/secrets/{name}", Some(secret));
        of(
            "PUT",
            "/settings/http",
            "/settings/http",
            Some(json!({ "hosts": ["*.example.com"] })),
        );
        of(
            "PUT",
            "/settings/limits",
            "/settings/limits",
            Some(json!({ "deadlineMs": 900 })),
        );
        let template = json!({ "subject": "Hello", "text": "Hello {{ name }}" });
        of("PUT", "/mail-templates/hello", "/mail-templates/{name}", Some(template));
        of("GET", "/mail-templates/hello", "/mail-templates/{name}", None);
        until(|| {
            of("GET", "/invocations", "/invocations", None).json["invocations"][0]
                .is_object()
                .then_some(())
        });
    }
    for (path, template) in [
        ("/jobs/x", "/jobs/{job}"),
        ("/mails/x", "/mails/{id}"),
        ("/secrets/x", "/secrets/{name}"),
    ] {
        let method = if path.starts_with("/secrets") { "DELETE" } else { "GET" };
        assert_eq!(of(method, path, template, None).status, 404, "{path}");
    }
    assert_eq!(
        of("PUT", "/settings/limits", "/settings/limits", Some(json!({ "cpu": 1 }))).status,
        422
    );
    assert_eq!(of("GET", "/jobs?limit=x", "/jobs", None).status, 422);
}
