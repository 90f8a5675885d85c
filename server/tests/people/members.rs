//! Members of projects, and accounts as administrators see them.

use serde_json::json;

use super::{administrator, browser::PASSWORD, person};
use crate::{
    site::Site,
    snapshots::{document, shown},
};

#[test]
fn members_are_added_changed_and_removed_and_it_holds_at_once() {
    let site = Site::new();
    site.project("a");
    let owner = person(&site, "owner", Some(("a", "owner")));
    let bob = person(&site, "bob", None);
    assert_eq!(bob.get("/projects/a").status, 404);
    let added = owner.post(
        "/projects/a/members",
        json!({ "email": "BOB@example.com", "role": "viewer" }),
    );
    insta::assert_snapshot!(shown(&added), @r#"
    201 {
      "id": "acc_[…]",
      "email": "bob@example.com",
      "role": "viewer",
      "since": "[time]"
    }
    "#);
    let again = owner.post(
        "/projects/a/members",
        json!({ "email": "bob@example.com", "role": "viewer" }),
    );
    assert_eq!((again.status, again.code()), (409, "member_exists"));
    let nobody = owner.post(
        "/projects/a/members",
        json!({ "email": "nobody@example.com", "role": "viewer" }),
    );
    assert_eq!((nobody.status, nobody.fields()), (422, vec!["email"]));
    let wrong = owner.post("/projects/a/members", json!({ "email": "x", "role": "admin" }));
    assert_eq!((wrong.status, wrong.fields()), (422, vec!["email", "role"]));

    let path = format!("/projects/a/members/{}", bob.account);
    let secrets = "/projects/a/environments/production/secrets/crm";
    let put = || {
        bob.send(
            "PUT",
            secrets,
            Some(json!({ "value": "x", "hosts": ["crm.example.com"] })),
        )
    };
    assert_eq!((put().status, put().code()), (403, "forbidden"));
    assert_eq!(
        bob.send("PATCH", &path, Some(json!({ "role": "owner" }))).code(),
        "forbidden"
    );
    assert_eq!(
        owner.send("PATCH", &path, Some(json!({ "role": "developer" }))).status,
        200
    );
    assert_eq!(put().status, 201, "from the next request on");
    assert_eq!(
        owner.get("/projects/a/members").json["members"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(owner.delete(&path).json, json!({ "deleted": bob.account }));
    assert_eq!(put().status, 404, "at once");
    assert_eq!(bob.get("/projects").json, json!({ "projects": [] }));
    assert_eq!(
        (
            owner.delete(&path).status,
            owner.send("PATCH", &path, Some(json!({ "role": "owner" }))).status
        ),
        (404, 404)
    );
}

#[test]
fn the_log_says_who_made_whom_a_member_and_from_what_to_what() {
    let site = Site::new();
    site.project("a");
    let owner = person(&site, "owner", Some(("a", "owner")));
    let bob = person(&site, "bob", None);
    let path = format!("/projects/a/members/{}", bob.account);
    let added = owner.post(
        "/projects/a/members",
        json!({ "email": "bob@example.com", "role": "viewer" }),
    );
    assert_eq!(added.status, 201);
    assert_eq!(
        owner.send("PATCH", &path, Some(json!({ "role": "developer" }))).status,
        200
    );
    assert_eq!(owner.delete(&path).status, 200);
    let audit = owner.get("/projects/a/environments/production/audit?limit=200").json["audit"].clone();
    let of_members = audit
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["target"] == json!(bob.account) && line["actorEmail"] == json!("owner@example.com"));
    let lines: Vec<_> = of_members
        .map(|line| json!({ "action": line["action"], "data": line["data"], "ip": line["ip"] }))
        .collect();
    insta::assert_snapshot!(document(&json!(lines)), @r#"
    [
      {
        "action": "member.removed",
        "data": {
          "email": "bob@example.com",
          "before": {
            "role": "developer"
          }
        },
        "ip": "127.0.0.1"
      },
      {
        "action": "member.changed",
        "data": {
          "email": "bob@example.com",
          "before": {
            "role": "viewer"
          },
          "after": {
            "role": "developer"
          }
        },
        "ip": "127.0.0.1"
      },
      {
        "action": "member.added",
        "data": {
          "email": "bob@example.com",
          "after": {
            "role": "viewer"
          }
        },
        "ip": "127.0.0.1"
      }
    ]
    "#);
    let via = audit[0]["via"].as_str().unwrap();
    assert_eq!(via, owner.get("/session").json["id"].as_str().unwrap());
}

#[test]
fn a_project_keeps_an_owner_whoever_removes_them() {
    let site = Site::new();
    site.project("a");
    let ada = administrator(&site, "ada");
    let owner = person(&site, "owner", Some(("a", "owner")));
    let own = format!("/projects/a/members/{}", owner.account);
    for by in [&owner, &ada] {
        let gone = by.delete(&own);
        assert_eq!((gone.status, gone.code()), (409, "last_owner"));
        let less = by.send("PATCH", &own, Some(json!({ "role": "viewer" })));
        assert_eq!((less.status, less.code()), (409, "last_owner"));
    }
    let account = format!("/accounts/{}", owner.account);
    let gone = ada.delete(&account);
    assert_eq!((gone.status, gone.code()), (409, "last_owner"), "{gone:?}");
    assert!(gone.json.to_string().contains("project a"));
    let second = person(&site, "second", Some(("a", "owner")));
    assert_eq!(owner.delete(&own).status, 200, "of oneself");
    assert_eq!(owner.get("/projects/a").status, 404);
    let own = format!("/projects/a/members/{}", second.account);
    assert_eq!(second.delete(&own).code(), "last_owner");
    assert_eq!(ada.delete(&account).status, 200);
    assert_eq!(owner.get("/session").status, 401);
}

#[test]
fn of_two_owners_who_remove_each_other_at_once_one_stays() {
    for _ in 0..5 {
        let site = Site::new();
        site.project("a");
        let one = person(&site, "one", Some(("a", "owner")));
        let two = person(&site, "two", Some(("a", "owner")));
        let remove = |by: &super::Browser<'_>, other: &super::Browser<'_>| {
            by.delete(&format!("/projects/a/members/{}", other.account)).status
        };
        std::thread::scope(|scope| {
            let asked = [scope.spawn(|| remove(&one, &two)), scope.spawn(|| remove(&two, &one))];
            for asked in asked {
                let status = asked.join().unwrap();
                assert!(matches!(status, 200 | 404 | 409), "{status}");
            }
        });
        let left = site.admin("GET", "/projects/a/members", None).json["members"].clone();
        let owners = left
            .as_array()
            .unwrap()
            .iter()
            .filter(|member| member["role"] == json!("owner"))
            .count();
        assert_eq!(owners, 1, "{left}");
    }
}

#[test]
fn the_server_keeps_an_administrator() {
    let site = Site::new();
    let ada = administrator(&site, "ada");
    let own = format!("/accounts/{}", ada.account);
    for answer in [
        ada.delete(&own),
        ada.send("PATCH", &own, Some(json!({ "isAdministrator": false }))),
        site.admin("DELETE", &own, None),
    ] {
        assert_eq!((answer.status, answer.code()), (409, "last_administrator"));
    }
    let bob = person(&site, "bob", None);
    assert_eq!((bob.get("/accounts").status, bob.get("/audit").status), (404, 404));
    let path = format!("/accounts/{}", bob.account);
    let raised = ada.send("PATCH", &path, Some(json!({ "isAdministrator": true })));
    assert_eq!(raised.json["isAdministrator"], json!(true), "{raised:?}");
    assert_eq!(bob.get("/accounts").status, 200, "from the next request on");
    assert_eq!(
        bob.send("PATCH", &own, Some(json!({ "isAdministrator": false })))
            .status,
        200
    );
    assert_eq!(ada.get("/accounts").status, 404);
    let line = bob.get("/audit?action=admin_account.updated").json["audit"][0].clone();
    assert_eq!(
        (&line["actorEmail"], &line["data"]["before"], &line["data"]["after"]),
        (
            &json!("bob@example.com"),
            &json!({ "isAdministrator": true }),
            &json!({ "isAdministrator": false })
        )
    );
    assert_eq!(bob.delete(&own).status, 200);
    assert_eq!(ada.get("/session").status, 401, "its sessions end with the account");
    let taken = bob.post("/accounts", json!({ "email": "BOB@example.com", "password": PASSWORD }));
    assert_eq!((taken.status, taken.code()), (409, "email_taken"));
    let bad = bob.post(
        "/accounts",
        json!({ "email": "x", "password": "short", "isAdministrator": 1 }),
    );
    assert_eq!(
        (bad.status, bad.fields()),
        (422, vec!["email", "password", "isAdministrator"])
    );
}

#[test]
fn a_deleted_project_leaves_no_members_to_one_of_the_same_name() {
    let site = Site::new();
    site.project("a");
    let bob = person(&site, "bob", Some(("a", "owner")));
    let made = bob.post(
        "/projects/a/invitations",
        json!({ "email": "eve@example.com", "role": "owner" }),
    );
    let token = made.json["token"].as_str().unwrap().to_owned();
    let gone = site.admin("DELETE", "/projects/a", Some(json!({ "confirm": "a" })));
    assert_eq!(gone.status, 202);
    assert_eq!(bob.get("/projects/a").status, 404);
    assert_eq!(bob.get("/session").json["roles"], json!([]));
    let accept = json!({ "token": token, "password": PASSWORD });
    let accepted = super::browser::ask(&site, "POST", "/invitations/accept", &[], Some(accept));
    assert_eq!(accepted.code(), "invalid_code");
}
