//! Invitations by link.

use serde_json::{Value, json};

use super::{
    administrator,
    browser::{Browser, PASSWORD, ask, sign_in},
    person,
};
use crate::{
    site::{Answer, Site},
    snapshots::{document, shown},
};

const DAY_MS: i64 = 86_400_000;

fn accept(site: &Site, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password });
    ask(site, "POST", "/invitations/accept", &[], Some(body))
}

fn invite(browser: &Browser<'_>, email: &str, role: &str) -> Value {
    let made = browser.post("/projects/a/invitations", json!({ "email": email, "role": role }));
    assert_eq!(made.status, 201, "{made:?}");
    made.json
}

fn token(invitation: &Value) -> &str {
    invitation["token"].as_str().unwrap()
}

#[test]
fn a_link_makes_a_member_once() {
    let site = Site::with(&[("AEROCALL_PUBLIC_URL", "https://auth.example.com")]);
    site.project("a");
    let owner = person(&site, "owner", Some(("a", "owner")));
    let invited = invite(&owner, "Bob@Example.com", "developer");
    let link = format!("https://auth.example.com/admin/invitation#{}", token(&invited));
    assert_eq!(invited["link"], json!(link));
    let listed = owner.get("/projects/a/invitations");
    insta::assert_snapshot!(shown(&listed), @r#"
    200 {
      "invitations": [
        {
          "id": "ivt_[…]",
          "email": "Bob@example.com",
          "role": "developer",
          "createdBy": "account:acc_[…]",
          "createdAt": "[time]",
          "expiresAt": "[time]"
        }
      ]
    }
    "#);
    assert_eq!(
        sign_in(&site, "bob@example.com", PASSWORD).status,
        401,
        "there is no account yet"
    );
    assert_eq!(accept(&site, token(&invited), "short").fields(), ["password"]);
    let accepted = accept(&site, token(&invited), PASSWORD);
    insta::assert_snapshot!(shown(&accepted), @r#"
    201 {
      "account": {
        "id": "acc_[…]",
        "email": "Bob@example.com",
        "isAdministrator": false,
        "hasTotp": false,
        "createdAt": "[time]"
      },
      "project": "a",
      "role": "developer"
    }
    "#);
    assert_eq!(accepted.header("set-cookie"), "");
    let again = accept(&site, token(&invited), PASSWORD);
    assert_eq!((again.status, again.code()), (401, "invalid_code"), "it is used");
    assert_eq!(owner.get("/projects/a/invitations").json, json!({ "invitations": [] }));

    let bob = Browser::signed_in(
        &site,
        accepted.json["account"]["id"].as_str().unwrap(),
        "bob@example.com",
    );
    assert_eq!(
        bob.get("/session").json["roles"],
        json!([{ "project": "a", "role": "developer" }])
    );
}

#[test]
fn an_invitation_that_was_accepted_is_a_line_of_whoever_accepted_it() {
    let site = Site::new();
    site.project("a");
    let owner = person(&site, "owner", Some(("a", "owner")));
    let invited = invite(&owner, "Bob@example.com", "developer");
    assert_eq!(accept(&site, token(&invited), PASSWORD).status, 201);
    let lines = site.admin(
        "GET",
        "/projects/a/environments/production/audit?action=invitation.accepted",
        None,
    );
    let mut line = lines.json["audit"][0].clone();
    line["via"] = json!("[invitation]");
    insta::assert_snapshot!(document(&line), @r#"
    {
      "id": "aud_[…]",
      "project": "a",
      "environment": null,
      "time": "[time]",
      "actor": "account:acc_[…]",
      "actorEmail": "Bob@example.com",
      "via": "[invitation]",
      "action": "invitation.accepted",
      "target": "ivt_[…]",
      "ip": "127.0.0.1",
      "requestId": "req_[…]",
      "data": {
        "account": "acc_[…]",
        "email": "Bob@example.com",
        "newAccount": true,
        "after": {
          "role": "developer"
        },
        "invitedBy": "account:acc_[…]"
      }
    }
    "#);
}

#[test]
fn a_link_ends_with_its_time_its_revocation_and_its_successor() {
    let site = Site::new();
    site.project("a");
    site.project("b");
    let owner = person(&site, "owner", Some(("a", "owner")));
    let first = invite(&owner, "bob@example.com", "developer");
    let second = invite(&owner, "BOB@example.com", "viewer");
    assert_eq!(
        accept(&site, token(&first), PASSWORD).code(),
        "invalid_code",
        "replaced"
    );
    let id = second["id"].as_str().unwrap();
    let other = person(&site, "other", Some(("b", "owner")));
    assert_eq!(
        other.delete(&format!("/projects/b/invitations/{id}")).status,
        404,
        "of another project"
    );
    assert_eq!(
        site.admin("DELETE", &format!("/invitations/{id}"), None).status,
        404,
        "not of the server"
    );
    assert_eq!(owner.delete(&format!("/projects/a/invitations/{id}")).status, 200);
    assert_eq!(owner.delete(&format!("/projects/a/invitations/{id}")).status, 404);
    assert_eq!(
        accept(&site, token(&second), PASSWORD).code(),
        "invalid_code",
        "revoked"
    );
    for wrong in ["ivt_x", "x", "set_x"] {
        assert_eq!(accept(&site, wrong, PASSWORD).code(), "invalid_code");
    }
    let third = invite(&owner, "bob@example.com", "viewer");
    site.running().clock().advance_ms(7 * DAY_MS);
    assert_eq!(accept(&site, token(&third), PASSWORD).code(), "invalid_code", "over");
    assert_eq!(
        site.admin("GET", "/projects/a/invitations", None).json,
        json!({ "invitations": [] })
    );
}

#[test]
fn whoever_has_an_account_joins_with_its_password_and_keeps_the_role_that_is_more() {
    let site = Site::new();
    site.project("a");
    let owner = person(&site, "owner", Some(("a", "owner")));
    let bob = person(&site, "bob", None);
    let invited = invite(&owner, "bob@example.com", "developer");
    let wrong = accept(&site, token(&invited), "wrong horse battery");
    assert_eq!((wrong.status, wrong.code()), (401, "invalid_credentials"));
    assert_eq!(bob.get("/projects").json, json!({ "projects": [] }));
    assert_eq!(accept(&site, token(&invited), PASSWORD).status, 201);
    assert_eq!(
        bob.get("/projects").json["projects"][0]["id"],
        json!("a"),
        "in the session that there is"
    );
    let less = invite(&owner, "bob@example.com", "viewer");
    assert_eq!(accept(&site, token(&less), PASSWORD).status, 201);
    assert_eq!(bob.get("/session").json["roles"][0]["role"], json!("developer"));
    let more = invite(&owner, "bob@example.com", "owner");
    assert_eq!(accept(&site, token(&more), PASSWORD).status, 201);
    assert_eq!(bob.get("/session").json["roles"][0]["role"], json!("owner"));
}

#[test]
fn administrators_invite_administrators_and_nobody_else_does() {
    let site = Site::new();
    site.project("a");
    let ada = administrator(&site, "ada");
    let owner = person(&site, "owner", Some(("a", "owner")));
    assert_eq!(
        owner.post("/invitations", json!({ "email": "bob@example.com" })).status,
        404
    );
    let made = ada.post("/invitations", json!({ "email": "bob@example.com" }));
    assert_eq!((made.status, &made.json["role"]), (201, &json!(null)), "{made:?}");
    assert_eq!(
        made.json["email"],
        ada.get("/invitations").json["invitations"][0]["email"]
    );
    assert_eq!(
        owner.get("/projects/a/invitations").json,
        json!({ "invitations": [] }),
        "not of the project"
    );
    let accepted = accept(&site, token(&made.json), PASSWORD);
    assert_eq!(accepted.json["account"]["isAdministrator"], json!(true), "{accepted:?}");
    let bob = Browser::signed_in(
        &site,
        accepted.json["account"]["id"].as_str().unwrap(),
        "bob@example.com",
    );
    assert_eq!(bob.get("/accounts").status, 200);
    assert_eq!(bob.get("/projects").json["projects"][0]["id"], json!("a"));
    assert_eq!(
        ada.post("/invitations", json!({ "email": "x", "role": "owner" }))
            .fields(),
        ["email", "role"]
    );
}

#[test]
fn of_many_who_show_a_link_at_once_one_account_comes() {
    let site = Site::new();
    site.project("a");
    let owner = person(&site, "owner", Some(("a", "owner")));
    let invited = invite(&owner, "bob@example.com", "viewer");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let shown: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| accept(&site, token(&invited), PASSWORD).status))
            .collect();
        shown.into_iter().map(|shown| shown.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    let all = site.admin("GET", "/accounts", None).json["accounts"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(all, 2);
}
