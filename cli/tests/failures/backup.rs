//! The documented way to back a server up and to restore it on another machine, word for word, while people sign up.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    PATIENT, alone,
    documents::block,
    load::{Asked, Load, acknowledged},
    number,
    server::Site,
    services::{Service, borrowed, together},
    support::{Done, project},
};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
/// Of everything that has an owner.
const TABLES: &str = "
    CREATE TABLE wrote (email TEXT NOT NULL PRIMARY KEY, picture BLOB);
    CREATE TABLE counted (email TEXT NOT NULL PRIMARY KEY REFERENCES wrote (email));
    CREATE VIEW seen AS SELECT w.email FROM wrote w JOIN counted c ON c.email = w.email;";
/// Writes with each sign-up. The answer to a sign-up as `ask.…` says whether that was seen.
const HOOK: &str = "
export const config = { limits: { deadlineMs: 10000 } };
export const beforeSignup = async (context: any, payload: any, Aerocall: any) => {
  const { email } = payload.user;
  if (email.startsWith('ask.')) {
    const rows = await Aerocall.db.query('SELECT email FROM seen WHERE email = $1', [email.slice(4)]);
    throw new Aerocall.Deny(rows.length === 1 ? 'seen' : 'nobody');
  }
  await Aerocall.db.execute('INSERT INTO wrote (email) VALUES ($1)', [email]);
  await Aerocall.db.execute('INSERT INTO counted (email) VALUES ($1)', [email]);
};";
const KEY: (&str, &str) = ("AEROCALL_MASTER_KEY", "YmFja2VkIHVwIGFuZCByZXN0b3JlZCBieSBvbmUga2U=");

/// Blocks of commands of the document about backups, by how they begin.
const BACKUP: &str = "aerocall backup";
const CREATE: &str = "createdb";
const RESTORE: &str = "aerocall restore";
const DUMP: &str = "pg_dump";
const RESTORE_DUMP: &str = "pg_restore";

/// The commands of the document at a machine with its settings.
fn at(site: &Site, commands: &str, env: &[(&str, &str)]) -> Done {
    let settings = site.on_its_data(&[], env);
    let mut shell = Command::new("bash");
    shell.args([
        "-euo",
        "pipefail",
        "-c",
        &block("docs/deploy/README.md", "## Backup and restore", commands),
    ]);
    for (name, value) in settings.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    // The command line's own settings are none of the server's.
    shell.env_remove("AEROCALL_SERVER");
    let programs = Path::new(settings.get_program())
        .parent()
        .unwrap()
        .display()
        .to_string();
    let path = std::env::var("PATH").unwrap();
    let postgres = Service::postgres_programs().map(|folder| folder.display().to_string());
    shell.env("PATH", format!("{programs}:{}:{path}", postgres.unwrap_or_default()));
    shell.output().unwrap().into()
}

/// Backs up with these commands while people sign up. What was asked, and when the backup began.
fn backed_up(site: &Site, commands: &str, env: &[(&str, &str)]) -> (Vec<Asked>, Instant) {
    let load = Load::new(site, "backup");
    let meanwhile = Duration::from_secs(number("BACKUP_SECONDS", 2) as u64);
    std::thread::sleep(meanwhile);
    let began = Instant::now();
    at(site, commands, env).expect(0);
    std::thread::sleep(meanwhile / 2);
    (load.end(), began)
}

/// Whose sign-up was acknowledged before the backup is there, and whoever is there has what the hook wrote.
fn is_whole(site: &Site, asked: &[Asked], began: Instant) {
    let before = asked.iter().filter(|one| one.answered < began);
    let before = acknowledged(&before.cloned().collect::<Vec<_>>());
    assert!(before.len() > 5, "{} signed up before the backup", before.len());
    let (mut later, mut there) = (0, 0);
    for email in acknowledged(asked) {
        let is_there = site.post("/auth/login", &email) == Some(200);
        assert!(
            is_there || !before.contains(&email),
            "{email} was acknowledged before the backup"
        );
        later += usize::from(!before.contains(&email));
        there += usize::from(is_there);
        if is_there {
            let (_, answer) = site.register(&format!("ask.{email}"));
            assert_eq!(answer["error"]["message"], "seen", "{email}: {answer}");
        }
    }
    assert!(later > 0 && there >= before.len(), "people signed up all the time");
    // And it goes on.
    assert_eq!(site.register("new@work.example").0, 201);
    assert_eq!(site.register("ask.new@work.example").1["error"]["message"], "seen");
}

fn finding(site: &Site, env: &[(&str, &str)], name: &str) -> Value {
    let done = Done::from(site.on_its_data(&["doctor", "--json"], env).output().unwrap());
    let found = done.json();
    let mut findings = found["findings"].as_array().unwrap().iter();
    let named = findings.find(|finding| finding["name"] == name);
    named.cloned().unwrap_or_default()
}

fn with_hook(env: &[(&str, &str)]) -> Site {
    let site = Site::new(env);
    let files = [
        ("aerocall.toml", TOML),
        ("migrations/1.sql", TABLES),
        ("hooks/signup.ts", HOOK),
    ];
    site.deploy(project(&files).path(), &[]).expect(0);
    site
}

#[test]
fn files_are_backed_up_under_load_and_restored_on_another_machine() {
    let _alone = alone();
    let (directory, env) = (TempDir::new().unwrap(), [KEY, PATIENT]);
    let backup = directory.path().join("backup").display().to_string();
    let settings = [KEY, ("BACKUP", backup.as_str())];
    let mut site = with_hook(&env);
    let (asked, began) = backed_up(&site, BACKUP, &settings);
    at(&site, BACKUP, &settings).expect(3);
    at(&site, RESTORE, &settings).expect(3);
    site.kill();

    let mut other = site.moved();
    // A backup that was changed is not restored.
    let core = PathBuf::from(&backup).join("core.db");
    let whole = std::fs::read(&core).unwrap();
    let mut damaged = whole.clone();
    damaged[5_000] ^= 1;
    std::fs::write(&core, &damaged).unwrap();
    let refused = at(&other, RESTORE, &settings).expect(3);
    assert!(refused.stderr.contains("core.db has changed"), "{}", refused.stderr);
    std::fs::write(&core, &whole).unwrap();

    at(&other, RESTORE, &settings).expect(0);
    other.start(&env);
    is_whole(&other, &asked, began);
}

/// A server on one cluster, and the settings of the same on another, new one.
struct Moving {
    site: Site,
    old: Vec<(&'static str, String)>,
    new: Vec<(&'static str, String)>,
    clusters: [Service; 2],
    backup: TempDir,
}

impl Moving {
    fn new() -> Option<Self> {
        let [old, new] = together([Service::postgres, Service::postgres])?;
        let backup = TempDir::new().unwrap();
        let settings = |core: String, tenants: String, server: &Service| {
            vec![
                (KEY.0, KEY.1.to_owned()),
                (PATIENT.0, PATIENT.1.to_owned()),
                ("AEROCALL_DATABASE_URL", core),
                ("AEROCALL_TENANT_DATABASE_URL", tenants),
                ("BACKUP", backup.path().join("backup").display().to_string()),
                ("NEW_SERVER", format!("{}/postgres", server.url())),
            ]
        };
        let was = settings(old.database("core"), old.database("tenants"), &old);
        let is = settings(format!("{}/core", new.url()), format!("{}/tenants", new.url()), &new);
        Some(Self {
            site: with_hook(&borrowed(&was)),
            old: was,
            new: is,
            clusters: [old, new],
            backup,
        })
    }
}

#[test]
fn clusters_are_backed_up_under_load_and_restored_on_a_new_one() {
    let _alone = alone();
    let Some(mut moving) = Moving::new() else { return };
    let (asked, began) = backed_up(&moving.site, BACKUP, &borrowed(&moving.old));
    moving.site.kill();
    let mut other = moving.site.moved();
    at(&other, CREATE, &borrowed(&moving.new)).expect(0);
    at(&other, RESTORE, &borrowed(&moving.new)).expect(0);
    other.start(&borrowed(&moving.new));
    is_whole(&other, &asked, began);
    at(&other, RESTORE, &borrowed(&moving.new)).expect(3);
}

#[test]
fn dumps_of_clusters_are_restored_on_a_new_one_and_doctor_makes_the_roles_anew() {
    let _alone = alone();
    let Some(mut moving) = Moving::new() else { return };
    std::fs::create_dir(moving.backup.path().join("backup")).unwrap();
    let (asked, began) = backed_up(&moving.site, DUMP, &borrowed(&moving.old));
    moving.site.kill();
    let mut other = moving.site.moved();
    at(&other, CREATE, &borrowed(&moving.new)).expect(0);
    at(&other, RESTORE_DUMP, &borrowed(&moving.new)).expect(0);
    let server = borrowed(&moving.new);
    assert_eq!(finding(&other, &server, "tenant_roles")["state"], "ok");
    other.start(&server);
    is_whole(&other, &asked, began);
    other.kill();

    // What a dump does not bring, taken away again.
    let (_, tenants) = server
        .iter()
        .find(|(name, _)| *name == "AEROCALL_TENANT_DATABASE_URL")
        .unwrap();
    let lost = "DO $$ DECLARE one name; BEGIN
        FOR one IN SELECT rolname FROM pg_roles WHERE rolname ~ '^aerocall_.*_(owner|hooks)$' ORDER BY 1 LOOP
            EXECUTE format('REASSIGN OWNED BY %I TO postgres; DROP OWNED BY %1$I; DROP ROLE %1$I', one);
        END LOOP; END $$";
    moving.clusters[1].psql(tenants, lost);
    let found = finding(&other, &server, "tenant_roles");
    let shown = found["message"].as_str().unwrap_or_default();
    assert_eq!(found["state"], "problem", "{found}");
    assert!(
        shown.contains("demo/development: the role aerocall_") && shown.contains("is missing"),
        "{shown}"
    );
    assert!(found["fix"].as_str().unwrap().contains("doctor --repair"), "{found}");
    other.start(&server);
    assert_ne!(other.register("without@work.example").0, 201, "its hook has no rights");
    Done::from(other.on_its_data(&["doctor", "--repair"], &server).output().unwrap()).expect(0);
    other.start(&server);
    assert_eq!(other.register("with@work.example").0, 201);
    assert_eq!(other.register("ask.with@work.example").1["error"]["message"], "seen");
}
