//! `aerocall try` against a server: what it prints, and when it fails.

use serde_json::json;
use tempfile::TempDir;

use crate::{server::Site, support::project};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
const GATE: &str = "export const beforeSignup = async (context: any, { user }: any, { cache }: any) => {
  console.info('looking at', user.email);
  await cache.set('last', user.email);
  if (user.email.endsWith('@gmail.com')) return { deny: { code: 'free_mail', message: 'no \\u001b[31mfree mail' } };
  return { patch: { user: { metadata: { seen: true } } } };
};
";

fn site() -> (Site, TempDir) {
    let here = project(&[
        ("aerocall.toml", TOML),
        ("hooks/gate.ts", GATE),
        (
            "body.json",
            r#"{ "email": "ada@work.example", "password": "correct horse battery" }"#,
        ),
    ]);
    let site = Site::new(&[]);
    site.deploy(here.path(), &[]).expect(0);
    (site, here)
}

#[test]
fn a_dry_run_prints_every_step_and_that_nothing_was_stored() {
    let (site, here) = site();
    let text = site
        .run(here.path(), &["try", "register", "--body", "@body.json"])
        .expect(0)
        .stdout;
    let has = |wanted: &str| assert!(text.contains(wanted), "{wanted:?} is not in:\n{text}");
    assert!(text.starts_with("POST /auth/register 201 "), "{text}");
    has("\n  beforeSignup done ");
    has("\n    gate v1 patch ");
    has("\n      info  looking at ada@work.example\n");
    has("\n      cache.set [\"last\",\"\\\"ada@work.example\\\"\",null]");
    has("\n  commit done ");
    has("\n  insert users {");
    assert!(text.ends_with("other changes were simulated\n"), "{text}");
    assert!(!text.contains("correct horse"), "{text}");
    // Twice the same: the first has left no user.
    let json = site
        .run(
            here.path(),
            &["try", "/auth/register", "--body", "@body.json", "--json"],
        )
        .expect(0)
        .json();
    assert_eq!(
        (&json["response"]["status"], &json["changedNothing"]),
        (&json!(201), &json!(true))
    );
    let denied = r#"{"email":"eve@gmail.com","password":"correct horse battery"}"#;
    let denied = site
        .run(here.path(), &["try", "register", "--body", denied])
        .expect(1)
        .stdout;
    assert!(
        denied.contains("gate v1 deny") && denied.contains("free_mail"),
        "{denied}"
    );
    assert!(!denied.contains('\u{1b}'), "{denied}");
}

#[test]
fn a_live_test_happens_and_wrong_arguments_are_named() {
    let (site, here) = site();
    let live = site
        .run(here.path(), &["try", "register", "--body", "@body.json", "--live"])
        .expect(0)
        .stdout;
    assert!(live.contains("Live: this happened in the environment"), "{live}");
    let again = site
        .run(here.path(), &["try", "register", "--body", "@body.json"])
        .expect(1)
        .stdout;
    assert!(again.contains("email_taken"), "{again}");
    for (arguments, code, words) in [
        (&["try", "registr"][..], 1, "did you mean POST /auth/register?"),
        (&["try", "register", "--use", "gate"], 2, "HOOK=draft or HOOK=NUMBER"),
        (
            &["try", "register", "--use", "gate=9"],
            1,
            "use.gate: the hook has no version 9",
        ),
        (&["try", "register", "--body", "{"], 2, "--body: not valid JSON"),
        (&["try", "register", "--body", "@nope.json"], 3, "nope.json"),
        (&["try", "register", "--header", "authorization"], 2, "name: value"),
        (
            &["try", "register", "--live", "--use", "gate=1"],
            2,
            "cannot be used with",
        ),
    ] {
        let done = site.run(here.path(), arguments).expect(code);
        assert!(done.stderr.contains(words), "{arguments:?}: {}", done.stderr);
    }
}
