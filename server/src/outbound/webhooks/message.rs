//! The body of a message. The same bytes at every attempt: they are made of the kept event alone.

use serde_json::Value;

use crate::base::event::EventKind;

/// The event's document with the `timestamp` that Standard Webhooks asks for, which is the time of the event. A test of a type
/// shows that type, and says that it is a test: the event that is kept is one of nobody but its endpoint.
pub(crate) fn body(mut event: Value) -> String {
    let time = event["time"].clone();
    event["timestamp"] = time;
    if event["type"] == EventKind::WebhookTest.as_str() {
        let shown = event["data"]["sample"].take();
        if shown.is_object() {
            event["type"] = shown["type"].clone();
            event["subject"] = shown["data"]["user"]["id"].clone();
            event["data"] = shown["data"].clone();
            event["test"] = true.into();
        } else if let Some(data) = event["data"].as_object_mut() {
            data.remove("sample");
        }
    }
    event.to_string()
}
