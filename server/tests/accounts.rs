//! Accounts changed and deleted by their owners and by admins: `/auth/me`, `/admin/api/v1/…/users`.

use serde_json::{Value, json};

use crate::{
    site::{Answer, PASSWORD, Project, Site},
    snapshots::shown,
};

const USERS: &str = "/projects/a/environments/production/users";

fn owner(site: &Site, project: &Project, token: &str, method: &str, body: Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("x-aerocall-key", project.pk.as_str()),
        ("authorization", &bearer),
        ("content-type", "application/json"),
    ];
    site.send(method, "/auth/me", &headers, body.to_string().as_bytes())
}

fn id(answer: &Answer) -> String {
    answer.json["user"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn owners_change_their_name_number_and_metadata_and_nothing_that_decides() {
    let site = Site::new();
    let project = site.project("a");
    let ada = site.registered(&project.pk, "ada@example.com");
    let change = |body: Value| owner(&site, &project, ada.token(), "PATCH", body);
    let changed = change(json!({ "name": "Ada", "phone": "+49 30 123456", "metadata": { "a": 1, "b": { "c": 2 } } }));
    insta::assert_snapshot!(shown(&changed), @r#"
    200 {
      "user": {
        "id": "usr_[…]",
        "email": "ada@example.com",
        "emailVerified": false,
        "phone": "+4930123456",
        "phoneVerified": false,
        "name": "Ada",
        "metadata": {
          "a": 1,
          "b": {
            "c": 2
          }
        },
        "publicMetadata": {},
        "createdAt": "[time]",
        "updatedAt": "[time]"
      }
    }
    "#);
    let changed = change(json!({ "name": null, "metadata": { "a": null, "b": { "d": 3 } } }));
    insta::assert_snapshot!(shown(&changed), @r#"
    200 {
      "user": {
        "id": "usr_[…]",
        "email": "ada@example.com",
        "emailVerified": false,
        "phone": "+4930123456",
        "phoneVerified": false,
        "metadata": {
          "b": {
            "c": 2,
            "d": 3
          }
        },
        "publicMetadata": {},
        "createdAt": "[time]",
        "updatedAt": "[time]"
      }
    }
    "#);
    for (field, value) in [
        ("role", json!("admin")),
        ("email", json!("eve@example.com")),
        ("emailVerified", json!(true)),
        ("phoneVerified", json!(true)),
        ("publicMetadata", json!({ "plan": "gold" })),
        ("id", json!("usr_1")),
        ("bannedUntil", json!(null)),
        ("password", json!(PASSWORD)),
    ] {
        let mut body = json!({ "name": "Eve" });
        body[field] = value;
        let refused = change(body);
        assert_eq!((refused.status, refused.fields()), (422, vec![field]));
    }
    let seen = site.me(&project.pk, ada.token());
    assert_eq!(
        seen.json["user"], changed.json["user"],
        "nothing of a refused change happened"
    );
}

#[test]
fn what_a_hook_makes_of_a_change_is_kept() {
    let site = Site::new();
    let project = site.project("a");
    let ada = site.registered(&project.pk, "ada@example.com");
    let source = "export const beforeUserUpdate = async (_c: any, payload: any) => ({ patch: { user: {
        name: payload.user.name + ' (' + payload.changes.name + ')', publicMetadata: { renamed: true } } } });";
    site.live("a", &[("rename", source)]);
    let changed = owner(&site, &project, ada.token(), "PATCH", json!({ "name": "Ada" }));
    assert_eq!(changed.json["user"]["name"], "Ada (Ada)", "{changed:?}");
    assert_eq!(
        site.me(&project.pk, ada.token()).json["user"]["publicMetadata"]["renamed"],
        true
    );
}

#[test]
fn an_account_that_has_a_password_is_deleted_with_it() {
    let site = Site::new();
    let project = site.project("a");
    let ada = site.registered(&project.pk, "ada@example.com");
    let bob = site.registered(&project.pk, "bob@example.com");
    let delete = |token: &str, body: Value| owner(&site, &project, token, "DELETE", body);
    let wrong = delete(ada.token(), json!({ "password": "wrong horse battery" }));
    assert_eq!((wrong.status, wrong.code()), (401, "invalid_credentials"));
    let missing = delete(bob.token(), json!({}));
    assert_eq!((missing.status, missing.fields()), (422, vec!["password"]));
    let gone = delete(ada.token(), json!({ "password": PASSWORD }));
    assert_eq!((gone.status, &gone.json["deleted"]), (200, &json!(true)));
    assert_eq!(site.me(&project.pk, ada.token()).code(), "invalid_token");
    assert_eq!(site.login(&project.pk, "ada@example.com", PASSWORD).status, 401);
    site.registered(&project.pk, "ada@example.com");
}

#[test]
fn admins_make_find_change_and_delete_users() {
    let site = Site::new();
    let project = site.project("a");
    let body = json!({ "email": "Ada@Example.com", "password": PASSWORD, "emailVerified": true, "name": "Zoe_1",
        "publicMetadata": { "plan": "gold" } });
    let made = site.admin("POST", USERS, Some(body.clone()));
    assert_eq!(made.status, 201, "{made:?}");
    let user = &made.json["user"];
    assert_eq!(
        (&user["emailVerified"], &user["provider"]),
        (&json!(true), &json!("admin"))
    );
    assert_eq!(made.json.get("access_token"), None);
    assert_eq!(site.admin("POST", USERS, Some(body)).code(), "email_taken");
    let without = site.admin("POST", USERS, Some(json!({ "email": "bob@example.com" })));
    assert_eq!(without.json["user"]["hasPassword"], false);
    assert_eq!(site.login(&project.pk, "ada@example.com", PASSWORD).status, 200);

    let found = |query: &str| -> Vec<String> {
        let listed = site.admin("GET", &format!("{USERS}?{query}"), None);
        let users = listed.json["users"].as_array().unwrap_or_else(|| panic!("{listed:?}"));
        users
            .iter()
            .map(|user| user["email"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(found(""), ["bob@example.com", "Ada@example.com"], "newest first");
    assert_eq!(found("q=ADA@e"), ["Ada@example.com"]);
    assert_eq!(found("q=zoe_"), ["Ada@example.com"], "by name");
    assert!(
        found("q=z%25").is_empty() && found("q=zo__").is_empty(),
        "signs mean themselves"
    );
    assert_eq!(found("limit=1"), ["bob@example.com"]);
    assert_eq!(found(&format!("before={}", id(&without))), ["Ada@example.com"]);

    let path = format!("{USERS}/{}", id(&made));
    let change = json!({ "email": "ada@work.example", "publicMetadata": { "plan": null, "seats": 3 } });
    let changed = site.admin("PATCH", &path, Some(change));
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(
        changed.json["user"]["emailVerified"], false,
        "another address is not verified"
    );
    assert_eq!(changed.json["user"]["publicMetadata"], json!({ "seats": 3 }));
    let verified = site.admin("PATCH", &path, Some(json!({ "emailVerified": true })));
    assert_eq!(verified.json["user"]["emailVerified"], true);
    assert_eq!(
        site.admin("PATCH", &path, Some(json!({ "role": 1 }))).fields(),
        ["role"]
    );
    assert_eq!(site.admin("DELETE", &path, None).status, 200);
    assert_eq!(site.admin("GET", &path, None).status, 404);
}

#[test]
fn another_project_s_key_sees_and_changes_nothing() {
    let site = Site::new();
    let [a, b] = ["a", "b"].map(|id| site.project(id));
    let ada = site.registered(&a.pk, "ada@example.com");
    let path = format!("{USERS}/{}", id(&ada));
    let own = path.replace("/projects/a/", "/projects/b/");
    for path in [&path, &own] {
        for (method, tail, body) in [
            ("GET", "", None),
            ("GET", "/export", None),
            ("PATCH", "", Some(json!({ "name": "Eve" }))),
            ("DELETE", "", None),
            ("POST", "/ban", Some(json!({}))),
            ("POST", "/unban", None),
            ("POST", "/logout", None),
        ] {
            let answer = site.admin_as(&b.sk, method, &format!("{path}{tail}"), body);
            assert_eq!(
                (answer.status, answer.code()),
                (404, "not_found"),
                "{method} {path}{tail}"
            );
        }
    }
    for path in [USERS, "/projects/a/environments/production/audit", "/audit"] {
        assert_eq!(site.admin_as(&b.sk, "GET", path, None).status, 404, "{path}");
    }
    assert_eq!(site.me(&a.pk, ada.token()).json["user"], ada.json["user"]);
    assert_eq!(site.admin_as(&a.sk, "GET", &path, None).status, 200);
}

#[test]
fn a_ban_ends_sessions_and_keeps_its_user_out_until_it_is_over() {
    let site = Site::new();
    let project = site.project("a");
    let ada = site.registered(&project.pk, "ada@example.com");
    let refresh = json!({ "refresh_token": ada.json["refresh_token"] });
    let path = format!("{USERS}/{}", id(&ada));
    let ban = |body: Value| site.admin("POST", &format!("{path}/ban"), Some(body));
    assert_eq!(ban(json!({ "until": "2001-01-01T00:00:00Z" })).fields(), ["until"]);
    assert_eq!(ban(json!({ "until": "tomorrow" })).fields(), ["until"]);
    let banned = ban(json!({ "until": "2999-01-01T00:00:00Z", "reason": "spam" }));
    assert_eq!(banned.status, 200, "{banned:?}");
    assert_eq!(banned.json["user"]["bannedUntil"], "2999-01-01T00:00:00.000Z");
    assert_eq!(site.me(&project.pk, ada.token()).status, 401);
    assert_eq!(site.post("/auth/refresh", &project.pk, refresh).status, 401);
    let login = site.login(&project.pk, "ada@example.com", PASSWORD);
    assert_eq!((login.status, login.code()), (403, "account_banned"));
    assert_eq!(
        site.login(&project.pk, "ada@example.com", "wrong horse").code(),
        "invalid_credentials"
    );
    assert_eq!(
        site.admin("POST", &format!("{path}/unban"), None).json["user"]["banned"],
        false
    );
    let again = site.login(&project.pk, "ada@example.com", PASSWORD);
    assert_eq!(again.status, 200);
    assert_eq!(site.admin("POST", &format!("{path}/logout"), None).json["revoked"], 1);
    assert_eq!(site.me(&project.pk, again.token()).status, 401);
    let export = site.admin("GET", &format!("{path}/export"), None);
    let events = export.json["events"].as_array().unwrap();
    let reported = events.iter().filter(|event| event["type"] == "auth.user.updated");
    let actors: Vec<&str> = reported.map(|event| event["actor"].as_str().unwrap()).collect();
    assert_eq!(actors.len(), 2, "of the ban and of its end: {events:?}");
    assert!(actors.iter().all(|actor| actor.starts_with("admin:adm_")));
}

#[test]
fn an_export_has_everything_and_no_secret() {
    let site = Site::new();
    let project = site.project("a");
    let ada = site.registered(&project.pk, "ada@example.com");
    site.registered(&project.pk, "eve@example.com");
    site.login(&project.pk, "ada@example.com", PASSWORD);
    let path = format!("{USERS}/{}", id(&ada));
    site.admin("PATCH", &path, Some(json!({ "name": "Ada" })));
    let export = site.admin("GET", &format!("{path}/export"), None);
    assert_eq!(export.status, 200, "{export:?}");
    assert_eq!(export.json["user"]["name"], "Ada");
    let names = |list: &str, name: &str| -> Vec<String> {
        let rows = export.json[list].as_array().unwrap();
        rows.iter().map(|row| row[name].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("sessions", "provider"), ["password", "password"]);
    assert_eq!(
        names("events", "type"),
        ["auth.user.updated", "auth.login", "auth.signup"]
    );
    assert_eq!(names("audit", "action"), ["user.exported", "user.updated"]);
    let text = export.json.to_string();
    for secret in ["argon2", "rt_", "eve@example.com", PASSWORD] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn a_second_environment_has_keys_and_users_of_its_own() {
    let site = Site::new();
    let project = site.project("a");
    let path = "/projects/a/environments";
    let made = site.admin("POST", path, Some(json!({ "name": "staging" })));
    assert_eq!(
        (made.status, &made.json["environment"]),
        (201, &json!("staging")),
        "{made:?}"
    );
    assert_eq!(
        site.admin("POST", path, Some(json!({ "name": "staging" }))).code(),
        "environment_exists"
    );
    assert_eq!(
        site.admin("POST", path, Some(json!({ "name": "No" }))).fields(),
        ["name"]
    );
    let own = site.admin_as(&project.sk, "POST", path, Some(json!({ "name": "other" })));
    assert_eq!(own.status, 404, "a key is of one environment");
    site.registered(&project.pk, "ada@example.com");
    let pk = made.json["publishable_key"].as_str().unwrap();
    assert_eq!(site.login(pk, "ada@example.com", PASSWORD).status, 401);
    site.registered(pk, "ada@example.com");
}
