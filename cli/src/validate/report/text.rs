//! For people: by bundle, then the test cases.

use super::super::{Finding, Findings, Level, tests::Ran};
use crate::terminal::{Stream, Style, paint, plain};

pub(super) fn write(findings: &Findings, ran: Option<&Ran>) -> String {
    let mut lines = Vec::new();
    for bundle in &findings.bundles {
        let own: Vec<&Finding> = findings
            .all
            .iter()
            .filter(|finding| finding.bundle == *bundle)
            .collect();
        let is_bad = own.iter().any(|finding| finding.level == Level::Error);
        let (word, style) = match is_bad {
            true => ("FAILED", Style::Bad),
            false => ("ok    ", Style::Good),
        };
        lines.push(format!("{} {}", paint(Stream::Answer, style, word), plain(bundle)));
        lines.extend(own.into_iter().map(line));
    }
    if let Some(ran) = ran {
        let skipped = match ran.skipped {
            0 => String::new(),
            count => format!(", {count} of other hooks not run"),
        };
        lines.push(format!(
            "test cases: {} passed, {} failed{skipped}",
            ran.passed, ran.failed
        ));
    }
    lines.push(format!(
        "{} errors, {} warnings",
        findings.count(Level::Error),
        findings.count(Level::Warning)
    ));
    lines.join("\n")
}

fn line(finding: &Finding) -> String {
    let style = match finding.level {
        Level::Error => Style::Bad,
        Level::Warning => Style::Caution,
        Level::Note => Style::Quiet,
    };
    let head = paint(
        Stream::Answer,
        style,
        &format!("{}[{}]", finding.level.name(), finding.rule.name()),
    );
    let place = finding.place.as_ref();
    let place = place.map_or_else(String::new, |place| {
        format!(" {}:{}:{}:", plain(&place.file), place.line, place.column)
    });
    format!("       {head}{place} {}", plain(&finding.message))
}
