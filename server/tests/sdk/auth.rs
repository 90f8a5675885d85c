//! `Aerocall.auth` and the password handle.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{PASSWORD, Project, Site},
};

/// Runs a body at a point and answers what it returned, as JSON, or the code of what it threw.
fn reported(site: &Site, project: &Project, point: &str, body: &str) -> Value {
    let body = format!(
        "const run = async () => {{ {body} }}; let reported; try {{ reported = await run(); }} catch (error) {{ reported = {{ code: error.code, message: error.message }}; }} throw new Aerocall.Deny(JSON.stringify(reported ?? null).slice(0, 490), {{ code: 'reported' }});"
    );
    site.live(&project.id, &[("probe", &hook(point, &body))]);
    let answer = match point {
        "beforeLogin" => site.login(&project.pk, "jane@work.example", PASSWORD),
        _ => site.register(
            &project.pk,
            json!({ "email": "new@work.example", "password": PASSWORD }),
        ),
    };
    assert_eq!(answer.json["error"]["code"], "reported", "{answer:?}");
    serde_json::from_str(answer.json["error"]["message"].as_str().unwrap()).unwrap()
}

fn with_jane() -> (Site, Project, String) {
    let site = Site::new();
    let project = site.project("a");
    let jane = site.register(
        &project.pk,
        json!({ "email": "jane@work.example", "password": PASSWORD, "name": "Jane", "metadata": { "a": 1, "b": 2 } }),
    );
    let id = jane.json["user"]["id"].as_str().unwrap().to_owned();
    (site, project, id)
}

#[test]
fn users_are_found_by_id_and_by_email_in_their_own_project_only() {
    let (site, project, id) = with_jane();
    let by_id = reported(
        &site,
        &project,
        "beforeSignup",
        &format!("return (await Aerocall.auth.getUser('{id}')).email;"),
    );
    assert_eq!(by_id, "jane@work.example");
    let by_email = reported(
        &site,
        &project,
        "beforeSignup",
        "return Object.keys(await Aerocall.auth.getUser({ email: 'Jane@WORK.example' })).sort();",
    );
    assert_eq!(
        by_email,
        json!([
            "createdAt",
            "email",
            "emailVerified",
            "id",
            "metadata",
            "name",
            "publicMetadata",
            "updatedAt"
        ])
    );
    let other = site.project("b");
    for call in [
        format!("getUser('{id}')"),
        "getUser({ email: 'jane@work.example' })".to_owned(),
    ] {
        assert_eq!(
            reported(&site, &other, "beforeSignup", &format!("return Aerocall.auth.{call};")),
            Value::Null
        );
    }
    for (call, code) in [
        ("getUser({ email: 'no address' })", "invalid_argument"),
        ("getUser(5)", "invalid_argument"),
        ("updateUser('usr_none', { name: 'x' })", "not_found"),
    ] {
        assert_eq!(
            reported(
                &site,
                &project,
                "beforeSignup",
                &format!("return Aerocall.auth.{call};")
            )["code"],
            code,
            "{call}"
        );
    }
}

#[test]
fn a_change_is_seen_by_the_same_request_and_happens_with_the_flow() {
    let (site, project, id) = with_jane();
    let change = format!(
        "const after = await Aerocall.auth.updateUser('{id}', {{ metadata: {{ b: null, c: 3 }}, name: null }}); const seen = await Aerocall.auth.getUser('{id}'); return {{ after: after.metadata, seen: seen.metadata, name: 'name' in seen }};"
    );
    let seen = reported(&site, &project, "beforeLogin", &change);
    assert_eq!(
        seen,
        json!({ "after": { "a": 1, "c": 3 }, "seen": { "a": 1, "c": 3 }, "name": false })
    );
    site.live("a", &[]);
    let login = site.login(&project.pk, "jane@work.example", PASSWORD);
    assert_eq!(
        login.json["user"]["metadata"],
        json!({ "a": 1, "b": 2 }),
        "denied, so nothing changed"
    );

    let body = format!(
        "await Aerocall.auth.updateUser('{id}', {{ metadata: {{ c: 3 }}, publicMetadata: {{ plan: 'pro' }} }});"
    );
    site.live("a", &[("change", &hook("beforeLogin", &body))]);
    let login = site.login(&project.pk, "jane@work.example", PASSWORD);
    assert_eq!(login.status, 200, "{login:?}");
    site.live("a", &[]);
    let login = site.login(&project.pk, "jane@work.example", PASSWORD);
    assert_eq!(login.json["user"]["metadata"], json!({ "a": 1, "b": 2, "c": 3 }));
    assert_eq!(login.json["user"]["publicMetadata"], json!({ "plan": "pro" }));
}

#[test]
fn a_patch_of_anything_else_is_refused_by_name() {
    let (site, project, id) = with_jane();
    for (patch, words) in [
        ("{ email: 'x@y.example' }", "`email` cannot be changed here"),
        ("{ verified: true }", "`verified` cannot be changed here"),
        ("{ password_hash: 'x' }", "`password_hash` cannot be changed here"),
        ("{ name: 5 }", "`name` must be"),
        ("{ metadata: [] }", "`metadata` must be an object"),
        (
            "{ metadata: { big: 'x'.repeat(17000) } }",
            "`metadata` must have at most",
        ),
        ("{ metadata: { nul: '\\u0000' } }", "NUL"),
        ("5", "must be an object"),
    ] {
        let reported = reported(
            &site,
            &project,
            "beforeSignup",
            &format!("return Aerocall.auth.updateUser('{id}', {patch});"),
        );
        assert_eq!(reported["code"], "invalid_argument", "{patch}: {reported}");
        assert!(
            reported["message"].as_str().unwrap().contains(words),
            "{patch}: {reported}"
        );
    }
}

#[test]
fn sessions_are_listed_and_revoked_with_the_flow() {
    let (site, project, id) = with_jane();
    let login = site.login(&project.pk, "jane@work.example", PASSWORD);
    let token = login.json["access_token"].as_str().unwrap().to_owned();
    let list = format!(
        "const list = await Aerocall.auth.listSessions('{id}'); return [list.length, list.every((s) => s.userId === '{id}'), Object.keys(list[0]).sort()];"
    );
    let seen = reported(&site, &project, "beforeLogin", &list);
    assert_eq!(
        seen,
        json!([2, true, ["createdAt", "id", "ip", "lastUsedAt", "userAgent", "userId"]])
    );
    let revoke = format!(
        "const n = await Aerocall.auth.revokeSessions('{id}'); return [n, (await Aerocall.auth.listSessions('{id}')).length];"
    );
    assert_eq!(reported(&site, &project, "beforeLogin", &revoke), json!([2, 0]));
    assert_eq!(
        site.me(&project.pk, &token).status,
        200,
        "denied, so nothing was revoked"
    );

    site.live(
        "a",
        &[(
            "only",
            &hook("beforeLogin", &format!("await Aerocall.auth.revokeSessions('{id}');")),
        )],
    );
    let login = site.login(&project.pk, "jane@work.example", PASSWORD);
    assert_eq!(site.me(&project.pk, &token).status, 401);
    let fresh = login.json["access_token"].as_str().unwrap();
    assert_eq!(
        site.me(&project.pk, fresh).status,
        200,
        "the session of this login is not among them"
    );
}

#[test]
fn the_password_is_a_handle_that_checks_and_judges_and_tells_nothing() {
    let (site, project, id) = with_jane();
    let body = format!(
        "return [await payload.password.verify('{id}'), await payload.password.strength() >= 3, String(payload.password), JSON.stringify(payload).includes('battery')];"
    );
    assert_eq!(
        reported(&site, &project, "beforeLogin", &body),
        json!([true, true, "[password]", false])
    );
    let weak = "return payload.password.strength();";
    site.live(
        "a",
        &[(
            "probe",
            &hook(
                "beforeSignup",
                &format!("const n = await (async () => {{ {weak} }})(); throw new Aerocall.Deny(String(n));"),
            ),
        )],
    );
    let answer = site.register(
        &project.pk,
        json!({ "email": "x@work.example", "password": "qwertyuiop12" }),
    );
    assert!(
        ["0", "1"].contains(&answer.json["error"]["message"].as_str().unwrap()),
        "{answer:?}"
    );
    let often = format!("for (let i = 0; i < 4; i++) await payload.password.verify('{id}');");
    assert_eq!(
        reported(&site, &project, "beforeLogin", &often)["code"],
        "limit_exceeded"
    );
    let other = "return payload.password.verify('usr_of_nobody');";
    assert_eq!(reported(&site, &project, "beforeLogin", other), false);
}
