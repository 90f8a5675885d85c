//! Databases that answer and take no changes, while people sign up: full disks, read-only ones, locks, files that were deleted,
//! damage. A refusal says when to try again, every acknowledged sign-up has its account, and `/readyz`, the metrics and
//! `aerocall doctor` say what is wrong in words.

use std::{
    cell::RefCell,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    alone,
    load::{Answer, Load, acknowledged},
    number,
    server::{Site, until},
    services::{Service, borrowed},
    signs::{self, sample, says},
    small_disk::SmallDisk,
    support::{project, unless_ci},
};

/// One way in which a database takes no changes.
struct Fault<'a> {
    name: &'static str,
    /// As metrics have it.
    reason: &'static str,
    /// As people read it.
    words: &'static str,
    begin: Box<dyn FnOnce() + 'a>,
    end: Box<dyn FnOnce() + 'a>,
}

impl Fault<'_> {
    /// The database of the server is like this for some seconds, under load.
    fn passes(self, site: &mut Site, env: &[(&str, &str)]) {
        let load = Load::new(site, self.name);
        std::thread::sleep(Duration::from_secs(1));
        (self.begin)();
        let check = until(|| Some(not_ready(site)).filter(|check| says(&check["problem"], self.words)));
        assert_eq!(check["ok"], false, "{check}");
        until(|| {
            let counted = sample(
                &site.url,
                &format!("aerocall_database_refusals_total{{reason=\"{}\"}}", self.reason),
            );
            (counted? >= 1.0).then_some(())
        });
        let ready = sample(&site.url, "aerocall_service_ready{service=\"database\"}").unwrap();
        assert!(ready < 0.5, "{ready}");
        let found = finding(site, env, "database");
        assert!(
            says(&found["message"], self.words) && found["fix"].is_string(),
            "{found}"
        );
        let (log, reason) = (site.log(), format!("reason=\"{}\"", self.reason));
        let mut lines = log.lines();
        assert!(
            lines.any(|line| line.contains("the database refuses changes: ") && line.contains(&reason)),
            "{log}"
        );
        // Who waits for a lock is refused later than who looks.
        let probe = format!("{}-probe@work.example", self.name);
        until(|| (site.post("/auth/register", &probe) == Some(503)).then_some(()));
        std::thread::sleep(Duration::from_secs(number("FAULT_SECONDS", 1) as u64));
        (self.end)();
        until(|| (site.get("/readyz").0 == 200).then_some(()));
        until(|| (site.post("/auth/register", &format!("{}-late@work.example", self.name)) == Some(201)).then_some(()));
        let asked = load.end();
        let refused: Vec<_> = asked.iter().filter(|one| !one.is_done()).collect();
        assert!(!refused.is_empty(), "{}: nobody was refused", self.name);
        for one in refused {
            let is_clear = matches!(&one.answer, Answer::Refused(503, code, true) if code == "busy");
            assert!(is_clear, "{}: {one:?}", self.name);
        }
        // With what a new process finds.
        site.start(env);
        for email in acknowledged(&asked) {
            assert_eq!(site.post("/auth/login", &email), Some(200), "{}: {email}", self.name);
        }
    }
}

/// What is said of the core database.
fn not_ready(site: &Site) -> Value {
    site.get("/readyz").2["checks"]["database"].clone()
}

fn finding(site: &Site, env: &[(&str, &str)], name: &str) -> Value {
    signs::finding(site.on_its_data(&["doctor", "--json"], env), name)
}

fn core(site: &Site) -> PathBuf {
    site.path("data/aerocall.db")
}

#[test]
fn a_file_that_is_moved_away_takes_nothing_and_one_that_comes_back_has_everything() {
    let _alone = alone();
    let mut site = Site::logged(TempDir::new().unwrap(), Vec::new(), &[]);
    let (path, away) = (core(&site), site.path("away.db"));
    Fault {
        name: "moved",
        reason: "file_gone",
        // Whoever looks for it from outside does not find it.
        words: "",
        begin: Box::new(|| std::fs::rename(&path, &away).unwrap()),
        end: Box::new(|| std::fs::rename(&away, &path).unwrap()),
    }
    .passes(&mut site, &[]);
}

#[test]
fn nobody_signs_up_into_a_deleted_file_and_what_was_in_it_is_had_from_the_process() {
    let _alone = alone();
    let mut site = Site::logged(TempDir::new().unwrap(), Vec::new(), &[]);
    let load = Load::new(&site, "deleted");
    std::thread::sleep(Duration::from_secs(1));
    let files = ["aerocall.db", "aerocall.db-wal", "aerocall.db-shm"].map(|name| site.path("data").join(name));
    for file in &files {
        std::fs::remove_file(file).unwrap();
    }
    until(|| says(&not_ready(&site)["problem"], "its file was deleted or replaced").then_some(()));
    assert!(
        site.log()
            .contains("its file was deleted or replaced while the server ran")
    );
    let deleted = std::time::Instant::now();
    std::thread::sleep(Duration::from_secs(number("FAULT_SECONDS", 1) as u64));
    let asked = load.end();
    let late: Vec<_> = asked
        .iter()
        .filter(|one| one.answered > deleted && one.is_done())
        .collect();
    assert!(late.is_empty(), "acknowledged, and nowhere: {late:?}");
    assert!(asked.iter().any(|one| one.answered > deleted), "nobody tried");
    let found = finding(&site, &[], "database");
    assert!(
        found["state"] == "problem" && says(&found["fix"], "aerocall restore"),
        "{found}"
    );

    // As the document says.
    let open = std::fs::read_dir(format!("/proc/{}/fd", site.process.as_ref().unwrap().id())).unwrap();
    for file in open.map(|file| file.unwrap().path()) {
        let leads = std::fs::read_link(&file).unwrap().display().to_string();
        for lost in &files[..2] {
            if leads == format!("{} (deleted)", lost.display()) {
                std::fs::copy(&file, lost).unwrap();
            }
        }
    }
    site.start(&[]);
    let there = acknowledged(&asked);
    assert!(there.len() > 3, "{}", there.len());
    for email in there {
        assert_eq!(site.post("/auth/login", &email), Some(200), "{email}");
    }
}

#[test]
fn a_full_disk_of_files_is_no_project_s_quota() {
    let _alone = alone();
    let home = TempDir::new().unwrap();
    let Some(disk) = SmallDisk::at(&home.path().join("data"), 256) else {
        return;
    };
    let mut site = Site::logged(home, disk.through(), &[]);
    site.deploy(filling().path(), &[]).expect(0);
    assert_eq!(site.register("few@fill.example").1["error"]["message"], "done");
    disk.fill();
    let shown = site.register("many@fill.example").1;
    assert_eq!(shown["error"]["message"], "backend_unavailable true", "{shown}");
    disk.clear();
    assert_eq!(site.register("few@fill.example").1["error"]["message"], "done");
    Fault {
        name: "full",
        reason: "disk_full",
        words: "its disk is full",
        begin: Box::new(|| disk.fill()),
        end: Box::new(|| disk.clear()),
    }
    .passes(&mut site, &[]);
    let quota = [("AEROCALL_TENANT_BYTES_PER_DATABASE", "262144")];
    site.start(&quota);
    let shown = site.register("many@fill.example").1;
    assert_eq!(shown["error"]["message"], "limit_exceeded false", "{shown}");
}

/// A project whose hook fills a table.
fn filling() -> TempDir {
    project(&[
        ("aerocall.toml", TOML),
        ("migrations/1.sql", "CREATE TABLE filled (text TEXT NOT NULL);"),
        ("hooks/signup.ts", FILLS),
    ])
}

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
/// Says what came of it. Others just sign up.
const FILLS: &str = "
export const beforeSignup = async (context: any, payload: any, Aerocall: any) => {
  const { email } = payload.user;
  if (!email.endsWith('@fill.example')) return;
  try {
    await Aerocall.db.execute('INSERT INTO filled (text) VALUES ($1)', ['text '.repeat(4_000)]);
    // More than is kept in memory until the commit.
    const doubled = email.startsWith('many') ? 9 : 0;
    for (let time = 0; time < doubled; time += 1) {
      await Aerocall.db.execute('INSERT INTO filled (text) SELECT text FROM filled');
    }
  } catch (error: any) {
    throw new Aerocall.Deny(`${error.code} ${error.retryable}`);
  }
  throw new Aerocall.Deny('done');
};";

#[test]
fn a_file_that_another_program_holds_is_waited_for_and_not_for_long() {
    let _alone = alone();
    let mut holder = Command::new("sqlite3");
    let holder = holder
        .arg(":memory:")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn();
    let Some(mut holder) = unless_ci(holder.ok(), "sqlite3 is not installed") else {
        return;
    };
    let mut site = Site::logged(TempDir::new().unwrap(), Vec::new(), &[]);
    let path = core(&site).display().to_string();
    let commands = RefCell::new(holder.stdin.take().unwrap());
    Fault {
        name: "locked",
        reason: "locked",
        words: "somebody holds a lock",
        begin: Box::new(|| {
            writeln!(
                commands.borrow_mut(),
                ".open '{path}'\n.timeout 30000\nBEGIN IMMEDIATE;"
            )
            .unwrap()
        }),
        end: Box::new(|| writeln!(commands.borrow_mut(), "ROLLBACK;\n.quit").unwrap()),
    }
    .passes(&mut site, &[]);
    drop(holder.wait());
}

/// A server whose core is in this cluster.
fn on(cluster: &Service, name: &str, more: &str) -> Vec<(&'static str, String)> {
    let postgres = format!("{}/postgres", cluster.url());
    cluster.psql(&postgres, &format!("CREATE DATABASE {name} {more}"));
    vec![("AEROCALL_DATABASE_URL", format!("{}/{name}", cluster.url()))]
}

#[test]
fn a_read_only_cluster_and_a_locked_table_refuse_clearly() {
    let _alone = alone();
    let Some(cluster) = Service::postgres() else { return };
    let settings = on(&cluster, "core", "");
    let env = borrowed(&settings);
    let mut site = Site::logged(TempDir::new().unwrap(), Vec::new(), &env);
    let postgres = format!("{}/postgres", cluster.url());
    let set = |value: &str| {
        cluster.psql(
            &postgres,
            &format!("ALTER SYSTEM SET default_transaction_read_only = {value}"),
        );
        cluster.psql(&postgres, "SELECT pg_reload_conf()");
    };
    Fault {
        name: "readonly",
        reason: "read_only",
        words: "it is read-only",
        begin: Box::new(|| set("on")),
        // The setting itself is a change that a session must be allowed first.
        end: Box::new(|| {
            cluster.psql(
                &format!("{postgres}?options=-cdefault_transaction_read_only%3Doff"),
                "ALTER SYSTEM RESET ALL",
            );
            cluster.psql(&postgres, "SELECT pg_reload_conf()");
        }),
    }
    .passes(&mut site, &env);

    let lock = "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)";
    let core = &settings[0].1;
    let holder = RefCell::new(None);
    Fault {
        name: "table",
        reason: "locked",
        words: "somebody holds a lock",
        begin: Box::new(|| {
            *holder.borrow_mut() = Some(cluster.asks(core, lock).stdout(Stdio::null()).spawn().unwrap())
        }),
        end: Box::new(|| {
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' \
                       AND pid <> pg_backend_pid()";
            cluster.psql(&postgres, end);
            drop(holder.borrow_mut().take().unwrap().wait());
        }),
    }
    .passes(&mut site, &env);
}

#[test]
fn a_full_disk_of_a_cluster_refuses_clearly() {
    let _alone = alone();
    let Some((cluster, disk)) = Service::postgres_on_small_disk(64) else {
        return;
    };
    let mut settings = on(&cluster, "core", "TABLESPACE small");
    let (_, tenants) = on(&cluster, "tenants", "TABLESPACE small").remove(0);
    settings.push(("AEROCALL_TENANT_DATABASE_URL", tenants));
    let env = borrowed(&settings);
    let mut site = Site::logged(TempDir::new().unwrap(), Vec::new(), &env);
    site.deploy(filling().path(), &[]).expect(0);
    disk.fill();
    let shown = site.register("many@fill.example").1;
    assert_eq!(shown["error"]["message"], "backend_unavailable true", "{shown}");
    until(|| {
        let checks = site.get("/readyz").2["checks"].clone();
        says(&checks["tenant_database"]["problem"], "its disk is full").then_some(())
    });
    assert!(says(
        &finding(&site, &env, "tenant_writes")["message"],
        "its disk is full"
    ));
    disk.clear();
    until(|| (site.register("few@fill.example").1["error"]["message"] == "done").then_some(()));
    Fault {
        name: "full",
        reason: "disk_full",
        words: "its disk is full",
        begin: Box::new(|| disk.fill()),
        end: Box::new(|| disk.clear()),
    }
    .passes(&mut site, &env);
}

#[test]
fn doctor_finds_damage_and_says_what_to_do() {
    let _alone = alone();
    let mut site = Site::new(&[]);
    for number in 0..40 {
        assert_eq!(site.register(&format!("many-{number}@work.example")).0, 201);
    }
    site.terminate();
    assert_eq!(finding(&site, &[], "database_content")["state"], "ok");
    damage(&core(&site), 4_096 * 12);
    let found = finding(&site, &[], "database_content");
    assert!(
        found["state"] == "problem" && says(&found["fix"], "aerocall restore"),
        "{found}"
    );

    let Some(mut cluster) = Service::postgres() else { return };
    let settings = on(&cluster, "core", "");
    let env = borrowed(&settings);
    let mut site = Site::new(&env);
    let core = settings[0].1.clone();
    assert_eq!(site.register("one@work.example").0, 201);
    site.terminate();
    let found = finding(&site, &env, "database_content");
    assert!(
        found["state"] == "ok" && says(&found["message"], "CREATE EXTENSION amcheck"),
        "{found}"
    );
    cluster.psql(&core, "CREATE EXTENSION amcheck");
    let found = finding(&site, &env, "database_content");
    assert!(
        found["state"] == "ok" && says(&found["message"], "with amcheck"),
        "{found}"
    );
    let index = cluster.psql(&core, "SELECT pg_relation_filepath('users_pkey')");
    cluster.stop();
    damage(&cluster.file(&index), 8_192);
    cluster.start();
    let found = finding(&site, &env, "database_content");
    assert!(
        found["state"] == "problem" && says(&found["message"], "users_pkey"),
        "{found}"
    );
}

/// Overwrites a part of a page.
fn damage(path: &std::path::Path, at: u64) {
    use std::os::unix::fs::FileExt as _;
    let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    assert!(file.metadata().unwrap().len() > at, "the file is too short");
    file.write_all_at(&[0xa5; 2_048], at).unwrap();
}
