//! Every limit of an invocation, once: runtime, API, settings and documents take names, descriptions, defaults and ceilings from
//! here. To add one, add its line here, enforce it, and say it in `config.d.ts` and `docs/sdk.md` (a test asks for both).

/// Calls a macro with the list of limits: details for readers of the code, name in Rust, name in JSON, type, default,
/// ceiling, description for users.
#[macro_export]
macro_rules! limits {
    ($make:ident) => {
        $make! {
            /// About one unit per wasm instruction and per byte that is copied.
            fuel "fuel": u64 = 2_000_000_000, at most 20_000_000_000,
                "Fuel: a repeatable count of work; 10,000,000 is about one millisecond.";
            /// The engine included.
            memory_bytes "memoryBytes": u64 = 32 << 20, at most 64 << 20,
                "Memory of the instance in bytes.";
            deadline_ms "deadlineMs": u64 = 2_000, at most 30_000,
                "Wall-clock time of an invocation in milliseconds, including waiting.";
            /// As UTF-8.
            payload_bytes "payloadBytes": u64 = 1 << 20, at most 4 << 20,
                "Size of the payload in bytes.";
            /// As UTF-8.
            reply_bytes "replyBytes": u64 = 1 << 20, at most 4 << 20,
                "Size of the reply in bytes.";
            log_lines "logLines": u32 = 200, at most 10_000,
                "Number of log lines; later lines are dropped and counted.";
            /// As UTF-8; the line that crosses it is cut, later ones are dropped and counted.
            log_bytes "logBytes": u64 = 64 << 10, at most 1 << 20,
                "Size of the log in bytes.";
            /// Of any capability, and of the log, the clock and randomness.
            host_calls "hostCalls": u32 = 2_000, at most 100_000,
                "Number of host calls.";
            /// Counted as the host holds them (`Cost` of the runtime). One answer has `MAX_ANSWER_BYTES` of the runtime at most.
            host_bytes "hostBytes": u64 = 8 << 20, at most 64 << 20,
                "Bytes transferred by host calls, both directions together.";
            /// Arguments and answers; past it they are cut and marked.
            record_bytes "recordBytes": u64 = 256 << 10, at most 4 << 20,
                "Bytes of host calls stored with an invocation.";
            db_rows "dbRows": u32 = 10_000, at most 100_000,
                "Rows returned by all queries of an invocation together.";
            db_statement_ms "dbStatementMs": u64 = 1_000, at most 10_000,
                "Time of one SQL statement in milliseconds.";
            /// To other hosts.
            http_requests "httpRequests": u32 = 20, at most 200,
                "Number of HTTP requests.";
            http_response_bytes "httpResponseBytes": u64 = 1 << 20, at most 8 << 20,
                "Size of one HTTP response in bytes, after decompression.";
            emails "emails": u32 = 5, at most 100,
                "Number of mails.";
            queue_messages "queueMessages": u32 = 50, at most 1_000,
                "Number of messages added to queues.";
        }
    };
}
