//! Admin tokens and API keys: listed without secrets, rotated, revoked; by whom, and with effect at every node.

use serde_json::{Value, json};

use crate::{
    nodes::KEY,
    services::Postgres,
    site::{Answer, Project, Site, until},
};

const KEYS: &str = "/projects/a/environments/production/keys";
const TOKENS: &str = "/projects/a/tokens";

fn made(answer: Answer, secret: &str) -> (String, String) {
    assert_eq!(answer.status, 201, "{answer:?}");
    let text = |name: &str| answer.json[name].as_str().unwrap().to_owned();
    (text("id"), text(secret))
}

fn token(site: &Site, path: &str, name: &str) -> (String, String) {
    made(site.admin("POST", path, Some(json!({ "name": name }))), "token")
}

fn works(site: &Site, token: &str) -> bool {
    site.admin_as(token, "GET", "/projects", None).status == 200
}

fn opens(site: &Site, key: &str) -> bool {
    let path = "/auth/login";
    let answer = site.post(
        path,
        key,
        json!({ "email": "x@example.com", "password": "wrong horse battery" }),
    );
    answer.code() == "invalid_credentials"
}

fn actions(site: &Site, path: &str) -> Vec<String> {
    let listed = site.admin("GET", path, None).json;
    let lines = listed["audit"].as_array().unwrap_or_else(|| panic!("{listed}"));
    lines
        .iter()
        .rev()
        .map(|line| line["action"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn admin_tokens_are_listed_without_secrets_rotated_and_revoked() {
    let site = Site::new();
    let (id, ci) = token(&site, "/tokens", "ci");
    assert!(ci.starts_with("at_") && works(&site, &ci));
    let listed = until(|| {
        let listed = site.admin("GET", "/tokens", None).json;
        // Written down beside the request.
        listed["tokens"][0]["lastUsedAt"].is_string().then_some(listed)
    });
    assert_eq!(listed["tokens"].as_array().unwrap().len(), 2, "{listed}");
    assert_eq!(
        (&listed["tokens"][0]["id"], &listed["tokens"][0]["name"]),
        (&json!(id), &json!("ci"))
    );
    assert_eq!(listed["tokens"][0]["expiresAt"], Value::Null);
    for secret in [&ci, &site.admin_token] {
        assert!(!listed.to_string().contains(secret.as_str()), "{listed}");
    }

    let rotate = |id: &str, body: Value| made(site.admin("POST", &format!("/tokens/{id}/rotate"), Some(body)), "token");
    let (second, at_once) = rotate(&id, json!({}));
    assert!(
        !works(&site, &ci) && works(&site, &at_once),
        "without an overlap the old one ends"
    );
    let (third, beside) = rotate(&second, json!({ "overlapSeconds": 60 }));
    assert!(works(&site, &at_once) && works(&site, &beside));
    site.running().clock().advance_ms(61_000);
    assert!(!works(&site, &at_once) && works(&site, &beside));
    assert_eq!(
        site.admin("POST", &format!("/tokens/{second}/rotate"), Some(json!({})))
            .status,
        404,
        "it has ended"
    );

    assert_eq!(
        site.admin("DELETE", &format!("/tokens/{third}"), None).json,
        json!({ "deleted": third })
    );
    assert!(!works(&site, &beside));
    assert_eq!(site.admin("DELETE", &format!("/tokens/{third}"), None).status, 404);
    let all = actions(&site, "/audit");
    let own = [
        "admin_token.created",
        "admin_token.rotated",
        "admin_token.rotated",
        "admin_token.revoked",
    ];
    assert!(all.ends_with(&own.map(str::to_owned)), "{all:?}");
}

#[test]
fn the_last_admin_token_of_the_server_stays() {
    let site = Site::new();
    let own = site.admin("GET", "/tokens", None).json["tokens"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let revoke = |id: &str| site.admin("DELETE", &format!("/tokens/{id}"), None);
    let refused = revoke(&own);
    assert_eq!((refused.status, refused.code()), (409, "last_admin_token"));
    // One of a project is none of the server, and one that has expired is none.
    site.project("a");
    token(&site, TOKENS, "owner");
    let soon = json!({ "name": "soon", "expiresAt": "2999-01-01T00:00:00Z" });
    let (soon, _) = made(site.admin("POST", "/tokens", Some(soon)), "token");
    assert_eq!(revoke(&soon).status, 200);
    assert_eq!(revoke(&own).code(), "last_admin_token");
    let (_, other) = token(&site, "/tokens", "other");
    assert_eq!(revoke(&own).status, 200);
    assert!(works(&site, &other) && !works(&site, &site.admin_token));
}

#[test]
fn a_token_or_key_ends_when_it_expires_and_its_successor_has_as_long() {
    let site = Site::new();
    site.project("a");
    let now = site.admin("GET", "/projects", None).json["projects"][0]["createdAt"].clone();
    let past = json!({ "name": "late", "expiresAt": now });
    assert_eq!(site.admin("POST", "/tokens", Some(past)).fields(), ["expiresAt"]);
    let bad = json!({ "kind": "secret", "expiresAt": "tomorrow" });
    assert_eq!(site.admin("POST", KEYS, Some(bad)).fields(), ["expiresAt"]);
    let year = json!({ "kind": "secret", "expiresAt": "2036-01-01T00:00:00Z" });
    let (id, key) = made(site.admin("POST", KEYS, Some(year)), "key");
    let (_, next) = made(
        site.admin(
            "POST",
            &format!("{KEYS}/{id}/rotate"),
            Some(json!({ "overlapSeconds": 2_592_000 })),
        ),
        "key",
    );
    let listed = site.admin("GET", KEYS, None).json;
    let expires = |n: usize| listed["keys"][n]["expiresAt"].as_str().unwrap().to_owned();
    assert!(
        expires(0).starts_with("203") && expires(0).as_str() >= "2036-01-01",
        "{listed}"
    );
    assert!(expires(1) < expires(0), "the old one ends with the overlap: {listed}");
    assert!(opens(&site, &key) && opens(&site, &next));
    site.running().clock().advance_ms(31 * 86_400_000);
    assert!(!opens(&site, &key) && opens(&site, &next));
    site.running().clock().advance_ms(4_000 * 86_400_000);
    assert!(!opens(&site, &next));
}

#[test]
fn api_keys_are_listed_created_rotated_and_revoked() {
    let site = Site::new();
    let project = site.project("a");
    let listed = site.admin_as(&project.sk, "GET", KEYS, None).json;
    let keys = listed["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2, "{listed}");
    assert!(!listed.to_string().contains(&project.sk));
    let of_kind = |kind: &str| keys.iter().find(|key| key["kind"] == kind).unwrap().clone();
    assert_eq!(of_kind("publishable")["key"], project.pk.as_str());
    assert_eq!(of_kind("secret")["key"], Value::Null);
    let (publishable, secret) = (of_kind("publishable")["id"].clone(), of_kind("secret")["id"].clone());

    let rotate = |id: &Value, body: Value| {
        let path = format!("{KEYS}/{}/rotate", id.as_str().unwrap());
        made(site.admin("POST", &path, Some(body)), "key").1
    };
    let pk = rotate(&publishable, json!({ "overlapSeconds": 600 }));
    assert!(pk.starts_with("pk_") && opens(&site, &pk) && opens(&site, &project.pk));
    let sk = rotate(&secret, json!({}));
    assert!(sk.starts_with("sk_") && opens(&site, &sk) && works(&site, &sk));
    assert!(!opens(&site, &project.sk) && !works(&site, &project.sk));
    site.running().clock().advance_ms(601_000);
    assert!(!opens(&site, &project.pk) && opens(&site, &pk));

    let (id, extra) = made(
        site.admin("POST", KEYS, Some(json!({ "kind": "secret", "name": "backend" }))),
        "key",
    );
    assert!(opens(&site, &extra));
    assert_eq!(site.admin("DELETE", &format!("{KEYS}/{id}"), None).status, 200);
    assert!(!opens(&site, &extra) && !works(&site, &extra));
    assert_eq!(
        site.admin("POST", KEYS, Some(json!({ "kind": "root" }))).fields(),
        ["kind"]
    );
    let own = [
        "api_key.rotated",
        "api_key.rotated",
        "api_key.created",
        "api_key.revoked",
    ];
    let all = actions(&site, "/projects/a/environments/production/audit");
    assert!(all.ends_with(&own.map(str::to_owned)), "{all:?}");
}

/// A request of the admin API.
type Asked = (&'static str, String, Option<Value>);

/// What those who run project `a` may do, with the ids of a token and a key of it.
fn of_project(token: &str, key: &str) -> Vec<Asked> {
    let name = || Some(json!({ "name": "x" }));
    let overlap = || Some(json!({ "overlapSeconds": 600 }));
    vec![
        ("GET", TOKENS.to_owned(), None),
        ("POST", TOKENS.to_owned(), name()),
        ("POST", format!("{TOKENS}/{token}/rotate"), overlap()),
        ("POST", KEYS.to_owned(), Some(json!({ "kind": "publishable" }))),
        ("POST", format!("{KEYS}/{key}/rotate"), overlap()),
        ("DELETE", format!("{KEYS}/{key}"), None),
        ("PATCH", "/projects/a".to_owned(), name()),
        (
            "PATCH",
            "/projects/a/environments/staging".to_owned(),
            Some(json!({ "displayName": "x" })),
        ),
    ]
}

/// What only those who run the server may do, with the id of one of their tokens and of one of project `a`.
fn of_server(server: &str, token: &str) -> Vec<Asked> {
    let confirm = |name: &str| Some(json!({ "confirm": name }));
    vec![
        ("GET", "/tokens".to_owned(), None),
        ("POST", "/tokens".to_owned(), Some(json!({ "name": "x" }))),
        ("POST", format!("/tokens/{server}/rotate"), Some(json!({}))),
        ("DELETE", format!("/tokens/{server}"), None),
        ("DELETE", format!("/tokens/{token}"), None),
        ("DELETE", "/projects/a".to_owned(), confirm("a")),
        (
            "DELETE",
            "/projects/a/environments/staging".to_owned(),
            confirm("staging"),
        ),
        (
            "POST",
            "/projects/a/environments".to_owned(),
            Some(json!({ "name": "more" })),
        ),
        ("GET", "/audit".to_owned(), None),
    ]
}

#[test]
fn keys_and_tokens_are_managed_by_those_who_run_the_project_and_by_nobody_else() {
    let site = Site::new();
    let [a, b] = ["a", "b"].map(|id| site.project(id));
    site.admin("POST", "/projects/a/environments", Some(json!({ "name": "staging" })));
    let (id, owner) = token(&site, TOKENS, "owner");
    assert!(owner.starts_with("pt_"));
    let (_, stranger) = token(&site, "/projects/b/tokens", "stranger");
    let first = |path: &str, list: &str| {
        site.admin("GET", path, None).json[list][0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let of_project = of_project(&id, &first(KEYS, "keys"));
    let of_server = of_server(&first("/tokens", "tokens"), &id);
    for (method, path, body) in of_project.iter().chain(&of_server) {
        for who in [&b.sk, &a.sk, &stranger] {
            let answer = site.admin_as(who, method, path, body.clone());
            assert_eq!(
                (answer.status, answer.code()),
                (404, "not_found"),
                "{method} {path} as {who}"
            );
        }
        let nobody = site.admin_as("pt_x", method, path, body.clone());
        assert_eq!(nobody.status, 401, "{method} {path}");
    }
    for (method, path, body) in &of_server {
        let answer = site.admin_as(&owner, method, path, body.clone());
        assert_eq!(answer.status, 404, "{method} {path}");
    }
    for (method, path, body) in &of_project {
        let answer = site.admin_as(&owner, method, path, body.clone());
        assert!(matches!(answer.status, 200 | 201), "{method} {path}: {answer:?}");
    }
}

#[test]
fn a_token_of_a_project_opens_all_its_environments_and_no_other_project() {
    let site = Site::new();
    let [_, b] = ["a", "b"].map(|id| site.project(id));
    site.admin("POST", "/projects/a/environments", Some(json!({ "name": "staging" })));
    let (_, owner) = token(&site, TOKENS, "owner");
    let seen = site.admin_as(&owner, "GET", "/projects", None).json;
    assert_eq!(seen["projects"].as_array().unwrap().len(), 1);
    for (path, status) in [
        ("/projects/a/environments/staging/hooks", 200),
        ("/projects/a/environments/production/users", 200),
        ("/projects/a/environments/none/hooks", 404),
        ("/projects/b/environments/production/hooks", 404),
    ] {
        assert_eq!(site.admin_as(&owner, "GET", path, None).status, status, "{path}");
    }
    // Ids of another project's keys name nothing here.
    let theirs = site.admin("GET", "/projects/b/environments/production/keys", None).json;
    let theirs = theirs["keys"][0]["id"].as_str().unwrap();
    assert_eq!(site.admin("DELETE", &format!("{KEYS}/{theirs}"), None).status, 404);
    assert!(opens(&site, &b.pk) && opens(&site, &b.sk));
}

#[test]
fn there_are_only_so_many_keys_of_an_environment() {
    let site = Site::new();
    site.project("a");
    let create = || site.admin("POST", KEYS, Some(json!({ "kind": "publishable" })));
    for _ in 0..48 {
        assert_eq!(create().status, 201);
    }
    assert_eq!(create().code(), "limit_reached");
    let id = site.admin("GET", KEYS, None).json["keys"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(site.admin("DELETE", &format!("{KEYS}/{id}"), None).status, 200);
    assert_eq!(create().status, 201);
}

/// What one node revokes, rotates or creates is so at the other one with the next request.
fn follows_at_once(one: &Site, other: &Site) {
    let Project { pk, sk, .. } = one.project("a");
    assert!(opens(other, &pk) && works(other, &sk));
    let (id, owner) = token(one, TOKENS, "owner");
    assert!(works(other, &owner));
    assert_eq!(one.admin("DELETE", &format!("{TOKENS}/{id}"), None).status, 200);
    assert!(!works(other, &owner));
    for key in one.admin("GET", KEYS, None).json["keys"].as_array().unwrap() {
        let path = format!("{KEYS}/{}/rotate", key["id"].as_str().unwrap());
        let (_, new) = made(one.admin("POST", &path, Some(json!({}))), "key");
        assert!(opens(other, &new));
    }
    assert!(!opens(other, &pk) && !opens(other, &sk));
}

#[test]
fn every_node_knows_at_once_on_postgresql() {
    let Some(core) = Postgres::new() else { return };
    let url = core.url(Postgres::ADDRESS);
    let env = [("AEROCALL_DATABASE_URL", url.as_str()), ("AEROCALL_MASTER_KEY", KEY)];
    let node = || Site::on(tempfile::tempdir().unwrap(), &env);
    follows_at_once(&node(), &node());
}

#[test]
fn every_node_knows_at_once_on_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/core.db", directory.path().display());
    let env = [("AEROCALL_DATABASE_URL", url.as_str()), ("AEROCALL_MASTER_KEY", KEY)];
    let node = || Site::on(tempfile::tempdir().unwrap(), &env);
    follows_at_once(&node(), &node());
}
