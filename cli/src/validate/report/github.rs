//! Workflow commands of GitHub Actions, one a line: `::error file=…,line=…::message`
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).

use super::super::{Finding, Findings, Level};

pub(super) fn write(findings: &Findings) -> String {
    let lines: Vec<String> = findings.all.iter().map(line).collect();
    lines.join("\n")
}

fn line(finding: &Finding) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let place = match &finding.place {
        Some(place) => format!(
            "file={},line={},col={},",
            property(&place.file),
            place.line,
            place.column
        ),
        None => format!("file={},", property(&finding.bundle)),
    };
    format!(
        "::{command} {place}title={}::{}",
        property(&format!("aerocall validate: {}", finding.rule.name())),
        data(&finding.message)
    )
}

/// What would end a message is escaped, as the runner reads it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_begin_another_command() {
        assert_eq!(data("50 %\n::error::x\r"), "50 %25%0A::error::x%0D");
        assert_eq!(property("a:b,c\n"), "a%3Ab%2Cc%0A");
    }
}
