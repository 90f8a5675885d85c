//! Paths of source files of a hook project.

use super::Parsed;

/// Bytes of the path of a file.
const MAX_PATH_BYTES: usize = 200;

/// A path inside the project, in the one way in which it can be written.
pub(crate) fn source_path(path: String) -> Parsed<String> {
    if path.is_empty() || path.len() > MAX_PATH_BYTES {
        return Err(format!("must have 1 to {MAX_PATH_BYTES} bytes"));
    }
    if path.chars().any(|c| c.is_control() || matches!(c, '\\' | ':')) {
        return Err("must not contain control characters, `\\` or `:`".to_owned());
    }
    let is_bad = |part: &str| part.is_empty() || part == "." || part == "..";
    if path.split('/').any(is_bad) {
        return Err("must be relative to the project, without `.`, `..` or empty parts".to_owned());
    }
    Ok(path)
}
