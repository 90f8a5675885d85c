//! The background as a process of its own, and the commands beside a server: `worker`, `migrate`, `doctor`.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    http_client,
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
        let (worker, line) = Self::with(site, &[]);
        assert_eq!(line, "worker started\n");
        worker
    }

    /// One that tells how it is, and where.
    fn watched(site: &Site, env: &[(&str, &str)]) -> (Self, String) {
        let (worker, line) = Self::with(site, &[&[("AEROCALL_WORKER_LISTEN", "127.0.0.1:0")], env].concat());
        let url = line
            .strip_prefix("worker started, serving metrics at ")
            .unwrap()
            .trim_end()
            .to_owned();
        (worker, url)
    }

    /// With settings, and the line that it says once it works.
    fn with(site: &Site, env: &[(&str, &str)]) -> (Self, String) {
        let mut child = site
            .on_its_data(&["worker"], env)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        (Self(child), line)
    }

    fn signal(&self) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// SIGTERM; the exit code.
    fn terminate(&mut self) -> Option<i32> {
        self.signal();
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
    let (mut worker, url) = Worker::watched(&site, &[]);
    until(|| (states(&site) == ["done"]).then_some(()));
    // What comes while it works, and what was deployed while it works.
    let began = Instant::now();
    assert_eq!(site.register("bob@work.example").0, 201);
    until(|| (states(&site) == ["done", "done"]).then_some(()));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
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
    // The first job waited for it, too: the server has run none.
    let jobs_run = |url: &str| {
        let (_, text) = asked(&format!("{url}/metrics"), &[]).unwrap();
        let of_queues = text
            .lines()
            .filter(|line| line.starts_with("aerocall_hook_calls_total{point=\"queue\""));
        of_queues
            .map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
            .sum::<u64>()
    };
    assert_eq!((jobs_run(&url), jobs_run(&site.url)), (3, 0));
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

#[test]
fn what_a_server_makes_is_for_its_owner_alone_and_doctor_tells_what_is_not() {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};
    let mut site = Site::new(&[]);
    let data = site.path("data");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for name in ["aerocall.db", "aerocall.db-wal", "master.key"] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }
    site.kill();
    // As an earlier version left it.
    std::fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    std::fs::set_permissions(data.join("aerocall.db"), Permissions::from_mode(0o644)).unwrap();
    let data_dir = data.display().to_string();
    let found = doctor(data.parent().unwrap(), &[("AEROCALL_DATA_DIR", &data_dir)], 0);
    for (name, fix) in [("data_directory", "chmod 700"), ("database", "chmod 600")] {
        assert_eq!(found[name]["state"], "note", "{found:#}");
        assert!(found[name]["fix"].as_str().unwrap().starts_with(fix), "{found:#}");
    }
    site.start(&[]);
    assert_eq!(mode(&data.join("aerocall.db")), 0o600);
}

/// For people.
fn doctor_text(home: &std::path::Path, env: &[(&str, &str)]) -> Done {
    let mut command = aerocall(home);
    command.arg("doctor").envs(env.iter().copied());
    Done::from(command.output().unwrap()).expect(3)
}

/// Status and text; `None` when nobody answers.
fn asked(url: &str, headers: &[(&str, &str)]) -> Option<(u16, String)> {
    let answer = http_client::send("GET", url, headers, b"").ok()?;
    Some((answer.status, answer.text))
}

#[test]
fn a_worker_answers_whoever_watches_it_and_nobody_else() {
    const TOKEN: &str = "a token of metrics, long enough";
    let directory = project(&[("aerocall.toml", TOML), ("hooks/signup.ts", HOOK)]);
    let site = Site::new(&[NO_WORKER]);
    site.deploy(directory.path(), &[]).expect(0);
    let (mut worker, url) = Worker::watched(&site, &[]);
    let get = |path: &str| asked(&format!("{url}{path}"), &[]).unwrap();
    assert_eq!(get("/healthz"), (200, r#"{"status":"ok"}"#.to_owned()));
    let (status, text) = get("/readyz");
    assert!(status == 200 && text.contains(r#""status":"ready""#), "{text}");
    for elsewhere in [
        "/",
        "/docs",
        "/openapi.json",
        "/.well-known/jwks.json?project=demo&environment=development",
        "/auth/register",
        "/auth/me",
        "/admin/api/v1/projects",
    ] {
        let (status, text) = get(elsewhere);
        assert!(status == 404 && text.contains("not_found"), "{elsewhere}: {text}");
    }
    // What it did itself.
    assert_eq!(site.register("ada@work.example").0, 201);
    until(|| {
        get("/metrics")
            .1
            .contains("aerocall_hook_calls_total{point=\"queue\",outcome=\"allow\"} 1")
            .then_some(())
    });
    until(|| {
        get("/metrics")
            .1
            .contains("aerocall_jobs{state=\"done\"} 1")
            .then_some(())
    });
    // As at a server: what has passed a proxy has no network.
    let proxied = asked(&format!("{url}/metrics"), &[("x-forwarded-for", "127.0.0.1")]).unwrap();
    assert_eq!(proxied.0, 404);
    assert_eq!(worker.terminate(), Some(0));
    assert_eq!(asked(&format!("{url}/healthz"), &[]), None);

    let (_worker, url) = Worker::watched(&site, &[("AEROCALL_METRICS_TOKEN", TOKEN)]);
    let metrics = format!("{url}/metrics");
    assert_eq!(asked(&metrics, &[]).unwrap().0, 404);
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(asked(&metrics, &[("authorization", &bearer)]).unwrap().0, 200);
}

/// A hook whose job takes so long.
fn slow(ms: u32) -> String {
    format!(
        "export const config = {{ limits: {{ deadlineMs: 5000 }} }};
export const afterSignup = async (context: any, payload: any, Aerocall: any) => {{
  await Aerocall.Queue.enqueue('welcome', payload.user.email);
}};
export const on = {{ 'queue.welcome': async () => {{ await new Promise((done) => setTimeout(done, {ms})); }} }};"
    )
}

/// A server without a worker, and a worker that runs a slow job.
fn at_work(ms: u32, env: &[(&str, &str)]) -> (Site, Worker, String) {
    let directory = project(&[("aerocall.toml", TOML), ("hooks/signup.ts", &slow(ms))]);
    let site = Site::new(&[NO_WORKER]);
    site.deploy(directory.path(), &[]).expect(0);
    let (worker, url) = Worker::watched(&site, env);
    assert_eq!(site.register("ada@work.example").0, 201);
    until(|| (states(&site) == ["running"]).then_some(()));
    (site, worker, url)
}

#[test]
fn a_worker_that_is_asked_to_end_finishes_its_job_first() {
    let (site, mut worker, url) = at_work(2_500, &[]);
    worker.signal();
    let ready = || asked(&format!("{url}/readyz"), &[]).map(|(status, _)| status);
    until(|| (ready() == Some(503)).then_some(()));
    assert_eq!(states(&site), ["running"]);
    assert_eq!(
        asked(&format!("{url}/healthz"), &[]).map(|(status, _)| status),
        Some(200),
        "it lives until it is done"
    );
    assert_eq!(until(|| worker.0.try_wait().unwrap()).code(), Some(0));
    assert_eq!(states(&site), ["done"]);
    assert_eq!(site.admin("/jobs?queue=welcome")["jobs"][0]["attempts"], 1);
}

#[test]
fn a_job_that_does_not_end_in_time_is_given_back_and_begun_by_the_next_worker_at_once() {
    let (site, mut worker, _) = at_work(4_000, &[("AEROCALL_HTTP_SHUTDOWN_SECONDS", "1")]);
    let began = Instant::now();
    assert_eq!(worker.terminate(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(states(&site), ["waiting"], "nobody waits for a lease to run out");
    let began = Instant::now();
    let _next = Worker::on(&site);
    until(|| (states(&site) == ["running"]).then_some(()));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    until(|| (states(&site) == ["done"]).then_some(()));
    assert_eq!(
        site.admin("/jobs?queue=welcome")["jobs"][0]["attempts"],
        1,
        "what was given back is no attempt"
    );
}

#[test]
fn a_worker_without_its_broker_is_not_ready_whatever_the_settings_say_of_servers() {
    let site = Site::new(&[NO_WORKER]);
    let env = [NO_WORKER, ("AEROCALL_AMQP_URL", "amqp://user:hunter2@127.0.0.1:1/%2f")];
    let (_worker, url) = Worker::watched(&site, &env);
    let (status, text) = asked(&format!("{url}/readyz"), &[]).unwrap();
    assert_eq!(status, 503, "{text}");
    assert!(
        text.contains(r#""broker":{"ok":false,"problem":"#) && !text.contains("hunter2"),
        "{text}"
    );
}
