//! The limits of an invocation as fields, and as the document that shows them; both are held against the runtime's own list.

use aerocall_api_types::LimitSettings;
use aerocall_runtime::RequestedLimits;
use serde_json::Value;

use crate::base::input::{Fields, Parsed};

/// Limits by name, each of which may be left out.
pub(super) fn read(fields: &mut Fields) -> RequestedLimits {
    RequestedLimits {
        fuel: fields.optional("fuel", count),
        memory_bytes: fields.optional("memoryBytes", count),
        deadline_ms: fields.optional("deadlineMs", count),
        payload_bytes: fields.optional("payloadBytes", count),
        reply_bytes: fields.optional("replyBytes", count),
        log_lines: fields.optional("logLines", count),
        log_bytes: fields.optional("logBytes", count),
        host_calls: fields.optional("hostCalls", count),
        host_bytes: fields.optional("hostBytes", count),
        record_bytes: fields.optional("recordBytes", count),
        db_rows: fields.optional("dbRows", count),
        db_statement_ms: fields.optional("dbStatementMs", count),
        http_requests: fields.optional("httpRequests", count),
        http_response_bytes: fields.optional("httpResponseBytes", count),
        emails: fields.optional("emails", count),
        queue_messages: fields.optional("queueMessages", count),
    }
}

fn count<T: TryFrom<u64>>(value: Value) -> Parsed<T> {
    let number = value.as_u64().and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| "must be a whole number that is not negative and not too large".to_owned())
}

pub(super) fn document(limits: &RequestedLimits) -> LimitSettings {
    // Every limit is named, so that a new one does not compile until it is shown.
    let RequestedLimits {
        fuel,
        memory_bytes,
        deadline_ms,
        payload_bytes,
        reply_bytes,
        log_lines,
        log_bytes,
        host_calls,
        host_bytes,
        record_bytes,
        db_rows,
        db_statement_ms,
        http_requests,
        http_response_bytes,
        emails,
        queue_messages,
    } = *limits;
    LimitSettings {
        fuel,
        memory_bytes,
        deadline_ms,
        payload_bytes,
        reply_bytes,
        log_lines,
        log_bytes,
        host_calls,
        host_bytes,
        record_bytes,
        db_rows,
        db_statement_ms,
        http_requests,
        http_response_bytes,
        emails,
        queue_messages,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the runtime keeps is what was read, and what is shown.
    #[test]
    fn every_limit_of_the_runtime_is_read_and_shown() {
        let all = serde_json::to_value(aerocall_runtime::Limits::DEFAULT).unwrap();
        let mut fields = Fields::new(all.as_object().unwrap().clone());
        let read = read(&mut fields);
        assert!(fields.finish(Some(())).is_ok());
        assert_eq!(serde_json::to_value(&read).unwrap(), all);
        assert_eq!(serde_json::to_value(document(&read)).unwrap(), all);
    }
}
