//! The query string: every parameter is known and within its bounds, or the client is told which is not.

use crate::base::error::{Problem, Refusal};

const DEFAULT_LIMIT: i64 = 50;
const MAX: i64 = 200;
const MAX_TEXT_BYTES: usize = 200;

/// Parameters that are still to be read, and what was wrong with those that were.
pub(crate) struct QueryString<'q> {
    pairs: Vec<&'q (String, String)>,
    problems: Vec<Problem>,
}

impl<'q> QueryString<'q> {
    pub(crate) fn new(pairs: &'q [(String, String)]) -> Self {
        Self {
            pairs: pairs.iter().collect(),
            problems: Vec::new(),
        }
    }

    /// `limit`: how many lines the list shows.
    pub(crate) fn limit(&mut self) -> i64 {
        let Some(text) = self.text("limit") else {
            return DEFAULT_LIMIT;
        };
        match text.parse::<i64>() {
            Ok(limit @ 1..=MAX) => limit,
            _ => {
                self.problem("limit", &format!("must be a whole number from 1 to {MAX}"));
                DEFAULT_LIMIT
            }
        }
    }

    /// A parameter as it is. Given twice, it is a problem.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let (found, rest): (Vec<_>, Vec<_>) = self.pairs.iter().partition(|(key, _)| key == name);
        self.pairs = rest;
        match found.as_slice() {
            [] => None,
            [(_, value)] if (1..=MAX_TEXT_BYTES).contains(&value.len()) && !value.contains('\0') => Some(value.clone()),
            [_] => {
                self.problem(name, &format!("must have 1 to {MAX_TEXT_BYTES} bytes"));
                None
            }
            _ => {
                self.problem(name, "must be given only once");
                None
            }
        }
    }

    /// A parameter that is one of a few words.
    pub(crate) fn one_of<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.problem(name, &format!("must be one of {}", words.join(", ")));
        }
        found
    }

    /// A parameter with some of a few words, with commas between them.
    pub(crate) fn some_of<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Vec<T> {
        let text = self.text(name).unwrap_or_default();
        let known = |word: &str| words.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
        let found: Option<Vec<T>> = text.split(',').filter(|word| !word.is_empty()).map(known).collect();
        found.unwrap_or_else(|| {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.problem(
                name,
                &format!("must be some of {}, separated by commas", words.join(", ")),
            );
            Vec::new()
        })
    }

    pub(crate) fn problem(&mut self, name: &str, problem: &str) {
        self.problems.push(Problem {
            field: name.to_owned(),
            problem: problem.to_owned(),
        });
    }

    /// Refuses what was wrong, and parameters that nobody asked for.
    pub(crate) fn finish(mut self) -> Result<(), Refusal> {
        for (name, _) in std::mem::take(&mut self.pairs) {
            let name: String = name.chars().take(50).collect();
            self.problem(&name, "is not a parameter of this request");
        }
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Refusal::invalid_input(self.problems))
        }
    }
}
