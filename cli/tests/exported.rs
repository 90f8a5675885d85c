//! What a hook file exports under a name that means something, and is not what the name says: an error of the build, because
//! on a server it would be a hook that never runs, or one with other rights than its author wrote.

use crate::support::{project, run};

/// A file, and what `aerocall check` says of it: code, line and column, and a part of message or hint.
const EXPORTED: &[(&str, &str)] = &[
    (
        "export const beforeSignup = 5;",
        "not-callable 1:14 `beforeSignup` is exported, but is not a function",
    ),
    (
        "export const beforeSignup = process.env.NODE_ENV === 'development' ? () => {} : undefined;",
        "not-callable 1:14 `beforeSignup` is exported, but is not a function",
    ),
    (
        "const hooks = { beforeSignup: {} };\nexport default hooks;",
        "not-callable 1:17 `beforeSignup` is exported, but is not a function",
    ),
    (
        "export const beforeLogin = () => {};\nexport const on = {\n  'auth.signup': 5,\n};",
        "not-callable 3:3 `auth.signup` of `on` is not a function",
    ),
    (
        "export class beforeSignup { deny = true; }",
        "not-callable 1:14 `beforeSignup` is exported, but is not a function that runs",
    ),
    (
        "export { Check as beforeSignup } from 'others';",
        "not-callable 1:19 `beforeSignup` is exported, but is not a function that runs",
    ),
    (
        "export { steps as beforeSignup } from 'others';",
        "not-callable 1:19 `beforeSignup` is exported, but is not a function that runs",
    ),
    (
        "import { steps } from 'others';\nexport const beforeLogin = () => {};\nexport const on = { 'auth.login': steps };",
        "not-callable 3:21 `auth.login` of `on` is not a function that runs",
    ),
    ("export const on = [];", "no-hooks 1:1 hooks/a.ts exports no hook"),
    (
        "const events = [];\nexport const on = Object.fromEntries(events);",
        "no-hooks 1:1 hooks/a.ts exports no hook",
    ),
    (
        "export function* beforeSignup() { yield { deny: true }; }",
        "not-callable 1:18 `beforeSignup` is a generator function",
    ),
    (
        "export const beforeSignup = async function* () {};",
        "not-callable 1:14 `beforeSignup` is a generator function",
    ),
    (
        "export default {\n  async *beforeSignup() {},\n};",
        "not-callable 2:10 `beforeSignup` is a generator function",
    ),
    (
        "export const on = {\n  'auth.signup': () => {},\n  *'auth.login'() {},\n};",
        "not-callable 3:4 `auth.login` is a generator function",
    ),
    (
        "export const config = { capabilites: { cache: true } };\nexport const beforeSignup = () => {};",
        "bad-config 1:14 did you mean `capabilities`?",
    ),
    (
        "export const config = { deadlineMs: 500 };\nexport const beforeSignup = () => {};",
        "bad-config 1:14 it can have capabilities, limits, schedules, order, priority",
    ),
    (
        "export const config = () => ({ capabilities: {} });\nexport const beforeSignup = () => {};",
        "bad-config 1:14 `config` must be an object",
    ),
    (
        "export const config = 'cache';\nexport const beforeSignup = () => {};",
        "bad-config 1:14 `config` must be an object",
    ),
    (
        "console.log(Buffer.from('a'));\nexport const beforeSignup = () => {};",
        "missing-global 1:13 use `Uint8Array`",
    ),
    (
        "import 'asks';\nexport const beforeSignup = () => {};",
        "load-threw 1:1 hooks have no `Buffer`, which `asks` needs at once",
    ),
    (
        "import 'formats';\nexport const beforeSignup = () => {};",
        "load-threw 1:5 hooks have no `Intl`, which `formats` needs at once",
    ),
];

#[test]
fn what_would_never_run_is_an_error_of_the_build() {
    for (source, expected) in EXPORTED {
        let project = project(&[
            ("hooks/a.ts", source),
            ("node_modules/asks/index.js", "Buffer.from('a');\n"),
            ("node_modules/formats/index.js", "new Intl.NumberFormat();\n"),
            (
                "node_modules/others/index.js",
                "exports.Check = class {};\nexports.steps = async function* () {};\n",
            ),
        ]);
        let checked = run(project.path(), &["check", "--json"]).expect(1).json();
        let errors = checked["diagnostics"].as_array().unwrap().iter();
        let errors: Vec<_> = errors.filter(|problem| problem["severity"] == "error").collect();
        assert_eq!(errors.len(), 1, "{source}\n{checked}");
        let text = |name: &str| errors[0][name].as_str().unwrap_or_default();
        let said = format!("{} {}:{}", text("code"), errors[0]["line"], errors[0]["column"]);
        let mut words = expected.splitn(3, ' ');
        let place = format!("{} {}", words.next().unwrap(), words.next().unwrap());
        let part = words.next().unwrap();
        assert_eq!(said, place, "{source}\n{checked}");
        let told = format!("{}\n{}", text("message"), text("hint"));
        assert!(told.contains(part), "{source}\n{told}");
        assert!(text("frame").contains('^'), "{source}\n{checked}");
    }
}

/// Of a hook whose bundle is larger than a server takes, the warning names what makes it large.
#[test]
fn a_large_bundle_says_what_makes_it_so() {
    let list: Vec<String> = (0..30_000).map(|number| format!("domain-{number}.example")).collect();
    let list = serde_json::to_string(&list).unwrap();
    let project = project(&[
        (
            "hooks/a.ts",
            "import list from 'a-list';\nconst all = new Set(list);\nexport const beforeSignup = () => all.size > 1 ? undefined : { deny: true };\n",
        ),
        ("node_modules/a-list/index.json", &list),
        ("node_modules/a-list/package.json", "{ \"main\": \"index.json\" }"),
    ]);
    let checked = run(project.path(), &["check"]).expect(0);
    assert!(checked.stderr.contains("warning[large-bundle]"), "{}", checked.stderr);
    assert!(
        checked.stderr.contains("the largest parts of the code are a-list ("),
        "{}",
        checked.stderr
    );
}
