//! The limits of an invocation, as fields of a request and as documents. The contract has the one list of them.

use aerocall_api_types::{EffectiveLimits, LimitSettings};
use aerocall_runtime::{Limits, RequestedLimits};
use serde_json::Value;

use super::endpoint::{Field, FieldKind};
use crate::base::input::{Fields, Parsed};

/// Whole numbers up to here are the same in JavaScript.
const MAX: i64 = 1 << 53;

/// For a description that is made when the server is built.
const fn whole(limit: u64) -> i64 {
    limit as i64
}

macro_rules! fields_and_documents {
    ($($(#[$detail:meta])* $name:ident $json:literal: $type:ty = $default:expr, at most $ceiling:expr, $about:literal;)*) => {
        /// How each is described, by name.
        pub(crate) const FIELDS: &[Field] = &[$(Field::optional($json, FieldKind::Number(whole(Limits::LEAST.$name as u64), MAX), $about)),*];

        /// Limits by name, each of which may be omitted.
        pub(crate) fn read(fields: &mut Fields) -> RequestedLimits {
            let limits = RequestedLimits { $($name: fields.optional($json, count)),* };
            // What is too large is narrowed to what the server gives.
            for limit in limits.too_small() {
                fields.problem(limit.json_name, limit.why);
            }
            limits
        }

        /// What is set.
        pub(crate) fn settings(limits: &RequestedLimits) -> LimitSettings {
            LimitSettings { $($name: limits.$name),* }
        }

        /// What holds.
        pub(crate) fn effective(limits: &Limits) -> EffectiveLimits {
            EffectiveLimits { $($name: limits.$name),* }
        }
    };
}

aerocall_contract::limits!(fields_and_documents);

/// The same in an object of its own.
pub(crate) fn parse(value: Value) -> Parsed<RequestedLimits> {
    let limits: RequestedLimits = serde_json::from_value(value).map_err(|error| error.to_string())?;
    match limits.too_small().first() {
        None => Ok(limits),
        Some(limit) => Err(format!("`{}` {}", limit.json_name, limit.why)),
    }
}

fn count<T: TryFrom<u64>>(value: Value) -> Parsed<T> {
    let number = value.as_u64().filter(|number| *number <= MAX as u64);
    let number = number.and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| "must be a whole number that is not negative and not too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the runtime keeps is what was read, and what is shown.
    #[test]
    fn every_limit_of_the_runtime_is_read_and_shown() {
        let all = serde_json::to_value(Limits::DEFAULT).unwrap();
        let mut fields = Fields::new(all.as_object().unwrap().clone());
        let read = read(&mut fields);
        assert!(fields.finish(Some(())).is_ok());
        assert_eq!(serde_json::to_value(&read).unwrap(), all);
        assert_eq!(serde_json::to_value(settings(&read)).unwrap(), all);
        assert_eq!(serde_json::to_value(effective(&Limits::DEFAULT)).unwrap(), all);
    }
}
