//! What is said of sources that were built again, or were not.

use aerocall_runtime::{Manifest, digest};

use super::{Findings, Level, Place, Rule};
use crate::bundles::Bundle;

/// Nothing was built.
pub(super) fn not_built(findings: &mut Findings, reason: &str) {
    findings.add(
        Rule::Sources,
        Level::Warning,
        format!("not built again: {reason}"),
        None,
    );
}

/// The build found a problem at this place.
pub(super) fn problem(findings: &mut Findings, place: Place, message: &str) {
    let message = format!("the sources that the bundle carries cannot be built: {message}");
    findings.add(Rule::Sources, Level::Error, message, Some(place));
}

/// The build gave other bytes. `what`: what was built, with its verb.
pub(super) fn other_bytes(findings: &mut Findings, what: &str, built: (&[u8], &Manifest), bundle: &Bundle) {
    let (component, manifest) = built;
    let differs = match manifest.source_digest == bundle.manifest.source_digest {
        true => "the code is the same, the manifest or what surrounds it is not",
        false => "the code is another one",
    };
    let message = format!(
        "{what} other bytes, {} instead of {}: {differs}. Build it again with this release",
        digest(component),
        digest(&bundle.component)
    );
    findings.add(Rule::Sources, Level::Error, message, None);
}
