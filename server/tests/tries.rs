//! Requests of the auth API that are tried: what is shown, what hooks get, and what is refused. That nothing changes on any way
//! through the flows is in `matrix/tries.rs`.

mod live;
mod locks;
mod refusals;

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    dump,
    site::{Answer, PASSWORD, Project, Site},
};

const ENVIRONMENT: &str = "/projects/a/environments/production";

fn tried(site: &Site, request: Value) -> Answer {
    site.admin("POST", &format!("{ENVIRONMENT}/try"), Some(request))
}

/// A registration of this address.
fn register(email: &str, more: Value) -> Value {
    let mut request = json!({
        "method": "POST",
        "path": "/auth/register",
        "body": { "email": email, "password": PASSWORD },
    });
    request
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().cloned().unwrap());
    request
}

fn done(answer: &Answer) -> &Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    &answer.json
}

/// `kind name outcome` of each step.
fn steps(tried: &Value) -> Vec<String> {
    let text = |step: &Value, name: &str| step[name].as_str().unwrap_or_default().to_owned();
    let line = |step: &Value| {
        let hook = text(step, "hook");
        let hook = if hook.is_empty() {
            hook
        } else {
            format!(" {hook}@{}", step["version"])
        };
        format!(
            "{} {}{hook} {}",
            text(step, "kind"),
            text(step, "name"),
            text(step, "outcome")
        )
    };
    tried["steps"].as_array().unwrap().iter().map(line).collect()
}

/// `kind operation name` of each effect.
fn effects(tried: &Value) -> Vec<String> {
    let line = |effect: &Value| {
        let text = |name: &str| effect[name].as_str().unwrap().to_owned();
        format!("{} {} {}", text("kind"), text("operation"), text("name"))
    };
    tried["effects"].as_array().unwrap().iter().map(line).collect()
}

fn with_user(env: &[(&str, &str)]) -> (Site, Project, Value) {
    let site = Site::with(env);
    let project = site.project("a");
    let made = site.registered(&project.pk, "ada@work.example").json;
    (site, project, made)
}

#[test]
fn every_step_is_shown_with_what_it_did_and_the_tokens_work_nowhere() {
    let (site, project, _) = with_user(&[]);
    let gate = hook(
        "beforeSignup",
        "console.warn('looking at', payload.user.email); return { patch: { user: { name: 'Grace' } } };",
    );
    let welcome = hook(
        "afterSignup",
        "await Aerocall.auth.sendEmail({ to: payload.user.email, subject: 'Hello', text: 'Hi' });",
    );
    let later = "export const on = { 'auth.signup': async () => {} };";
    site.live("a", &[("gate", &gate), ("welcome", &welcome), ("later", later)]);
    let before = dump::of(&site, None);
    let answer = tried(&site, register("grace@work.example", json!({})));
    let shown = done(&answer);
    assert_eq!(
        steps(shown),
        [
            "request POST /auth/register 201",
            "point beforeSignup done",
            "hook beforeSignup gate@1 patch",
            "point beforeTokenIssue done",
            "commit commit done",
            "point afterSignup done",
            "hook afterSignup welcome@1 allow",
            "point afterTokenIssue done",
        ]
    );
    let gate = &shown["steps"][2];
    assert_eq!(
        gate["logs"],
        json!([{ "level": "warn", "message": "looking at grace@work.example" }])
    );
    assert!(gate["fuel"].as_u64() > Some(0) && gate["offsetUs"].as_u64() >= shown["steps"][1]["offsetUs"].as_u64());
    assert_eq!(gate["reply"]["patch"], json!({ "user": { "name": "Grace" } }));
    let effects = effects(shown);
    for wanted in [
        "user insert users",
        "session insert sessions",
        "event insert outbox_events",
        "mail insert mails",
    ] {
        assert!(effects.contains(&wanted.to_owned()), "{wanted}: {effects:?}");
    }
    let mail = shown["effects"]
        .as_array()
        .unwrap()
        .iter()
        .find(|effect| effect["name"] == "mails")
        .unwrap();
    assert_eq!(
        (&mail["after"]["recipient"], &mail["after"]["subject"]),
        (&json!("grace@work.example"), &json!("Hello"))
    );
    assert!(!shown["effects"].to_string().contains("argon2"), "{shown:#}");
    assert_eq!(
        shown["wouldRun"],
        json!([{ "kind": "script_hook", "name": "later", "cause": "auth.signup" }])
    );
    assert_eq!(
        (&shown["changedNothing"], &shown["deployment"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(
        shown["request"]["body"],
        json!({ "email": "grace@work.example", "password": "[hidden]" })
    );
    // The user is nowhere, and neither token is one.
    assert_eq!(dump::of(&site, None), before);
    let response = &shown["response"]["body"];
    assert_eq!(
        site.me(&project.pk, response["access_token"].as_str().unwrap()).status,
        401
    );
    let refreshed = site.post(
        "/auth/refresh",
        &project.pk,
        json!({ "refresh_token": response["refresh_token"] }),
    );
    assert_eq!((refreshed.status, refreshed.code()), (401, "invalid_refresh_token"));
    assert_eq!(site.login(&project.pk, "grace@work.example", PASSWORD).status, 401);
}

#[test]
fn a_request_finds_whom_it_is_about_and_hooks_find_everybody() {
    let (site, project, made) = with_user(&[]);
    let other = site.registered(&project.pk, "bob@work.example").json;
    let bearer = format!("Bearer {}", made["access_token"].as_str().unwrap());
    let me = tried(
        &site,
        json!({ "path": "/auth/me", "method": "GET", "headers": { "Authorization": bearer } }),
    );
    let shown = done(&me);
    assert_eq!(
        (
            &shown["response"]["status"],
            &shown["response"]["body"]["user"]["email"]
        ),
        (&json!(200), &json!("ada@work.example"))
    );
    assert_eq!(shown["request"]["headers"]["authorization"], "[hidden]");
    let taken = tried(&site, register("ada@work.example", json!({})));
    assert_eq!(done(&taken)["response"]["body"]["error"]["code"], "email_taken");
    let wrong = tried(
        &site,
        json!({ "path": "/auth/login", "body": { "email": "ada@work.example", "password": "wrong horse" } }),
    );
    assert_eq!(done(&wrong)["response"]["body"]["error"]["code"], "invalid_credentials");
    // Neither is named by the request.
    let id = other["user"]["id"].as_str().unwrap();
    let finds = format!(
        "const byId = await Aerocall.auth.getUser('{id}'); const byEmail = await Aerocall.auth.getUser({{ email: 'bob@work.example' }});
         const sessions = await Aerocall.auth.listSessions('{id}'); await Aerocall.auth.updateUser('{id}', {{ metadata: {{ seen: 1 }} }});
         return {{ patch: {{ user: {{ metadata: {{ found: [byId.email, byEmail.id, sessions.length] }} }} }} }};"
    );
    site.live("a", &[("finds", &hook("beforeSignup", &finds))]);
    let found = tried(&site, register("new@work.example", json!({})));
    let user = done(&found)["effects"]
        .as_array()
        .unwrap()
        .iter()
        .find(|effect| effect["name"] == "users" && effect["operation"] == "insert");
    assert_eq!(
        user.unwrap()["after"]["metadata"]["found"],
        json!(["bob@work.example", id, 1]),
        "{found:?}"
    );
    let changed = found.json["effects"]
        .as_array()
        .unwrap()
        .iter()
        .find(|effect| effect["operation"] == "update" && effect["name"] == "users");
    assert_eq!(
        (
            &changed.unwrap()["before"]["metadata"],
            &changed.unwrap()["after"]["metadata"]
        ),
        (&json!({}), &json!({ "seen": 1 }))
    );
    // An address that a hook gives is taken, too.
    site.live(
        "a",
        &[(
            "finds",
            &hook(
                "beforeSignup",
                "return { patch: { user: { email: 'bob@work.example' } } };",
            ),
        )],
    );
    let taken = tried(&site, register("new@work.example", json!({})));
    assert_eq!(done(&taken)["response"]["body"]["error"]["code"], "email_taken");
}

#[test]
fn drafts_and_versions_run_in_the_place_of_what_is_live() {
    let (site, _, _) = with_user(&[]);
    let answers = |word: &str| {
        hook(
            "beforeSignup",
            &format!("return {{ patch: {{ user: {{ name: '{word}' }} }} }};"),
        )
    };
    site.live("a", &[("gate", &answers("first"))]);
    site.live("a", &[("gate", &answers("second"))]);
    let name = |more: Value| {
        let answer = tried(&site, register("new@work.example", more));
        let shown = done(&answer);
        let hook = shown["steps"]
            .as_array()
            .unwrap()
            .iter()
            .find(|step| step["kind"] == "hook")
            .unwrap();
        (
            shown["response"]["body"]["user"]["name"].clone(),
            hook["version"].clone(),
        )
    };
    assert_eq!(name(json!({})), (json!("second"), json!(2)));
    assert_eq!(name(json!({ "use": { "gate": 1 } })), (json!("first"), json!(1)));
    let begun = site.admin("POST", "/projects/a/hooks", Some(json!({ "name": "fresh" })));
    assert_eq!(begun.status, 201, "{begun:?}");
    let put = |revision: &str, text: &str| {
        let files = json!({ "files": [{ "path": "hooks/fresh.ts", "text": text }] }).to_string();
        let bearer = format!("Bearer {}", site.admin_token);
        let headers = [
            ("authorization", bearer.as_str()),
            ("if-match", revision),
            ("content-type", "application/json"),
        ];
        let answer = site.send(
            "PUT",
            "/admin/api/v1/projects/a/hooks/fresh/draft",
            &headers,
            files.as_bytes(),
        );
        assert_eq!(answer.status, 200, "{answer:?}");
    };
    put(
        "\"1\"",
        &hook(
            "beforeSignup",
            "return { patch: { user: { name: payload.user.name + ' and draft' } } };",
        ),
    );
    let both = tried(
        &site,
        register("new@work.example", json!({ "use": { "fresh": "draft" } })),
    );
    assert_eq!(done(&both)["response"]["body"]["user"]["name"], "second and draft");
    assert!(steps(&both.json).contains(&"hook beforeSignup fresh@0 patch".to_owned()));
    put("\"2\"", "export const beforeSignup = async () => { let x = ; };");
    let broken = tried(
        &site,
        register("new@work.example", json!({ "use": { "fresh": "draft" } })),
    );
    assert_eq!((broken.status, broken.code()), (422, "build_failed"));
    assert!(broken.fields()[0].starts_with("hooks/fresh.ts:1:"), "{broken:?}");
    assert_eq!(broken.json["error"]["hook"], "fresh");
}

#[test]
fn other_hosts_are_given_and_the_cache_is_read_and_not_written() {
    let (site, project, _) = with_user(&[]);
    let body = "const n = await Aerocall.cache.increment('calls', 1);
        const answer = await fetch('https://crm.example/v1', { method: 'POST', body: '{}' }).then((r) => r.json()).catch((error) => ({ id: error.message }));
        return { patch: { user: { metadata: { n, crm: answer.id } } } };";
    let source = format!(
        "{} export const config = {{ capabilities: {{ http: ['crm.example'], cache: true }} }};",
        hook("beforeSignup", body)
    );
    site.live("a", &[("crm", &source)]);
    let seen = |answer: &Answer| {
        let effects = done(answer)["effects"].as_array().unwrap().clone();
        let user = effects.into_iter().find(|effect| effect["name"] == "users").unwrap();
        user["after"]["metadata"].clone()
    };
    // Once for real: the request leaves, and fails.
    site.registered(&project.pk, "one@work.example");
    let refused = seen(&tried(&site, register("two@work.example", json!({}))));
    assert_eq!(refused["n"], 2);
    assert!(
        refused["crm"]
            .as_str()
            .unwrap()
            .contains("a dry-run sends nothing: give a response to POST https://crm.example/v1 in `http`"),
        "{refused}"
    );
    let http = json!([{ "request": { "method": "POST", "url": "https://crm.example/v1" }, "response": { "body": { "id": "c1" } } }]);
    let answer = tried(&site, register("two@work.example", json!({ "http": http })));
    assert_eq!(seen(&answer), json!({ "n": 2, "crm": "c1" }));
    let effects = effects(&answer.json);
    assert!(
        effects.contains(&"cache call cache.increment".to_owned())
            && effects.contains(&"request call http.send".to_owned()),
        "{effects:?}"
    );
    let real = site.registered(&project.pk, "three@work.example");
    let id = real.json["user"]["id"].as_str().unwrap();
    let user = site.admin("GET", &format!("{ENVIRONMENT}/users/{id}"), None);
    assert_eq!(user.json["user"]["metadata"]["n"], 2, "no dry-run has counted");
}

#[test]
fn what_a_denied_request_did_is_undone_and_said_to_be() {
    let (site, _, _) = with_user(&[]);
    let deploy = json!({
        "hooks": [{ "name": "gate", "number": site.version("a", "gate", &hook("beforeSignup", "await Aerocall.db.execute('INSERT INTO seen VALUES (1)'); await Aerocall.Queue.enqueue('q', {});")) },
            { "name": "late", "number": site.version("a", "late", &hook("beforeSignup", "throw new Aerocall.Deny('no', { code: 'not_today' });")) }],
        "migrations": [{ "name": "1", "sql": "CREATE TABLE seen (n INTEGER)" }],
    });
    let deployed = site.admin("POST", &format!("{ENVIRONMENT}/deployments"), Some(deploy));
    assert_eq!(deployed.status, 201, "{deployed:?}");
    let answer = tried(&site, register("new@work.example", json!({})));
    let shown = done(&answer);
    assert_eq!(
        (
            &shown["response"]["status"],
            &shown["response"]["body"]["error"]["code"]
        ),
        (&json!(403), &json!("not_today"))
    );
    assert_eq!(
        steps(shown),
        [
            "request POST /auth/register 403",
            "point beforeSignup refused",
            "hook beforeSignup gate@1 allow",
            "hook beforeSignup late@1 deny"
        ]
    );
    assert_eq!(effects(shown), ["database call db.execute"]);
    assert_eq!(shown["effects"][0]["remains"], false);
}
