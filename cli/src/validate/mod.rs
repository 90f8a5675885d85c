//! What `aerocall validate` looks at in a finished bundle, before anybody uploads it.
//!
//! In the order that a bundle meets them: `structure` (a component of the world, names, size, imports, limits, engine), `rebuilt` and,
//! for Rust, `recompiled` (its sources build the same bytes), `secrets` (no credentials in what it carries), `smoke` (it runs on samples, within the limits of
//! production), `tests` (the test cases of its project, and what they cost against a baseline). Each adds to the [`Findings`], which
//! `report` writes in the format that somebody wants.

pub(crate) mod baseline;
mod finding;
mod rebuilt;
mod recompiled;
pub(crate) mod report;
mod secrets;
mod smoke;
mod sources;
mod structure;
pub(crate) mod tests;

use std::{path::Path, sync::Arc};

use aerocall_runtime::Runtime;
use aerocall_server::Checks;

pub(crate) use finding::{Finding, Findings, Level, Place, Rule};

use crate::{
    Failed,
    bundles::{self, Bundle, NotBuilt},
    migrations::Migration,
    project::Project,
};

/// What bundles are held against.
pub(crate) struct Inspector {
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) checks: Checks,
    /// Tables of the project, for smoke runs.
    pub(crate) migrations: Vec<Migration>,
    /// The project that sources of Rust hooks are those of, if there is one.
    pub(crate) project: Option<Project>,
    /// Fingerprints of what looks like a credential and is none.
    pub(crate) allowed: Vec<String>,
}

impl Inspector {
    /// Looks at a bundle by itself. Gives it back if it can be run.
    pub(crate) async fn look(&self, file: &Path, findings: &mut Findings) -> Result<Option<Bundle>, Failed> {
        findings.begin(&file.display().to_string());
        let bundle = match bundles::finished(file) {
            Ok(bundle) => bundle,
            Err(NotBuilt::Refused(code, message)) => {
                findings.add(Rule::Structure, Level::Error, format!("{code}: {message}"), None);
                return Ok(None);
            }
            Err(problem) => return Err(bundles::said(problem)),
        };
        secrets::look(&bundle, &self.allowed, findings);
        if !structure::look(&bundle, self, findings).await {
            return Ok(None);
        }
        match bundle.manifest.language {
            None => rebuilt::look(&bundle, &self.runtime, findings).await?,
            Some(_) => recompiled::look(&bundle, self.project.as_ref(), findings).await?,
        }
        smoke::look(&bundle, self, findings).await?;
        Ok(Some(bundle))
    }
}
