//! Turns: names that have something to do are gone through in their order, once round, beginning after the one that was
//! served last. So each is served before any is served again, and nobody at the end of the order waits for those at its
//! beginning.

/// One way round.
#[derive(Clone, Debug)]
pub(crate) struct Turns {
    begin: String,
    at: String,
    is_second_part: bool,
}

/// What a look for the next name led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It is the turn of this one.
    Turn(String),
    /// Look again, after [`Turns::at`].
    Again,
    /// Everybody had a turn.
    Over,
}

impl Turns {
    /// Begins after this name; an empty one is before all.
    pub(crate) fn after(last: &str) -> Self {
        Self {
            begin: last.to_owned(),
            at: last.to_owned(),
            is_second_part: last.is_empty(),
        }
    }

    /// After which name to look for the next.
    pub(crate) fn at(&self) -> &str {
        &self.at
    }

    /// Goes on with the first name after [`Turns::at`], if there is one.
    pub(crate) fn step(&mut self, found: Option<String>) -> Step {
        match found {
            Some(name) if self.is_second_part && !self.begin.is_empty() && name > self.begin => Step::Over,
            Some(name) => {
                self.at.clone_from(&name);
                Step::Turn(name)
            }
            None if self.is_second_part => Step::Over,
            None => {
                self.is_second_part = true;
                self.at.clear();
                Step::Again
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(names: &[&str], last: &str) -> Vec<String> {
        let (mut turns, mut seen) = (Turns::after(last), Vec::new());
        loop {
            let next = names
                .iter()
                .find(|name| **name > turns.at())
                .map(|name| (*name).to_owned());
            match turns.step(next) {
                Step::Turn(name) => seen.push(name),
                Step::Again => {}
                Step::Over => return seen,
            }
        }
    }

    #[test]
    fn everybody_has_one_turn_wherever_it_begins() {
        let names = ["a", "b", "c", "d"];
        for (last, expected) in [
            ("", "abcd"),
            ("a", "bcda"),
            ("bb", "cdab"),
            ("d", "abcd"),
            ("z", "abcd"),
            ("0", "abcd"),
        ] {
            assert_eq!(round(&names, last).concat(), expected, "after {last:?}");
        }
        assert!(round(&[], "").is_empty() && round(&[], "x").is_empty());
    }
}
