//! What a hook reaches for, as far as its code shows it.

use std::path::Path;

use aerocall_compiler::capabilities::{self, Capability, Grant};
use aerocall_compiler::diagnostics::Diagnostic;
use aerocall_compiler::{Built, Compiler, Declared, EngineName, Packaging, Source};

use crate::support::{ok, on_disk, places, project, texts};

/// The capabilities, and the line and column where the SDK goes out of sight.
async fn used(text: &str) -> (String, Option<(u32, u32)>) {
    let found = capabilities::find(&ok(on_disk(&[("a.ts", text)]).await));
    let place = found.escapes.map(|position| (position.line, position.column));
    (found.used.names().join(" "), place)
}

async fn sees(text: &str, expected: &str) {
    assert_eq!(used(text).await, (expected.to_owned(), None), "{text}");
}

#[tokio::test]
async fn follows_the_parameter() {
    sees(
        "export const beforeSignup = async (c, p, Aerocall) => { await Aerocall.cache.get('x'); };",
        "cache",
    )
    .await;
    sees(
        "export const beforeSignup = async (c, p, sdk) => { sdk.Queue.enqueue('a', 1); sdk?.queue; sdk['db']; };",
        "db queue",
    )
    .await;
    sees(
        "export async function afterLogin(c, p, { cache, auth: a }) { return [cache, a]; }",
        "auth cache",
    )
    .await;
    sees("export const beforeSignup = (c, p, A) => { const { db } = A; const other = A; other.secrets.get('x'); return db; };", "db secrets:x").await;
    sees(
        "export const on = { 'auth.login': async (c, e, A) => A.auth.sendEmail({}) };",
        "auth",
    )
    .await;
    sees("export default { beforeSignup(c, p, A) { return A.http; } };", "http").await;
    sees("export const beforeSignup = (c, p) => ({ deny: p.db });", "").await;
    sees(
        "export const beforeSignup = (c, p, A) => { throw new A.Deny('x'); A.log.info('x'); };",
        "",
    )
    .await;
}

#[tokio::test]
async fn follows_functions_it_is_handed_to() {
    sees("const count = async (A, key) => A.cache.increment(key);\nexport const beforeSignup = (c, p, A) => count(A, 'x');", "cache").await;
    sees("function again(n, A) { return n ? again(n - 1, A) : A.db.query('x'); }\nexport const beforeSignup = (c, p, A) => again(1, A);", "db").await;
}

#[tokio::test]
async fn sees_globals() {
    sees(
        "declare const Aerocall: any;\nexport const beforeSignup = () => Aerocall.secrets.get('x');",
        "secrets:x",
    )
    .await;
    sees(
        "const { db } = (globalThis as any).Aerocall;\nexport const beforeSignup = () => db.query('x');",
        "db",
    )
    .await;
    sees(
        "export const beforeSignup = async () => (await fetch('https://a.b')).ok;",
        "http:a.b",
    )
    .await;
    sees(
        "import { Deny } from '@aerocall/hooks';\nexport const beforeSignup = () => { throw new Deny('x'); };",
        "",
    )
    .await;
}

#[tokio::test]
async fn assumes_everything_when_the_sdk_escapes() {
    let all = "auth cache db http queue secrets";
    let forms = [
        (
            "export const beforeSignup = (c, p, A) =>\n  JSON.stringify(A);",
            (2, 18),
        ),
        ("export const beforeSignup = (c, p, A) =>\n  A[p.name];", (2, 3)),
        ("export const beforeSignup = (...all) => all;", (1, 30)),
        ("export const beforeSignup = (c, p, { db, ...rest }) => rest;", (1, 42)),
        (
            "const wrap = (f) => f;\nexport const beforeSignup = wrap((c, p, A) => A.db);",
            (2, 29),
        ),
    ];
    for (text, place) in forms {
        let (names, escapes) = used(text).await;
        assert_eq!(names, all, "{text}");
        assert_eq!(escapes.map(|(line, _)| line), Some(place.0), "{text} {place:?}");
    }
}

/// What a hook uses whose body is this.
async fn in_body(body: &str, expected: &str) {
    let text = format!("declare const path: any;\nexport const beforeLogin = async (c, p, A) => {{ {body} }};");
    sees(&text, expected).await;
}

#[tokio::test]
async fn reads_hosts_of_literal_addresses() {
    for (body, expected) in [
        ("await fetch('https://API.crm.example/v1');", "http:api.crm.example"),
        ("await fetch('http://a.b:8080', {});", "http:a.b:8080"),
        ("await fetch('https://a.b:443/');", "http:a.b"),
        ("await fetch(`https://a.b/users/${p.id}`);", "http:a.b"),
        ("await fetch('https://a.b/' + p.id);", "http:a.b"),
        ("await fetch(new URL('https://a.b/x'));", "http:a.b"),
        ("await fetch(new URL('/x/' + p.id, 'https://a.b'));", "http:a.b"),
        (
            "await fetch(new Request(`https://a.b/${p.id}`, { method: 'POST' }));",
            "http:a.b",
        ),
        (
            "await fetch(p.live ? 'https://a.b' : 'https://c.d/x');",
            "http:a.b http:c.d",
        ),
        ("await globalThis.fetch('https://a.b');", "http:a.b"),
        ("const f = fetch; await f('https://a.b');", "http:a.b"),
        (
            "await A.http.get('https://a.b'); await A.http.post('https://c.d', {});",
            "http:a.b http:c.d",
        ),
        (
            "const { http: { get }, cache } = A; await get('https://a.b');",
            "cache http:a.b",
        ),
        (
            "await A.http.sendAll(['https://a.b', { url: `https://c.d/${p.id}` }, new Request('https://e.f')]);",
            "http:a.b http:c.d http:e.f",
        ),
        (
            "await Promise.all([fetch('https://a.b/1'), fetch('https://a.b/2')]);",
            "http:a.b",
        ),
        (
            "const send = (h, id) => h.get(`https://a.b/${id}`); await send(A.http, 1);",
            "http:a.b",
        ),
    ] {
        in_body(body, expected).await;
    }
}

#[tokio::test]
async fn follows_constants_of_any_file() {
    let files = [
        ("a.ts", "import { API } from './settings';\nconst users = `${API}/users`;
            export const beforeLogin = async (c, p, A) => { await fetch(`${users}/${p.user.id}`); await A.secrets.get(API_TOKEN); };
            const API_TOKEN = 'crm_token';"),
        ("settings.ts", "export const API = 'https://api.crm.example/v1';"),
    ];
    let found = capabilities::find(&ok(on_disk(&files).await));
    assert_eq!(found.used.names(), ["http:api.crm.example", "secrets:crm_token"]);
}

#[tokio::test]
async fn follows_members_of_enums() {
    let files = [
        ("a.ts", "import { Api } from './settings';\nenum Token { Crm = 'crm_token', Other = 7 }
            export const beforeLogin = async (c, p, A) => { await fetch(`${Api.Users}/${p.user.id}`); await fetch(p.live ? Api['Live'] : new URL('/x', Api.Users)); await A.secrets.get(Token.Crm); };"),
        ("settings.ts", "export enum Api { Users = 'https://api.crm.example/v1', Live = 'https://live.example' }"),
    ];
    let found = capabilities::find(&ok(on_disk(&files).await));
    assert_eq!(
        found.used.names(),
        ["http:api.crm.example", "http:live.example", "secrets:crm_token"]
    );
    let computed = [(
        "a.ts",
        "enum Api { A = String(Math.random()) as any }\nexport const beforeLogin = async () => { await fetch(Api.A as any); await fetch((Api as any).B); };",
    )];
    assert_eq!(capabilities::find(&ok(on_disk(&computed).await)).used.names(), ["http"]);
}

#[tokio::test]
async fn what_is_known_only_at_run_time_is_the_whole() {
    for (body, expected) in [
        ("await fetch(p.url);", "http"),
        ("await fetch(`https://a.b${p.path}`);", "http"),
        ("await fetch(`https://${p.tenant}.a.b/`);", "http"),
        ("await fetch('https://' + p.host);", "http"),
        ("await fetch(new URL(p.path, 'https://a.b'));", "http"),
        ("await fetch(new URL('//' + p.path, 'https://a.b'));", "http"),
        ("await fetch(new URL(`/${p.path}`, 'https://a.b'));", "http"),
        ("let url = 'https://a.b'; url = p.url; await fetch(url);", "http"),
        ("await fetch(...p.all);", "http"),
        ("await fetch('/relative');", "http"),
        ("await fetch('data:text/plain,x');", "http"),
        ("await Promise.all(['https://a.b'].map((url) => fetch(url)));", "http"),
        ("await A.http.sendAll(p.urls);", "http"),
        ("await A.http.sendAll([{ url: 'https://a.b', ...p }]);", "http"),
        ("await A.http[p.name]('https://a.b');", "http"),
        ("await fetch.call(null, 'https://a.b');", "http"),
        ("class URL { href = 1 } await fetch(new URL('https://a.b'));", "http"),
        ("await fetch(p.live ? 'https://a.b' : p.url);", "http"),
        ("await A.secrets.get(p.name);", "secrets"),
        ("await A.secrets.get(`x_${p.name}`);", "secrets"),
        ("await A.secrets.get('no name');", "secrets"),
        ("await fetch('https://a.b'); await fetch(p.url);", "http"),
    ] {
        in_body(body, expected).await;
    }
}

/// Compiled, with what `aerocall.toml` declares.
#[expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]
async fn compiled(text: &str, declared: Option<&[&str]>) -> Result<Built, Vec<Diagnostic>> {
    let directory = project(&[("hooks/a.ts", text)]);
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiler-cache");
    let compiler = Compiler::open(EngineName::QuickJs, &cache).unwrap();
    let source = Source::project(directory.path(), "hooks/a.ts").unwrap();
    let grants = |list: &[&str]| list.iter().map(|grant| grant.parse::<Grant>().unwrap()).collect();
    let declared = Declared {
        capabilities: declared.map(grants),
        ..Declared::default()
    };
    compiler.compile_with(&source, Packaging::Shared, &declared).await
}

fn hook(config: &str, body: &str) -> String {
    format!("export const config = {config};\nexport const beforeLogin = async (c, p, A) => {{\n{body}\n}};")
}

#[tokio::test]
async fn both_declarations_hold_and_the_narrower_host_wins() {
    let config = "{ capabilities: { cache: true, db: false, secrets: true,
        http: ['*.Stripe.com', 'api.crm.example', 'API.crm.example', 'only.mine'] } }";
    let text = hook(config, "");
    let built = compiled(&text, None).await.unwrap();
    assert_eq!(
        built.manifest.capabilities,
        [
            "cache",
            "http:*.stripe.com",
            "http:api.crm.example",
            "http:only.mine",
            "secrets"
        ]
    );
    assert!(built.warnings.is_empty(), "{}", texts(&built.warnings));
    let project = [
        "http:api.stripe.com",
        "http:api.crm.example",
        "secrets:crm_token",
        "queue",
    ];
    let built = compiled(&text, Some(&project)).await.unwrap();
    assert_eq!(
        built.manifest.capabilities,
        ["http:api.crm.example", "http:api.stripe.com", "secrets:crm_token"]
    );
    assert_eq!(
        built.manifest.parts(Capability::Http).unwrap(),
        ["api.crm.example", "api.stripe.com"]
    );
}

#[tokio::test]
async fn uses_that_are_not_declared_are_told_with_the_line_to_add() {
    let body = "await fetch('https://a.b/');\nawait A.secrets.get('crm_token');\nawait A.cache.get('k');\nawait fetch('https://x.a.b');";
    let config = "{ capabilities: { http: ['*.a.b'], secrets: ['other'] } }";
    let built = compiled(&hook(config, body), Some(&["http", "secrets", "cache"]))
        .await
        .unwrap();
    let expected = [
        (
            "undeclared-capability hooks/a.ts:3:7",
            "uses `http:a.b`",
            "add `http: [\"a.b\"]` to `capabilities` of `export",
        ),
        (
            "undeclared-capability hooks/a.ts:4:7",
            "uses `secrets:crm_token`",
            "`secrets: [\"crm_token\"]`",
        ),
        ("undeclared-capability hooks/a.ts:5:7", "uses `cache`", "`cache: true`"),
    ];
    assert_eq!(
        places(&built.warnings),
        expected.map(|(place, ..)| place),
        "{}",
        texts(&built.warnings)
    );
    for (warning, (_, message, hint)) in built.warnings.iter().zip(expected) {
        assert!(warning.message.contains(message), "{warning}");
        assert!(warning.hint.as_ref().unwrap().contains(hint), "{warning}");
    }
    let built = compiled(&hook("{}", body), Some(&["http:*.a.b", "secrets", "cache"]))
        .await
        .unwrap();
    assert!(
        texts(&built.warnings).contains("add `\"http:a.b\"` to `capabilities` of [hooks.a] in aerocall.toml"),
        "{}",
        texts(&built.warnings)
    );
    let built = compiled(
        &hook("{ capabilities: { http: ['a.b'] } }", "await fetch(p.url);"),
        None,
    )
    .await
    .unwrap();
    assert!(
        built.warnings.is_empty(),
        "any of the hosts may be the one: {}",
        texts(&built.warnings)
    );
}

#[tokio::test]
async fn what_the_code_does_not_tell_is_asked_for() {
    let body =
        "await A.cache.get('k');\nawait fetch('https://a.b');\nawait fetch(p.url);\nawait A.secrets.get(p.name);";
    let built = compiled(&hook("{}", body), None).await.unwrap();
    assert_eq!(built.manifest.capabilities, ["cache", "http", "secrets"]);
    assert_eq!(
        places(&built.warnings),
        [
            "unscoped-capability hooks/a.ts:5:7",
            "unscoped-capability hooks/a.ts:6:7"
        ],
        "{}",
        texts(&built.warnings)
    );
    let shown = texts(&built.warnings);
    let line = "{ cache: true, http: [\"a.b\", \"api.example.com\"], secrets: [\"my_secret\"] }";
    assert!(shown.contains(line) && shown.contains("refused"), "{shown}");
    let built = compiled(&hook("{}", "JSON.stringify(A);"), None).await.unwrap();
    assert_eq!(places(&built.warnings), ["unscoped-capability hooks/a.ts:3:16"]);
}

#[tokio::test]
async fn bad_declarations_are_refused_with_their_mend() {
    for (capabilities, says) in [
        (
            "{ http: ['https://api.crm.example/v1'] }",
            "`config.capabilities.http`: `https://api.crm.example/v1` is not a host: write only the host, `api.crm.example`",
        ),
        (
            "{ http: ['a.*.b'] }",
            "a star must stand alone or replace the first labels",
        ),
        ("{ http: 'a.b' }", "must be true, false or a list of hosts"),
        ("{ http: [1] }", "1 is not a string"),
        ("{ secrets: ['crm-token'] }", "`crm-token` is not a secret name"),
        ("{ cache: ['x'] }", "`cache` has no parts"),
        ("{ cache: 'yes' }", "must be true or false"),
        ("{ files: true }", "there is no capability `files`; there are: auth"),
        ("true", "must be an object"),
    ] {
        let problems = compiled(&hook(&format!("{{ capabilities: {capabilities} }}"), ""), None)
            .await
            .unwrap_err();
        assert_eq!(places(&problems), ["bad-config hooks/a.ts:1:14"], "{capabilities}");
        assert!(texts(&problems).contains(says), "{capabilities}: {}", texts(&problems));
    }
}
