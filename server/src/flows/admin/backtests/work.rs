//! The work of a backtest, off the request that began it: invocation by invocation, kept batch by batch. It ends when everything was
//! run, when it is stopped or deleted, or with its server; then whoever asks finds it silent.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use aerocall_api_types::{BacktestRow, HookError, ReplayReasonCode, Reply};
use serde::Deserialize as _;
use serde_json::Value;

use crate::{
    app::App,
    base::{
        clock::{self, Clock},
        crypto::MasterKey,
        error::{Error, Result, chain},
        ids::Scope,
    },
    flows::steps::hook_target::Loaded,
    hooks::{
        Running,
        local::{Compared, Judged, RecordedInvocation, Tally, reason},
        records,
    },
    storage::store::{BacktestProgress, BacktestRowRow, InvocationRow, Store},
};

/// Invocations that are read at once.
const BATCH: usize = 100;
/// How often it is written down how far it is, at the latest.
const SAY: Duration = Duration::from_secs(2);

/// A backtest under way.
pub(super) struct Work {
    store: Store,
    master: Arc<MasterKey>,
    clock: Clock,
    scope: Scope,
    loaded: Loaded,
    ids: Vec<String>,
    running: Running,
    id: String,
    tally: Tally,
    done: usize,
    /// Not kept yet.
    rows: Vec<BacktestRowRow>,
    said: Instant,
}

/// Why it ends before everything was run.
enum Ended {
    Stopped,
    Failed(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Work {
    pub(super) fn new(app: &App, scope: Scope, loaded: Loaded, ids: Vec<String>, running: Running, id: String) -> Self {
        Self {
            store: app.store.clone(),
            master: Arc::clone(&app.master),
            clock: app.clock.clone(),
            scope,
            loaded,
            ids,
            running,
            id,
            tally: Tally::default(),
            done: 0,
            rows: Vec::new(),
            said: Instant::now(),
        }
    }

    /// Goes on by itself.
    pub(super) fn begin(mut self) {
        tokio::spawn(async move {
            let (state, reason) = match Box::pin(self.everything()).await {
                Ok(()) => ("done", None),
                Err(Ended::Stopped) => return,
                Err(Ended::Failed(error)) => {
                    let error = error.described();
                    tracing::error!(backtest = self.id, error, "a backtest cannot go on");
                    ("failed", Some("the server's database did not answer"))
                }
            };
            let (scope, id, now_ms) = (self.scope.clone(), self.id.clone(), self.clock.now_ms());
            let ended = self
                .store
                .write(move |tx| tx.end_backtest(&scope, &id, state, reason, now_ms));
            if let Err(error) = ended.await {
                tracing::error!(
                    backtest = self.id,
                    error = chain(&error),
                    "the end of a backtest is not kept"
                );
            }
        });
    }

    async fn everything(&mut self) -> std::result::Result<(), Ended> {
        let ids = std::mem::take(&mut self.ids);
        for batch in ids.chunks(BATCH) {
            let (scope, wanted) = (self.scope.clone(), batch.to_vec());
            let rows = self
                .store
                .read(move |tx| tx.invocations_of(&scope, &wanted))
                .await
                .map_err(Error::from)?;
            let rows: HashMap<&str, &InvocationRow> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
            for id in batch {
                let row = self.one(id, rows.get(id.as_str()).copied()).await?;
                self.rows.extend(row);
                self.done += 1;
                if self.running.is_stopped() || self.said.elapsed() >= SAY {
                    self.say().await?;
                }
                // Whoever waits for an answer goes first.
                tokio::task::yield_now().await;
            }
            self.say().await?;
        }
        self.say().await
    }

    /// Runs one invocation; there is no row for one whose record is gone.
    async fn one(&mut self, id: &str, row: Option<&InvocationRow>) -> Result<Option<BacktestRowRow>> {
        let Some(row) = row else {
            self.tally.not_replayable("allow", ReplayReasonCode::Expired);
            tracing::debug!(invocation = id, "the record of an invocation went while a backtest ran");
            return Ok(None);
        };
        let line = match records::recording(&self.scope, row, &self.master) {
            Err(code) => {
                let compared = self.tally.not_replayable(&row.outcome, code);
                let mut line = self.line(row, compared);
                line.reason = Some(reason(code));
                line
            }
            Ok((recorded, _)) => {
                let hook = &self.loaded.hook;
                let judged = recorded
                    .replay(hook, self.loaded.number, &self.loaded.limits, Vec::new())
                    .await;
                let time_us = u64::try_from(row.duration_us).unwrap_or(0);
                let compared = self.tally.add(&recorded, &judged, time_us);
                let line = self.line(row, compared);
                with_result(line, &recorded, &judged)?
            }
        };
        let damaged = |error| Error::unexpected("writing a backtest", error);
        let word = serde_json::to_value(line.kind).map_err(damaged)?;
        Ok(Some(BacktestRowRow {
            id: line.id.clone(),
            invocation_id: row.id.clone(),
            kind: word.as_str().unwrap_or_default().to_owned(),
            from_decision: line.from.clone(),
            to_decision: line.to.clone(),
            document: serde_json::to_string(&line).map_err(damaged)?,
        }))
    }

    fn line(&self, row: &InvocationRow, compared: Compared) -> BacktestRow {
        BacktestRow {
            id: format!("{}/{:06}", self.id, self.done),
            invocation: row.id.clone(),
            point: row.point.clone(),
            at: clock::iso(row.created_ms).into(),
            kind: compared.kind,
            from: compared.from.to_owned(),
            to: compared.to.to_owned(),
            verdict: aerocall_api_types::ReplayVerdict::Unknown,
            reason: None,
            diverges_at: None,
            code: None,
            message: None,
            error: None,
            fuel_before: u64::try_from(row.fuel).unwrap_or(0),
            fuel_after: None,
        }
    }

    /// Keeps what was run so far.
    async fn say(&mut self) -> std::result::Result<(), Ended> {
        let figures = serde_json::to_string(&self.tally.figures());
        let progress = BacktestProgress {
            done: i32::try_from(self.done).unwrap_or(i32::MAX),
            figures: figures.map_err(|error| Error::unexpected("writing a backtest", error))?,
            now_ms: self.clock.now_ms(),
            rows: std::mem::take(&mut self.rows),
        };
        let (scope, id) = (self.scope.clone(), self.id.clone());
        let goes_on = self
            .store
            .write(move |tx| tx.advance_backtest(&scope, &id, &progress))
            .await;
        self.said = Instant::now();
        match goes_on.map_err(Error::from)? && !self.running.is_stopped() {
            true => Ok(()),
            false => Err(Ended::Stopped),
        }
    }
}

/// What the new run came to. Patches are left out: they are what a user is made of.
fn with_result(mut line: BacktestRow, recorded: &RecordedInvocation, judged: &Judged) -> Result<BacktestRow> {
    line.verdict = judged.verdict;
    line.reason = judged.reason.map(reason);
    line.fuel_before = recorded.fuel;
    line.diverges_at = (judged.run.divergence.as_ref()).map(|at| u32::try_from(at.at).unwrap_or(u32::MAX));
    if line.to == "unknown" {
        return Ok(line);
    }
    line.fuel_after = Some(judged.fuel);
    let document: Value = judged.reply.document();
    let reply = Reply::deserialize(document).map_err(|error| Error::unexpected("showing a reply", error))?;
    match reply {
        Reply::Deny { code, message, .. } => (line.code, line.message) = (Some(code), Some(message)),
        Reply::Failure { code, error, .. } => {
            line.code = Some(code);
            line.error = Some(HookError { stack: None, ..*error });
        }
        Reply::Allow | Reply::Patch { .. } => {}
    }
    Ok(line)
}
