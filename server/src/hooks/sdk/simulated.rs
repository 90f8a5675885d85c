//! The SDK of a call that must change nothing: reads are real, everything else is answered as if it had been done. What the core
//! store would change is staged with the call's effects, which nobody commits.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use aerocall_runtime::{
    Host,
    host::{Cache, Db, ErrorCode, Http, HttpRequest, HttpResponse, Rows, SdkError, Transaction, Value},
};
use async_trait::async_trait;

/// Whether something of a call was only simulated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Simulation(Arc<AtomicBool>);

impl Simulation {
    pub(crate) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_noted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The same capabilities, of which none changes anything.
    pub(super) fn of(&self, host: Host) -> Host {
        Host {
            cache: host
                .cache
                .map(|real| Arc::new(SimulatedCache::new(real, self)) as Arc<dyn Cache>),
            db: host
                .db
                .map(|real| Arc::new(SimulatedDb::new(real, self)) as Arc<dyn Db>),
            http: host
                .http
                .map(|real| Arc::new(SimulatedHttp::new(real, self)) as Arc<dyn Http>),
            ..host
        }
    }
}

/// Changes are kept beside the cache, for this call alone.
struct SimulatedCache {
    real: Arc<dyn Cache>,
    /// `None`: deleted.
    changed: Mutex<HashMap<String, Option<String>>>,
    simulation: Simulation,
}

impl SimulatedCache {
    fn new(real: Arc<dyn Cache>, simulation: &Simulation) -> Self {
        Self {
            real,
            changed: Mutex::default(),
            simulation: simulation.clone(),
        }
    }

    fn changed(&self, key: &str) -> Option<Option<String>> {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.get(key).cloned()
    }

    fn change(&self, key: &str, value: Option<String>) {
        self.simulation.note();
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.insert(key.to_owned(), value);
    }
}

#[async_trait]
impl Cache for SimulatedCache {
    async fn get(&self, key: &str) -> Result<Option<String>, SdkError> {
        match self.changed(key) {
            Some(value) => Ok(value),
            None => self.real.get(key).await,
        }
    }

    async fn set(&self, key: &str, value: &str, _: Option<u32>) -> Result<(), SdkError> {
        self.change(key, Some(value.to_owned()));
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<bool, SdkError> {
        let was_there = self.get(key).await?.is_some();
        self.change(key, None);
        Ok(was_there)
    }

    async fn increment(&self, key: &str, by: i64, _: Option<u32>) -> Result<i64, SdkError> {
        let before = self.get(key).await?.map_or(Some(0), |text| text.parse::<i64>().ok());
        let sum = before.and_then(|before| before.checked_add(by)).ok_or_else(|| {
            SdkError::new(
                ErrorCode::Conflict,
                "cache.increment: the value is not an integer, or the sum exceeds 64 bits",
            )
        })?;
        self.change(key, Some(sum.to_string()));
        Ok(sum)
    }

    async fn set_if_absent(&self, key: &str, value: &str, _: Option<u32>) -> Result<bool, SdkError> {
        let is_absent = self.get(key).await?.is_none();
        if is_absent {
            self.change(key, Some(value.to_owned()));
        }
        Ok(is_absent)
    }
}

/// Statements that only read are run. What else there is never reaches the database: even undone, it would hold locks that
/// requests wait for.
#[derive(Clone)]
struct SimulatedDb {
    real: Arc<dyn Db>,
    simulation: Simulation,
}

impl SimulatedDb {
    fn new(real: Arc<dyn Db>, simulation: &Simulation) -> Self {
        Self {
            real,
            simulation: simulation.clone(),
        }
    }

    async fn rows(&self, sql: &str, params: Vec<Value>) -> Result<Rows, SdkError> {
        if only_reads(sql) {
            return self.real.query(sql, params).await;
        }
        self.simulation.note();
        Ok(Rows {
            columns: Vec::new(),
            rows: Vec::new(),
        })
    }

    fn touched(&self) -> u64 {
        self.simulation.note();
        1
    }
}

#[async_trait]
impl Db for SimulatedDb {
    async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Rows, SdkError> {
        self.rows(sql, params).await
    }

    async fn execute(&self, _: &str, _: Vec<Value>) -> Result<u64, SdkError> {
        Ok(self.touched())
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, SdkError> {
        Ok(Box::new(self.clone()))
    }
}

#[async_trait]
impl Transaction for SimulatedDb {
    async fn query(&mut self, sql: &str, params: Vec<Value>) -> Result<Rows, SdkError> {
        self.rows(sql, params).await
    }

    async fn execute(&mut self, _: &str, _: Vec<Value>) -> Result<u64, SdkError> {
        Ok(self.touched())
    }

    async fn commit(self: Box<Self>) -> Result<(), SdkError> {
        Ok(())
    }

    async fn rollback(self: Box<Self>) -> Result<(), SdkError> {
        Ok(())
    }
}

/// Words after which a statement that begins like one that reads changes something or locks rows.
const CHANGING: &[&str] = &[
    "insert", "update", "delete", "merge", "into", "nextval", "setval", "share",
];

/// Whether a statement can do nothing but read, as far as its words say. In doubt it does not: a text that contains such a word is
/// taken for it.
fn only_reads(sql: &str) -> bool {
    let mut words = sql
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase);
    let begins = sql.trim_start().to_ascii_lowercase();
    let reads = ["select", "with", "values"].iter().any(|word| begins.starts_with(word));
    reads && words.all(|word| !CHANGING.contains(&word.as_str()) && !word.contains("advisory"))
}

/// Requests that ask are sent; the others are answered with an empty 200.
struct SimulatedHttp {
    real: Arc<dyn Http>,
    simulation: Simulation,
}

impl SimulatedHttp {
    fn new(real: Arc<dyn Http>, simulation: &Simulation) -> Self {
        Self {
            real,
            simulation: simulation.clone(),
        }
    }
}

#[async_trait]
impl Http for SimulatedHttp {
    async fn send(&self, requests: Vec<HttpRequest>) -> Vec<Result<HttpResponse, SdkError>> {
        let asks = |request: &HttpRequest| {
            ["GET", "HEAD"]
                .iter()
                .any(|method| request.method.eq_ignore_ascii_case(method))
        };
        let simulated: Vec<Option<HttpResponse>> = requests
            .iter()
            .map(|request| {
                (!asks(request)).then(|| HttpResponse {
                    status: 200,
                    headers: Vec::new(),
                    body: Vec::new(),
                    url: request.url.clone(),
                })
            })
            .collect();
        if simulated.iter().any(Option::is_some) {
            self.simulation.note();
        }
        let sent = requests.into_iter().filter(asks).collect();
        let mut answers = self.real.send(sent).await.into_iter();
        let lost = || Err(SdkError::new(ErrorCode::Internal, "http: an answer is missing"));
        simulated
            .into_iter()
            .map(|answer| answer.map_or_else(|| answers.next().unwrap_or_else(lost), Ok))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::only_reads;

    #[test]
    fn what_may_change_something_is_not_run() {
        for sql in [
            "SELECT 1",
            "  select name from people where id = ?",
            "WITH a AS (SELECT 1) SELECT * FROM a",
            "VALUES (1)",
            "SELECT updated_at, deleted FROM people",
        ] {
            assert!(only_reads(sql), "{sql}");
        }
        for sql in [
            "",
            "INSERT INTO a VALUES (1)",
            "insert into a values (1) returning id",
            "WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone",
            "SELECT * FROM a FOR UPDATE",
            "SELECT * FROM a FOR SHARE",
            "SELECT nextval('s')",
            "SELECT pg_catalog.setval('s', 1)",
            "SELECT pg_advisory_lock(1)",
            "SELECT 1 INTO b",
            "-- a note\nSELECT 1",
            "/* a */ SELECT 1",
            "(SELECT 1)",
            "PRAGMA user_version = 1",
            "CREATE TABLE a (b)",
            "DROP TABLE a",
            "SELECT 1; DELETE FROM a",
        ] {
            assert!(!only_reads(sql), "{sql}");
        }
    }
}
