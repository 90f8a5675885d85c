//! A store of its own for a request that is tried: what the request can touch is copied into it from the real one, when it is
//! asked for, and nothing is ever written there. Columns are taken from the tables themselves, so that none is forgotten.

use std::{
    collections::{BTreeSet, HashSet},
    fmt::Write as _,
    path::Path,
};

use diesel::{QueryableByName, RunQueryDsl as _, sql_query, sql_types::Text};
use serde_json::Value;
use tokio::sync::{Mutex, OnceCell};

use super::{
    NewSigningKey, Store, StoreError, Tx, journal,
    layout::{Column, Layout},
    pool::Connection,
};
use crate::base::{
    config::{DatabaseUrl, StoreConfig},
    ids::Scope,
    input::Email,
    private,
};

/// What an environment is beside its users: a table, and which of its rows. A key that verifies signs nothing here.
const OF_SCOPE: &[(&str, &str)] = &[
    ("projects", "id = {project}"),
    ("environments", "project_id = {project} AND name = {environment}"),
    ("project_settings", "{scope}"),
    ("mail_templates", "{scope}"),
    ("secrets", "{scope}"),
    ("signing_keys", "{scope}"),
    ("webhook_endpoints", "{scope}"),
];

/// Who is meant: a query of users' ids for each way to name one.
const USERS_NAMED: &[&str] = &[
    "SELECT id AS line FROM users WHERE {scope} AND id {in}",
    "SELECT id AS line FROM users WHERE {scope} AND email_normal {in}",
    "SELECT id AS line FROM users WHERE {scope} AND phone_verified_ms IS NOT NULL AND phone {in}",
    "SELECT user_id AS line FROM sessions WHERE id {in} AND {scope}",
    "SELECT s.user_id AS line FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id \
     WHERE r.hash {in} AND s.project_id = {project} AND s.environment = {environment}",
    "SELECT user_id AS line FROM identities WHERE {scope} AND provider {in} AND subject {in}",
];

/// What users have, in the order in which it can be inserted. Of a session that is named all is there, of others the newest.
const OF_USERS: &[(&str, &str)] = &[
    ("users", "{scope} AND id {in}"),
    (
        "sessions",
        "{scope} AND id IN (SELECT id FROM (SELECT id FROM sessions WHERE user_id {in} ORDER BY id DESC LIMIT 500) AS newest)",
    ),
    ("identities", "{scope} AND user_id {in}"),
    ("mfa_factors", "{scope} AND user_id {in}"),
    ("recovery_codes", "user_id {in}"),
    ("one_time_tokens", "{scope} AND user_id {in}"),
];
const NAMED_SESSIONS: &str = "{scope} AND (id {in} OR id IN (SELECT session_id FROM refresh_tokens WHERE hash {in}))";
const OF_SESSIONS: &str = "{scope} AND hash IN (SELECT hash FROM (SELECT hash FROM refresh_tokens WHERE session_id {in} \
                           ORDER BY created_ms DESC LIMIT 2000) AS newest)";
const NAMED_REFRESH_TOKENS: &str = "{scope} AND (hash {in} OR parent_hash {in})";
const TOKENS_DATA: &str =
    "SELECT data AS line FROM one_time_tokens WHERE {scope} AND purpose IN ({purposes}) AND lookup {in}";
const TOKENS_USERS: &str = "SELECT user_id AS line FROM one_time_tokens WHERE {scope} AND purpose IN ({purposes}) AND lookup {in} \
                            AND user_id IS NOT NULL";
const NAMED_TOKENS: &str = "{scope} AND purpose IN ({purposes}) AND lookup {in}";

/// Of everything that is copied.
const MAX_BYTES: usize = 16 << 20;

/// The tables without a row, as a file: made once in a process.
static EMPTY: OnceCell<Vec<u8>> = OnceCell::const_new();

/// Where the rows are that a store of its own does not have yet.
pub(crate) struct Origin {
    real: Store,
    own: Store,
    scope: Scope,
    layout: Layout,
    purposes: String,
    seen: Mutex<Seen>,
}

/// What was looked for, and who was found.
#[derive(Default)]
struct Seen {
    texts: HashSet<String>,
    users: HashSet<String>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Rows of a table, each a JSON array.
type Rows = (&'static str, Vec<String>);

impl Store {
    /// A store in this directory with the tables of the core and no row.
    pub(crate) async fn empty(directory: &Path) -> Result<Self, StoreError> {
        let setup = |error: std::io::Error| StoreError::Setup(error.into());
        let config = StoreConfig { connections: 3 };
        let made = async || {
            let first = private::temporary_directory().map_err(setup)?;
            let (path, copy) = (first.path().join("first.db"), first.path().join("copy.db"));
            let store = Self::open(&DatabaseUrl::Sqlite(path), &config).await?;
            store.write(journal::begin).await?;
            store.copy_to(&copy).await?;
            std::fs::read(&copy).map_err(setup)
        };
        let bytes = EMPTY.get_or_try_init(made).await?;
        let path = directory.join("core.db");
        private::database(&path).map_err(setup)?;
        std::fs::write(&path, bytes).map_err(setup)?;
        Self::open(&DatabaseUrl::Sqlite(path), &config).await
    }
}

impl Store {
    /// The users that one of these texts names, and the texts with what tokens among them name besides.
    pub(crate) async fn users_named(
        &self,
        scope: &Scope,
        purposes: &[&str],
        mut texts: BTreeSet<String>,
    ) -> Result<(BTreeSet<String>, BTreeSet<String>), StoreError> {
        let query = Query {
            scope: scope.clone(),
            layout: Layout::default(),
            purposes: quoted(purposes),
        };
        let found = self.read(move |tx| {
            let users = query.users(tx, &mut texts)?;
            Ok((texts, users))
        });
        found.await
    }
}

impl Origin {
    /// What the environment is beside its users is copied now. `purposes`: of one-time tokens.
    pub(crate) async fn open(real: &Store, own: &Store, scope: &Scope, purposes: &[&str]) -> Result<Self, StoreError> {
        let origin = Self {
            real: real.clone(),
            own: own.clone(),
            scope: scope.clone(),
            layout: own.read(Layout::read).await?,
            purposes: quoted(purposes),
            seen: Mutex::default(),
        };
        let query = origin.query();
        let rows = real.read(move |tx| {
            let table =
                |(table, condition): &(&'static str, &str)| Ok((*table, query.rows(tx, table, condition, "[]")?));
            OF_SCOPE.iter().map(table).collect::<Result<Vec<Rows>, StoreError>>()
        });
        origin.put(rows.await?).await?;
        Ok(origin)
    }

    /// Copies whoever and whatever one of these names: ids, addresses, numbers, hashes of tokens. Nothing is looked for twice:
    /// what was changed here since stays changed.
    pub(crate) async fn adopt(&self, texts: &[String]) -> Result<(), StoreError> {
        let mut seen = self.seen.lock().await;
        let new: BTreeSet<String> = texts
            .iter()
            .filter(|text| !seen.texts.contains(*text))
            .cloned()
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let (query, users, asked) = (self.query(), seen.users.clone(), new.clone());
        let (rows, found) = self.real.read(move |tx| query.excerpt(tx, asked, &users)).await?;
        self.put(rows).await?;
        seen.texts.extend(new);
        seen.users.extend(found);
        Ok(())
    }

    /// From now on tokens are signed with this key.
    pub(crate) async fn sign_with(&self, key: NewSigningKey) -> Result<(), StoreError> {
        let scope = self.scope.clone();
        let kept = self.own.write(move |tx| {
            journal::pause(tx)?;
            tx.insert_signing_key(&scope, &key)?;
            journal::go_on(tx)
        });
        kept.await
    }

    async fn put(&self, rows: Vec<Rows>) -> Result<(), StoreError> {
        let bytes: usize = rows.iter().flat_map(|(_, rows)| rows).map(String::len).sum();
        if bytes > MAX_BYTES {
            return Err(StoreError::Inconsistent(
                "what a request can touch is more than can be copied",
            ));
        }
        let layout = self.layout.clone();
        let put = self.own.write(move |tx| {
            journal::pause(tx)?;
            rows.iter()
                .try_for_each(|(table, rows)| layout.insert(tx, table, rows))?;
            journal::go_on(tx)
        });
        put.await
    }

    fn query(&self) -> Query {
        Query {
            scope: self.scope.clone(),
            layout: self.layout.clone(),
            purposes: self.purposes.clone(),
        }
    }
}

/// Queries of the real store.
struct Query {
    scope: Scope,
    layout: Layout,
    purposes: String,
}

impl Query {
    /// Rows, and the users that they are of.
    fn excerpt(
        &self,
        tx: &mut Tx<'_>,
        mut texts: BTreeSet<String>,
        known: &HashSet<String>,
    ) -> Result<(Vec<Rows>, Vec<String>), StoreError> {
        let tokens = self.rows(tx, "one_time_tokens", NAMED_TOKENS, &list(&texts))?;
        let mut users = self.users(tx, &mut texts)?;
        let named = list(&texts);
        users.retain(|id| !known.contains(id));
        let of = list(&users);
        let mut rows = Vec::new();
        for (table, condition) in OF_USERS {
            rows.push((*table, self.rows(tx, table, condition, &of)?));
        }
        rows.push(("sessions", self.rows(tx, "sessions", NAMED_SESSIONS, &named)?));
        let id = self.layout.position("sessions", "id");
        let sessions = rows
            .iter()
            .filter(|(table, _)| *table == "sessions")
            .flat_map(|(_, rows)| rows);
        let sessions: BTreeSet<String> = sessions
            .filter_map(|row| Some(parsed(row)[id].as_str()?.to_owned()))
            .collect();
        rows.push((
            "refresh_tokens",
            self.rows(tx, "refresh_tokens", OF_SESSIONS, &list(&sessions))?,
        ));
        rows.push((
            "refresh_tokens",
            self.rows(tx, "refresh_tokens", NAMED_REFRESH_TOKENS, &named)?,
        ));
        rows.push(("one_time_tokens", tokens));
        // Of those that were there before, what they have now is not copied over it.
        let owners = [("sessions", "user_id"), ("one_time_tokens", "user_id")];
        for (table, rows) in &mut rows {
            if let Some((_, column)) = owners.iter().find(|(owned, _)| owned == table) {
                let at = self.layout.position(table, column);
                rows.retain(|row| !parsed(row)[at].as_str().is_some_and(|user| known.contains(user)));
            }
        }
        Ok((rows, users.into_iter().collect()))
    }

    /// Users that one of the texts names. What tokens that are named say of others is added to the texts.
    fn users(&self, tx: &mut Tx<'_>, texts: &mut BTreeSet<String>) -> Result<BTreeSet<String>, StoreError> {
        let asked = list(texts);
        texts.extend(self.lines(tx, TOKENS_USERS, &asked)?);
        for data in self.lines(tx, TOKENS_DATA, &asked)? {
            texts_of(&parsed(&data), texts);
        }
        let named = list(texts);
        let mut users = BTreeSet::new();
        for sql in USERS_NAMED {
            users.extend(self.lines(tx, sql, &named)?);
        }
        Ok(users)
    }

    fn rows(&self, tx: &mut Tx<'_>, table: &str, condition: &str, texts: &str) -> Result<Vec<String>, StoreError> {
        let columns = self.layout.read_as_json(table, &tx.connection);
        self.lines(
            tx,
            &format!("SELECT {columns} AS line FROM {table} WHERE {condition}"),
            texts,
        )
    }

    /// `{in}` stands for being one of the texts, which are a JSON array.
    fn lines(&self, tx: &mut Tx<'_>, sql: &str, texts: &str) -> Result<Vec<String>, StoreError> {
        // Neither a slug nor a purpose has anything that needs escaping.
        let project = format!("'{}'", self.scope.project);
        let environment = format!("'{}'", self.scope.environment);
        let is_one = match &tx.connection {
            Connection::Sqlite(_) => "IN (SELECT value FROM json_each($1))",
            Connection::Postgres(_) => "= ANY(ARRAY(SELECT json_array_elements_text($1::json)))",
        };
        let sql = sql
            .replace("{scope}", "project_id = {project} AND environment = {environment}")
            .replace("{project}", &project)
            .replace("{environment}", &environment)
            .replace("{purposes}", &self.purposes)
            .replace("{in}", is_one);
        // A statement without the parameter has it all the same, in a condition that always holds.
        let sql = match sql.contains("$1") {
            true => sql,
            false => format!("{sql} AND $1 <> ''"),
        };
        let query = sql_query(sql).bind::<Text, _>(texts);
        let lines: Vec<Line> = match &mut tx.connection {
            Connection::Sqlite(connection) => query.load(*connection)?,
            Connection::Postgres(connection) => query.load(*connection)?,
        };
        Ok(lines.into_iter().map(|line| line.line).collect())
    }
}

impl Layout {
    /// An expression for a row as a JSON array; bytes are hexadecimal.
    fn read_as_json(&self, table: &str, of: &Connection<'_>) -> String {
        let (array, hex, end) = match of {
            Connection::Sqlite(_) => ("json_array(", "hex({})", ")"),
            Connection::Postgres(_) => ("json_build_array(", "encode({}, 'hex')", ")::text"),
        };
        let expression = |column: &Column| match (table, column.name.as_str(), column.kind.as_str()) {
            // It verifies, and it never begins to sign.
            ("signing_keys", "active_ms", _) => i64::MAX.to_string(),
            (_, name, "BLOB") => format!(
                "CASE WHEN {name} IS NULL THEN NULL ELSE {} END",
                hex.replace("{}", name)
            ),
            (_, name, _) => name.to_owned(),
        };
        let columns: Vec<String> = self.of(table).map(expression).collect();
        format!("{array}{}{end}", columns.join(", "))
    }

    fn insert(&self, tx: &mut Tx<'_>, table: &str, rows: &[String]) -> Result<(), StoreError> {
        let Connection::Sqlite(connection) = &mut tx.connection else {
            return Err(StoreError::Inconsistent("a store of its own is a file"));
        };
        if rows.is_empty() {
            return Ok(());
        }
        let (mut names, mut values) = (Vec::new(), String::new());
        for (index, column) in self.of(table).enumerate() {
            let value = format!("json_extract(value, '$[{index}]')");
            let value = match column.kind.as_str() {
                "BLOB" => format!("unhex({value})"),
                _ => value,
            };
            let separator = if index == 0 { "" } else { ", " };
            names.push(column.name.as_str());
            // Writing to a text never fails.
            let _ = write!(values, "{separator}{value}");
        }
        let names = names.join(", ");
        let insert = format!("INSERT OR IGNORE INTO {table} ({names}) SELECT {values} FROM json_each($1)");
        let rows = format!("[{}]", rows.join(","));
        sql_query(insert).bind::<Text, _>(rows).execute(*connection)?;
        Ok(())
    }
}

fn quoted(purposes: &[&str]) -> String {
    let quoted: Vec<String> = purposes.iter().map(|purpose| format!("'{purpose}'")).collect();
    quoted.join(", ")
}

fn list(texts: &BTreeSet<String>) -> String {
    Value::from_iter(texts.iter().map(String::as_str)).to_string()
}

fn parsed(row: &str) -> Value {
    serde_json::from_str(row).unwrap_or_default()
}

/// Every text in a value, and in JSON documents that are texts in it.
fn texts_of(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            if let Ok(inner @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                texts_of(&inner, texts);
            } else {
                if let Ok(email) = Email::of_account(Value::from(text.as_str())) {
                    texts.extend(email.keys().map(str::to_owned));
                }
                texts.insert(text.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts_of(item, texts)),
        Value::Object(members) => members.values().for_each(|member| texts_of(member, texts)),
        _ => {}
    }
}
