//! What test cases cost when somebody looked last: fuel by case, kept in a file beside the project. Fuel counts what the engine
//! executes, so a baseline belongs to one engine.

use std::{collections::BTreeMap, io::ErrorKind, path::Path, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Failed, documents};

/// Fuel by case, of one engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Baseline {
    /// The engine's digest.
    pub(crate) engine: String,
    /// By file and name of the case.
    pub(crate) fuel: BTreeMap<String, u64>,
}

impl Baseline {
    /// Reads it; `None` if there is no such file.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Failed> {
        match std::fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failed::file(path, &error)),
            Ok(_) => documents::read(path).map(Some),
        }
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), Failed> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(path, text).map_err(|error| Failed::file(path, &error))
    }
}

/// How much more fuel a case may use than in the baseline: `20%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Increase(u32);

impl FromStr for Increase {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix('%').unwrap_or(text);
        let percent = number.parse::<u32>().ok().filter(|percent| *percent <= 1_000);
        percent.map(Self).ok_or_else(|| {
            format!("{text:?} is no increase: write a whole number of percent from 0% to 1000%, such as 20%")
        })
    }
}

impl std::fmt::Display for Increase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} %", self.0)
    }
}

impl Increase {
    /// Whether the fuel is more than it may be.
    pub(crate) fn is_exceeded(self, before: u64, now: u64) -> bool {
        u128::from(now) * 100 > u128::from(before) * (100 + u128::from(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_increase_is_percent_of_what_was() {
        let increase: Increase = "20%".parse().unwrap();
        assert!(!increase.is_exceeded(100, 120) && increase.is_exceeded(100, 121));
        assert!(!increase.is_exceeded(u64::MAX, u64::MAX));
        assert!("0".parse::<Increase>().unwrap().is_exceeded(100, 101));
        for text in ["", "%", "-1%", "1.5%", "1001%", "20 %"] {
            assert!(text.parse::<Increase>().is_err(), "{text}");
        }
    }
}
