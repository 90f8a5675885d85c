//! The limits of a call as fields; a test holds them against the runtime's own list.

use crate::flows::steps::endpoint::{Field, FieldKind};

const MAX: i64 = 1 << 53;

const fn limit(name: &'static str, about: &'static str) -> Field {
    Field::optional(name, FieldKind::Number(0, MAX), about)
}

/// Every limit of the runtime.
pub(crate) const FIELDS: &[Field] = &[
    limit("fuel", "Work; 10 000 000 is about a millisecond."),
    limit("memoryBytes", "Memory of a call."),
    limit("deadlineMs", "Time of a call, waiting included."),
    limit("payloadBytes", "Size of what a hook is given."),
    limit("replyBytes", "Size of what it answers."),
    limit("logLines", "Lines of the log."),
    limit("logBytes", "Bytes of the log."),
    limit("hostCalls", "Calls of the SDK."),
    limit("hostBytes", "Bytes that cross in calls of the SDK."),
    limit("recordBytes", "Bytes that the record of a call keeps."),
    limit("dbRows", "Rows that all queries of a call answer."),
    limit("dbStatementMs", "Time of one statement."),
    limit("httpRequests", "Requests to other hosts."),
    limit("httpResponseBytes", "Size of one answer from another host."),
    limit("emails", "Mails."),
    limit("queueMessages", "Messages put into queues."),
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
