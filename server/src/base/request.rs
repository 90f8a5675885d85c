//! What the server knows about a request besides its body. Made at the edge; knows no HTTP library.

/// The request that a flow answers.
#[derive(Clone, Debug)]
pub(crate) struct RequestMeta {
    /// Ours, never the client's: the log is searched by it.
    pub(crate) id: String,
    /// The client's address as the proxy settings establish it.
    pub(crate) ip: String,
    pub(crate) user_agent: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// BCP 47.
    pub(crate) locale: String,
    /// The ones that the settings show to hooks; names in lower case.
    pub(crate) headers: Vec<(String, String)>,
}
