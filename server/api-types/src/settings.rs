//! Settings of an environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Problem;

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
    /// How long a used refresh token that is sent again gets the same new one, in seconds.
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

/// The identity providers of an environment, as they were just stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoredIdentityProviders {
    /// In the order in which they were sent.
    pub providers: Vec<IdentityProvider>,
    /// New providers that did not answer, so that nobody knows whether their settings are right.
    pub warnings: Vec<Problem>,
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

/// What a deployment to an environment needs, besides what every deployment needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateSettings {
    /// The backtest that a version needs before it takes the place of another; `null` if it needs none.
    pub backtest: Option<BacktestGate>,
}

/// The backtest that a version needs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BacktestGate {
    /// Number of recorded invocations that it has to be tried on; if fewer are recorded, all of them.
    pub calls: u32,
    /// Percentage of them that may be decided otherwise than they were.
    pub most_changed_percent: f64,
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
