//! `aerocall deploy` against a real server: the binary itself, with a database of its own.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Done, aerocall, project, run};

/// A server with the demo project.
struct Site {
    process: Child,
    _data: TempDir,
    url: String,
    key: String,
    token: String,
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn site() -> Site {
    let data = TempDir::new().unwrap();
    let mut process = aerocall(data.path())
        .args(["serve", "--demo"])
        .env("AEROCALL_LISTEN", "127.0.0.1:0")
        .env("AEROCALL_DATA_DIR", data.path().join("data"))
        // The command line's own settings are none of the server's.
        .env("AEROCALL_TOKEN", "unused")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut after = |start: &str| {
        let line = lines.next().unwrap().unwrap();
        line.strip_prefix(start).unwrap_or_else(|| panic!("{line}")).to_owned()
    };
    let url = after("listening on ");
    assert_eq!(after("demo project "), "`demo`, environment `development`");
    let key = after("  publishable key  ");
    assert!(after("  secret key       ").starts_with("sk_"));
    let token = after("  admin token      ");
    std::thread::spawn(move || lines.for_each(drop));
    Site {
        process,
        _data: data,
        url,
        key,
        token,
    }
}

impl Site {
    fn deploy(&self, directory: &Path, arguments: &[&str]) -> Done {
        let mut command = aerocall(directory);
        command
            .env("AEROCALL_SERVER", &self.url)
            .env("AEROCALL_TOKEN", &self.token);
        command
            .args(["deploy", "--json"])
            .args(arguments)
            .output()
            .unwrap()
            .into()
    }

    fn register(&self, email: &str) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = agent
            .post(format!("{}/auth/register", self.url))
            .header("x-aerocall-key", &self.key);
        let mut answer = request
            .send_json(json!({ "email": email, "password": "correct horse battery" }))
            .unwrap();
        let document = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        (answer.status().as_u16(), document)
    }
}

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
            export const beforeTokenIssue = () => {};",
        ),
    ])
}

#[test]
fn a_deployment_is_live_at_once_and_known_bundles_are_not_sent_again() {
    let site = site();
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
    assert_eq!(first["hooks"][0]["notRun"], json!(["beforeTokenIssue"]));
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
    let site = site();
    let url = format!("{}/admin/api/v1/projects/demo/environments/development/hooks", site.url);
    let mut answer = ureq::get(url)
        .header("authorization", format!("Bearer {}", site.token))
        .call()
        .unwrap();
    let live: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    let points = live["points"].as_object().unwrap();
    assert!(points.len() >= 4, "{live}");
    for point in points.keys() {
        assert!(aerocall_compiler::points::hook_point(point).is_some(), "{point}");
    }
}

#[test]
fn refusals_and_silence_have_their_own_exit_codes() {
    let site = site();
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
    let site = site();
    let project = hooks("nope.example");
    let dry = site.deploy(project.path(), &["--dry-run"]).expect(0).json();
    assert_eq!((&dry["deployment"], &dry["hooks"]), (&Value::Null, &json!([])), "{dry}");
    assert_eq!(dry["changes"]["against"], 1);
    let changes = |document: &Value| -> Vec<(String, String)> {
        let hooks = document["changes"]["hooks"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        hooks.map(|hook| (text(&hook["name"]), text(&hook["change"]))).collect()
    };
    let told = changes(&dry);
    assert_eq!(
        told[..2],
        [
            ("audit".to_owned(), "new".to_owned()),
            ("block".to_owned(), "new".to_owned())
        ]
    );
    assert!(
        told[2..].iter().all(|(_, change)| change == "removed") && told.len() > 2,
        "{told:?}"
    );
    assert_eq!(site.register("jane@mailinator.com").0, 403, "nothing was deployed");

    let done = site.deploy(project.path(), &[]).expect(0).json();
    assert_eq!(changes(&done), told, "what was shown is what is done");
    std::fs::write(project.path().join("hooks/audit.ts"), CRM).unwrap();
    let dry = site.deploy(project.path(), &["--dry-run"]).expect(0).json();
    let audit = &dry["changes"]["hooks"][0];
    assert_eq!(
        audit["capabilities"],
        json!({ "added": ["cache", "http:api.crm.example"], "removed": [] })
    );
    assert_eq!(
        audit["points"],
        json!({ "added": ["beforeLogin"], "removed": ["beforeTokenIssue"] })
    );
    assert_eq!(
        (&audit["from"]["number"], &audit["to"]["number"]),
        (&json!(1), &Value::Null),
        "{audit}"
    );
    assert_eq!(dry["changes"]["hooks"][1]["change"], "unchanged");

    let mut command = aerocall(project.path());
    command.args(["deploy", "--dry-run", "--server", &site.url, "--token", &site.token]);
    let shown = Done::from(command.output().unwrap()).expect(0).stdout;
    for line in [
        "changes against deployment 2",
        "  changed audit, version 1 → new",
        "    + http:api.crm.example",
        "    - answers beforeTokenIssue",
        "  unchanged block, version 1",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}: {shown}");
    }
    assert!(shown.contains("nothing was changed on"), "{shown}");
}

#[test]
fn migrations_go_with_the_deployment_and_problems_name_them() {
    let site = site();
    let project = hooks("nope.example");
    let migrations = project.path().join("migrations");
    std::fs::create_dir(&migrations).unwrap();
    std::fs::write(migrations.join("README.md"), "not a migration").unwrap();
    std::fs::write(migrations.join("_draft.sql"), "nor this").unwrap();
    site.deploy(project.path(), &[]).expect(0);
    std::fs::write(migrations.join("001-audit.sql"), "create tabel audit (id text)").unwrap();
    let refused = site.deploy(project.path(), &[]).expect(1);
    assert!(refused.stderr.contains("migrations"), "{}", refused.stderr);
    assert_eq!(site.register("a@nope.example").0, 422, "what was live still is");
    std::fs::write(migrations.join("Bad Name.sql"), "").unwrap();
    let bad = site.deploy(project.path(), &[]).expect(2);
    assert!(bad.stderr.contains("migrations/Bad Name.sql"), "{}", bad.stderr);
}
