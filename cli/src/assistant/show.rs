//! How an answer of the assistant is shown: what was sent, what came of each round, and a proposal as a diff, with what is new in
//! words. What nobody sees is made visible.

use aerocall_api_types::{AssistantStarted, AssistantUsage, HiddenCharacters, Proposal, ProposalRound, TypeStatus};

use crate::{
    output::word,
    terminal::{self, Stream, Style, paint, plain},
};

/// Problems of a round that are shown.
const MAX_PROBLEMS: usize = 10;

/// What is sent to whom.
pub(super) fn started(started: &AssistantStarted) {
    terminal::say(format!(
        "asking {} ({})",
        plain(&started.model),
        word(&started.provider)
    ));
    for part in &started.parts {
        terminal::say(format!("  sent: {}, {} characters", plain(&part.name), part.characters));
    }
    hidden(&started.hidden);
}

/// What came of a round.
pub(super) fn round(round: &ProposalRound) {
    let compiles = match round.compiles {
        true => paint(Stream::Notice, Style::Good, "builds"),
        false => paint(Stream::Notice, Style::Bad, "does not build"),
    };
    let types = match round.types.status {
        TypeStatus::NotChecked => "types not checked".to_owned(),
        status => format!("types {}", word(&status)),
    };
    let cases = match round.cases.total {
        0 => "no test cases".to_owned(),
        total => format!("{} of {total} test cases pass", round.cases.passed),
    };
    terminal::say(format!("  {compiles}, {types}, {cases}"));
    for problem in round.problems.iter().take(MAX_PROBLEMS) {
        terminal::say(format!("    {}", visible(problem)));
    }
}

/// A proposal: what the model says, the diff, what is new, and test cases.
pub(crate) fn proposal(proposal: &Proposal) {
    if !proposal.text.trim().is_empty() {
        terminal::answer(visible(proposal.text.trim()));
        terminal::answer("");
    }
    for line in proposal.diff.lines() {
        terminal::answer(diff_line(line));
    }
    for words in &proposal.capabilities.words {
        let text = format!("new: it {}", visible(words));
        terminal::answer(paint(Stream::Answer, Style::Caution, &text));
    }
    for capability in &proposal.capabilities.removed {
        terminal::answer(format!("no longer used: {}", plain(capability)));
    }
    for case in &proposal.cases {
        let (text, style) = match case.passed {
            true => ("ok    ", Style::Good),
            false => ("FAILED", Style::Bad),
        };
        let message = case
            .message
            .as_deref()
            .map_or_else(String::new, |message| format!(": {}", visible(message)));
        terminal::answer(format!(
            "{} {}{message}",
            paint(Stream::Answer, style, text),
            visible(&case.name)
        ));
    }
    hidden(&proposal.hidden);
    match proposal.verified {
        true => terminal::answer(paint(Stream::Answer, Style::Good, &verified(proposal))),
        false => {
            terminal::answer(paint(Stream::Answer, Style::Bad, "not verified"));
            for problem in proposal.problems.iter().take(MAX_PROBLEMS) {
                terminal::answer(format!("  {}", visible(problem)));
            }
        }
    }
}

/// What a verified proposal was verified by.
fn verified(proposal: &Proposal) -> String {
    match proposal.rounds.last().map_or(0, |round| round.cases.total) {
        0 => "verified: it builds; the hook has no test cases on the server".to_owned(),
        1 => "verified: it builds, and its test case passes".to_owned(),
        total => format!("verified: it builds, and its {total} test cases pass"),
    }
}

/// What it used.
pub(crate) fn usage(usage: &AssistantUsage) {
    terminal::say(format!(
        "used {} tokens sent and {} answered; {} left today",
        usage.input_tokens, usage.output_tokens, usage.tokens_left
    ));
}

fn hidden(hidden: &[HiddenCharacters]) {
    for one in hidden {
        let text = format!(
            "removed {} characters that nobody sees of {}: {}",
            one.count,
            plain(&one.part),
            plain(&one.characters.join(", "))
        );
        terminal::say(paint(Stream::Notice, Style::Caution, &text));
    }
}

fn diff_line(line: &str) -> String {
    let shown = visible(line);
    match line.as_bytes().first() {
        Some(b'+') => paint(Stream::Answer, Style::Good, &shown),
        Some(b'-') => paint(Stream::Answer, Style::Bad, &shown),
        Some(b'@') => paint(Stream::Answer, Style::Quiet, &shown),
        _ => shown,
    }
}

/// Text from elsewhere, with everything made visible that shows nothing of itself: in sources it can say something else to whoever
/// reads them than to a person.
pub(crate) fn visible(text: &str) -> String {
    let unseen = |c: char| {
        matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}' | '\u{2028}'..='\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
    };
    let shown = plain(text);
    let letters = shown.chars().map(|c| match unseen(c) {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_shown() {
        assert_eq!(
            visible("a\u{200b}b\u{e0041}\u{202e}\u{1b}[0m"),
            "a\\u{200b}b\\u{e0041}\\u{202e}\\u{1b}[0m"
        );
        assert_eq!(visible("größe\t漢\n"), "größe\t漢\n");
    }
}
