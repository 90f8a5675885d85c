//! `aerocall deploy` against a real server: the binary itself, with a database of its own.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    server::Site,
    support::{project, run},
};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n
[hooks.audit]\norder = 1\nfailure_policy = \"open\"\n[hooks.block]\norder = 2\n";

fn hooks(domain: &str) -> TempDir {
    let block = format!(
        "export const beforeSignup = (_c: any, {{ user }}: any) => user.email.endsWith('@{domain}')
            ? {{ deny: {{ code: 'blocked', message: 'not you', status: 422 }} }} : undefined;"
    );
    project(&[
        ("aerocall.toml", TOML),
        ("hooks/block.ts", &block),
        (
            "hooks/audit.ts",
            "export const beforeSignup = () => ({ patch: { user: { metadata: { audited: true } } } });
            export const on = { 'auth.mfa.enrolled': () => {} };",
        ),
    ])
}

#[test]
fn a_deployment_is_live_at_once_and_known_bundles_are_not_sent_again() {
    let site = Site::new(&[]);
    assert_eq!(site.register("jane@mailinator.com").0, 403, "the demo's hook");
    let project = hooks("nope.example");
    let first = site.deploy(project.path(), &[]).expect(0).json();
    assert_eq!(first["deployment"]["number"], 2, "{first}");
    let names: Vec<&Value> = first["hooks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hook| &hook["name"])
        .collect();
    assert_eq!(names, ["audit", "block"]);
    assert_eq!(first["hooks"][0]["notRun"], json!([]));
    let (status, refused) = site.register("a@nope.example");
    assert_eq!(
        (status, &refused["error"]["code"]),
        (422, &json!("blocked")),
        "{refused}"
    );
    let (status, user) = site.register("b@ok.example");
    assert_eq!(
        (status, &user["user"]["metadata"]["audited"]),
        (201, &json!(true)),
        "{user}"
    );

    let again = site.deploy(project.path(), &[]).expect(0).json();
    let uploaded: Vec<&Value> = again["hooks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hook| &hook["uploaded"])
        .collect();
    assert_eq!(
        (uploaded, &again["deployment"]["number"]),
        (vec![&json!(false); 2], &json!(3))
    );

    let disabled = std::fs::read_to_string(project.path().join("aerocall.toml")).unwrap() + "enabled = false\n";
    std::fs::write(project.path().join("aerocall.toml"), disabled).unwrap();
    site.deploy(project.path(), &[]).expect(0);
    assert_eq!(site.register("c@nope.example").0, 201, "a disabled hook is not called");
}

#[test]
fn every_point_of_the_server_is_one_of_the_compiler() {
    let site = Site::new(&[]);
    let live = site.admin("/hooks");
    let points = live["points"].as_object().unwrap();
    assert!(points.len() >= 4, "{live}");
    for point in points.keys() {
        assert!(aerocall_contract::HookPoint::named(point).is_some(), "{point}");
    }
}

#[test]
fn refusals_and_silence_have_their_own_exit_codes() {
    let site = Site::new(&[]);
    let project = hooks("nope.example");
    let refused = site.deploy(project.path(), &["--token", "at_wrong"]).expect(1);
    assert_eq!(refused.json()["error"]["code"], "unauthorized");
    assert!(refused.stderr.contains("error[unauthorized]"), "{}", refused.stderr);
    let unknown = site.deploy(project.path(), &["--project", "nobody"]).expect(1);
    assert_eq!(unknown.json()["error"]["code"], "not_found");
    let silent = site
        .deploy(project.path(), &["--server", "http://127.0.0.1:1"])
        .expect(3);
    assert!(silent.stderr.contains("127.0.0.1:1"), "{}", silent.stderr);
    site.deploy(project.path(), &["--server", "ftp://example.com"])
        .expect(2);
    let stranger = site.deploy(project.path(), &["--server", &format!("{}/elsewhere", site.url)]);
    assert_eq!(
        stranger.code, 1,
        "a path that is no admin API is the server's own 404: {}",
        stranger.stderr
    );
    std::fs::write(project.path().join("hooks/bad.ts"), "export const beforeSignup = ;").unwrap();
    let broken = site.deploy(project.path(), &[]).expect(1);
    assert!(broken.stderr.contains("hooks/bad.ts:1"), "{}", broken.stderr);
    assert_eq!(
        site.register("jane@mailinator.com").0,
        403,
        "nothing of this was deployed"
    );
}

#[test]
fn what_is_missing_is_named() {
    let project = project(&[("hooks/a.ts", "export const beforeLogin = () => {};")]);
    let cases: [(&[&str], &str); 4] = [
        (&[], "AEROCALL_SERVER"),
        (&["--server", "http://127.0.0.1:1"], "AEROCALL_TOKEN"),
        (
            &["--server", "http://127.0.0.1:1", "--token", "x"],
            "`id` under [project]",
        ),
        (&["--server", "127.0.0.1:1"], "https://"),
    ];
    for (arguments, message) in cases {
        let done = run(project.path(), &[&["deploy"], arguments].concat()).expect(2);
        assert!(done.stderr.contains(message), "{message}: {}", done.stderr);
    }
}

const CRM: &str = "export const beforeSignup = async (_c: any, p: any, A: any) => {
    await A.cache.increment('n');
    await fetch(`https://api.crm.example/users/${p.user.email}`);
};
export const beforeLogin = () => {};";

#[test]
fn what_changes_is_shown_before_it_is_done() {
    let site = Site::new(&[]);
    let project = hooks("nope.example");
    let dry = site.deploy(project.path(), &["--dry-run"]).expect(0).json();
    assert_eq!((&dry["deployment"], &dry["hooks"]), (&Value::Null, &json!([])), "{dry}");
    assert_eq!(dry["changes"]["against"], 1);
    let changes = |document: &Value| -> Vec<(String, String)> {
        let hooks = document["changes"]["hooks"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        hooks.map(|hook| (text(&hook["name"]), text(&hook["change"]))).collect()
    };
    let shown = changes(&dry);
    assert_eq!(
        shown[..2],
        [
            ("audit".to_owned(), "new".to_owned()),
            ("block".to_owned(), "new".to_owned())
        ]
    );
    assert!(
        shown[2..].iter().all(|(_, change)| change == "removed") && shown.len() > 2,
        "{shown:?}"
    );
    assert_eq!(site.register("jane@mailinator.com").0, 403, "nothing was deployed");

    let done = site.deploy(project.path(), &[]).expect(0).json();
    assert_eq!(changes(&done), shown, "what was shown is what is done");
    std::fs::write(project.path().join("hooks/audit.ts"), CRM).unwrap();
    let dry = site.deploy(project.path(), &["--dry-run"]).expect(0).json();
    let audit = &dry["changes"]["hooks"][0];
    assert_eq!(
        audit["capabilities"],
        json!({ "added": ["cache", "http:api.crm.example"], "removed": [] })
    );
    assert_eq!(
        audit["points"],
        json!({ "added": ["beforeLogin"], "removed": ["auth.mfa.enrolled"] })
    );
    assert_eq!(
        (&audit["from"]["number"], &audit["to"]["number"]),
        (&json!(1), &Value::Null),
        "{audit}"
    );
    assert_eq!(dry["changes"]["hooks"][1]["change"], "unchanged");

    let shown = site.run(project.path(), &["deploy", "--dry-run"]).expect(0).stdout;
    for line in [
        "changes against deployment 2",
        "  changed audit, version 1 → new",
        "    + http:api.crm.example",
        "    - runs at auth.mfa.enrolled",
        "  unchanged block, version 1",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}: {shown}");
    }
    assert!(shown.contains("nothing was changed on"), "{shown}");
}

/// Counts in a table who has signed up before.
const COUNTING: &str = "
export const beforeSignup = async (_c: any, _p: any, { db }: any) => {
  const [{ n }] = await db.query('SELECT count(*) AS n FROM audit');
  return { patch: { user: { metadata: { before: n } } } };
};
export const afterSignup = async (_c: any, { user }: any, { db }: any) => {
  await db.execute('INSERT INTO audit (id) VALUES ($1)', [user.id]);
};";
const AUDIT: &str = "CREATE TABLE audit (id TEXT PRIMARY KEY);";

fn counting() -> TempDir {
    project(&[
        (
            "aerocall.toml",
            "[project]\nid = \"demo\"\nenvironment = \"development\"\n",
        ),
        ("hooks/audit.ts", COUNTING),
        ("migrations/001-audit.sql", AUDIT),
        ("migrations/README.md", "not a migration"),
        ("migrations/_draft.sql", "nor this"),
    ])
}

fn applied(site: &Site) -> Vec<Value> {
    let listed = site.admin("/migrations");
    let migrations = listed["migrations"].as_array().unwrap().iter();
    migrations.map(|migration| migration["name"].clone()).collect()
}

#[test]
fn migrations_are_applied_before_the_hooks_that_need_them_are_live() {
    let (site, project) = (Site::new(&[]), counting());
    let dry = site.deploy(project.path(), &["--dry-run"]).expect(0).json();
    assert_eq!((&dry["migrations"], applied(&site)), (&json!([]), vec![]), "{dry}");
    let done = site.deploy(project.path(), &[]).expect(0).json();
    assert_eq!(done["migrations"], json!(["001-audit"]));
    let before = |email| site.register(email).1["user"]["metadata"]["before"].clone();
    assert_eq!(
        (before("a@work.example"), before("b@work.example")),
        (0.into(), 1.into())
    );

    let second = project.path().join("migrations/002-at.sql");
    std::fs::write(second, "ALTER TABLE audit ADD COLUMN at TIMESTAMPTZ").unwrap();
    let shown = site.run(project.path(), &["deploy"]).expect(0).stdout;
    let of_migrations: Vec<&str> = shown.lines().filter(|line| line.contains("migrations/")).collect();
    assert_eq!(of_migrations, ["applied migrations/002-at.sql"]);
    assert_eq!(applied(&site), ["001-audit", "002-at"]);
    assert_eq!(
        site.deploy(project.path(), &[]).expect(0).json()["migrations"],
        json!([])
    );
    assert_eq!(before("c@work.example"), 2, "the rows are still there");
}

#[test]
fn a_migration_that_is_refused_changes_nothing_and_says_where() {
    let (site, project) = (Site::new(&[]), counting());
    site.deploy(project.path(), &[]).expect(0);
    let live = site.admin("/hooks");
    let write = |file: &str, sql: &str| std::fs::write(project.path().join("migrations").join(file), sql).unwrap();
    let refused = |code: &str, says: &[&str]| {
        let done = site.deploy(project.path(), &[]).expect(1);
        assert_eq!(done.json()["error"]["code"], code);
        assert!(says.iter().all(|part| done.stderr.contains(part)), "{}", done.stderr);
        assert_eq!(
            (applied(&site), site.admin("/hooks")),
            (vec![json!("001-audit")], live.clone())
        );
    };
    write("002-teams.sql", "CREATE TABLE teams (id TEXT PRIMARY KEY);");
    write(
        "003-broken.sql",
        "CREATE TABLE notes (id TEXT);\nCREATE TABEL more (id TEXT);",
    );
    refused(
        "migration_failed",
        &["migrations/003-broken.sql: statement 2: ", "TABEL"],
    );
    // Nothing of it is there: the same tables can be made.
    write("003-broken.sql", "CREATE TABLE notes (id TEXT);");
    write(
        "001-audit.sql",
        "CREATE TABLE audit (id TEXT PRIMARY KEY, at TIMESTAMPTZ);",
    );
    refused(
        "migration_rewritten",
        &["migrations/001-audit.sql: ", "was changed after it was applied"],
    );
    write("001-audit.sql", AUDIT);
    let mended = site.deploy(project.path(), &[]).expect(0).json();
    assert_eq!(mended["migrations"], json!(["002-teams", "003-broken"]));

    write("Bad Name.sql", "");
    let bad = site.deploy(project.path(), &[]).expect(2);
    assert!(bad.stderr.contains("migrations/Bad Name.sql"), "{}", bad.stderr);
}

#[test]
fn a_project_or_an_environment_that_is_not_there_is_named_with_what_is() {
    let site = Site::new(&[]);
    let here = hooks("nope.example");
    for (flag, name, words) in [
        ("--project", "shop", "no project `shop` (environment `development`)"),
        (
            "--environment",
            "staging",
            "project `demo` has no environment `staging`",
        ),
    ] {
        for command in [
            &["deploy"][..],
            &["deploy", "--dry-run"],
            &["hooks", "list"],
            &["secrets", "list"],
            &["logs"],
        ] {
            let refused = site.run(here.path(), &[command, &[flag, name]].concat()).expect(1);
            for part in [
                words,
                "there is: demo (development)",
                "--project and --environment",
                "aerocall.toml",
            ] {
                assert!(refused.stderr.contains(part), "{command:?} {part}: {}", refused.stderr);
            }
        }
    }
    // Not found in an environment that is there.
    let gone = site.run(here.path(), &["hooks", "disable", "nobody"]).expect(1);
    assert!(!gone.stderr.contains("there is:"), "{}", gone.stderr);
}
