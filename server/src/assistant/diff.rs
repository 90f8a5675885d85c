//! What a proposal changes, line by line.

use std::time::Duration;

use aerocall_api_types::FileChange;
use similar::{Algorithm, TextDiff};

/// After that, larger pieces are shown as changed than were.
const TIME: Duration = Duration::from_millis(500);
/// Lines around a change.
const CONTEXT: usize = 3;

/// A unified diff, as `patch` and `git apply` read it.
pub(crate) fn unified(changes: &[FileChange]) -> String {
    changes.iter().map(of_file).collect()
}

fn of_file(change: &FileChange) -> String {
    let side = |letter: char, text: &Option<String>| match text {
        Some(_) => format!("{letter}/{}", change.path),
        None => "/dev/null".to_owned(),
    };
    let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
    let (before, after) = (text(&change.before), text(&change.after));
    TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .timeout(TIME)
        .diff_lines(&before, &after)
        .unified_diff()
        .context_radius(CONTEXT)
        .header(&side('a', &change.before), &side('b', &change.after))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_change_come_and_go() {
        let change = |path: &str, before: Option<&str>, after: Option<&str>| FileChange {
            path: path.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        let diff = unified(&[
            change("a.ts", Some("1\n2\n3\n"), Some("1\nzwei\n3\n")),
            change("b.ts", None, Some("x\n")),
            change("c.ts", Some("y\n"), None),
        ]);
        assert_eq!(
            diff,
            "--- a/a.ts\n+++ b/a.ts\n@@ -1,3 +1,3 @@\n 1\n-2\n+zwei\n 3\n--- /dev/null\n+++ b/b.ts\n@@ -0,0 +1 @@\n+x\n--- a/c.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-y\n"
        );
    }
}
