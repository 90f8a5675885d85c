//! The keys that sign access tokens, and how one takes over from another.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::site::{Answer, PASSWORD, Project, Site};

const KEYS: &str = "/projects/a/environments/production/signing-keys";
const OVERLAP_MS: i64 = 600_000;

/// The key that signed an access token.
fn kid(answer: &Answer) -> String {
    let header = answer.token().split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

fn published(site: &Site, project: &Project) -> Vec<String> {
    let jwks = site.get(&format!("/.well-known/jwks.json?key={}", project.pk));
    let keys = jwks.json["keys"].as_array().unwrap();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn rotated(site: &Site, body: Value) -> String {
    let answer = site.admin("POST", &format!("{KEYS}/rotate"), Some(body));
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json["kid"].as_str().unwrap().to_owned()
}

fn states(site: &Site) -> Vec<String> {
    let answer = site.admin("GET", KEYS, None);
    let keys = answer.json["keys"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    keys.iter()
        .map(|key| key["state"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_new_key_is_published_before_it_signs_and_the_old_one_after() {
    let site = Site::with(&[("AEROCALL_TOKEN_ACCESS_SECONDS", "1200")]);
    let project = site.project("a");
    let login = || site.login(&project.pk, "ada@work.example", PASSWORD);
    let first = site.registered(&project.pk, "ada@work.example");
    let old = kid(&first);
    let new = rotated(&site, json!({}));
    assert_ne!(new, old);
    let mut both = published(&site, &project);
    both.sort();
    assert_eq!(both, [old.clone(), new.clone()], "at once, before any token names it");
    assert_eq!(states(&site), ["next", "signing"]);
    assert_eq!(kid(&login()), old);

    site.running().clock().advance_ms(OVERLAP_MS - 10_000);
    let last = login();
    assert_eq!(kid(&last), old, "as long as somebody may not know the new one");
    site.running().clock().advance_ms(20_000);
    let next = login();
    assert_eq!(kid(&next), new);
    assert_eq!(states(&site), ["signing", "verifying"]);
    for token in [first.token(), last.token(), next.token()] {
        assert_eq!(site.me(&project.pk, token).status, 200);
    }
    assert!(published(&site, &project).contains(&old), "its tokens live on");
    site.running().clock().advance_ms(2 * 86_400_000);
    assert_eq!(published(&site, &project), [new.clone()]);
    assert_eq!(kid(&login()), new);
}

#[test]
fn a_key_in_wrong_hands_is_worth_nothing_at_once() {
    let site = Site::new();
    let project = site.project("a");
    let first = site.registered(&project.pk, "ada@work.example");
    rotated(&site, json!({}));
    let new = rotated(&site, json!({ "immediately": true }));
    assert_eq!(published(&site, &project), [new.clone()]);
    assert_eq!(site.me(&project.pk, first.token()).code(), "invalid_token");
    let token = first.json["refresh_token"].as_str().unwrap();
    let again = site.post("/auth/refresh", &project.pk, json!({ "refresh_token": token }));
    assert_eq!(
        (again.status, kid(&again)),
        (200, new),
        "the session goes on with a token of the new key"
    );
    assert_eq!(site.me(&project.pk, again.token()).status, 200);
}

#[test]
fn rotation_survives_a_restart_and_another_rotation() {
    let site = Site::new();
    let project = site.project("a");
    let first = site.registered(&project.pk, "ada@work.example");
    let old = kid(&first);
    let (second, third) = (rotated(&site, json!({})), rotated(&site, json!({})));
    let site = Site::on(site.stop(), &[]);
    assert_eq!(published(&site, &project).len(), 3);
    assert_eq!(site.me(&project.pk, first.token()).status, 200);
    assert_eq!(kid(&site.login(&project.pk, "ada@work.example", PASSWORD)), old);
    site.running().clock().advance_ms(OVERLAP_MS + 5_000);
    let signing = kid(&site.login(&project.pk, "ada@work.example", PASSWORD));
    assert_eq!(signing, third, "the newest that may");
    assert!(published(&site, &project).contains(&second));
}

#[test]
fn keys_belong_to_one_environment() {
    let site = Site::new();
    let (a, b) = (site.project("a"), site.project("b"));
    let login = site.registered(&b.pk, "bob@work.example");
    rotated(&site, json!({ "immediately": true }));
    assert_eq!(
        site.me(&b.pk, login.token()).status,
        200,
        "another project's tokens are untouched"
    );
    for (method, path) in [("GET", KEYS.to_owned()), ("POST", format!("{KEYS}/rotate"))] {
        let body = (method == "POST").then(|| json!({}));
        let answer = site.admin_as(&b.sk, method, &path, body);
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{method} {path}");
    }
    assert_eq!(
        site.admin_as(&a.sk, "POST", &format!("{KEYS}/rotate"), Some(json!({})))
            .status,
        201
    );
    let listed = site.admin("GET", KEYS, None).json.to_string();
    assert!(!listed.contains("private") && !listed.contains("sealed"));
    let bad = site.admin(
        "POST",
        &format!("{KEYS}/rotate"),
        Some(json!({ "immediately": "yes", "now": true })),
    );
    assert_eq!(bad.fields(), ["immediately", "now"]);
}
