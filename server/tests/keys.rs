//! Rotation of signing keys.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::site::{PASSWORD, Project, Site};

const KEYS: &str = "/projects/a/environments/production/signing-keys";

fn rotate(site: &Site, body: Value) -> String {
    let rotated = site.admin("POST", &format!("{KEYS}/rotate"), Some(body));
    assert_eq!(rotated.status, 201, "{rotated:?}");
    rotated.json["kid"].as_str().unwrap().to_owned()
}

fn published(site: &Site, project: &Project) -> Vec<String> {
    let jwks = site.get(&format!("/.well-known/jwks.json?key={}", project.pk));
    let keys = jwks.json["keys"].as_array().unwrap();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn kid(token: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["kid"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn login(site: &Site, project: &Project) -> String {
    site.login(&project.pk, "ada@example.com", PASSWORD).token().to_owned()
}

#[test]
fn a_new_key_is_shown_before_it_signs_and_the_old_one_until_its_tokens_have_expired() {
    let site = Site::new();
    let project = site.project("a");
    let old = site.registered(&project.pk, "ada@example.com").token().to_owned();
    let next = rotate(&site, json!({}));
    assert_eq!(published(&site, &project), [next.clone(), kid(&old)], "at once");
    assert_eq!(
        kid(&login(&site, &project)),
        kid(&old),
        "nobody can be surprised by the new one"
    );

    site.running().clock().advance_ms(599_000 - 5_000);
    let last = login(&site, &project);
    assert_eq!(kid(&last), kid(&old));
    site.running().clock().advance_ms(10_000);
    assert_eq!(kid(&login(&site, &project)), next);
    assert_eq!(site.me(&project.pk, &last).status, 200, "through the overlap");
    assert_eq!(published(&site, &project).len(), 2);

    site.running().clock().advance_ms(86_400_000 + 61_000);
    assert_eq!(published(&site, &project), std::slice::from_ref(&next));
    let listed = site.admin("GET", KEYS, None);
    let states: Vec<&str> = listed.json["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["state"].as_str().unwrap())
        .collect();
    assert_eq!(states[0], "signing", "{listed:?}");
    assert!(!listed.json.to_string().contains("private"));
}

#[test]
fn a_key_in_wrong_hands_is_worth_nothing_at_once() {
    let site = Site::new();
    let project = site.project("a");
    let old = site.registered(&project.pk, "ada@example.com").token().to_owned();
    rotate(&site, json!({}));
    let next = rotate(&site, json!({ "immediately": true }));
    assert_eq!(published(&site, &project), std::slice::from_ref(&next));
    assert_eq!(site.me(&project.pk, &old).code(), "invalid_token");
    assert_eq!(kid(&login(&site, &project)), next);
    let audit = site.admin(
        "GET",
        "/projects/a/environments/production/audit?action=signing_key.rotated",
        None,
    );
    assert_eq!(audit.json["audit"][0]["data"]["immediately"], true);
    let bad = site.admin("POST", &format!("{KEYS}/rotate"), Some(json!({ "immediately": "yes" })));
    assert_eq!(bad.fields(), ["immediately"]);
}

#[test]
fn keys_are_of_one_environment() {
    let site = Site::new();
    let [a, b] = ["a", "b"].map(|id| site.project(id));
    site.registered(&a.pk, "ada@example.com");
    let before = published(&site, &b);
    rotate(&site, json!({ "immediately": true }));
    assert_eq!(published(&site, &b), before);
    assert_eq!(site.admin_as(&b.sk, "GET", KEYS, None).status, 404);
    assert_eq!(
        site.admin_as(&b.sk, "POST", &format!("{KEYS}/rotate"), Some(json!({})))
            .status,
        404
    );
}

#[test]
fn rotation_survives_a_restart_and_another_rotation() {
    let site = Site::new();
    let project = site.project("a");
    let first = site.registered(&project.pk, "ada@work.example").token().to_owned();
    let login = |site: &Site| kid(site.login(&project.pk, "ada@work.example", PASSWORD).token());
    let (second, third) = (rotate(&site, json!({})), rotate(&site, json!({})));
    let site = Site::on(site.stop(), &[]);
    assert_eq!(published(&site, &project).len(), 3);
    assert_eq!(site.me(&project.pk, &first).status, 200);
    assert_eq!(login(&site), kid(&first));
    site.running().clock().advance_ms(605_000);
    assert_eq!(login(&site), third, "the newest that may");
    assert!(published(&site, &project).contains(&second));
}
