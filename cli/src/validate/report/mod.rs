//! The findings, written for people or for another program.

mod github;
mod junit;
mod sarif;
mod text;

use serde::Serialize;

use super::{Finding, Findings, Level, tests::Ran};
use crate::Failed;

/// How the findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object
    Json,
    /// SARIF 2.1.0 (OASIS), for code scanning
    Sarif,
    /// JUnit XML, for test reports of CI
    Junit,
    /// Workflow commands of GitHub Actions, which become annotations
    Github,
}

/// The object of `--format json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'f> {
    ok: bool,
    bundles: &'f [String],
    findings: &'f [Finding],
    errors: usize,
    warnings: usize,
    /// `null` if there are no test cases.
    test_cases: Option<TestCases>,
}

#[derive(Serialize)]
struct TestCases {
    passed: usize,
    failed: usize,
    skipped: usize,
}

/// The whole report.
pub(crate) fn write(format: Format, findings: &Findings, ran: Option<&Ran>, is_ok: bool) -> Result<String, Failed> {
    match format {
        Format::Text => Ok(text::write(findings, ran)),
        Format::Json => Ok(serde_json::to_string_pretty(&Document {
            ok: is_ok,
            bundles: &findings.bundles,
            findings: &findings.all,
            errors: findings.count(Level::Error),
            warnings: findings.count(Level::Warning),
            test_cases: ran.map(|ran| TestCases {
                passed: ran.passed,
                failed: ran.failed,
                skipped: ran.skipped,
            }),
        })?),
        Format::Sarif => Ok(serde_json::to_string_pretty(&sarif::log(findings))?),
        Format::Junit => junit::write(findings),
        Format::Github => Ok(github::write(findings)),
    }
}
