//! Personal tokens.

use serde_json::{Value, json};

use super::{Browser, administrator, person};
use crate::{site::Site, snapshots::shown};

const USERS: &str = "/projects/a/environments/production/users";
const HOOKS: &str = "/projects/a/environments/production/hooks";

fn made(browser: &Browser<'_>, more: Value) -> (String, String) {
    let mut body = json!({ "name": "laptop" });
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    let made = browser.post("/account/tokens", body);
    assert_eq!(made.status, 201, "{made:?}");
    let text = |name: &str| made.json[name].as_str().unwrap().to_owned();
    (text("id"), text("token"))
}

#[test]
fn a_token_may_do_what_its_person_may_do_now() {
    let site = Site::new();
    site.project("a");
    site.project("b");
    let owner = person(&site, "owner", Some(("a", "owner")));
    let bob = person(&site, "bob", Some(("a", "developer")));
    let (id, token) = made(&bob, json!({}));
    assert!(token.starts_with("pat_") && token.len() > 40, "256 bits");
    let status = |method: &str, path: &str, body: Option<Value>| site.admin_as(&token, method, path, body).status;
    assert_eq!(status("GET", USERS, None), 200);
    assert_eq!(status("GET", "/projects/b", None), 404);
    assert_eq!(status("GET", "/accounts", None), 404);
    assert_eq!(status("POST", "/projects/a/tokens", Some(json!({ "name": "x" }))), 403);
    let secret = || Some(json!({ "value": "x", "hosts": ["crm.example.com"] }));
    let path = "/projects/a/environments/production/secrets/crm";
    assert_eq!(status("PUT", path, secret()), 201);
    let line = owner
        .get("/projects/a/environments/production/audit?action=secret.put")
        .json["audit"][0]
        .clone();
    assert_eq!(
        (&line["actor"], &line["actorEmail"], &line["via"]),
        (
            &json!(format!("account:{}", bob.account)),
            &json!("bob@example.com"),
            &json!(id)
        )
    );
    let member = format!("/projects/a/members/{}", bob.account);
    assert_eq!(
        owner.send("PATCH", &member, Some(json!({ "role": "viewer" }))).status,
        200
    );
    assert_eq!((status("PUT", path, secret()), status("GET", USERS, None)), (403, 200));
    assert_eq!(owner.delete(&member).status, 200);
    assert_eq!(status("GET", USERS, None), 404);
    assert_eq!(
        site.admin_as(&token, "GET", "/projects", None).json,
        json!({ "projects": [] })
    );
    assert_eq!(
        site.admin("DELETE", &format!("/accounts/{}", bob.account), None).status,
        200
    );
    assert_eq!(status("GET", "/projects", None), 401);
}

#[test]
fn a_token_is_limited_to_its_scopes_its_project_and_its_environment() {
    let site = Site::new();
    site.project("a");
    site.project("b");
    let staging = Some(json!({ "name": "staging" }));
    assert_eq!(site.admin("POST", "/projects/a/environments", staging).status, 201);
    let ada = administrator(&site, "ada");
    let status = |token: &str, path: &str| site.admin_as(token, "GET", path, None).status;
    let (_, scoped) = made(&ada, json!({ "scopes": ["hooks:read"] }));
    assert_eq!((status(&scoped, HOOKS), status(&scoped, USERS)), (200, 403));
    assert_eq!(
        (status(&scoped, "/accounts"), status(&scoped, "/projects/b")),
        (403, 200)
    );
    let (_, of_a) = made(&ada, json!({ "project": "a" }));
    assert_eq!(
        (
            status(&of_a, USERS),
            status(&of_a, "/projects/b"),
            status(&of_a, "/accounts")
        ),
        (200, 404, 404)
    );
    let listed = site.admin_as(&of_a, "GET", "/projects", None).json["projects"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    let (_, of_staging) = made(&ada, json!({ "project": "a", "environment": "staging" }));
    let staging = "/projects/a/environments/staging/users";
    assert_eq!((status(&of_staging, USERS), status(&of_staging, staging)), (404, 200));
    for token in [&of_staging, &scoped] {
        let made = site.admin_as(token, "POST", "/projects/a/tokens", Some(json!({ "name": "x" })));
        assert_eq!(
            (made.status, made.code()),
            (403, "forbidden"),
            "about more than its place"
        );
    }
    for (body, field) in [
        (json!({ "scopes": ["all"] }), "scopes"),
        (json!({ "scopes": [] }), "scopes"),
        (json!({ "project": "nope" }), "project"),
        (json!({ "project": "../a" }), "project"),
        (json!({ "environment": "staging" }), "environment"),
        (
            json!({ "project": "a", "environment": "staging", "scopes": ["project:manage"] }),
            "scopes",
        ),
        (json!({ "project": "a", "environment": "nope" }), "environment"),
        (json!({ "expiresAt": "2020-01-01T00:00:00Z" }), "expiresAt"),
    ] {
        let mut sent = json!({ "name": "x" });
        sent.as_object_mut().unwrap().extend(body.as_object().cloned().unwrap());
        let refused = ada.post("/account/tokens", sent);
        assert_eq!((refused.status, refused.fields()), (422, vec![field]), "{body}");
    }
    // Somebody cannot find out by this which projects there are.
    let bob = person(&site, "bob", Some(("a", "viewer")));
    assert_eq!(
        bob.post("/account/tokens", json!({ "name": "x", "project": "b" }))
            .fields(),
        ["project"]
    );
    // What is deleted takes its tokens along.
    let gone = Some(json!({ "confirm": "staging" }));
    assert_eq!(
        site.admin("DELETE", "/projects/a/environments/staging", gone).status,
        202
    );
    assert_eq!(status(&of_staging, "/projects"), 401);
    assert_eq!(
        site.admin("DELETE", "/projects/a", Some(json!({ "confirm": "a" })))
            .status,
        202
    );
    assert_eq!((status(&of_a, "/projects"), status(&scoped, "/projects")), (401, 200));
}

#[test]
fn a_token_is_listed_revoked_and_revokes_itself_and_changes_nothing_of_its_account() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    let (first, token) = made(&ada, json!({}));
    let (second, other) = made(&ada, json!({ "scopes": ["hooks:deploy"] }));
    insta::assert_snapshot!(shown(&ada.get("/account/tokens")), @r#"
    200 {
      "tokens": [
        {
          "id": "ptk_[…]",
          "name": "laptop",
          "scopes": [
            "project:read",
            "hooks:read",
            "hooks:deploy"
          ],
          "project": null,
          "environment": null,
          "createdAt": "[time]",
          "lastUsedAt": null,
          "expiresAt": null
        },
        {
          "id": "ptk_[…]",
          "name": "laptop",
          "scopes": null,
          "project": null,
          "environment": null,
          "createdAt": "[time]",
          "lastUsedAt": null,
          "expiresAt": null
        }
      ]
    }
    "#);
    for (method, path, body) in [
        ("GET", "/account/tokens", None),
        ("POST", "/account/tokens", Some(json!({ "name": "x" }))),
        ("DELETE", "/account/sessions", None),
        (
            "POST",
            "/account/password",
            Some(json!({ "currentPassword": "x", "password": "y" })),
        ),
        ("POST", "/session/confirm", Some(json!({ "password": "x" }))),
    ] {
        let refused = site.admin_as(&token, method, path, body);
        assert_eq!((refused.status, refused.code()), (403, "forbidden"), "{method} {path}");
    }
    let who = site.admin_as(&token, "GET", "/session", None).json;
    assert_eq!(
        (&who["by"], &who["id"], &who["account"]["email"]),
        (&json!("personal_token"), &json!(first), &json!("ada@example.com"))
    );
    let bob = person(&site, "bob", None);
    assert_eq!(
        bob.delete(&format!("/account/tokens/{second}")).status,
        404,
        "of somebody else"
    );
    assert_eq!(ada.delete(&format!("/account/tokens/{second}")).status, 200);
    assert_eq!(site.admin_as(&other, "GET", "/projects", None).status, 401);
    assert_eq!(
        site.admin_as(&token, "DELETE", "/session", None).json,
        json!({ "deleted": first })
    );
    assert_eq!(site.admin_as(&token, "GET", "/projects", None).status, 401);
    assert_eq!(ada.get("/session").status, 200);
}
