//! Generated files that are committed: written when somebody asks for it, compared otherwise. For tests alone.

use std::path::Path;

/// The command that writes the generated files anew.
const UPDATE: &str = "UPDATE_DOCS=1 cargo nextest run --workspace documents_are";

/// Compares a generated text with the committed file, or writes it if `UPDATE_DOCS` is set.
///
/// # Errors
/// The file is another one, or cannot be written; the message names the command that writes it.
pub fn committed(path: &Path, text: &str) -> Result<(), String> {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let folder = path.parent().unwrap_or(path);
        return std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(path, text))
            .map_err(|error| format!("{}: {error}", path.display()));
    }
    match std::fs::read_to_string(path).is_ok_and(|kept| kept == text) {
        true => Ok(()),
        false => Err(format!("{} is not what the source says. Run: {UPDATE}", path.display())),
    }
}
