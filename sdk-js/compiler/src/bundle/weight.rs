//! A bundle that is too large, with the packages that make it so.

use std::collections::BTreeMap;

use rolldown_common::OutputChunk;

use super::Bundle;
use super::imports::package_of;
use super::suggest::size;
use crate::diagnostics::{Diagnostic, Place, codes};
use crate::source::Source;

/// How many packages are named.
const NAMED: usize = 5;

/// The complaint, if the bundle has more than `limit` bytes.
pub(super) fn check(bundle: &Bundle, source: &Source, chunk: &OutputChunk, limit: usize) -> Option<Diagnostic> {
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
    Some(problem.hint(format!("the largest parts are {}", largest(source, chunk).join(", "))))
}

fn largest(source: &Source, chunk: &OutputChunk) -> Vec<String> {
    let mut weights: BTreeMap<String, usize> = BTreeMap::new();
    for (id, module) in chunk.modules.keys.iter().zip(&chunk.modules.values) {
        if id.as_str().starts_with('\0') {
            // The bundler's few helpers and ours are nobody's to remove.
            continue;
        }
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
