//! The edge: envelopes, headers, health, methods, keys.

use crate::{http_client, site::Site};

#[test]
fn every_answer_has_an_id_and_headers_that_keep_browsers_from_guessing() {
    let site = Site::new();
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/nowhere", 404),
        ("/auth/me", 401),
    ] {
        let answer = site.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.header("x-request-id").starts_with("req_"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }
    let forged = site.send("GET", "/healthz", &[("x-request-id", "mine")], b"");
    assert_ne!(forged.header("x-request-id"), "mine");
}

#[test]
fn whoever_is_not_let_in_learns_how() {
    let site = Site::new();
    let project = site.project("a");
    let forged = [
        ("x-aerocall-key", project.pk.as_str()),
        ("authorization", "Bearer eyJhbGciOiJub25lIn0.e30."),
    ];
    for (path, headers, challenge) in [
        ("/auth/me", &[][..], "Bearer"),
        ("/auth/me", &forged[..1], "Bearer"),
        ("/auth/me", &forged[..], "Bearer error=\"invalid_token\""),
        ("/admin/api/v1/projects", &[][..], "Bearer"),
        ("/admin/api/v1/projects", &forged[1..], "Bearer error=\"invalid_token\""),
    ] {
        let answer = site.send("GET", path, headers, b"");
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.header("www-authenticate"), challenge, "{path}: {}", answer.json);
    }
}

#[test]
fn unknown_paths_and_methods_answer_in_the_envelope() {
    let site = Site::new();
    for path in [
        "/",
        "/auth",
        "/auth/register/",
        "/admin/api/v1/nothing",
        "/admin/api/v1/projects/a/b",
        "/%ff",
        "//",
    ] {
        let answer = site.get(path);
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{path}");
    }
    for (method, path, allow) in [
        ("GET", "/auth/register", "POST"),
        ("PUT", "/auth/me", "GET, PATCH, DELETE"),
        ("PUT", "/admin/api/v1/projects", "GET, POST"),
        ("POST", "/healthz", "GET"),
    ] {
        let answer = site.send(method, path, &[], b"");
        assert_eq!(
            (answer.status, answer.code()),
            (405, "method_not_allowed"),
            "{method} {path}"
        );
        assert_eq!(answer.header("allow"), allow);
    }
}

/// An app in a browser, served from elsewhere.
const APP: &str = "https://app.example.com";

#[test]
fn apps_in_a_browser_can_call_the_auth_api_and_nothing_else() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let asks = |path: &str, method: &str| {
        let headers = [
            ("origin", APP),
            ("access-control-request-method", method),
            (
                "access-control-request-headers",
                "x-aerocall-key,content-type,authorization",
            ),
        ];
        http_client::send("OPTIONS", &format!("{}{path}", site.base), &headers, b"").unwrap()
    };
    for (path, method) in [
        ("/auth/register", "POST"),
        ("/auth/me", "PATCH"),
        ("/auth/sessions/ses_1", "DELETE"),
        ("/.well-known/jwks.json", "GET"),
    ] {
        let answer = asks(path, method);
        assert_eq!(answer.status, 200, "{path}");
        let header = |name: &str| {
            answer
                .headers
                .get(name)
                .map(|value| value.to_str().unwrap())
                .unwrap_or_default()
        };
        assert_eq!(header("access-control-allow-origin"), "*", "{path}");
        assert!(header("access-control-allow-methods").contains(method), "{path}");
        let allowed = header("access-control-allow-headers");
        for name in ["x-aerocall-key", "content-type", "authorization"] {
            assert!(allowed.contains(name), "{path}: {allowed}");
        }
        assert_eq!(header("access-control-max-age"), "86400");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
    // Pages can read errors, too, and what they say beside the body.
    let headers = [
        ("origin", APP),
        ("x-aerocall-key", pk.as_str()),
        ("content-type", "application/json"),
    ];
    for (body, status) in [
        (
            r#"{"email": "ada@example.com", "password": "correct horse battery"}"#,
            201,
        ),
        (r#"{"email": "ada"}"#, 422),
    ] {
        let answer = site.send("POST", "/auth/register", &headers, body.as_bytes());
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.header("access-control-expose-headers").contains("x-request-id"));
    }
    for path in [
        "/admin/api/v1/projects",
        "/admin/api/v1/session",
        "/admin/",
        "/readyz",
        "/metrics",
    ] {
        let answer = asks(path, "GET");
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{path}");
        let (_, headers, _) = site.page(path, &[("origin", APP)]);
        assert!(!headers.contains_key("access-control-allow-origin"), "{path}");
    }
}

#[test]
fn head_answers_like_get_without_a_body() {
    let site = Site::new();
    for path in [
        "/healthz",
        "/readyz",
        "/docs",
        "/openapi.json",
        "/admin",
        "/.well-known/jwks.json",
        "/nothing",
    ] {
        let sent = |method| http_client::send(method, &format!("{}{path}", site.base), &[], b"").unwrap();
        let (got, head) = (sent("GET"), sent("HEAD"));
        assert_eq!((head.status, head.text.as_str()), (got.status, ""), "{path}");
        for name in ["content-type", "content-length"] {
            assert_eq!(head.headers.get(name), got.headers.get(name), "{name} of {path}");
        }
    }
    for (path, methods) in [
        ("/auth/me", "GET, PATCH, DELETE"),
        ("/admin/api/v1/projects", "GET, POST"),
    ] {
        let refused = http_client::send("HEAD", &format!("{}{path}", site.base), &[], b"").unwrap();
        assert_eq!(
            (refused.status, &refused.headers["allow"].to_str().unwrap()),
            (405, &methods)
        );
    }
}

#[test]
fn keys_that_are_none_are_refused() {
    let site = Site::new();
    assert_eq!(site.send("POST", "/auth/login", &[], b"").code(), "missing_api_key");
    for key in ["pk_nope", "sk_nope", "x", "' OR 1=1 --"] {
        let answer = site.post("/auth/login", key, serde_json::json!({}));
        assert_eq!((answer.status, answer.code()), (401, "invalid_api_key"), "{key}");
    }
}

#[test]
fn the_files_of_the_data_directory_belong_to_their_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = Site::new();
    let project = site.project("a");
    // The core database is written to, and a project's own is made.
    site.register(
        &project.pk,
        serde_json::json!({ "email": "ada@example.com", "password": "correct horse battery" }),
    );
    let mut open = Vec::new();
    let mut directories = vec![site.data.path().to_owned()];
    let mut files = 0;
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            // A file that was there for a moment is gone.
            let Ok(about) = std::fs::metadata(&path) else { continue };
            files += 1;
            if about.permissions().mode() & 0o077 != 0 {
                open.push(path.clone());
            }
            if about.is_dir() {
                directories.push(path);
            }
        }
    }
    assert_eq!(open, Vec::<std::path::PathBuf>::new());
    assert!(files >= 1, "there is a key at least");
}
