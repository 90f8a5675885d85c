//! What a server refuses, `aerocall check` refuses before it is sent: each project and each bundle of a table is given to both.

mod bundles;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::bundles::{bundle, bundles, section};
use crate::{
    http_client,
    server::Site,
    support::{Done, aerocall, project, repository, run},
};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
const LOGIN: &str = "export const beforeLogin = () => {};\n";
const MAILS: &str = "export const on = { 'queue.mails': () => {} };\n";

/// A project that a server refuses.
struct Refused {
    files: Vec<(String, String)>,
    code: &'static str,
    /// What of it is refused, if it is one file.
    file: Option<&'static str>,
    says: &'static str,
}

fn refused<T: AsRef<str>>(
    files: &[(T, T)],
    code: &'static str,
    file: Option<&'static str>,
    says: &'static str,
) -> Refused {
    let owned = |(path, text): &(T, T)| (path.as_ref().to_owned(), text.as_ref().to_owned());
    Refused {
        files: files.iter().map(owned).collect(),
        code,
        file,
        says,
    }
}

fn scheduled(pattern: &str) -> String {
    format!(
        "export const config = {{ schedules: {{ nightly: '{pattern}' }} }};\nexport const on = {{ 'cron.nightly': () => {{}} }};\n"
    )
}

/// A hook and migrations of it.
fn with_migrations(count: usize, sql: &str) -> Vec<(String, String)> {
    let migration = |number| (format!("migrations/{number:03}.sql"), sql.to_owned());
    let hook = ("hooks/a.ts".to_owned(), LOGIN.to_owned());
    std::iter::once(hook).chain((1..=count).map(migration)).collect()
}

fn projects() -> Vec<Refused> {
    let nightly = |pattern: &str| [("hooks/nightly.ts".to_owned(), scheduled(pattern))];
    let in_toml = format!("{TOML}[hooks.nightly.schedules]\nnightly = \"0 24 * * *\"\n");
    let large = format!("/* {} */\n{LOGIN}", "x".repeat(9 << 20));
    let many: Vec<(String, String)> = (0..33)
        .map(|number| (format!("hooks/h{number}.ts"), LOGIN.to_owned()))
        .collect();
    let mut all = vec![
        refused(
            &nightly("61 * * * *"),
            "bad_manifest",
            Some("hooks/nightly.ts"),
            "the schedule `nightly`",
        ),
        refused(
            &nightly("0 0 L * *"),
            "bad_manifest",
            Some("hooks/nightly.ts"),
            "has `L`",
        ),
        refused(
            &nightly("0 0 30 2 *"),
            "bad_manifest",
            Some("hooks/nightly.ts"),
            "never runs",
        ),
        refused(
            &[
                ("hooks/nightly.ts", scheduled("0 3 * * *").as_str()),
                ("aerocall.toml", &in_toml),
            ],
            "bad_manifest",
            Some("hooks/nightly.ts"),
            "\"0 24 * * *\"",
        ),
        refused(
            &[("hooks/large.ts", large.as_str())],
            "body_too_large",
            Some("hooks/large.ts"),
            "the limit is 8388608",
        ),
        refused(
            &[("hooks/one.ts", MAILS), ("hooks/other.ts", MAILS)],
            "invalid_input",
            None,
            "`one` and `other` both answer queue.mails; disable one of them",
        ),
        refused(&many, "invalid_input", None, "hooks: must have at most 32 entries"),
    ];
    all.extend(migrations());
    all
}

fn migrations() -> Vec<Refused> {
    let row = "INSERT INTO a (b) VALUES ('x');\n";
    let broken = "CREATE TABLE a (b TEXT);\nCREATE TABEL c (d TEXT);\n";
    let a = |sql: &str| with_migrations(1, sql);
    vec![
        refused(
            &a(broken),
            "migration_failed",
            Some("migrations/001.sql"),
            "statement 2: ",
        ),
        refused(
            &a("ATTACH 'x' AS y;"),
            "migration_failed",
            Some("migrations/001.sql"),
            "statement 1: ",
        ),
        refused(
            &a(&row.repeat(9_000)),
            "invalid_input",
            Some("migrations/001.sql"),
            "must have at most 262144 bytes",
        ),
        refused(
            &with_migrations(201, ""),
            "invalid_input",
            None,
            "migrations: must have at most 200 entries",
        ),
        refused(
            &with_migrations(40, &row.repeat(8_000)),
            "body_too_large",
            None,
            "the deployment has",
        ),
    ]
}

/// The problems that `aerocall check --json` finds.
fn problems(done: Done) -> Vec<Value> {
    done.expect(1).json()["problems"].as_array().unwrap().clone()
}

#[test]
fn a_project_that_a_server_refuses_does_not_pass_the_check() {
    let site = Site::new(&[]);
    for row in projects() {
        let files: Vec<(&str, &str)> = [("aerocall.toml", TOML)]
            .into_iter()
            .chain(row.files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
            .collect();
        let here = project(&files);
        let found = problems(run(here.path(), &["check", "--json"]));
        assert_eq!(found.len(), 1, "{}: {found:#?}", row.says);
        let (found, message) = (&found[0], found[0]["message"].as_str().unwrap());
        assert_eq!(found["code"], row.code, "{message}");
        assert_eq!(found["file"].as_str(), row.file, "{message}");
        assert!(message.contains(row.says), "{}: {message}", row.says);
        let answer = site.deploy(here.path(), &[]).expect(1).json();
        let error = &answer["error"];
        assert_eq!(error["code"], row.code, "{message}: {answer}");
        let said = error["details"][0]["problem"]
            .as_str()
            .or(error["message"].as_str())
            .unwrap();
        assert!(
            row.code == "body_too_large" || message.ends_with(said),
            "{message}: {answer}"
        );
        assert_eq!(site.admin("/hooks")["number"], 1, "{message}: nothing was deployed");
    }
}

#[test]
fn what_is_refused_is_told_with_its_file() {
    let here = project(&[
        ("hooks/nightly.ts", &scheduled("61 * * * *")),
        ("migrations/1.sql", "oops"),
    ]);
    let done = run(here.path(), &["check"]).expect(1);
    for line in [
        "error[bad_manifest]: hooks/nightly.ts: the schedule `nightly`, \"61 * * * *\", has 61 in the field minute",
        "error[migration_failed]: migrations/1.sql: statement 1: ",
    ] {
        assert!(done.stderr.contains(line), "{line}: {}", done.stderr);
    }
    // What was tried is not all that a server may have.
    let tried = "1 migration tried on SQLite; they were not tried on PostgreSQL";
    assert!(done.stdout.contains(tried), "{}", done.stdout);
    let json = run(here.path(), &["check", "--json"]).expect(1).json();
    assert_eq!(json["migrations"], json!({ "count": 1, "database": "sqlite" }));
    let none = project(&[("hooks/nightly.ts", &scheduled("1 * * * *"))]);
    let done = run(none.path(), &["check", "--json"]).expect(0).json();
    assert_eq!(done["migrations"], json!(null), "{done}");
}

#[test]
fn names_that_a_server_refuses_do_not_pass_the_check() {
    let site = Site::new(&[]);
    let send = |method: &str, path: &str, kind: &str, body: &[u8]| -> Value {
        let bearer = format!("Bearer {}", site.token);
        let url = format!("{}/admin/api/v1/projects/demo/{path}", site.url);
        let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
        http_client::send(method, &url, &headers, body).unwrap().json()
    };
    let here = project(&[("hooks/a b.ts", LOGIN), ("migrations/First.sql", "")]);
    let found = problems(run(here.path(), &["check", "--json"]));
    let codes: Vec<&Value> = found.iter().map(|problem| &problem["code"]).collect();
    assert_eq!(codes, ["invalid_input", "invalid_input"], "{found:#?}");
    assert_eq!(found[0]["file"], "hooks/a b.ts");
    assert!(
        found[1]["message"]
            .as_str()
            .unwrap()
            .starts_with("migrations/First.sql: "),
        "{found:#?}"
    );

    let built = bundle(LOGIN);
    let hook = send("POST", "hooks/a%20b/versions", "application/wasm", &built);
    let body = br#"{"hooks":[],"migrations":[{"name":"First","sql":""}]}"#;
    let migration = send("POST", "environments/development/deployments", "application/json", body);
    for (answer, problem) in [(hook, &found[0]), (migration, &found[1])] {
        assert_eq!(answer["error"]["code"], "invalid_input", "{answer}");
        let said = answer["error"]["details"][0]["problem"].as_str().unwrap();
        assert!(
            problem["message"].as_str().unwrap().contains(said),
            "{answer} {problem}"
        );
    }
}

fn upload(site: &Site, component: &[u8]) -> Value {
    let bearer = format!("Bearer {}", site.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/wasm")];
    let url = format!("{}/admin/api/v1/projects/demo/hooks/a/versions", site.url);
    http_client::send("POST", &url, &headers, component).unwrap().json()
}

#[test]
fn a_bundle_that_a_server_refuses_does_not_pass_the_check() {
    let site = Site::new(&[]);
    let here = project(&[]);
    for (code, component) in bundles() {
        std::fs::write(here.path().join("a.wasm"), &component).unwrap();
        let found = problems(run(here.path(), &["check", "a.wasm", "--json"]));
        assert_eq!(found.len(), 1, "{code}: {found:#?}");
        let answer = upload(&site, &component);
        assert_eq!(found[0]["code"], code, "{found:#?}");
        assert_eq!(answer["error"]["code"], code, "{answer}");
        let (said, message) = (
            answer["error"]["message"].as_str().unwrap(),
            found[0]["message"].as_str().unwrap(),
        );
        assert!(code == "body_too_large" || message == said, "{message}: {said}");
    }
}

#[test]
fn the_limit_of_an_upload_is_that_of_the_server_if_it_is_set() {
    let raised = [("AEROCALL_HTTP_COMPONENT_BODY_BYTES", "33554432")];
    let site = Site::new(&raised);
    let whole = bundle(LOGIN);
    let here = project(&[]);
    for (bytes, code) in [(9 << 20, None), (17 << 20, Some("too_large"))] {
        let component = [whole.clone(), section(0, &vec![0; bytes])].concat();
        std::fs::write(here.path().join("a.wasm"), &component).unwrap();
        let mut check = aerocall(here.path());
        let checked: Done = check
            .args(["check", "a.wasm", "--json"])
            .envs(raised)
            .output()
            .unwrap()
            .into();
        let checked = checked.json();
        assert_eq!(checked["problems"][0]["code"].as_str(), code, "{checked}");
        let answer = upload(&site, &component);
        assert_eq!(answer["error"]["code"].as_str(), code, "{answer}");
    }
}

/// What is refused for other reasons than what is sent, or takes too long to show.
const ELSEWHERE: [(&str, &str); 17] = [
    ("unauthorized", "who sends it"),
    ("forbidden", "who sends it"),
    ("not_found", "where it is sent"),
    ("malformed_body", "how it is sent"),
    ("unsupported_media_type", "how it is sent"),
    ("body_timeout", "how it is sent"),
    ("csrf_refused", "who sends it"),
    ("fresh_proof_required", "who sends it"),
    ("draft_conflict", "what the server has already"),
    ("deployment_conflict", "what the server has already"),
    (
        "deployment_refused",
        "gates of the server; those of the project are what this command checks",
    ),
    ("build_failed", "the same compiler: diagnostics"),
    ("limit_reached", "what the server has already"),
    ("migration_rewritten", "what the server has already"),
    ("compile_limit", "the same compiler, which gives up after 20 seconds"),
    ("compile_failed", "the same compiler, at a fault of its own"),
    ("too_large", "the_limit_of_an_upload_is_that_of_the_server_if_it_is_set"),
];

#[test]
fn every_refusal_of_an_upload_and_of_a_deployment_is_in_the_tables() {
    let text = std::fs::read_to_string(repository().join("docs/openapi.json")).unwrap();
    let openapi: Value = serde_json::from_str(&text).unwrap();
    let base = "/admin/api/v1/projects/{project}";
    let codes = ["hooks/{hook}/versions", "environments/{environment}/deployments"].map(|path| {
        let answers = openapi["paths"][format!("{base}/{path}")]["post"]["responses"]
            .as_object()
            .unwrap();
        let refusals = answers.iter().filter(|(status, _)| status.starts_with('4'));
        let texts = refusals.map(|(_, answer)| answer["description"].as_str().unwrap());
        texts
            .flat_map(str::lines)
            .filter_map(|line| Some(line.strip_prefix("- `")?.split_once('`')?.0.to_owned()))
            .collect::<BTreeSet<String>>()
    });
    assert!(codes.iter().all(|codes| codes.len() > 5), "{codes:?}");
    let shown = projects().iter().map(|row| row.code).collect::<Vec<_>>();
    let shown = shown
        .into_iter()
        .chain(bundles().iter().map(|(code, _)| *code))
        .collect::<Vec<_>>();
    let known: BTreeSet<&str> = shown.into_iter().chain(ELSEWHERE.map(|(code, _)| code)).collect();
    for code in codes.iter().flatten() {
        assert!(
            known.contains(code.as_str()),
            "{code} is refused by a server; what of it does `aerocall check` refuse?"
        );
    }
}
