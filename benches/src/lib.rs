//! What every bench needs. Knows how to measure and how to print; knows nothing of what is measured.
//!
//! - [`Samples`]: durations and their percentiles
//! - [`Report`]: the table on standard output and `target/bench/<name>.jsonl`
//! - [`hooks`]: the four hooks (H1 to H4) with payloads and expected replies
//! - [`host`]: a runtime and a compiler on a temporary cache
//! - [`native`]: the same hooks in QuickJS without a sandbox, as the yardstick
//! - [`rust`]: the same hooks in Rust
//! - [`postgres`]: a database of a bench's own
//! - [`site`]: a server, seen from outside
//! - [`process`]: memory and time of processes

pub mod hooks;
pub mod host;
pub mod native;
pub mod postgres;
pub mod process;
mod report;
pub mod rust;
mod samples;
pub mod site;

pub use report::Report;
pub use samples::Samples;

/// What follows the name of the bench, for benches that can be made shorter or longer.
#[must_use]
pub fn argument() -> Option<String> {
    std::env::args().nth(2)
}
