//! The users of an environment, as its admins see and change them.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Project, Site},
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
fn an_admin_makes_a_user_who_can_log_in() {
    let site = Site::new();
    let project = site.project("a");
    let user = made(
        &site,
        json!({
            "email": "Ada@work.example", "password": PASSWORD, "emailVerified": true, "name": "Ada", "phone": "+4930123456",
            "metadata": { "plan": "gold" }, "publicMetadata": { "team": 7 },
        }),
    );
    assert_eq!(
        (&user["emailVerified"], &user["provider"]),
        (&json!(true), &json!("admin"))
    );
    assert_eq!(
        (&user["publicMetadata"]["team"], &user["banned"]),
        (&json!(7), &json!(false))
    );
    assert!(user["createdAt"].is_string() && user["lastLoginAt"].is_null());
    assert!(!user.to_string().contains("argon2"));
    assert_eq!(site.login(&project.pk, "ada@work.example", PASSWORD).status, 200);

    let without = made(&site, json!({ "email": "code@work.example" }));
    assert_eq!(
        (&without["hasPassword"], &without["emailVerified"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(
        site.login(&project.pk, "code@work.example", PASSWORD).code(),
        "invalid_credentials"
    );
    let taken = site.admin("POST", USERS, Some(json!({ "email": "ADA@work.example" })));
    assert_eq!((taken.status, taken.code()), (409, "email_taken"));
    let bad = site.admin(
        "POST",
        USERS,
        Some(json!({ "email": "nope", "password": "short", "emailVerified": 1, "role": "admin" })),
    );
    assert_eq!(bad.fields(), ["email", "password", "emailVerified", "role"]);
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
    assert_eq!(found("?q=grace_"), ["grace_h@work.example"], "_ stands for itself");
    assert_eq!(found("?q=%25"), Vec::<String>::new(), "and so does %");
    assert_eq!(found("?q=work"), Vec::<String>::new(), "a search is for beginnings");

    let page = site.admin("GET", &format!("{USERS}?limit=3"), None);
    assert_eq!(emails(&page).len(), 3);
    let last = page.json["users"][2]["id"].as_str().unwrap();
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
    assert_eq!(changed.status, 200, "{changed:?}");
    let seen = &changed.json["user"];
    assert_eq!(
        (&seen["emailVerified"], &seen["phoneVerified"]),
        (&json!(true), &json!(true))
    );
    let changed = patch(json!({ "name": null, "email": "ADA@work.example", "metadata": { "a": null } }));
    let seen = &changed.json["user"];
    assert_eq!((seen.get("name"), &seen["metadata"]), (None, &json!({ "b": 2 })));
    assert_eq!(seen["emailVerified"], true, "the same address in other letters");
    let changed = patch(json!({ "email": "new@work.example", "phone": "+4930999999" }));
    let seen = &changed.json["user"];
    assert_eq!(
        (&seen["emailVerified"], &seen["phoneVerified"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(site.login(&project.pk, "new@work.example", PASSWORD).status, 200);

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

    let soon = "2999-01-01T00:00:00Z";
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
fn an_export_has_everything_but_secrets() {
    let site = Site::new();
    let project = site.project("a");
    let login = site.registered(&project.pk, "ada@work.example");
    site.registered(&project.pk, "other@work.example");
    let user = &login.json["user"];
    site.admin("PATCH", &of_user(user, ""), Some(json!({ "name": "Ada" })));
    let export = site.admin("GET", &of_user(user, "/export"), None);
    assert_eq!(export.status, 200, "{export:?}");
    assert_eq!(export.json["user"]["name"], "Ada");
    assert_eq!(export.json["sessions"][0]["id"], login.json["session"]["id"]);
    assert!(export.json["sessions"][0]["revokedAt"].is_null());
    assert_eq!(
        (&export.json["identities"], &export.json["factors"]),
        (&json!([]), &json!([]))
    );
    let names = |list: &str, name: &str| {
        let rows = export.json[list].as_array().unwrap();
        rows.iter()
            .map(|row| row[name].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("events", "type"), ["auth.user.updated", "auth.signup"]);
    assert_eq!(names("audit", "action"), ["user.updated"]);
    let text = export.json.to_string();
    for secret in ["argon2", "rt_", "other@work.example"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let again = site.admin("GET", &of_user(user, "/export"), None);
    assert_eq!(again.json["audit"][0]["action"], "user.exported", "who looked is known");
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
    assert_eq!((deleted.status, &deleted.json), (200, &json!({ "deleted": true })));
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
fn users_belong_to_one_environment_of_one_project() {
    let site = Site::new();
    let (a, b) = (site.project("a"), site.project("b"));
    let user = site.registered(&a.pk, "ada@work.example").json["user"].clone();
    let other = site.registered(&b.pk, "bob@work.example").json["user"].clone();
    let staging = site.admin("POST", "/projects/a/environments", Some(json!({ "name": "staging" })));
    assert_eq!(staging.status, 201, "{staging:?}");
    let sk = staging.json["secret_key"].as_str().unwrap();
    let paths = [
        ("GET", String::new()),
        ("POST", String::new()),
        ("GET", format!("/{}", id(&user))),
        ("PATCH", format!("/{}", id(&user))),
        ("DELETE", format!("/{}", id(&user))),
        ("POST", format!("/{}/ban", id(&user))),
        ("POST", format!("/{}/unban", id(&user))),
        ("POST", format!("/{}/logout", id(&user))),
        ("GET", format!("/{}/export", id(&user))),
    ];
    for (method, path) in &paths {
        for key in [b.sk.as_str(), sk] {
            let body = (*method != "GET").then(|| json!({ "name": "x" }));
            let answer = site.admin_as(key, method, &format!("{USERS}{path}"), body);
            assert_eq!((answer.status, answer.code()), (404, "not_found"), "{method} {path}");
        }
        // A user of another project under the path of one's own.
        if path.contains("usr_") {
            let path = path.replace(&id(&user), &id(&other));
            let body = (*method == "PATCH" || path.ends_with("/ban")).then(|| json!({}));
            let answer = site.admin_as(&a.sk, method, &format!("{USERS}{path}"), body);
            assert_eq!(answer.status, 404, "{method} {path}");
        }
    }
    assert_eq!(site.admin_as(&a.sk, "GET", USERS, None).status, 200);
    let publishable = site.admin_as(&a.pk, "GET", USERS, None);
    assert_eq!(publishable.code(), "unauthorized");
    let seen = site.admin("GET", &of_user(&user, ""), None);
    assert_eq!(
        (seen.status, &seen.json["user"]["banned"]),
        (200, &json!(false)),
        "nobody touched them"
    );
}

#[test]
fn an_environment_begins_empty_with_keys_of_its_own() {
    let site = Site::new();
    let project = site.project("a");
    site.registered(&project.pk, "ada@work.example");
    let make = |body: Value| site.admin("POST", "/projects/a/environments", Some(body));
    let staging = make(json!({ "name": "staging" }));
    let pk = staging.json["publishable_key"].as_str().unwrap();
    assert_ne!(pk, project.pk);
    assert_eq!(
        site.login(pk, "ada@work.example", PASSWORD).code(),
        "invalid_credentials"
    );
    let token = site.registered(pk, "ada@work.example").token().to_owned();
    assert_eq!(
        site.me(&project.pk, &token).code(),
        "invalid_token",
        "a token of the other environment"
    );
    let listed = site.admin("GET", "/projects", None);
    assert_eq!(
        listed.json["projects"][0]["environments"],
        json!(["production", "staging"])
    );
    assert_eq!(make(json!({ "name": "staging" })).code(), "environment_exists");
    assert_eq!(make(json!({ "name": "../x" })).fields(), ["name"]);
    let own = site.admin_as(
        &project.sk,
        "POST",
        "/projects/a/environments",
        Some(json!({ "name": "x" })),
    );
    assert_eq!(own.status, 404, "a project's key makes no environments");
    assert_eq!(
        site.admin("POST", "/projects/zz/environments", Some(json!({ "name": "x" })))
            .status,
        404
    );
}
