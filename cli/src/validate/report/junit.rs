//! JUnit XML: a test suite for each bundle, a test for each rule.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::super::{Finding, Findings, Level, Rule};
use crate::Failed;

pub(super) fn write(findings: &Findings) -> Result<String, Failed> {
    let mut report = Report::new("aerocall validate");
    for bundle in &findings.bundles {
        let mut suite = TestSuite::new(bundle.as_str());
        for rule in Rule::ALL {
            let own = |finding: &&Finding| finding.bundle == *bundle && finding.rule == rule;
            let own: Vec<&Finding> = findings.all.iter().filter(own).collect();
            let mut case = TestCase::new(rule.name(), status(&own));
            case.set_classname(bundle.as_str());
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    Ok(report.to_string()?)
}

/// Errors fail a test; the rest is no reason to.
fn status(findings: &[&Finding]) -> TestCaseStatus {
    let failed: Vec<String> = findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| match &finding.place {
            Some(place) => format!("{}:{}:{}: {}", place.file, place.line, place.column, finding.message),
            None => finding.message.clone(),
        })
        .collect();
    if failed.is_empty() {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(failed.join("\n"));
    status
}
