//! A bench's figures: lines of JSON for programs, a table for people.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use serde_json::json;

use crate::Samples;

/// Collects the figures of one bench. The table is printed line by line, so that a long bench shows where it is.
pub struct Report {
    name: &'static str,
    lines: BufWriter<File>,
}

impl Report {
    /// Starts `target/bench/<name>.jsonl` anew.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn new(name: &'static str) -> anyhow::Result<Self> {
        let directory = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
        let directory = directory.join("bench");
        std::fs::create_dir_all(&directory)?;
        let lines = BufWriter::new(File::create(directory.join(format!("{name}.jsonl")))?);
        println!("\n{name}\n{:<44}{:>12}{:>12}{:>10}  unit", "", "p50", "p99", "n");
        Ok(Self { name, lines })
    }

    /// A heading between rows.
    pub fn section(&self, title: &str) {
        println!("· {title}");
    }

    /// Durations, in microseconds.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn times(&mut self, case: &str, samples: &Samples) -> anyhow::Result<()> {
        self.row(
            case,
            "µs",
            samples.percentile_us(50.0),
            samples.percentile_us(99.0),
            samples.len(),
        )
    }

    /// A single figure: p50 and p99 are the same.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn figure(&mut self, case: &str, unit: &str, value: f64) -> anyhow::Result<()> {
        self.row(case, unit, value, value, 1)
    }

    fn row(&mut self, case: &str, unit: &str, p50: f64, p99: f64, n: usize) -> anyhow::Result<()> {
        println!("{case:<44}{p50:>12.1}{p99:>12.1}{n:>10}  {unit}");
        let line = json!({ "name": self.name, "case": case, "unit": unit, "p50": p50, "p99": p99, "n": n });
        writeln!(self.lines, "{line}")?;
        Ok(self.lines.flush()?)
    }
}
