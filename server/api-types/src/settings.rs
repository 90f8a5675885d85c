//! Settings of an environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Login methods, password rules, session lifetimes, rate limits and redirect URLs of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthSettings {
    /// Name of the project in mails; `null` if it has none.
    pub app_name: Option<String>,
    /// Whether users can sign up themselves.
    pub sign_up: bool,
    /// Whether users must verify their email address before they get a session.
    pub confirm_email: bool,
    /// Login with one-time codes sent by mail.
    pub otp_email: bool,
    /// Login with one-time codes sent by text message; a hook delivers the messages.
    pub otp_sms: bool,
    /// Login with magic links.
    pub magic_link: bool,
    /// Whether users can or must have a second factor.
    pub mfa: MfaPolicy,
    /// Rules for passwords that users choose.
    pub password: PasswordSettings,
    /// Lifetimes of sessions and tokens.
    pub sessions: SessionSettings,
    /// Rate limits.
    pub limits: RateSettings,
    /// URLs that links in mails and identity providers may redirect to; the first is the default.
    pub redirect_urls: Vec<String>,
}

/// Whether users can or must have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MfaPolicy {
    /// Users cannot enroll a second factor.
    Off,
    /// Users who have a second factor must use it.
    Optional,
    /// There is no session without a second factor.
    Required,
}

/// Rules for passwords that users choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasswordSettings {
    /// Least number of characters.
    pub min_chars: u32,
    /// Whether common passwords are refused.
    pub refuse_common: bool,
    /// Whether passwords that Have I Been Pwned knows are refused.
    pub refuse_breached: bool,
}

/// Lifetimes of sessions and tokens, in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionSettings {
    /// Lifetime of an access token, in seconds.
    pub access_seconds: i64,
    /// Lifetime of a session, in seconds.
    pub session_seconds: i64,
    /// Lifetime of a session without a refresh, in seconds.
    pub idle_seconds: i64,
    /// How long a used refresh token may be sent again, in seconds.
    pub refresh_grace_seconds: i64,
    /// How old a recent login may be, in seconds.
    pub recent_seconds: i64,
}

/// Rate limits of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RateSettings {
    /// Requests per minute from one IP address to endpoints that check or create a secret.
    pub per_ip_minute: u32,
    /// Wrong passwords or codes for one account before further attempts are delayed.
    pub failures_per_account: u32,
    /// Mails and text messages per hour to one recipient.
    pub sends_per_recipient_hour: u32,
    /// Requests per second of the environment.
    pub per_project_second: u32,
}

/// The identity providers of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IdentityProviders {
    /// In the order in which they were sent.
    pub providers: Vec<IdentityProvider>,
}

/// An identity provider, without its client secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IdentityProvider {
    /// Names it in the paths of the auth API; unique in the environment.
    pub name: String,
    /// The issuer URL of the provider (OpenID Connect Discovery).
    pub issuer: String,
    /// Identifies the project at the provider.
    pub client_id: String,
    /// What is requested besides `openid`.
    pub scopes: Vec<String>,
}

/// The HTTP allow-list of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HttpSettings {
    /// Hosts that hooks may send requests to; `*.example.org` stands for every subdomain. If empty, the hooks' declarations alone
    /// decide.
    pub hosts: Vec<String>,
}

/// Who sends the mails of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MailSettings {
    /// The SMTP server of the project, without the password; `null` if the server's own mail settings are used.
    pub smtp_url: Option<String>,
    /// Sender address; `null` if the server's own is used.
    pub from: Option<String>,
    /// Address for replies; `null` if there is none.
    pub reply_to: Option<String>,
}

/// Limits of an invocation that are set. The others are omitted and have the server's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LimitSettings {
    /// Fuel: a repeatable count of work; 10,000,000 is about one millisecond.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuel: Option<u64>,
    /// Memory of the instance in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// Wall-clock time of an invocation in milliseconds, including waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<u64>,
    /// Size of the payload in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload_bytes: Option<u64>,
    /// Size of the reply in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_bytes: Option<u64>,
    /// Number of log lines; later lines are dropped and counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_lines: Option<u32>,
    /// Size of the log in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_bytes: Option<u64>,
    /// Number of host calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_calls: Option<u32>,
    /// Bytes transferred by host calls, both directions together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_bytes: Option<u64>,
    /// Bytes of host calls stored with an invocation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_bytes: Option<u64>,
    /// Rows returned by all queries of an invocation together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub db_rows: Option<u32>,
    /// Time of one SQL statement in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub db_statement_ms: Option<u64>,
    /// Number of HTTP requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_requests: Option<u32>,
    /// Size of one HTTP response in bytes, after decompression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_response_bytes: Option<u64>,
    /// Number of mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emails: Option<u32>,
    /// Number of messages added to queues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_messages: Option<u32>,
}
