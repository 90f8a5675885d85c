//! A bundle that is large or too large, with the packages that make it so.

use std::collections::BTreeMap;

use rolldown_common::OutputChunk;

use super::Bundle;
use super::imports::package_of;
use super::suggest::size;
use crate::diagnostics::{Diagnostic, Place, codes};
use crate::source::Source;

/// How many packages are named.
const NAMED: usize = 5;

/// The bytes of a component above which a warning names what makes it large: servers take 8 MiB, if nobody set more.
const LARGE_BYTES: usize = 4 << 20;

/// The warning about a component of that many bytes: most of it is what the module has made while it was loaded, which
/// is several times the source.
pub(crate) fn warning(bundle: &Bundle, component_bytes: usize) -> Option<Diagnostic> {
    if component_bytes <= LARGE_BYTES {
        return None;
    }
    let message = format!(
        "the bundle has {}: what the module makes while it is loaded is kept in it",
        size(component_bytes)
    );
    let text = bundle.source(&bundle.entry).unwrap_or_default();
    let problem = Diagnostic::warning(codes::LARGE_BUNDLE, message, &Place::start_of(&bundle.entry, text));
    Some(problem.hint(format!(
        "the largest parts of the code are {}; a long list is smaller as one string, and none of the bundle as rows of a table (migrations/*.sql, `Aerocall.db`)",
        bundle.largest.join(", ")
    )))
}

/// The complaint, if the bundle has more than `limit` bytes.
pub(super) fn check(bundle: &Bundle, limit: usize) -> Option<Diagnostic> {
    if bundle.code.len() <= limit {
        return None;
    }
    let message = format!(
        "the bundle has {}, more than the limit of {}",
        size(bundle.code.len()),
        size(limit)
    );
    let text = bundle.source(&bundle.entry).unwrap_or_default();
    let problem = Diagnostic::error(codes::BUNDLE_TOO_LARGE, message, &Place::start_of(&bundle.entry, text));
    Some(problem.hint(format!("the largest parts are {}", bundle.largest.join(", "))))
}

/// Packages and files of the project by what they take of the code, the largest first.
pub(super) fn largest(source: &Source, chunk: &OutputChunk) -> Vec<String> {
    let modules = chunk.modules.keys.iter().zip(&chunk.modules.values);
    // The bundler's few helpers and ours are nobody's to remove.
    let named = modules.filter(|(id, _)| !id.as_str().starts_with('\0'));
    let mut weights: BTreeMap<String, usize> = BTreeMap::new();
    for (id, module) in named {
        let file = source.relative(id.as_str());
        *weights.entry(package_of(&file).unwrap_or(file)).or_default() += module.rendered_length();
    }
    let mut weights: Vec<_> = weights.into_iter().collect();
    // Stable, so that equal weights stay in the order of their names.
    weights.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    weights
        .into_iter()
        .take(NAMED)
        .map(|(name, bytes)| format!("{name} ({})", size(bytes)))
        .collect()
}
