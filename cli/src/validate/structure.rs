//! Whether a server would accept the bundle, and whether what it says of itself is what it is.

use aerocall_contract::Capability;
use aerocall_runtime::Runtime;
use aerocall_server::local;

use super::{Findings, Inspector, Level, Rule};
use crate::{
    bundles::{self, Bundle},
    preparing::Preparing,
};

/// Whether the bundle can be run.
pub(super) async fn look(bundle: &Bundle, inspector: &Inspector, findings: &mut Findings) -> bool {
    if let Err(refused) = inspector.checks.bundle(&bundle.name, &bundle.component) {
        let details = refused
            .details
            .iter()
            .map(|(field, problem)| format!("; {field}: {problem}"));
        let message = format!("{}: {}{}", refused.code, refused.message, details.collect::<String>());
        findings.add(Rule::Structure, Level::Error, message, None);
        return false;
    }
    capabilities(bundle, findings);
    limits(bundle, findings);
    if !engine(bundle, findings) {
        return false;
    }
    let preparing = bundle.manifest.engine.is_some().then(Preparing::begin);
    let loaded = inspector.runtime.load(&bundle.component).await;
    drop(preparing);
    if let Err(refused) = &loaded {
        let message = format!("{}: {}", refused.code, refused.message);
        findings.add(Rule::Structure, Level::Error, message, None);
    }
    loaded.is_ok()
}

/// A component with an engine inside imports the whole world; one that shares its engine, what its code may use.
fn capabilities(bundle: &Bundle, findings: &mut Findings) {
    let Ok(interfaces) = Runtime::interfaces(&bundle.component) else {
        return;
    };
    let is_of_other_language = bundle.manifest.engine.is_none() && bundle.manifest.language.is_some();
    for capability in Capability::ALL {
        let (imported, declared) = (
            interfaces.contains(capability.name()),
            bundle.manifest.declares(capability),
        );
        if imported && !declared && is_of_other_language {
            let message = format!(
                "the component imports `{0}`, which the manifest does not declare: every call of it will be refused",
                capability.name()
            );
            findings.add(Rule::Capabilities, Level::Error, message, None);
        }
        if declared && !imported {
            let message = format!(
                "the manifest declares `{0}`, which the component does not import: declare only what it uses",
                capability.name()
            );
            findings.add(Rule::Capabilities, Level::Error, message, None);
        }
    }
}

fn limits(bundle: &Bundle, findings: &mut Findings) {
    let Ok(granted) = local::limits(&bundle.manifest.limits) else {
        return;
    };
    for limit in bundle.manifest.limits.above(&granted) {
        let message = format!(
            "the bundle asks for {} = {}; a server with default settings gives {}",
            limit.json_name, limit.asked, limit.bound
        );
        findings.add(Rule::Limits, Level::Warning, message, None);
    }
}

/// Whether the engine that the bundle shares is there.
fn engine(bundle: &Bundle, findings: &mut Findings) -> bool {
    let problem = bundles::engine_problem(&bundle.manifest);
    let fits = problem.is_none();
    if let Some(message) = problem {
        findings.add(Rule::Engine, Level::Error, message, None);
    }
    fits
}
