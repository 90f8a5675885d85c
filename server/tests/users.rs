//! The users of an environment, as its admins see and change them.

mod credentials;

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Project, Site, until},
    snapshots::shown,
};

const USERS: &str = "/projects/a/environments/production/users";

fn made(site: &Site, body: Value) -> Value {
    let answer = site.admin("POST", USERS, Some(body));
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json["user"].clone()
}

fn emails(answer: &Answer) -> Vec<&str> {
    let users = answer.json["users"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    users.iter().map(|user| user["email"].as_str().unwrap()).collect()
}

fn id(user: &Value) -> String {
    user["id"].as_str().unwrap().to_owned()
}

fn of_user(user: &Value, path: &str) -> String {
    format!("{USERS}/{}{path}", id(user))
}

fn refreshed(site: &Site, project: &Project, login: &Answer) -> Answer {
    let token = login.json["refresh_token"].as_str().unwrap();
    site.post("/auth/refresh", &project.pk, json!({ "refresh_token": token }))
}

#[test]
fn hooks_of_a_signup_run_when_an_admin_makes_a_user() {
    let site = Site::new();
    site.project("a");
    let before = hook(
        "beforeSignup",
        "if (payload.user.email.startsWith('no')) throw new Aerocall.Deny('not this one', { code: 'no_thanks' });
         return { patch: { user: { metadata: { provider: payload.provider, strength: payload.password ? await payload.password.strength() : null } } } };",
    );
    let after = hook(
        "afterSignup",
        "return { patch: { user: { metadata: { id: payload.user.id, password: 'password' in payload } } } };",
    );
    site.live("a", &[("before", &before), ("after", &after)]);
    let denied = site.admin("POST", USERS, Some(json!({ "email": "no@work.example" })));
    assert_eq!((denied.status, denied.code()), (403, "no_thanks"));
    let user = made(&site, json!({ "email": "ada@work.example", "password": PASSWORD }));
    let metadata = &user["metadata"];
    assert_eq!((&metadata["provider"], &metadata["id"]), (&json!("admin"), &user["id"]));
    assert_eq!(metadata["password"], false, "{metadata}");
    assert!(metadata["strength"].as_u64().unwrap() > 1);
    assert_eq!(emails(&site.admin("GET", USERS, None)), ["ada@work.example"]);
}

#[test]
fn users_are_found_by_how_they_begin_and_listed_in_pages() {
    let site = Site::new();
    site.project("a");
    for (email, name) in [
        ("ada@work.example", "Ada Lovelace"),
        ("Jürgen@work.example", "J\u{fc}rgen"),
        ("grace_h@work.example", "Grace Hopper"),
        ("gracexh@work.example", "Adam"),
    ] {
        made(&site, json!({ "email": email, "name": name }));
    }
    let found = |query: &str| {
        let answer = site.admin("GET", &format!("{USERS}{query}"), None);
        emails(&answer)
            .iter()
            .map(|email| (*email).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("?q=ADA"), ["gracexh@work.example", "ada@work.example"]);
    assert_eq!(found("?q=ada%20l"), ["ada@work.example"]);
    assert_eq!(
        found("?q=JU%CC%88RGEN"),
        ["J\u{fc}rgen@work.example"],
        "however it is written"
    );
    made(&site, json!({ "email": "e@work.example", "name": "\u{c9}mile" }));
    assert_eq!(
        found("?q=%C3%89mi"),
        ["e@work.example"],
        "a capital that is not of ASCII"
    );
    assert_eq!(found("?q=grace_"), ["grace_h@work.example"], "_ stands for itself");
    assert_eq!(found("?q=%25"), Vec::<String>::new(), "and so does %");
    assert_eq!(found("?q=work"), Vec::<String>::new(), "a search is for beginnings");

    let page = site.admin("GET", &format!("{USERS}?limit=4"), None);
    assert_eq!(emails(&page).len(), 4);
    let last = page.json["users"][3]["id"].as_str().unwrap();
    assert_eq!(found(&format!("?limit=3&before={last}")), ["ada@work.example"]);
    let bad = site.admin("GET", &format!("{USERS}?limit=0&sort=name"), None);
    assert_eq!(bad.fields(), ["limit", "sort"]);
}

#[test]
fn an_admin_changes_everything_a_profile_has() {
    let site = Site::new();
    let project = site.project("a");
    let user = site.registered(&project.pk, "ada@work.example").json["user"].clone();
    let patch = |body: Value| site.admin("PATCH", &of_user(&user, ""), Some(body));
    let changed = patch(json!({
        "name": "Ada", "phone": "+4930123456", "phoneVerified": true, "emailVerified": true,
        "metadata": { "a": 1, "b": 2 }, "publicMetadata": { "c": 3 },
    }));
    insta::assert_snapshot!(shown(&changed), @r#"
    200 {
      "user": {
        "id": "usr_[…]",
        "email": "ada@work.example",
        "emailVerified": true,
        "phone": "+4930123456",
        "phoneVerified": true,
        "name": "Ada",
        "metadata": {
          "a": 1,
          "b": 2
        },
        "publicMetadata": {
          "c": 3
        },
        "createdAt": "[time]",
        "updatedAt": "[time]",
        "provider": "password",
        "hasPassword": true,
        "lastLoginAt": "[time]",
        "banned": false,
        "bannedUntil": null,
        "banReason": null
      }
    }
    "#);
    // The same address in another case stays verified.
    let changed = patch(json!({ "name": null, "email": "ADA@work.example", "metadata": { "a": null } }));
    insta::assert_snapshot!(shown(&changed), @r#"
    200 {
      "user": {
        "id": "usr_[…]",
        "email": "ADA@work.example",
        "emailVerified": true,
        "phone": "+4930123456",
        "phoneVerified": true,
        "metadata": {
          "b": 2
        },
        "publicMetadata": {
          "c": 3
        },
        "createdAt": "[time]",
        "updatedAt": "[time]",
        "provider": "password",
        "hasPassword": true,
        "lastLoginAt": "[time]",
        "banned": false,
        "bannedUntil": null,
        "banReason": null
      }
    }
    "#);
    // Another one does not.
    let changed = patch(json!({ "email": "new@work.example", "phone": "+4930999999" })).json["user"].clone();
    let of = |names: [&str; 4]| names.map(|name| changed[name].clone());
    assert_eq!(
        of(["email", "emailVerified", "phone", "phoneVerified"]),
        [
            json!("new@work.example"),
            json!(false),
            json!("+4930999999"),
            json!(false)
        ]
    );
    assert_eq!(site.login(&project.pk, "new@work.example", PASSWORD).status, 200);
}

#[test]
fn a_change_by_an_admin_is_checked_field_by_field() {
    let site = Site::new();
    let project = site.project("a");
    let user = site.registered(&project.pk, "ada@work.example").json["user"].clone();
    let patch = |body: Value| site.admin("PATCH", &of_user(&user, ""), Some(body));
    site.registered(&project.pk, "other@work.example");
    assert_eq!(patch(json!({ "email": "other@work.example" })).code(), "email_taken");
    assert_eq!(
        patch(json!({ "phone": null, "phoneVerified": true })).fields(),
        ["phoneVerified"]
    );
    assert_eq!(
        patch(json!({ "id": "x", "email": 1, "emailVerified": "yes" })).fields(),
        ["email", "emailVerified", "id"]
    );
    let missing = site.admin("PATCH", &format!("{USERS}/usr_0"), Some(json!({})));
    assert_eq!(missing.status, 404);
}

#[test]
fn hooks_of_an_update_see_what_is_asked_and_can_stop_or_shape_it() {
    let site = Site::new();
    let project = site.project("a");
    let user = site.registered(&project.pk, "ada@work.example").json["user"].clone();
    let before = hook(
        "beforeUserUpdate",
        "if (payload.changes.name === 'No') throw new Aerocall.Deny('no', { code: 'no_such_name' });
         const email = payload.changes.emailVerified ? 'shaped@work.example' : payload.user.email;
         return { patch: { user: { email, metadata: { asked: payload.changes, wanted: payload.user.name } } } };",
    );
    site.live("a", &[("before", &before)]);
    let patch = |body: Value| site.admin("PATCH", &of_user(&user, ""), Some(body));
    assert_eq!(patch(json!({ "name": "No" })).code(), "no_such_name");
    let seen = patch(json!({ "name": "Ada" })).json["user"].clone();
    assert_eq!(seen["metadata"], json!({ "asked": { "name": "Ada" }, "wanted": "Ada" }));
    let seen = patch(json!({ "emailVerified": true })).json["user"].clone();
    assert_eq!(
        (&seen["email"], &seen["emailVerified"]),
        (&json!("shaped@work.example"), &json!(false)),
        "what an admin says of one address is not said of another"
    );
}

#[test]
fn a_ban_ends_sessions_and_keeps_the_user_out() {
    let site = Site::new();
    let project = site.project("a");
    let login = site.registered(&project.pk, "ada@work.example");
    let user = login.json["user"].clone();
    let ban = |body: Value| site.admin("POST", &of_user(&user, "/ban"), Some(body));
    assert_eq!(ban(json!({ "until": "yesterday" })).fields(), ["until"]);
    assert_eq!(ban(json!({ "until": "2001-01-01T00:00:00Z" })).fields(), ["until"]);
    let banned = ban(json!({ "reason": "spam" }));
    assert_eq!(banned.status, 200, "{banned:?}");
    let seen = &banned.json["user"];
    assert_eq!((&seen["banned"], &seen["banReason"]), (&json!(true), &json!("spam")));
    assert!(seen["bannedUntil"].is_null(), "a ban without end");

    assert!([401, 403].contains(&site.me(&project.pk, login.token()).status));
    assert!([401, 403].contains(&refreshed(&site, &project, &login).status));
    assert_eq!(
        site.login(&project.pk, "ada@work.example", PASSWORD).code(),
        "account_banned"
    );
    let wrong = site.login(&project.pk, "ada@work.example", "wrong horse battery");
    assert_eq!(wrong.code(), "invalid_credentials", "only the owner learns of the ban");

    let unbanned = site.admin("POST", &of_user(&user, "/unban"), None);
    assert_eq!(unbanned.json["user"]["banned"], false, "{unbanned:?}");
    assert_eq!(
        site.me(&project.pk, login.token()).code(),
        "invalid_token",
        "what was ended stays so"
    );
    assert_eq!(site.login(&project.pk, "ada@work.example", PASSWORD).status, 200);

    let soon = "2999-01-01T00:00:00.000Z";
    assert_eq!(ban(json!({ "until": soon })).json["user"]["bannedUntil"], soon);
}

#[test]
fn a_ban_with_an_end_ends() {
    let site = Site::new();
    let project = site.project("a");
    let user = site.registered(&project.pk, "ada@work.example").json["user"].clone();
    let until = time::OffsetDateTime::now_utc() + time::Duration::hours(1);
    let until = until.format(&time::format_description::well_known::Rfc3339).unwrap();
    site.admin("POST", &of_user(&user, "/ban"), Some(json!({ "until": until })));
    assert_eq!(
        site.login(&project.pk, "ada@work.example", PASSWORD).code(),
        "account_banned"
    );
    site.running().clock().advance_ms(3_601_000);
    assert_eq!(site.login(&project.pk, "ada@work.example", PASSWORD).status, 200);
    let seen = site.admin("GET", &of_user(&user, ""), None);
    assert_eq!(
        (&seen.json["user"]["banned"], &seen.json["user"]["bannedUntil"]),
        (&json!(false), &Value::Null)
    );
}

#[test]
fn an_admin_ends_all_sessions() {
    let site = Site::new();
    let project = site.project("a");
    let first = site.registered(&project.pk, "ada@work.example");
    let second = site.login(&project.pk, "ada@work.example", PASSWORD);
    let user = &first.json["user"];
    let ended = site.admin("POST", &of_user(user, "/logout"), None);
    assert_eq!((ended.status, &ended.json), (200, &json!({ "revoked": 2 })));
    for login in [&first, &second] {
        assert_eq!(site.me(&project.pk, login.token()).code(), "invalid_token");
        assert_eq!(refreshed(&site, &project, login).code(), "invalid_refresh_token");
    }
    assert_eq!(site.admin("POST", &of_user(user, "/logout"), None).json["revoked"], 0);
    assert_eq!(
        site.login(&project.pk, "ada@work.example", PASSWORD).status,
        200,
        "nobody is kept out"
    );
}

#[test]
fn a_user_who_is_deleted_is_gone_with_their_sessions() {
    let site = Site::new();
    let project = site.project("a");
    let gate = hook(
        "beforeUserDelete",
        "if (payload.user.name === 'Boss') throw new Aerocall.Deny('no', { code: 'not_the_boss' });",
    );
    let login = site.registered(&project.pk, "ada@work.example");
    let boss = made(&site, json!({ "email": "boss@work.example", "name": "Boss" }));
    site.live("a", &[("gate", &gate)]);
    let user = &login.json["user"];
    let delete = |user: &Value| site.admin("DELETE", &of_user(user, ""), None);
    assert_eq!(delete(&boss).code(), "not_the_boss");
    let deleted = delete(user);
    assert_eq!((deleted.status, &deleted.json), (200, &json!({ "deleted": id(user) })));
    assert_eq!(delete(user).status, 404);
    assert_eq!(site.me(&project.pk, login.token()).code(), "invalid_token");
    assert_eq!(refreshed(&site, &project, &login).code(), "invalid_refresh_token");
    assert_eq!(
        site.login(&project.pk, "ada@work.example", PASSWORD).code(),
        "invalid_credentials"
    );
    assert_eq!(emails(&site.admin("GET", USERS, None)), ["boss@work.example"]);
    site.registered(&project.pk, "ada@work.example");
}

#[test]
fn a_link_to_the_address_of_before_is_worth_nothing() {
    let site = Site::new();
    let project = site.project("a");
    let login = site.registered(&project.pk, "ada@work.example");
    let user = &login.json["user"];
    let bearer = format!("Bearer {}", login.token());
    let headers = [
        ("x-aerocall-key", project.pk.as_str()),
        ("authorization", &bearer),
        ("content-type", "application/json"),
    ];
    let body = json!({ "email": "thief@work.example", "password": PASSWORD }).to_string();
    let asked = site.send("POST", "/auth/email/change", &headers, body.as_bytes());
    assert!([200, 202].contains(&asked.status), "{asked:?}");
    let link = until(|| {
        let mails = site.admin("GET", "/projects/a/environments/production/mails", None);
        let mails = mails.json["mails"].as_array().cloned().unwrap_or_default();
        let mail = mails.iter().find(|mail| mail["to"] == "thief@work.example")?;
        let path = format!("/projects/a/environments/production/mails/{}", mail["id"].as_str()?);
        let text = site.admin("GET", &path, None).json["text"].as_str()?.to_owned();
        let token = text[text.find("ot_")?..]
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .next()?
            .to_owned();
        Some(token)
    });
    let moved = site.admin(
        "PATCH",
        &of_user(user, ""),
        Some(json!({ "email": "safe@work.example" })),
    );
    assert_eq!(moved.status, 200, "{moved:?}");
    let late = site.post("/auth/email/change/confirm", &project.pk, json!({ "token": link }));
    assert_eq!(late.code(), "invalid_code");
    let seen = site.admin("GET", &of_user(user, ""), None);
    assert_eq!(seen.json["user"]["email"], "safe@work.example");
}
