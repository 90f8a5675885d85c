//! The table of attacks (`attacks.toml`), against all layers together and against each alone. And a test of the test:
//! with a layer off, some attack that only this layer holds must get through.

use std::time::{Duration, Instant};

use aerocall_runtime::host::{ErrorCode, SdkError, Value};
use serde::Deserialize;

use super::{
    super::{
        Migration, MigrationFault, Statement,
        layers::{Layer, Layers},
        sqlite::testing,
        statement::{read_migration, read_statement},
    },
    subject::{Home, Subject, query, scope, statement},
};

/// What the neighbour keeps.
const CANARY: &str = "canary-of-the-neighbour";

/// What a statement of an attack may take, and when the attack counts as one that was not stopped.
const TIME: Duration = Duration::from_millis(300);
const STOPPED: Duration = Duration::from_secs(3);

const SETTINGS: &[(&str, &str)] = &[("AEROCALL_TENANT_BYTES_PER_DATABASE", "1048576")];

const OWN: &str = "CREATE TABLE mine (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO mine VALUES (1, 'own');
    CREATE TABLE child (mine INTEGER REFERENCES mine (id)); CREATE INDEX child_mine ON child (mine);";
const NEIGHBOURS: &str = "CREATE TABLE canary (text TEXT); INSERT INTO canary VALUES ('canary-of-the-neighbour');";

#[derive(Deserialize)]
struct Table {
    sqlite: Vec<Attack>,
    postgres: Vec<Attack>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attack {
    sql: Sql,
    gain: String,
    by: Vec<String>,
    #[serde(default, rename = "as")]
    author: Author,
    #[serde(default)]
    ends: bool,
    #[serde(default)]
    fatal: bool,
    #[serde(default)]
    fine: bool,
    /// A migration before it; what is refused then is what a hook does with it.
    setup: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Sql {
    One(String),
    Several(Vec<String>),
}

#[derive(Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Author {
    #[default]
    Hook,
    Migration,
}

/// How the attacks of a run are chosen.
#[derive(Clone, Copy)]
enum Chosen {
    All,
    /// Those that this layer holds by itself; the others are off.
    HeldBy(&'static str),
    /// Those that only this layer holds; it is off.
    OnlyBy(&'static str),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

/// One database with two tenants, and everything an attack must leave as it is.
struct Arena {
    subject: Subject,
    neighbour: String,
    evil: String,
    before: String,
}

impl Arena {
    async fn new(kind: Kind, layers: Layers, setup: Option<&str>) -> Option<Self> {
        let subject = match kind {
            Kind::Sqlite => Subject::sqlite(layers, SETTINGS),
            Kind::Postgres => Subject::postgres(layers, SETTINGS).await?,
        };
        subject
            .migrate("a", &format!("{OWN}{}", setup.unwrap_or_default()))
            .await;
        subject.migrate("b", NEIGHBOURS).await;
        drop(subject.session("a").await);
        let neighbour = match &subject.home {
            Home::Sqlite => subject.tenants().join("b/production.db").display().to_string(),
            Home::Postgres(database) => database.schema(&scope("b")),
        };
        let evil = subject.tenants().with_file_name("evil").display().to_string();
        let mut arena = Self {
            subject,
            neighbour,
            evil,
            before: String::new(),
        };
        arena.before = arena.state().await;
        Some(arena)
    }

    async fn state(&self) -> String {
        let kept = match &self.subject.home {
            Home::Sqlite => testing::state(&self.subject.tenants()),
            Home::Postgres(database) => {
                let own = database.schema(&scope("a"));
                let rows = format!(
                    "SELECT concat((SELECT string_agg(m::text, ' ') FROM {own}.mine m), (SELECT string_agg(m::text, ' ')
                     FROM {own}._aerocall_migrations m), (SELECT string_agg(c::text, ' ') FROM {}.canary c))",
                    self.neighbour
                );
                format!("{}{}", database.ask(&rows).await, database.state().await)
            }
        };
        let evil = std::path::Path::new(&self.evil).exists();
        format!("{kept}\nevil: {evil}\n{}", self.settings().await)
    }

    /// What the next borrower of the connection finds, as far as the layers that are on let it look.
    async fn settings(&self) -> String {
        let mut next = self.subject.session("a").await;
        let look = match self.subject.home {
            Home::Sqlite => "SELECT (SELECT count(*) FROM mine), 'A' LIKE 'a'",
            Home::Postgres(_) => "SHOW ALL",
        };
        match query(&mut next, look, &[]).await {
            Ok(mut rows) => {
                // They are there from the first call of a bounded function on.
                rows.rows
                    .retain(|row| !matches!(&row[0], Value::Text(name) if name.starts_with("plpgsql.")));
                format!("{:?}", rows.rows)
            }
            Err(error) if error.code == ErrorCode::Denied => String::new(),
            Err(error) => format!("{error:?}"),
        }
    }

    fn text(&self, sql: &str) -> String {
        repeated(
            &sql.replace("{neighbour}", &self.neighbour)
                .replace("{evil}", &self.evil),
        )
    }

    /// `Err` with what was won.
    async fn run(&self, attack: &Attack) -> Result<(), String> {
        let started = Instant::now();
        let refused = match tokio::time::timeout(STOPPED, self.send(attack)).await {
            Ok(sent) => sent?,
            Err(_) => return Err("it was not stopped".to_owned()),
        };
        if !refused && !attack.fine {
            return Err("it was not refused".to_owned());
        }
        if started.elapsed() > STOPPED {
            return Err("it took long".to_owned());
        }
        // The connection is cleaned in the background.
        let until = Instant::now() + STOPPED;
        loop {
            let after = self.state().await;
            if after == self.before {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(format!(
                    "it left something behind: {}",
                    difference(&self.before, &after)
                ));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whether any of the statements was refused.
    async fn send(&self, attack: &Attack) -> Result<bool, String> {
        let statements = match &attack.sql {
            Sql::One(sql) => std::slice::from_ref(sql),
            Sql::Several(list) => list.as_slice(),
        };
        if attack.author == Author::Migration {
            let sql = statements
                .iter()
                .map(|sql| self.text(sql))
                .collect::<Vec<_>>()
                .join(";");
            let name = "9999".to_owned();
            return match self
                .subject
                .databases
                .migrate(&scope("a"), vec![Migration { name, sql }])
                .await
            {
                Ok(_) => Ok(false),
                Err(MigrationFault::Database(error)) if error.code == ErrorCode::Internal => Err(error.message),
                Err(_) => Ok(true),
            };
        }
        let mut session = self.subject.session("a").await;
        let mut refused = false;
        for sql in statements {
            let statement = Statement {
                time: TIME,
                ..statement(&self.text(sql), &[])
            };
            refused |= judged(session.query(statement).await)?;
        }
        Ok(refused)
    }
}

/// Whether it was refused; what it must never answer is an error.
fn judged(answer: Result<aerocall_runtime::host::Rows, SdkError>) -> Result<bool, String> {
    match answer {
        Ok(rows) => {
            let leaks = |value: &Value| matches!(value, Value::Text(text) if text.contains(CANARY));
            match rows.rows.iter().flatten().any(leaks) {
                true => Err("it read the neighbour's row".to_owned()),
                false => Ok(false),
            }
        }
        Err(error) if error.message.contains(CANARY) => Err("the error tells of the neighbour's row".to_owned()),
        Err(error) if error.code == ErrorCode::Internal => Err("an error that nobody has foreseen".to_owned()),
        Err(_) => Ok(true),
    }
}

/// `{{x|40}}`: x, forty times.
fn repeated(sql: &str) -> String {
    let Some((before, rest)) = sql.split_once("{{") else {
        return sql.to_owned();
    };
    let (inside, after) = rest.split_once("}}").unwrap();
    let (part, count) = inside.rsplit_once('|').unwrap();
    format!("{before}{}{}", part.repeat(count.parse().unwrap()), repeated(after))
}

fn difference(before: &str, after: &str) -> String {
    let differs = before
        .lines()
        .zip(after.lines())
        .find(|(before, after)| before != after);
    let cut = |text: &str| text.chars().take(2_000).collect::<String>();
    differs.map_or_else(
        || "more or fewer lines".to_owned(),
        |(before, after)| format!("\n  {}\n  {}", cut(before), cut(after)),
    )
}

/// The layers of a run: all, one alone, or all but one.
fn layers(chosen: Chosen) -> Layers {
    let on = |name: &str| match chosen {
        Chosen::All => Layer::On,
        Chosen::HeldBy(layer) if layer == name => Layer::On,
        Chosen::OnlyBy(layer) if layer != name => Layer::On,
        Chosen::HeldBy(_) | Chosen::OnlyBy(_) => Layer::Off,
    };
    Layers {
        rules: on("rules"),
        setup: on("setup"),
        budgets: on("budgets"),
    }
}

impl Chosen {
    fn takes(self, attack: &Attack) -> bool {
        match self {
            Self::All => true,
            Self::HeldBy(layer) => attack.by.iter().any(|by| by == layer),
            Self::OnlyBy(layer) => {
                attack.by == [layer] && !attack.fine && !attack.fatal && (layer != "budgets" || attack.ends)
            }
        }
    }
}

/// Runs the attacks that are chosen; answers how many there were, and those that got through. `None`: no database.
async fn run(kind: Kind, chosen: Chosen) -> Option<(usize, Vec<String>)> {
    let table: Table = toml::from_str(include_str!("../attacks.toml")).unwrap();
    let attacks = match kind {
        Kind::Sqlite => table.sqlite,
        Kind::Postgres => table.postgres,
    };
    let known = ["rules", "setup", "budgets"];
    let unknown = |attack: &&Attack| attack.by.iter().any(|by| !known.contains(&by.as_str()));
    assert!(attacks.iter().find(unknown).is_none());
    let (mut count, mut won) = (0, Vec::new());
    let mut arena = Arena::new(kind, layers(chosen), None).await?;
    for attack in attacks.iter().filter(|attack| chosen.takes(attack)) {
        count += 1;
        let own = match &attack.setup {
            Some(setup) => Some(Arena::new(kind, layers(chosen), Some(setup)).await?),
            None => None,
        };
        if let Err(how) = own.as_ref().unwrap_or(&arena).run(attack).await {
            let sql = match &attack.sql {
                Sql::One(sql) => sql.clone(),
                Sql::Several(list) => list.join("; "),
            };
            won.push(format!("{sql}\n  would win {}: {how}", attack.gain));
            if matches!(chosen, Chosen::OnlyBy(_)) {
                break;
            }
            arena = Arena::new(kind, layers(chosen), None).await?;
        }
    }
    Some((count, won))
}

async fn holds(kind: Kind, chosen: Chosen, at_least: usize) {
    let Some((count, won)) = run(kind, chosen).await else {
        return;
    };
    assert!(
        won.is_empty(),
        "{} of {count} got through:\n{}",
        won.len(),
        won.join("\n")
    );
    assert!(count >= at_least, "only {count} attacks");
}

/// Without this layer, something gets through: neither the layer nor the test is idle.
async fn is_missed(kind: Kind, layer: &'static str) {
    let Some((count, won)) = run(kind, Chosen::OnlyBy(layer)).await else {
        return;
    };
    assert!(
        !won.is_empty(),
        "{layer} was off, and none of {count} attacks got through"
    );
}

/// The reader refuses by the text; what the database would have made of it is never asked.
#[test]
fn the_reader_refuses_every_attack_that_it_holds() {
    let table: Table = toml::from_str(include_str!("../attacks.toml")).unwrap();
    let mut passed = Vec::new();
    for attack in table
        .postgres
        .iter()
        .filter(|attack| Chosen::HeldBy("rules").takes(attack))
    {
        let statements = match &attack.sql {
            Sql::One(sql) => std::slice::from_ref(sql),
            Sql::Several(list) => list.as_slice(),
        };
        let refused = |sql: &String| {
            let sql = repeated(&sql.replace("{neighbour}", "aerocall_0123456789abcdef"));
            match attack.author {
                Author::Hook => read_statement(&sql, 0).is_err(),
                Author::Migration => read_migration(&sql, &mut Vec::new()).is_err(),
            }
        };
        if !statements.iter().any(refused) {
            passed.extend(statements);
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

macro_rules! attacks {
    ($($test:ident: $run:expr;)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() { $run.await; })*
    };
}

attacks! {
    sqlite_holds: holds(Kind::Sqlite, Chosen::All, 200);
    sqlite_holds_by_its_authorizer_alone: holds(Kind::Sqlite, Chosen::HeldBy("rules"), 150);
    sqlite_holds_by_its_setup_alone: holds(Kind::Sqlite, Chosen::HeldBy("setup"), 5);
    sqlite_holds_by_its_limits_alone: holds(Kind::Sqlite, Chosen::HeldBy("budgets"), 15);
    sqlite_without_its_authorizer_does_not: is_missed(Kind::Sqlite, "rules");
    sqlite_without_its_setup_does_not: is_missed(Kind::Sqlite, "setup");
    sqlite_without_its_limits_does_not: is_missed(Kind::Sqlite, "budgets");
    postgres_holds: holds(Kind::Postgres, Chosen::All, 300);
    postgres_holds_by_its_reader_alone: holds(Kind::Postgres, Chosen::HeldBy("rules"), 250);
    postgres_holds_by_its_roles_alone: holds(Kind::Postgres, Chosen::HeldBy("setup"), 200);
    postgres_holds_by_its_budgets_alone: holds(Kind::Postgres, Chosen::HeldBy("budgets"), 8);
    postgres_without_its_reader_does_not: is_missed(Kind::Postgres, "rules");
    postgres_without_its_roles_does_not: is_missed(Kind::Postgres, "setup");
    postgres_without_its_budgets_does_not: is_missed(Kind::Postgres, "budgets");
}
