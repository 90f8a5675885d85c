//! `wit/auth.wit` as a trait.

use async_trait::async_trait;

use super::SdkError;

/// How a hook names a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserRef {
    /// The user's id.
    Id(String),
    /// The address, in any case.
    Email(String),
}

/// A session as a hook sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The session's id.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// Milliseconds since 1970.
    pub created_ms: u64,
    /// Milliseconds since 1970.
    pub last_used_ms: u64,
    /// Where it was opened from.
    pub ip: String,
    /// What it was opened with.
    pub user_agent: String,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailBody {
    /// A template of the project with its data as JSON.
    Template {
        /// The template's name.
        name: String,
        /// JSON object.
        data: String,
    },
    /// Text written by the hook.
    Content {
        /// One line.
        subject: String,
        /// Plain text.
        text: Option<String>,
        /// HTML.
        html: Option<String>,
    },
}

/// Users and sessions of one project and environment.
#[async_trait]
pub trait Auth: Send + Sync {
    /// The user document as JSON.
    async fn get_user(&self, user: UserRef) -> Result<Option<String>, SdkError>;
    /// Applies a JSON patch document and answers the user as it is afterwards.
    async fn update_user(&self, id: &str, patch: &str) -> Result<String, SdkError>;
    /// The user's open sessions.
    async fn list_sessions(&self, user_id: &str) -> Result<Vec<Session>, SdkError>;
    /// Ends them all and answers how many there were.
    async fn revoke_sessions(&self, user_id: &str) -> Result<u32, SdkError>;
    /// Sends a mail and answers its id.
    async fn send_email(&self, to: &str, body: EmailBody) -> Result<String, SdkError>;
    /// Checks the password behind a handle of this call against a user's.
    async fn verify_password(&self, handle: u32, user_id: &str) -> Result<bool, SdkError>;
    /// How hard the password behind a handle of this call is to guess, 0 to 4.
    async fn password_strength(&self, handle: u32) -> Result<u8, SdkError>;
}
