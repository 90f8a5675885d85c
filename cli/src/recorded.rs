//! An invocation as a server recorded it: the document of `GET …/invocations/{id}` and `aerocall logs <id> --json`. Knows what
//! of it goes into a hook; the rest is what came out.

use serde::Deserialize;
use serde_json::Value;

use crate::context::ContextDocument;

/// What went into the hook.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Recorded {
    /// The hook point or event.
    pub(crate) point: String,
    pub(crate) context: ContextDocument,
    pub(crate) payload: Value,
}

impl Recorded {
    /// The invocation, if the document is one. No payload and no context has these members.
    pub(crate) fn of(document: &Value) -> Option<Result<Self, serde_json::Error>> {
        let is_one = document["point"].is_string()
            && document["context"].is_object()
            && document["reply"].is_object()
            && document["hostCalls"].is_array()
            && document.get("payload").is_some();
        is_one.then(|| Self::deserialize(document))
    }
}
