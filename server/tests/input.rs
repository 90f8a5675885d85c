//! Bodies that are not as they must be: each is refused, and the field is named.

use serde_json::{Value, json};

use crate::site::{PASSWORD, Site};

fn with(field: &str, value: Value) -> Value {
    let mut body = json!({ "email": "ada@example.com", "password": PASSWORD });
    body[field] = value;
    body
}

#[test]
fn a_field_that_is_not_as_it_must_be_is_named() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let deep = (0..40).fold(json!(1), |inner, _| json!({ "x": inner }));
    let cases = [
        ("email", json!(7)),
        ("email", json!("")),
        ("email", json!("nobody")),
        ("email", json!("a\u{0}b@example.com")),
        ("email", json!("a\r\nbcc: b@example.com")),
        (
            "email",
            json!(format!("{}@{}.example.com", "a".repeat(60), "b.".repeat(100))),
        ),
        ("password", json!("short")),
        ("password", json!("PassWord123")),
        ("password", json!("x".repeat(1_001))),
        ("password", json!(12_345_678)),
        ("password", json!(null)),
        ("name", json!(["Ada"])),
        ("name", json!("x".repeat(201))),
        ("name", json!("Ada\u{7}")),
        ("name", json!("Ada\u{202e}")),
        ("phone", json!("call me")),
        ("metadata", json!("text")),
        ("metadata", json!([])),
        ("metadata", json!({ "x": "y".repeat(16 << 10) })),
        ("metadata", deep),
        ("metadata", json!({ "x": "\u{0}" })),
        ("client", json!("ios")),
        ("role", json!("admin")),
        ("publicMetadata", json!({})),
    ];
    for (field, value) in cases {
        let answer = site.register(&pk, with(field, value.clone()));
        assert_eq!(
            (answer.status, answer.code()),
            (422, "invalid_input"),
            "{field} {value}"
        );
        assert_eq!(answer.fields(), [field], "{value}");
    }
    let answer = site.register(
        &pk,
        with("client", json!({ "id": 1, "secret": 2, "version": "x".repeat(51) })),
    );
    assert_eq!(answer.fields(), ["client.id", "client.version", "client.secret"]);
}

#[test]
fn all_problems_are_told_at_once() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let answer = site.register(&pk, json!({ "name": 1, "role": 2 }));
    assert_eq!(answer.fields(), ["email", "password", "name", "role"]);
    assert_eq!(site.post("/auth/login", &pk, json!({})).fields(), ["email", "password"]);
    assert!(!answer.json.to_string().contains(PASSWORD));
}

#[test]
fn a_body_that_cannot_be_read_is_refused() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let json_type = ("content-type", "application/json");
    let cases: [(&str, &[u8], u16, &str); 8] = [
        ("application/json", b"{\"email\":\"\xff\xfe\"}", 400, "malformed_body"),
        ("application/json", b"{\"email\":", 400, "malformed_body"),
        ("application/json", b"[1]", 400, "malformed_body"),
        ("application/json", b" ", 400, "malformed_body"),
        ("text/plain", b"{}", 415, "unsupported_media_type"),
        (
            "application/x-www-form-urlencoded",
            b"email=a",
            415,
            "unsupported_media_type",
        ),
        ("application/json; charset=latin1", b"{}", 415, "unsupported_media_type"),
        ("application/json; charset=UTF-8", b"{}", 422, "invalid_input"),
    ];
    for (content_type, body, status, code) in cases {
        let headers = [("x-aerocall-key", pk.as_str()), ("content-type", content_type)];
        let answer = site.send("POST", "/auth/register", &headers, body);
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{content_type} {body:?}"
        );
    }
    let compressed = [("x-aerocall-key", pk.as_str()), json_type, ("content-encoding", "gzip")];
    let answer = site.send("POST", "/auth/register", &compressed, b"\x1f\x8b\x08\0");
    assert_eq!((answer.status, answer.fields()), (415, vec!["content-encoding"]));
    let large = json!({ "email": "x".repeat(64 << 10) }).to_string();
    let headers = [("x-aerocall-key", pk.as_str()), json_type];
    let answer = site.send("POST", "/auth/register", &headers, large.as_bytes());
    assert_eq!(
        (answer.status, answer.code(), answer.fields()),
        (413, "body_too_large", vec!["body"])
    );
    let bomb = "[".repeat(60 << 10);
    let answer = site.send("POST", "/auth/register", &headers, bomb.as_bytes());
    assert_eq!((answer.status, answer.code()), (400, "malformed_body"));
}

#[test]
fn numbers_that_other_programs_cannot_read_are_refused_wherever_they_are_kept() {
    let site = Site::new();
    let project = site.project("a");
    let key = ("x-aerocall-key", project.pk.as_str());
    let bearer = format!("Bearer {}", site.admin_token);
    let admin = ("authorization", bearer.as_str());
    let settings = format!(
        "/admin/api/v1/projects/{}/environments/production/settings/auth",
        project.id
    );
    let users = format!("/admin/api/v1/projects/{}/environments/production/users", project.id);
    for number in ["1e9999", "-1e309", &format!("1{}", "0".repeat(309))] {
        for (method, path, credential, body) in [
            (
                "POST",
                "/auth/register",
                key,
                r#"{"email":"a@example.com","password":"correct horse","metadata":{"n":[N]}}"#,
            ),
            (
                "POST",
                "/auth/register",
                key,
                r#"{"email":"a@example.com","password":"correct horse","client":{"data":{"n":N}}}"#,
            ),
            (
                "POST",
                users.as_str(),
                admin,
                r#"{"email":"a@example.com","publicMetadata":{"n":N}}"#,
            ),
            ("PUT", settings.as_str(), admin, r#"{"confirmEmail":N}"#),
        ] {
            let headers = [credential, ("content-type", "application/json")];
            let answer = site.send(method, path, &headers, body.replace('N', number).as_bytes());
            assert_eq!(
                (answer.status, answer.code(), answer.fields()),
                (400, "malformed_body", vec!["body"]),
                "{path} {number}"
            );
        }
    }
    let largest = br#"{"email":"b@example.com","password":"correct horse battery","metadata":{"n":1.7e308}}"#;
    assert!(
        site.send(
            "POST",
            "/auth/register",
            &[key, ("content-type", "application/json")],
            largest
        )
        .status
            < 300
    );
}
