//! What goes into a call: the context and the payload. Plain data, the same records as `wit/types.wit`.

/// One call of one hook.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls, where and when.
    pub context: Context,
    /// The payload document: JSON text.
    pub payload: String,
}

/// Everything a hook may know about the call besides its payload.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The project the hook belongs to.
    pub project_id: String,
    /// `production`, `development`, …
    pub environment: String,
    /// The request being answered.
    pub request_id: String,
    /// This run.
    pub invocation_id: String,
    /// The hook point or event, e.g. `beforeSignup`.
    pub hook: String,
    /// As in the API reference, e.g. `POST /auth/register`; empty for events.
    pub endpoint: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub time_ms: u64,
    /// From 1.
    pub attempt: u32,
    /// The request behind a flow; `None` for events.
    pub request: Option<RequestInfo>,
    /// The version's number per hook, 0 when not deployed.
    pub version_number: u32,
}

/// The HTTP request behind a flow.
#[derive(Clone, Debug, Default)]
pub struct RequestInfo {
    /// The client's address.
    pub ip: String,
    /// As sent.
    pub user_agent: String,
    /// `POST`
    pub method: String,
    /// `/auth/register`
    pub path: String,
    /// BCP 47.
    pub locale: String,
    /// The headers the project shows to hooks, names in lower case.
    pub headers: Vec<(String, String)>,
}
