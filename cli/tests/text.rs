//! Text that leaves a hook is UTF-8. Half of a pair of surrogates, as `slice` leaves it of a name that ends in an emoji, is
//! replaced everywhere: it makes no sign-up fail, and no failure lose its message.

use crate::support::{SIGNUP, project, run_signup};

/// What a hook does with `half`, where the text is looked for in the report, and the text.
const LEAVING: &[(&str, &str, &str)] = &[
    (
        "return { patch: { user: { name: half } } };",
        "/reply/patch/user/name",
        "Ada \u{fffd}",
    ),
    (
        "return { patch: { user: { metadata: { [half]: [half, { toJSON: () => half }] } } } };",
        "/reply/patch/user/metadata/Ada \u{fffd}/1",
        "Ada \u{fffd}",
    ),
    (
        "return { patch: { user: { metadata: new Proxy({ half, kept: '\\\\ud83d' }, {}) } } };",
        "/reply/patch/user/metadata/half",
        "Ada \u{fffd}",
    ),
    (
        "return { patch: { user: { metadata: new Proxy({ half, kept: '\\\\ud83d' }, {}) } } };",
        "/reply/patch/user/metadata/kept",
        "\\ud83d",
    ),
    ("return { deny: { message: half } };", "/reply/message", "Ada \u{fffd}"),
    ("throw new Aerocall.Deny(half);", "/reply/message", "Ada \u{fffd}"),
    ("throw new Error(half);", "/reply/error/message", "Ada \u{fffd}"),
    ("throw half;", "/reply/error/message", "Ada \u{fffd}"),
    ("console.log(half);", "/logs/0/message", "Ada \u{fffd}"),
    ("cache.set('k', half);", "/hostCalls/0/arguments/1", "\"Ada \u{fffd}\""),
    (
        "cache.set('k', [{ half }]);",
        "/hostCalls/0/arguments/1",
        "[{\"half\":\"Ada \u{fffd}\"}]",
    ),
    (
        "cache.set('k', '\\\\ud83d');",
        "/hostCalls/0/arguments/1",
        "\"\\\\ud83d\"",
    ),
    (
        "Queue.enqueue('mails', { half });",
        "/hostCalls/0/arguments/1",
        "{\"half\":\"Ada \u{fffd}\"}",
    ),
];

#[test]
fn half_a_character_is_replaced_wherever_text_leaves_the_hook() {
    let project = project(&[("in.json", SIGNUP)]);
    for (does, at, text) in LEAVING {
        let source = format!(
            "export const beforeSignup = (_context, _payload, {{ cache, Queue }}) => {{\n  const half = 'Ada 😀'.slice(0, 5);\n  {does}\n}};\n"
        );
        std::fs::write(project.path().join("hook.js"), &source).unwrap();
        let report = run_signup(project.path(), "hook.js").json();
        assert_eq!(
            report.pointer(at).and_then(|found| found.as_str()),
            Some(*text),
            "{does} {report}"
        );
    }
}
