//! What one hook can decide, and what becomes of it.

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Site},
};

/// Registers `Ada@Example.com` with a hook of this body at `beforeSignup`.
fn signed_up(body: &str) -> Answer {
    let site = Site::new();
    let pk = site.project("a").pk;
    site.live("a", &[("gate", &hook("beforeSignup", body))]);
    sign_up(&site, &pk)
}

fn sign_up(site: &Site, pk: &str) -> Answer {
    let body = json!({ "email": "Ada@Example.com", "password": PASSWORD, "metadata": { "a": 1 } });
    site.register(pk, body)
}

#[test]
fn a_denial_is_answered_in_the_words_of_the_hook() {
    for body in [
        "return { deny: { code: 'blocked_domain', message: 'Please use your work address — danke', status: 451 } };",
        "throw new Aerocall.Deny('Please use your work address — danke', { code: 'blocked_domain', status: 451 });",
    ] {
        let site = Site::new();
        let pk = site.project("a").pk;
        site.live("a", &[("gate", &hook("beforeSignup", body))]);
        let answer = sign_up(&site, &pk);
        assert_eq!((answer.status, answer.code()), (451, "blocked_domain"));
        let error = &answer.json["error"];
        assert_eq!(error["message"], "Please use your work address — danke");
        assert_eq!((&error["hook"], error.get("details")), (&json!("gate"), None));
        site.live("a", &[]);
        assert_eq!(
            sign_up(&site, &pk).status,
            201,
            "a denied sign-up leaves nothing behind"
        );
    }
    let bare = signed_up("return { deny: true };");
    assert_eq!((bare.status, bare.code()), (403, "hook_denied"));
}

#[test]
fn nothing_and_allow_let_the_request_pass_unchanged() {
    for body in [
        "",
        "return undefined;",
        "return null;",
        "return { allow: true };",
        "return {};",
    ] {
        let answer = signed_up(body);
        assert_eq!(answer.status, 201, "{body}");
        assert_eq!(answer.json["user"]["email"], "Ada@example.com");
        assert_eq!(answer.json["user"]["metadata"], json!({ "a": 1 }));
    }
}

#[test]
fn a_patch_is_what_is_kept() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let body = "return { patch: { user: { email: payload.user.email.toLowerCase(), name: 'Ada', phone: '+49 30 123456', \
                metadata: { a: null, b: { c: [1, 'ü'] } }, publicMetadata: { plan: 'pro' } } } };";
    site.live("a", &[("gate", &hook("beforeSignup", body))]);
    let answer = sign_up(&site, &pk);
    let me = site.me(&pk, answer.token());
    let user = &me.json["user"];
    assert_eq!(
        (&user["email"], &user["name"]),
        (&json!("ada@example.com"), &json!("Ada"))
    );
    assert_eq!(user["phone"], "+4930123456");
    assert_eq!(user["metadata"], json!({ "b": { "c": [1, "ü"] } }));
    assert_eq!(user["publicMetadata"], json!({ "plan": "pro" }));
}

#[test]
fn a_patch_of_everything_the_hook_was_given_changes_nothing_else() {
    let body = "return { patch: { ...payload, user: { ...payload.user, name: 'Ada' } } };";
    let answer = signed_up(body);
    assert_eq!(
        (answer.status, &answer.json["user"]["name"]),
        (201, &json!("Ada")),
        "{answer:?}"
    );
}

#[test]
fn a_patch_is_checked_like_a_request_and_names_the_field() {
    for (patch, field) in [
        ("{ user: { email: 'nobody' } }", "user.email"),
        ("{ user: { email: 'a\\r\\nbcc: b@example.com' } }", "user.email"),
        ("{ user: { email: null } }", "user.email"),
        ("{ user: { name: 'x'.repeat(201) } }", "user.name"),
        ("{ user: { phone: 5 } }", "user.phone"),
        ("{ user: { metadata: { x: 'y'.repeat(17000) } } }", "user.metadata"),
        ("{ user: { publicMetadata: [] } }", "user.publicMetadata"),
        ("{ user: { id: 'usr_1' } }", "user.id"),
        ("{ user: { password_hash: 'x' } }", "user.password_hash"),
        ("{ user: { __proto__: null, constructor: 1 } }", "user.constructor"),
        ("{ user: 'ada' }", "user"),
        ("{ password: 'hunter22' }", "password"),
        ("{ provider: 'google' }", "provider"),
        ("{ role: 'admin' }", "role"),
    ] {
        let answer = signed_up(&format!("return {{ patch: {patch} }};"));
        assert_eq!((answer.status, answer.code()), (502, "hook_bad_reply"), "{patch}");
        assert_eq!(answer.fields(), [field], "{patch}");
        assert_eq!(answer.json["error"]["hook"], "gate");
    }
}

#[test]
fn the_name_of_a_field_in_a_bad_patch_is_cut() {
    let answer = signed_up("return { patch: { ['x'.repeat(100000)]: 1 } };");
    assert_eq!(answer.code(), "hook_bad_reply");
    assert!(answer.json.to_string().len() < 2_000, "the answer stays small");
}

#[test]
fn the_hook_sees_the_request_and_a_handle_instead_of_the_password() {
    let body = "const seen = { context, payload, own: Object.keys(payload.password), \
                text: String(payload.password), json: JSON.stringify(payload) + JSON.stringify(context) };
                return { patch: { user: { metadata: { seen: JSON.parse(JSON.stringify(seen)) } } } };";
    let site = Site::new();
    let pk = site.project("a").pk;
    site.live("a", &[("gate", &hook("beforeSignup", body))]);
    let sent =
        json!({ "email": "ada@example.com", "password": PASSWORD, "client": { "id": "ios", "data": { "b": 1 } } });
    let headers = [
        ("x-aerocall-key", pk.as_str()),
        ("content-type", "application/json"),
        ("user-agent", "test/1"),
        ("accept-language", "de-CH, en"),
    ];
    let answer = site.send("POST", "/auth/register", &headers, sent.to_string().as_bytes());
    assert_eq!(answer.status, 201, "{answer:?}");
    let seen = &answer.json["user"]["metadata"]["seen"];
    let context = &seen["context"];
    assert_eq!(context["projectId"], "a");
    assert_eq!(context["environment"], "production");
    assert_eq!(context["hook"], "beforeSignup");
    assert_eq!(context["endpoint"], "POST /auth/register");
    assert_eq!(context["requestId"], answer.header("x-request-id"));
    assert!(context["invocationId"].as_str().unwrap().starts_with("inv_"));
    assert_eq!(
        (&context["attempt"], &context["version"]["number"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(context["request"]["ip"], "127.0.0.1");
    assert_eq!(context["request"]["userAgent"], "test/1");
    assert_eq!(context["request"]["locale"], "de-CH");
    assert_eq!(seen["payload"]["client"], json!({ "id": "ios", "data": { "b": 1 } }));
    assert_eq!(seen["payload"]["provider"], "password");
    assert_eq!((&seen["own"], &seen["text"]), (&json!([]), &json!("[password]")));
    assert!(
        !answer.json.to_string().contains(PASSWORD),
        "the password is nowhere in what a hook sees"
    );
}

#[test]
fn a_hook_sees_the_headers_that_the_settings_show_and_no_others() {
    let site = Site::with(&[(
        "AEROCALL_HOOKS_SHOWN_HEADERS",
        "X-App-Version, origin,x-long,x-odd,x-absent",
    )]);
    let pk = site.project("a").pk;
    let body = "return { patch: { user: { metadata: { seen: context.request.headers } } } };";
    site.live("a", &[("gate", &hook("beforeSignup", body))]);
    let sent = json!({ "email": "ada@example.com", "password": PASSWORD }).to_string();
    let long = "x".repeat(1_025);
    let headers = [
        ("x-aerocall-key", pk.as_str()),
        ("content-type", "application/json"),
        ("authorization", "Bearer hunter22"),
        ("cookie", "sid=hunter22"),
        ("x-app-version", "1.2"),
        ("x-app-version", "1.3"),
        ("origin", "https://example.com"),
        ("x-long", &long),
        ("x-odd", "\u{fc}"),
    ];
    let answer = site.send("POST", "/auth/register", &headers, sent.as_bytes());
    let seen = &answer.json["user"]["metadata"]["seen"];
    assert_eq!(
        *seen,
        json!({ "x-app-version": "1.2, 1.3", "origin": "https://example.com" }),
        "{answer:?}"
    );
}

#[test]
fn before_login_runs_only_for_the_right_password() {
    let site = Site::new();
    let pk = site.project("a").pk;
    site.registered(&pk, "ada@example.com");
    let deny = "return { deny: { code: 'not_today', message: `Not today, ${payload.user.email} ${typeof payload.user.id}` } };";
    site.live("a", &[("gate", &hook("beforeLogin", deny))]);
    let refused = site.login(&pk, "ada@example.com", PASSWORD);
    assert_eq!((refused.status, refused.code()), (403, "not_today"));
    assert_eq!(refused.json["error"]["message"], "Not today, ada@example.com string");
    for (email, password) in [
        ("ada@example.com", "wrong horse battery"),
        ("bob@example.com", PASSWORD),
    ] {
        assert_eq!(
            site.login(&pk, email, password).code(),
            "invalid_credentials",
            "the hook is no oracle"
        );
    }
    let patch = "return { patch: { user: { metadata: { logins: (payload.user.metadata.logins ?? 0) + 1 } } } };";
    site.live("a", &[("gate", &hook("beforeLogin", patch))]);
    for count in 1..=2 {
        let user = site.login(&pk, "ada@example.com", PASSWORD).json["user"].clone();
        assert_eq!(user["metadata"], json!({ "logins": count }));
    }
}

#[test]
fn after_hooks_see_the_user_and_cannot_undo() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let note =
        "return { patch: { user: { publicMetadata: { id: payload.user.id, handle: 'password' in payload } } } };";
    let sources = [
        ("note", hook("afterSignup", note)),
        (
            "late",
            hook("afterSignup", "return { deny: { code: 'too_late', message: 'no' } };"),
        ),
        (
            "never",
            hook(
                "afterSignup",
                "return { patch: { user: { metadata: { never: true } } } };",
            ),
        ),
        (
            "enter",
            hook("afterLogin", "return { patch: { user: { metadata: { in: true } } } };"),
        ),
        (
            "steal",
            hook(
                "afterLogin",
                "return { patch: { user: { email: 'eve@example.com' } } };",
            ),
        ),
    ];
    let sources: Vec<(&str, &str)> = sources.iter().map(|(name, source)| (*name, source.as_str())).collect();
    site.live("a", &sources);
    let answer = sign_up(&site, &pk);
    assert_eq!(answer.status, 201, "{answer:?}");
    let user = &answer.json["user"];
    assert_eq!(user["publicMetadata"], json!({ "id": user["id"], "handle": false }));
    assert_eq!(user["metadata"], json!({ "a": 1 }), "a denial ends the after-hooks");
    let login = site.login(&pk, "ada@example.com", PASSWORD);
    assert_eq!(
        (login.status, &login.json["user"]["email"]),
        (200, &json!("Ada@example.com"))
    );
    assert_eq!(login.json["user"]["metadata"], json!({ "a": 1, "in": true }));
    assert_eq!(site.me(&pk, login.token()).json["user"], login.json["user"]);
}

#[test]
fn what_a_hook_returns_is_data_whatever_it_is_called() {
    let body = r#"return { patch: { user: { metadata: JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":1}}') } } };"#;
    let metadata: Value = signed_up(body).json["user"]["metadata"].clone();
    assert_eq!(metadata["__proto__"], json!({ "x": 1 }));
}
