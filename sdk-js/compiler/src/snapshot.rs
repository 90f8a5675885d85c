//! Evaluates the bundled JavaScript in an engine and takes its memory as the hook's starting point.

use std::path::Path;

use aerocall_runtime::{Workshop, WorkshopError};
use serde::Deserialize;

use crate::engines::Engine;

/// An engine with the hook's module evaluated.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// All of linear memory.
    pub(crate) memory: Vec<u8>,
    /// What the module exports and did.
    pub(crate) report: Report,
}

/// The engine's report on a module that was evaluated.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// Exported functions, by name.
    pub(crate) hooks: Vec<String>,
    /// Handlers in `on`, by event.
    pub(crate) events: Vec<String>,
    /// `export const config`; null if JSON has nothing for it, as for a function.
    #[serde(default)]
    pub(crate) config: serde_json::Value,
    /// Timers it left behind; none reaches a call.
    pub(crate) pending_timers: u32,
    /// Whether it asked for the time: the answer is frozen into the snapshot.
    pub(crate) asked_time: bool,
    /// Whether it asked for randomness: the answers are frozen into the snapshot.
    pub(crate) asked_random: bool,
}

/// What the module threw while it was evaluated.
#[derive(Debug, Deserialize)]
pub(crate) struct Thrown {
    /// `syntax`, `threw`, `never-settles` or `engine`.
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) stack: String,
}

/// Why there is no snapshot.
#[derive(Debug)]
pub(crate) enum SnapshotError {
    /// JavaScript's own error.
    Thrown(Thrown),
    /// It does not end, or needs too much.
    Workshop(WorkshopError),
    /// The engine changed what every hook shares.
    Mismatch(String),
}

/// Evaluates engines' modules; an engine is compiled once and kept in the cache directory.
#[derive(Debug)]
pub(crate) struct Studio {
    workshop: Workshop,
    /// The mutable globals of an engine with an empty module: every snapshot's must be the same.
    globals: Vec<u64>,
}

impl Studio {
    /// Opens an engine.
    pub(crate) fn open(engine: &Engine, cache_dir: &Path) -> Result<Self, WorkshopError> {
        let workshop = Workshop::open(&engine.observable, cache_dir)?;
        let globals = engine.initial_globals.clone();
        Ok(Self { workshop, globals })
    }

    /// Evaluates a module, whose positions the engine reads from the table of `bundle::positions`.
    pub(crate) fn take(&self, code: &str, positions: &[u8]) -> Result<Snapshot, SnapshotError> {
        let evaluated = self
            .workshop
            .evaluate(code, positions)
            .map_err(SnapshotError::Workshop)?;
        if evaluated.globals != self.globals {
            let message = format!(
                "globals {:?} are {:?} after evaluation",
                self.globals, evaluated.globals
            );
            return Err(SnapshotError::Mismatch(message));
        }
        let report = read_report(&evaluated.report)?;
        Ok(Snapshot {
            memory: evaluated.memory,
            report,
        })
    }
}

fn read_report(json: &str) -> Result<Report, SnapshotError> {
    let unreadable = |error: serde_json::Error| {
        SnapshotError::Mismatch(format!("the engine's report cannot be read ({error}): {json}"))
    };
    let report: serde_json::Value = serde_json::from_str(json).map_err(unreadable)?;
    match report.get("error") {
        Some(error) => Err(SnapshotError::Thrown(
            serde_json::from_value(error.clone()).map_err(unreadable)?,
        )),
        None => serde_json::from_value(report).map_err(unreadable),
    }
}
