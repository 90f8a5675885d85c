//! What a hook reaches for, as far as its code shows it.

use aerocall_compiler::capabilities;

use crate::support::{ok, on_disk};

/// The capabilities, and the line and column where the SDK goes out of sight.
async fn used(text: &str) -> (String, Option<(u32, u32)>) {
    let found = capabilities::find(&ok(on_disk(&[("a.ts", text)]).await));
    let names = found
        .used
        .iter()
        .map(|capability| capability.name())
        .collect::<Vec<_>>()
        .join(" ");
    (names, found.escapes.map(|position| (position.line, position.column)))
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
    sees("export const beforeSignup = (c, p, A) => { const { db } = A; const other = A; other.secrets.get('x'); return db; };", "db secrets").await;
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
        "secrets",
    )
    .await;
    sees(
        "const { db } = (globalThis as any).Aerocall;\nexport const beforeSignup = () => db.query('x');",
        "db",
    )
    .await;
    sees(
        "export const beforeSignup = async () => (await fetch('https://a.b')).ok;",
        "http",
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
