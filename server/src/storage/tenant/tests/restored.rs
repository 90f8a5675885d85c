//! What a restore, a person or a full disk does to databases while the server does not look: found, reported, and mended where it can be.

use aerocall_runtime::host::{ErrorCode, Value};

use super::{
    super::{
        layers::Layers,
        look::{self, Looked},
    },
    subject::{Home, Subject, execute, on_both, one, scope},
};

const SETTINGS: &[(&str, &str)] = &[];

on_both!(a_sound_database_is_found_sound, a_beat_leaves_nothing);

const TABLES: &str = "
    CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, picture BLOB);
    CREATE VIEW texts AS SELECT text FROM notes;
    CREATE INDEX notes_text ON notes (text);";

async fn a_sound_database_is_found_sound(subject: &Subject) {
    subject.migrate("a", TABLES).await;
    let (config, master) = subject.settings();
    let scopes = [scope("a"), scope("never-used")];
    let sound = look::soundness(&config, &master).await.unwrap();
    assert_eq!(sound.damage, Vec::<String>::new(), "{}", sound.looked);
    let looked = look::look(&config, &master, &scopes).await.unwrap();
    let right = Looked {
        made: 1,
        ..Looked::default()
    };
    assert_eq!(looked, subject.is_postgres().then_some(right));
}

async fn a_beat_leaves_nothing(subject: &Subject) {
    subject.migrate("a", TABLES).await;
    let state = async || match &subject.home {
        Home::Sqlite => format!("{:?}", look::files(&subject.tenants()).unwrap()),
        Home::Postgres(database) => database.state().await,
    };
    let before = state().await;
    subject.databases.beat().await.unwrap();
    subject.databases.beat().await.unwrap();
    assert_eq!(state().await, before);
}

/// Each way in which a scope's rights can be wrong, as the administrator of the cluster makes it; `THIS` stands for its name.
const WRONGS: [(&str, &str); 11] = [
    ("ALTER ROLE THIS_hooks NOLOGIN", "may not log in"),
    ("ALTER ROLE THIS_owner NOLOGIN", "may not log in"),
    ("ALTER ROLE THIS_hooks CREATEROLE", "may do more than it should"),
    (
        "ALTER SCHEMA THIS OWNER TO CURRENT_USER",
        "the schema belongs to another role",
    ),
    (
        "REVOKE USAGE ON SCHEMA THIS FROM THIS_hooks",
        "hooks may not use the schema",
    ),
    ("GRANT CREATE ON SCHEMA THIS TO THIS_hooks", "hooks may make things"),
    ("ALTER TABLE THIS.notes OWNER TO CURRENT_USER", "belong to another role"),
    ("ALTER VIEW THIS.texts OWNER TO CURRENT_USER", "belong to another role"),
    (
        "REVOKE INSERT ON THIS.notes FROM THIS_hooks",
        "hooks may not use 1 tables",
    ),
    (
        "GRANT SELECT ON THIS._aerocall_migrations TO THIS_hooks",
        "list of migrations",
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE THIS_owner IN SCHEMA THIS REVOKE ALL ON TABLES FROM THIS_hooks",
        "new tables would not be for hooks",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_wrong_with_a_scope_s_rights_is_found_and_made_anew() {
    let Some(subject) = Subject::postgres(Layers::ALL, SETTINGS).await else {
        return;
    };
    let Home::Postgres(database) = &subject.home else {
        return;
    };
    subject.migrate("a", TABLES).await;
    let (config, master) = subject.settings();
    let (scopes, schema) = ([scope("a")], database.schema(&scope("a")));
    let problems = async || look::look(&config, &master, &scopes).await.unwrap().unwrap().problems;
    for (wrong, words) in WRONGS {
        database.run(&wrong.replace("THIS", &schema)).await;
        let found = problems().await;
        assert!(
            found
                .iter()
                .any(|problem| problem.starts_with("a/production: ") && problem.contains(words)),
            "{wrong}: {found:?}"
        );
        assert_eq!(look::mend(&config, &master, &scopes).await.unwrap(), 1);
        assert_eq!(problems().await, Vec::<String>::new(), "{wrong}");
    }
    // All at once, as a dump without roles leaves it.
    database.run(&format!(
        "REASSIGN OWNED BY {schema}_owner TO CURRENT_USER; DROP OWNED BY {schema}_owner; DROP OWNED BY {schema}_hooks; \
         DROP ROLE {schema}_owner, {schema}_hooks"
    ))
    .await;
    let found = problems().await;
    assert!(
        found.iter().any(|problem| problem.contains("_hooks is missing")),
        "{found:?}"
    );
    assert_eq!(look::mend(&config, &master, &scopes).await.unwrap(), 1);
    assert_eq!(problems().await, Vec::<String>::new());
    let other = subject.opened_at(&database.url);
    let mut session = other.session(&scope("a")).await.unwrap();
    let insert = "INSERT INTO notes (id, text) VALUES (1, 'x')";
    assert_eq!(execute(&mut session, insert, &[]).await.unwrap(), 1);
    session.commit().await.unwrap();
    assert_eq!(
        one(&mut session, "SELECT text FROM texts").await,
        Value::Text("x".to_owned())
    );
    // A table that a migration makes now is for hooks, too.
    subject
        .migrate_more("a", "0002", "CREATE TABLE more (id INTEGER)")
        .await;
    assert_eq!(
        execute(&mut session, "INSERT INTO more VALUES (1)", &[]).await.unwrap(),
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schemas_of_nobody_are_counted() {
    let Some(subject) = Subject::postgres(Layers::ALL, SETTINGS).await else {
        return;
    };
    subject.migrate("a", TABLES).await;
    let (config, master) = subject.settings();
    let looked = look::look(&config, &master, &[scope("b")]).await.unwrap().unwrap();
    assert_eq!((looked.made, looked.strangers), (0, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_into_a_file_that_has_gone_and_none_takes_its_place() {
    let subject = Subject::sqlite(Layers::ALL, SETTINGS);
    subject.migrate("a", TABLES).await;
    let (path, away) = (
        subject.tenants().join("a/production.db"),
        subject.tenants().join("away"),
    );
    let insert = "INSERT INTO notes (id, text) VALUES (1, 'x')";
    let mut open = subject.session("a").await;
    execute(&mut open, insert, &[]).await.unwrap();
    std::fs::rename(&path, &away).unwrap();
    let refused = open.commit().await.unwrap_err();
    assert_eq!((refused.code, refused.retryable), (ErrorCode::BackendUnavailable, true));
    drop(open);
    let refused = subject.databases.session(&scope("a")).await.err().unwrap();
    assert_eq!(refused.code, ErrorCode::BackendUnavailable);
    assert!(!path.exists());
    std::fs::rename(&away, &path).unwrap();
    let mut again = subject.session("a").await;
    assert_eq!(
        one(&mut again, "SELECT count(*) FROM notes").await,
        Value::Integer(0),
        "it was refused"
    );
    execute(&mut again, insert, &[]).await.unwrap();
    again.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_in_a_file_is_found_with_its_name() {
    use std::os::unix::fs::FileExt as _;
    let subject = Subject::sqlite(Layers::ALL, SETTINGS);
    subject.migrate("a", TABLES).await;
    let (config, master) = subject.settings();
    let mut session = subject.session("a").await;
    execute(&mut session, "INSERT INTO notes (id, text) VALUES (1, 'x')", &[])
        .await
        .unwrap();
    session.commit().await.unwrap();
    let copy = subject.tenants().join("b");
    std::fs::create_dir(&copy).unwrap();
    look::copy(&subject.tenants().join("a/production.db"), &copy.join("production.db")).unwrap();
    let copied = std::fs::OpenOptions::new()
        .write(true)
        .open(copy.join("production.db"))
        .unwrap();
    copied.write_all_at(&[0xa5; 1_024], 4_096).unwrap();
    let sound = look::soundness(&config, &master).await.unwrap();
    assert!(!sound.damage.is_empty());
    assert!(
        sound.damage.iter().all(|line| line.starts_with("b/production.db: ")),
        "{:?}",
        sound.damage
    );
}
