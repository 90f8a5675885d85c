//! Mails and their templates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Timestamp;

/// A mail without its bodies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// Identifies the mail.
    pub id: String,
    /// Email address of the recipient.
    pub to: String,
    /// Name of the mail template it was made from; `null` if it was made without one.
    pub template: Option<String>,
    /// The subject.
    pub subject: String,
    /// Where it stands.
    pub state: MailState,
    /// Number of attempts to send it so far.
    pub attempts: i32,
    /// Why the last attempt failed; `null` if it did not.
    pub error: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it is tried next; `null` unless it is waiting.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was sent, captured or given up.
    pub finished_at: Option<Timestamp>,
}

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It is sent as soon as possible, or tried again later.
    Waiting,
    /// A mail server has accepted it.
    Sent,
    /// The server has no mail server and stores it, to be read here.
    Captured,
    /// It was given up.
    Failed,
}

/// A page of the mails of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailList {
    /// Newest first.
    pub mails: Vec<Mail>,
    /// Send it as `before` to get the next page; `null` on the last page.
    pub next: Option<String>,
}

/// A mail with its bodies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailDetail {
    /// The mail.
    #[serde(flatten)]
    pub mail: Mail,
    /// Plain-text body; `null` if it has none, or if it is no longer stored.
    pub text: Option<String>,
    /// HTML body; `null` if it has none, or if it is no longer stored.
    pub html: Option<String>,
}

/// A mail template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MailTemplate {
    /// Unique in the environment.
    pub name: String,
    /// Template of the subject.
    pub subject: String,
    /// Template of the plain-text body; `null` if it has none.
    pub text: Option<String>,
    /// Template of the HTML body; `null` if it has none.
    pub html: Option<String>,
    /// When it was last replaced.
    pub updated_at: Timestamp,
}

/// The mail templates of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailTemplateList {
    /// By name.
    pub templates: Vec<MailTemplate>,
}

/// A mail that is about to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QueuedMail {
    /// Identifies the mail.
    pub mail: String,
}

/// A mail as it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailPreview {
    /// The subject.
    pub subject: String,
    /// The plain-text body; `null` if there is none.
    pub text: Option<String>,
    /// The HTML body; `null` if there is none.
    pub html: Option<String>,
}

/// A mail of the server itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnMailTemplate {
    /// Name of the template that takes its place.
    pub name: String,
    /// When it is sent.
    pub about: String,
    /// Template of the subject.
    pub subject: String,
    /// Template of the plain-text body; `null` if there is none.
    pub text: Option<String>,
    /// Template of the HTML body; `null` if there is none.
    pub html: Option<String>,
    /// What it is given.
    pub variables: Vec<MailVariable>,
}

/// What a template is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailVariable {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// A value as the mail could get it.
    pub sample: Value,
}

/// The mails of the server itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnMailTemplateList {
    /// In the order of the documentation.
    pub templates: Vec<OwnMailTemplate>,
}

/// What became of a test mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MailTest {
    /// What became of it.
    pub result: MailTestResult,
    /// What the mail server said, or why it was not reached; `null` if it took the mail.
    pub problem: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// What became of a test mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailTestResult {
    /// The mail server has taken it.
    Sent,
    /// There is no mail server: mails are captured.
    Captured,
    /// It was not sent.
    Failed,
}
