//! What a hook returns: a decision, or a failure that says what came instead. Nothing else lets a request through.

use crate::support::{SIGNUP, project, run_signup};

/// The declarations of a hook, what it returns, and what `aerocall run` makes of that.
const REPLIES: &[(&str, &str, &str)] = &[
    ("", "undefined", "allow"),
    ("", "null", "allow"),
    ("", "{}", "allow"),
    ("", "Object.create(null)", "allow"),
    ("", "{ allow: true }", "allow"),
    ("", "{ deny: true }", "deny"),
    ("class Denied { deny = { code: 'taken' }; }", "new Denied()", "deny"),
    (
        "class Named { patch = { user: { name: 'Ada' } }; }",
        "new Named()",
        "patch",
    ),
    ("", "{ patch: { user: { metadata: { at: new Date(0) } } } }", "patch"),
    (
        "",
        "new Response('no', { status: 403 })",
        "got an object of the class Response",
    ),
    ("", "new Map([['deny', true]])", "got an object of the class Map"),
    ("", "new Date(0)", "got an object of the class Date"),
    (
        "class Denied { get deny() { return true; } }",
        "new Denied()",
        "got an object of the class Denied",
    ),
    ("", "Object.create({ deny: true })", "got an object of the class Object"),
    (
        "const steps = function* () { yield { deny: true }; };",
        "steps()",
        "got an object of the class Generator",
    ),
    (
        "const steps = async function* () { yield { deny: true }; };",
        "steps()",
        "got an object of the class AsyncGenerator",
    ),
    (
        "",
        "new Proxy({}, { getPrototypeOf() { throw new Error('no'); } })",
        "got an object of the class Object",
    ),
    ("", "new Error('no')", "got an error"),
    ("", "() => ({ deny: true })", "got a function"),
    ("", "[{ deny: true }]", "got an array"),
    ("", "false", "got the boolean false"),
    ("", "'deny'", "got the string \"deny\""),
    (
        "",
        "{ patch: new Map([['user', { name: 'Ada' }]]) }",
        "got an object of the class Map",
    ),
    (
        "",
        "{ patch: { user: { metadata: { list: [1, { 'a b': 2n }] } } } }",
        "`patch.user.metadata.list[1].a b` of the reply must be something that JSON can carry, got a bigint",
    ),
    (
        "const circle = { inner: {} }; circle.inner.out = circle;",
        "{ patch: { user: { metadata: circle } } }",
        "`patch.user.metadata.inner.out` of the reply must be something that JSON can carry, got an object that contains itself",
    ),
    (
        "const twice = { a: 1 };",
        "{ patch: { user: { metadata: { twice, list: [twice, twice] } } } }",
        "patch",
    ),
    (
        "BigInt.prototype.toJSON = function () { return String(this); };",
        "{ patch: { user: { metadata: { n: 2n } } } }",
        "patch",
    ),
];

#[test]
fn only_a_decision_lets_a_request_through() {
    let project = project(&[("in.json", SIGNUP)]);
    for (declarations, reply, expected) in REPLIES {
        for hook in ["() =>", "async () =>"] {
            let source = format!("{declarations}\nexport const beforeSignup = {hook} ({reply});\n");
            std::fs::write(project.path().join("hook.js"), &source).unwrap();
            let said = run_signup(project.path(), "hook.js").json()["reply"].clone();
            if ["allow", "deny", "patch"].contains(expected) {
                assert_eq!(said["kind"], *expected, "{source}{said}");
            } else {
                assert_eq!(said["code"], "hook_bad_reply", "{source}{said}");
                let message = said["message"].as_str().unwrap();
                assert!(message.ends_with(expected), "{source}{message}");
            }
        }
    }
}
