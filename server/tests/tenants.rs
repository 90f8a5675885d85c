//! Two projects on one server do not see each other.

use serde_json::json;

use crate::site::{PASSWORD, Site};

#[test]
fn users_belong_to_their_project() {
    let site = Site::new();
    let (a, b) = (site.project("a"), site.project("b"));
    site.registered(&a.pk, "ada@example.com");
    assert_eq!(
        site.login(&b.pk, "ada@example.com", PASSWORD).code(),
        "invalid_credentials"
    );
    site.registered(&b.pk, "ada@example.com");
    assert_eq!(
        site.login(&a.sk, "ada@example.com", PASSWORD).status,
        200,
        "a secret key opens the auth API as well"
    );
}

#[test]
fn a_token_of_one_project_is_refused_with_the_key_of_another() {
    let site = Site::new();
    let (a, b) = (site.project("a"), site.project("b"));
    let token = site.registered(&a.pk, "ada@example.com").token().to_owned();
    assert_eq!(site.me(&a.pk, &token).status, 200);
    let crossed = site.me(&b.pk, &token);
    assert_eq!((crossed.status, crossed.code()), (401, "invalid_token"));
    let keys = |pk: &str| site.get(&format!("/.well-known/jwks.json?key={pk}")).json["keys"].clone();
    assert_ne!(keys(&a.pk), keys(&b.pk));
}

#[test]
fn a_secret_key_opens_the_admin_api_of_its_own_project_only() {
    let site = Site::new();
    let (a, b) = (site.project("a"), site.project("b"));
    let seen = site.admin_as(&a.sk, "GET", "/projects", None).json;
    assert_eq!(seen["projects"].as_array().unwrap().len(), 1);
    assert_eq!(seen["projects"][0]["id"], "a");
    for path in [
        format!("/projects/{}/hooks/x/versions", b.id),
        format!("/projects/{}/environments/production/deployments", b.id),
        format!("/projects/{}/environments/production/hooks", b.id),
        format!("/projects/{}/environments/staging/hooks", a.id),
        "/projects/nothing/environments/production/hooks".to_owned(),
    ] {
        let answer = site.admin_as(&a.sk, "GET", &path, None);
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{path}");
    }
    let deploy = "/projects/b/environments/production/deployments";
    assert_eq!(
        site.admin_as(&a.sk, "POST", deploy, Some(json!({ "hooks": [] })))
            .status,
        404
    );
    assert_eq!(
        site.admin_as(&a.sk, "POST", "/projects", Some(json!({ "id": "c" })))
            .status,
        404
    );
    assert_eq!(
        site.admin_as(&a.sk, "GET", "/projects/a/environments/production/hooks", None)
            .status,
        200
    );
    for token in [a.pk.as_str(), "nope", ""] {
        let answer = site.admin_as(token, "GET", "/projects", None);
        assert_eq!((answer.status, answer.code()), (401, "unauthorized"), "{token}");
    }
}
