//! Takes people out of a recorded invocation that becomes a test case: addresses, names and what looks like a secret. What stands
//! for them is the same wherever it stands, so that the hook still asks what has an answer. The domain of an email address stays:
//! hooks decide by it.

use std::collections::BTreeMap;

use serde_json::Value;

/// What is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Redact {
    /// Local parts of email addresses, phone numbers, IP addresses.
    Addresses,
    /// Values of `name`.
    Names,
    /// Values of members that are called like a secret.
    Secrets,
}

/// Shorter values would be found where nobody wrote them.
const FEWEST_CHARS: usize = 3;
const SECRET_NAMES: [&str; 8] = [
    "password",
    "passwd",
    "secret",
    "token",
    "authorization",
    "cookie",
    "apikey",
    "api_key",
];
/// Values of these are words of the product, not of a person.
const NOT_SECRET: [&str; 2] = ["[password]", "password"];

impl Redact {
    /// By the words that an API has for them.
    pub(crate) const WORDS: [(&'static str, Self); 3] = [
        ("addresses", Self::Addresses),
        ("names", Self::Names),
        ("secrets", Self::Secrets),
    ];
}

/// A document without addresses, names and what is called like a secret.
pub(crate) fn without_people(document: &Value) -> Value {
    let all = Redact::WORDS.map(|(_, kind)| kind);
    let mut replacements = Replacements::default();
    replacements.find(document, &all);
    let mut document = document.clone();
    replacements.apply(&mut document);
    document
}

/// What is replaced by what.
#[derive(Debug, Default)]
pub(super) struct Replacements(BTreeMap<String, String>);

impl Replacements {
    /// Whatever else is replaced.
    pub(super) fn add(&mut self, from: &str, to: &str) {
        if from.len() >= FEWEST_CHARS {
            self.0.insert(from.to_owned(), to.to_owned());
        }
    }

    /// Finds what is to go in a document.
    pub(super) fn find(&mut self, document: &Value, redact: &[Redact]) {
        let mut found = Found::default();
        found.look(None, document);
        let wants = |kind: Redact| redact.contains(&kind);
        if wants(Redact::Addresses) {
            let mut people: BTreeMap<String, usize> = BTreeMap::new();
            for address in &found.emails {
                let (local, domain) = address.split_once('@').unwrap_or((address, ""));
                let next = people.len() + 1;
                let number = *people.entry(local.to_lowercase()).or_insert(next);
                let name = match local.chars().any(char::is_uppercase) {
                    true => "Person",
                    false => "person",
                };
                self.add(address, &format!("{name}{number}@{domain}"));
            }
            for (index, phone) in found.phones.iter().enumerate() {
                self.add(phone, &format!("+49300000{:04}", index + 1));
            }
            for (index, ip) in found.ips.iter().enumerate() {
                self.add(
                    ip,
                    &match ip.contains(':') {
                        true => format!("2001:db8::{:x}", index + 1),
                        false => format!("192.0.2.{}", index % 254 + 1),
                    },
                );
            }
        }
        if wants(Redact::Names) {
            for (index, name) in found.names.iter().enumerate() {
                self.add(name, &format!("Person {}", index + 1));
            }
        }
        if wants(Redact::Secrets) {
            for secret in &found.secrets {
                self.add(secret, "[redacted]");
            }
        }
    }

    /// The document without it. Texts that are JSON inside of JSON are texts like others.
    pub(super) fn apply(&self, document: &mut Value) {
        match document {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Value::Object(members) => {
                *members = std::mem::take(members)
                    .into_iter()
                    .map(|(name, mut value)| {
                        self.apply(&mut value);
                        (self.text(&name), value)
                    })
                    .collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&self, text: &str) -> String {
        let mut longest_first: Vec<(&String, &String)> = self.0.iter().collect();
        longest_first.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
        let (mut done, mut rest) = (String::with_capacity(text.len()), text);
        // From left to right, so that nothing is replaced twice.
        while let Some((at, from, to)) = longest_first
            .iter()
            .filter_map(|(from, to)| Some((rest.find(from.as_str())?, from, to)))
            .min_by_key(|(at, from, _)| (*at, std::cmp::Reverse(from.len())))
        {
            done.push_str(&rest[..at]);
            done.push_str(to);
            rest = &rest[at + from.len()..];
        }
        done + rest
    }
}

/// What there is, each once, in the order in which it is met.
#[derive(Default)]
struct Found {
    emails: Vec<String>,
    phones: Vec<String>,
    ips: Vec<String>,
    names: Vec<String>,
    secrets: Vec<String>,
}

impl Found {
    fn look(&mut self, member: Option<&str>, value: &Value) {
        match value {
            Value::String(text) => self.text(member, text),
            Value::Array(items) => items.iter().for_each(|item| self.look(member, item)),
            Value::Object(members) => {
                // The name of a call is nobody's.
                let is_call = members.contains_key("arguments") && members.contains_key("answer");
                for (name, value) in members.iter().filter(|(name, _)| !is_call || *name != "name") {
                    self.look(Some(name), value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, member: Option<&str>, text: &str) {
        for word in text.split(|c: char| c.is_whitespace() || "\"'<>(),;[]{}|\\".contains(c)) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+');
            if let Some((before, domain)) = word.rsplit_once('@') {
                // A key such as `attempts:ada@example.com` has an address in it.
                let local = before.rsplit([':', '/', '=', '@']).next().unwrap_or(before);
                if !local.is_empty() && domain.contains('.') {
                    once(&mut self.emails, &format!("{local}@{domain}"));
                }
            }
            let digits = word.strip_prefix('+').unwrap_or_default();
            if (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                once(&mut self.phones, word);
            }
            if word.parse::<std::net::IpAddr>().is_ok() {
                once(&mut self.ips, word);
            }
        }
        match member {
            Some("name") if !text.is_empty() => once(&mut self.names, text),
            Some(name) if is_secret(name) && !NOT_SECRET.contains(&text) && text.len() >= 6 => {
                once(&mut self.secrets, text);
            }
            _ => {}
        }
        // Values of the cache and messages of queues are JSON in a text.
        if text.starts_with(['{', '['])
            && let Ok(inner) = serde_json::from_str::<Value>(text)
        {
            self.look(None, &inner);
        }
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

fn once(list: &mut Vec<String>, text: &str) {
    if !list.iter().any(|known| known == text) {
        list.push(text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALL: [Redact; 3] = [Redact::Addresses, Redact::Names, Redact::Secrets];

    #[test]
    fn people_are_replaced_alike_wherever_they_stand_and_domains_stay() {
        let mut document = json!({
            "payload": { "user": { "email": "Jane.Doe@Gmail.com", "name": "Jane Doe", "phone": "+49301234567" }, "provider": "password" },
            "context": { "request": { "ip": "198.51.100.7" } },
            "calls": [
                { "name": "cache.get", "arguments": ["attempts:jane.doe@gmail.com"], "answer": "{\"owner\":\"Jane Doe\",\"from\":\"198.51.100.7\"}" },
                { "headers": { "authorization": "Bearer abcdef" }, "body": "hello Jane Doe <jane.doe@gmail.com>" },
            ],
        });
        let mut replacements = Replacements::default();
        replacements.find(&document, &ALL);
        replacements.apply(&mut document);
        assert_eq!(
            document,
            json!({
                "payload": { "user": { "email": "Person1@Gmail.com", "name": "Person 1", "phone": "+493000000001" }, "provider": "password" },
                "context": { "request": { "ip": "192.0.2.1" } },
                "calls": [
                    { "name": "cache.get", "arguments": ["attempts:person1@gmail.com"], "answer": "{\"owner\":\"Person 1\",\"from\":\"192.0.2.1\"}" },
                    { "headers": { "authorization": "[redacted]" }, "body": "hello Person 1 <person1@gmail.com>" },
                ],
            })
        );
    }

    #[test]
    fn only_what_is_asked_for_goes() {
        let document = json!({ "user": { "email": "jane@x.example", "name": "Jane" }, "token": "secret-1" });
        for (redact, left) in [
            (vec![], vec!["jane@x.example", "Jane", "secret-1"]),
            (vec![Redact::Names], vec!["jane@x.example", "secret-1"]),
            (vec![Redact::Addresses], vec!["Jane", "secret-1"]),
            (vec![Redact::Secrets], vec!["jane@x.example", "Jane"]),
        ] {
            let mut redacted = document.clone();
            let mut replacements = Replacements::default();
            replacements.find(&redacted, &redact);
            replacements.apply(&mut redacted);
            let text = redacted.to_string();
            for value in ["jane@x.example", "\"Jane\"", "secret-1"] {
                let is_left = left.iter().any(|left| value.trim_matches('"') == *left);
                assert_eq!(text.contains(value), is_left, "{redact:?} {text}");
            }
        }
    }
}
