//! How tests wait: they ask until there is an answer. Shared by the test programs of several crates.

use std::time::{Duration, Instant};

/// Between two questions: at first, and at most.
const FIRST: Duration = Duration::from_millis(2);
const LONGEST: Duration = Duration::from_millis(40);
/// What has not happened by then does not.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks until there is an answer.
#[track_caller]
pub(crate) fn until<T>(ask: impl FnMut() -> Option<T>) -> T {
    within(PATIENCE, ask)
}

/// The same with another patience.
#[track_caller]
pub(crate) fn within<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let (ends, mut pause) = (Instant::now() + patience, FIRST);
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < ends, "what was waited for did not happen");
        std::thread::sleep(pause);
        pause = (pause * 2).min(LONGEST);
    }
}
