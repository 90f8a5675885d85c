//! The body of a message. The same bytes at every attempt: they are made of the kept event alone.

use serde_json::Value;

/// The event's document with the `timestamp` that Standard Webhooks asks for, which is the time of the event.
pub(crate) fn body(mut event: Value) -> String {
    let time = event["time"].clone();
    event["timestamp"] = time;
    event.to_string()
}
