//! The background as a process of its own, and the commands beside a server: `worker`, `migrate`, `doctor`.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    server::{Site, until},
    support::{Done, aerocall, project},
};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
const HOOK: &str = "
export const afterSignup = async (context: any, payload: any, Aerocall: any) => {
  await Aerocall.Queue.enqueue('welcome', payload.user.email);
};
export const on = { 'queue.welcome': async () => {} };";
const NO_WORKER: (&str, &str) = ("AEROCALL_WORKER_ENABLED", "false");

/// A running `aerocall worker`; it ends with the test.
struct Worker(Child);

impl Worker {
    /// On the data of the server, as soon as it says that it works.
    fn on(site: &Site) -> Self {
        let mut child = site
            .on_its_data(&["worker"], &[])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line, "working\n");
        Self(child)
    }

    /// SIGTERM; the exit code.
    fn terminate(&mut self) -> Option<i32> {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        until(|| self.0.try_wait().unwrap()).code()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn states(site: &Site) -> Vec<String> {
    let jobs = site.admin("/jobs?queue=welcome&limit=200");
    let jobs = jobs["jobs"].as_array().unwrap();
    jobs.iter()
        .map(|job| job["state"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_job_of_a_server_without_a_worker_is_run_by_a_worker_without_a_server() {
    let directory = project(&[("aerocall.toml", TOML), ("hooks/signup.ts", HOOK)]);
    let site = Site::new(&[NO_WORKER]);
    site.deploy(directory.path(), &[]).expect(0);
    assert_eq!(site.register("ada@work.example").0, 201);
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(states(&site), ["waiting"], "nobody works");

    let mut worker = Worker::on(&site);
    until(|| (states(&site) == ["done"]).then_some(()));
    // What comes while it works, and what was deployed while it works.
    let began = Instant::now();
    assert_eq!(site.register("bob@work.example").0, 201);
    until(|| (states(&site) == ["done", "done"]).then_some(()));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let other = HOOK
        .replace("'welcome'", "'other'")
        .replace("queue.welcome", "queue.other");
    let changed = project(&[("aerocall.toml", TOML), ("hooks/signup.ts", &other)]);
    site.deploy(changed.path(), &[]).expect(0);
    assert_eq!(site.register("eve@work.example").0, 201);
    until(|| {
        let jobs = site.admin("/jobs?queue=other");
        (jobs["jobs"][0]["state"] == "done").then_some(())
    });
    assert_eq!(worker.terminate(), Some(0));
}

#[test]
fn migrate_brings_a_database_up_to_date_once() {
    let home = project(&[]);
    let migrate = |url: &str| -> Done {
        let mut command = aerocall(home.path());
        command.env("AEROCALL_DATABASE_URL", url).args(["migrate", "--json"]);
        command.output().unwrap().into()
    };
    let url = format!("sqlite://{}/core.db", home.path().display());
    let first = migrate(&url).expect(0).json();
    assert!(first["applied"].as_array().unwrap().len() > 1, "{first}");
    assert_eq!(migrate(&url).expect(0).json(), json!({ "applied": [] }));
    let unreachable = migrate("postgres://user:hunter2@127.0.0.1:1/none").expect(3);
    assert!(!unreachable.stderr.contains("hunter2"), "{}", unreachable.stderr);
}

/// What `aerocall doctor` found, by name.
fn doctor(home: &std::path::Path, env: &[(&str, &str)], code: i32) -> Value {
    let mut command = aerocall(home);
    command.args(["doctor", "--json"]).envs(env.iter().copied());
    let done: Done = command.output().unwrap().into();
    let done = done.expect(code);
    assert!(!done.stdout.contains("hunter2"), "{}", done.stdout);
    let document = done.json();
    assert_eq!(document["ok"], code == 0);
    let findings = document["findings"].as_array().unwrap().iter();
    let by_name = findings.map(|finding| (finding["name"].as_str().unwrap().to_owned(), finding.clone()));
    Value::Object(by_name.collect())
}

#[test]
fn doctor_tells_what_is_wrong_and_how_to_put_it_right() {
    let home = project(&[]);
    let data = home.path().join("data").display().to_string();
    let env = [("AEROCALL_DATA_DIR", data.as_str())];
    let found = doctor(home.path(), &env, 3);
    assert_eq!(found["database"]["state"], "problem", "{found:#}");
    assert!(
        found["database"]["fix"].as_str().unwrap().contains("aerocall migrate"),
        "{found:#}"
    );
    assert!(
        !home.path().join("data/master.key").exists(),
        "it looks and makes nothing"
    );

    let mut migrate = aerocall(home.path());
    let migrated: Done = migrate.args(["migrate"]).envs(env).output().unwrap().into();
    migrated.expect(0);
    let found = doctor(home.path(), &env, 0);
    for name in ["data_directory", "database", "tenant_database", "clock"] {
        assert_eq!(found[name]["state"], "ok", "{found:#}");
    }
    for name in ["cache", "broker", "mail"] {
        assert_eq!(found[name]["state"], "unused", "{found:#}");
    }
    let services = [
        ("AEROCALL_REDIS_URL", "redis://user:hunter2@127.0.0.1:1/0"),
        ("AEROCALL_AMQP_URL", "amqp://user:hunter2@127.0.0.1:1/%2f"),
        ("AEROCALL_SMTP_URL", "smtp://user:hunter2@127.0.0.1:1"),
    ];
    let found = doctor(home.path(), &[&env[..], &services].concat(), 3);
    for name in ["cache", "broker", "mail"] {
        assert_eq!(found[name]["state"], "problem", "{found:#}");
        assert!(!found[name]["fix"].as_str().unwrap().is_empty(), "{found:#}");
    }
    let bad = doctor_text(home.path(), &[("AEROCALL_MASTER_KEY", "hunter2")]);
    assert!(
        bad.stderr.contains("master_key") && !bad.stderr.contains("hunter2"),
        "{}",
        bad.stderr
    );
}

/// For people.
fn doctor_text(home: &std::path::Path, env: &[(&str, &str)]) -> Done {
    let mut command = aerocall(home);
    command.arg("doctor").envs(env.iter().copied());
    Done::from(command.output().unwrap()).expect(3)
}
