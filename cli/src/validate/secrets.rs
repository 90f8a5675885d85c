//! Credentials in what a bundle carries: sources and packages are readable by everybody who gets the bundle, and by everybody who
//! may read the project's hooks. What was found is never repeated: a report names its kind, its place, and a fingerprint.

use std::sync::LazyLock;

use aerocall_runtime::{BundledProject, ProjectFile, digest};
use regex::Regex;

use super::{Findings, Level, Place, Rule};
use crate::bundles::Bundle;

/// Kinds of credentials by their documented form.
const KINDS: &[(&str, &str)] = &[
    ("a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"),
    ("an AWS access key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    (
        "a GitHub token",
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})\b",
    ),
    ("a GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}"),
    ("a Stripe key", r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b"),
    ("a Slack token", r"\bxox[abeprs]-[A-Za-z0-9-]{10,}"),
    (
        "a Slack webhook URL",
        r"https://hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]+",
    ),
    ("a Google API key", r"\bAIza[0-9A-Za-z_-]{35}\b"),
    ("a key of a model provider", r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}"),
    ("a SendGrid key", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    ("an npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    (
        "a JSON Web Token",
        r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    ),
    ("an Aerocall key or token", r"\b(?:sk|at|pt|pat)_[A-Za-z0-9_-]{43}\b"),
    ("a webhook secret", r"\bwhsec_[A-Za-z0-9+/=]{24,}"),
    (
        "a URL with a password",
        r"\b[a-z][a-z0-9+.-]*://[^/\s:@'`]+:[^/\s:@'`$]{3,}@[A-Za-z0-9.-]+",
    ),
];

/// A long text that is assigned to something named like a credential.
const NAMED: &str =
    r#"(?i)\b[a-z0-9_]*(?:secret|token|passw(?:or)?d|api_?key|private_?key)["']?\s*[:=]\s*["'`]([^"'`\s$]{20,})["'`]"#;
/// Bits per character from which such a text looks random.
const RANDOM_BITS: f64 = 3.7;
/// The most that is told of one bundle.
const MAX_FOUND: usize = 100;

static PATTERNS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    let known = KINDS
        .iter()
        .filter_map(|(kind, pattern)| Some((*kind, Regex::new(pattern).ok()?)));
    known.collect()
});
static NAMED_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(NAMED).ok());

pub(super) fn look(bundle: &Bundle, allowed: &[String], findings: &mut Findings) {
    let Some(project) = BundledProject::of(&bundle.component) else {
        return;
    };
    let files = project
        .files
        .iter()
        .chain(&project.inputs.project)
        .chain(&project.inputs.packages);
    let found = files
        .flat_map(in_file)
        .filter(|one| !allowed.contains(&one.fingerprint));
    for one in found.take(MAX_FOUND) {
        let message = format!(
            "this looks like {}: make it a secret of the environment (`aerocall secrets set`), and revoke it if it was shared. If it is \
             none: --allow-secret {}",
            one.kind, one.fingerprint
        );
        findings.add(Rule::Secrets, Level::Error, message, Some(one.place));
    }
}

struct Found {
    kind: &'static str,
    place: Place,
    /// The first 12 hex digits of the SHA-256 of the text.
    fingerprint: String,
}

fn in_file(file: &ProjectFile) -> Vec<Found> {
    let ProjectFile(path, text) = file;
    let mut found: Vec<(usize, &str, &str)> = Vec::new();
    for (kind, pattern) in PATTERNS.iter() {
        found.extend(pattern.find_iter(text).map(|hit| (hit.start(), *kind, hit.as_str())));
    }
    let named = NAMED_PATTERN.iter().flat_map(|pattern| pattern.captures_iter(text));
    for hit in named.filter_map(|captures| captures.get(1)) {
        if bits_per_character(hit.as_str()) >= RANDOM_BITS {
            found.push((hit.start(), "a credential", hit.as_str()));
        }
    }
    found.sort_unstable();
    // A text is one credential, whatever else it looks like.
    found.dedup_by(|next, kept| next.0 < kept.0 + kept.2.len());
    found
        .into_iter()
        .map(|(start, kind, credential)| Found {
            kind,
            place: place(path, text, start),
            fingerprint: digest(credential.as_bytes())
                .chars()
                .skip("sha256:".len())
                .take(12)
                .collect(),
        })
        .collect()
}

fn place(path: &str, text: &str, start: usize) -> Place {
    let before = &text[..start];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    Place {
        file: path.to_owned(),
        line: number(before.matches('\n').count()),
        column: number(before[line_start..].encode_utf16().count()),
    }
}

/// Shannon entropy.
fn bits_per_character(text: &str) -> f64 {
    let mut counts = [0u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let length = text.len() as f64;
    let share = |count: &u32| f64::from(*count) / length;
    let each = counts.iter().filter(|count| **count > 0).map(share);
    each.map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(&'static str, u32, u32)> {
        let found = in_file(&ProjectFile("a.ts".to_owned(), text.to_owned()));
        found
            .into_iter()
            .map(|one| (one.kind, one.place.line, one.place.column))
            .collect()
    }

    #[test]
    fn every_kind_has_a_pattern_that_compiles() {
        assert_eq!(PATTERNS.len(), KINDS.len());
        assert!(NAMED_PATTERN.is_some());
    }

    #[test]
    fn credentials_are_found_where_they_stand_and_once() {
        // Put together here, so that no scanner of repositories takes these for real ones.
        for (text, kind) in [
            (["AKIA", "IOSFODNN7EXAMPLE"].concat(), "an AWS access key"),
            (["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"].concat(), "a Stripe key"),
            (["ghp_", &"a1B2".repeat(9)].concat(), "a GitHub token"),
            (["-----BEGIN RSA PRIVATE", " KEY-----"].concat(), "a private key"),
            (
                ["postgres://app:", "hunter22@db.example.com/x"].concat(),
                "a URL with a password",
            ),
            (["sk_", &"aB3-".repeat(10), "xyz"].concat(), "an Aerocall key or token"),
        ] {
            assert_eq!(
                kinds(&format!("//\n  const token = \"{text}\";")),
                [(kind, 2, 18)],
                "{text}"
            );
        }
        let random = "q8Zr1Lx0vTn5Wb7Kd3Ym";
        assert_eq!(kinds(&format!("const apiKey = '{random}';")), [("a credential", 1, 17)]);
    }

    #[test]
    fn names_of_secrets_and_ordinary_texts_are_none() {
        for text in [
            "const token = await Aerocall.secrets.get('crm_token');",
            "const secret = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';",
            "deny({ code: 'password_is_too_common', message: 'x' })",
            "fetch('https://user@example.com/', { headers })",
            "const url = `https://${user}:${password}@example.com`;",
            "const passwordMessage = 'choose another password please';",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }
}
