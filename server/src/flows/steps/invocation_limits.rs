//! The limits of an invocation, as fields of a request and as documents. The contract has the one list of them.

use aerocall_api_types::{EffectiveLimits, LimitSettings};
use aerocall_runtime::{Limits, RequestedLimits};
use serde_json::Value;

use super::endpoint::{Field, FieldKind};
use crate::base::input::{Fields, Parsed};

const MAX: i64 = 1 << 53;

macro_rules! fields_and_documents {
    ($($(#[$detail:meta])* $name:ident $json:literal: $type:ty = $default:expr, at most $ceiling:expr, $about:literal;)*) => {
        /// How each is described, by name.
        pub(crate) const FIELDS: &[Field] = &[$(Field::optional($json, FieldKind::Number(0, MAX), $about)),*];

        /// Limits by name, each of which may be omitted.
        pub(crate) fn read(fields: &mut Fields) -> RequestedLimits {
            RequestedLimits { $($name: fields.optional($json, count)),* }
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

fn count<T: TryFrom<u64>>(value: Value) -> Parsed<T> {
    let number = value.as_u64().and_then(|number| T::try_from(number).ok());
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
