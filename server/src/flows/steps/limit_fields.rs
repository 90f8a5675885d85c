//! The limits of a call as fields; a test holds them against the runtime's own list.

use super::endpoint::{Field, FieldKind};

const MAX: i64 = 1 << 53;

const fn limit(name: &'static str, about: &'static str) -> Field {
    Field::optional(name, FieldKind::Number(0, MAX), about)
}

/// Every limit of the runtime.
pub(crate) const FIELDS: &[Field] = &[
    limit(
        "fuel",
        "Fuel: a repeatable count of work; 10,000,000 is about one millisecond.",
    ),
    limit("memoryBytes", "Memory of the instance in bytes."),
    limit(
        "deadlineMs",
        "Wall-clock time of an invocation in milliseconds, including waiting.",
    ),
    limit("payloadBytes", "Size of the payload in bytes."),
    limit("replyBytes", "Size of the reply in bytes."),
    limit("logLines", "Number of log lines; later lines are dropped and counted."),
    limit("logBytes", "Size of the log in bytes."),
    limit("hostCalls", "Number of host calls."),
    limit(
        "hostBytes",
        "Bytes transferred by host calls, both directions together.",
    ),
    limit("recordBytes", "Bytes of host calls stored with an invocation."),
    limit("dbRows", "Rows returned by all queries of an invocation together."),
    limit("dbStatementMs", "Time of one SQL statement in milliseconds."),
    limit("httpRequests", "Number of HTTP requests."),
    limit(
        "httpResponseBytes",
        "Size of one HTTP response in bytes, after decompression.",
    ),
    limit("emails", "Number of mails."),
    limit("queueMessages", "Number of messages added to queues."),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn the_limits_are_those_of_the_runtime() {
        let known = serde_json::to_value(aerocall_runtime::Limits::DEFAULT).unwrap();
        let known: BTreeSet<&str> = known.as_object().unwrap().keys().map(String::as_str).collect();
        let here: BTreeSet<&str> = super::FIELDS.iter().map(|field| field.name).collect();
        assert_eq!(here, known);
    }
}
