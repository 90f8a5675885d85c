//! Settings of an environment: what accounts and sessions are like (`auth`), who may vouch for people (`providers`), the
//! hosts that hooks may reach (`http`), who sends the mails (`mail`), and the most that an invocation may use (`limits`), and what a deployment
//! needs (`gates`).

pub(in crate::flows::admin) mod difference;
mod get_auth;
mod get_gates;
mod get_http;
mod get_limits;
mod get_mail;
mod get_providers;
mod put_auth;
mod put_gates;
mod put_http;
mod put_limits;
mod put_mail;
mod put_providers;
mod test_mail;

use crate::{
    app::App,
    base::error::Result,
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{BodyLimit, Caller, EnvironmentAdmin},
    },
    storage::store::{Setting, SettingName},
};

use difference::difference;
pub(crate) use get_auth::GetAuthSettings;
pub(crate) use get_gates::GetGateSettings;
pub(in crate::flows::admin) use get_gates::gates;
pub(crate) use get_http::GetHttpSettings;
pub(crate) use get_limits::GetInvocationLimits;
pub(crate) use get_mail::GetMailSettings;
pub(crate) use get_providers::GetIdentityProviders;
pub(crate) use put_auth::PutAuthSettings;
pub(crate) use put_gates::PutGateSettings;
pub(crate) use put_http::PutHttpSettings;
pub(crate) use put_limits::PutInvocationLimits;
pub(crate) use put_mail::PutMailSettings;
pub(crate) use put_providers::PutIdentityProviders;
pub(crate) use test_mail::TestMailSettings;

/// The longest list of hosts or URLs, escapes included.
const BODY: BodyLimit = BodyLimit::Bytes(128 << 10);

/// For the reference.
const AUTH: &str = r#"{"appName": null, "signUp": true, "confirmEmail": true, "otpEmail": true, "otpSms": false, "magicLink": true, "mfa": "optional", "password": {"minChars": 8, "refuseCommon": true, "refuseBreached": false}, "sessions": {"accessSeconds": 900, "sessionSeconds": 2592000, "idleSeconds": 2592000, "refreshGraceSeconds": 10, "recentSeconds": 3600}, "limits": {"perIpMinute": 120, "failuresPerAccount": 10, "sendsPerRecipientHour": 10, "perProjectSecond": 2000}, "redirectUrls": ["https://app.example.com/welcome"]}"#;
const PROVIDERS: &str = r#"{"providers": [{"name": "google", "issuer": "https://accounts.google.com", "clientId": "1234.apps.example.com", "scopes": ["email", "profile"]}]}"#;
const HTTP: &str = r#"{"hosts": ["api.example.com"]}"#;
const MAIL: &str = r#"{"smtpUrl": null, "from": null, "replyTo": null}"#;
const LIMITS: &str = r#"{"deadlineMs": 2000}"#;
const GATES: &str = r#"{"backtest": {"calls": 200, "mostChangedPercent": 5.0}}"#;

/// Keeps a setting instead of the one before. `shown`: what paths call it.
async fn keep(
    app: &App,
    caller: &Caller<EnvironmentAdmin>,
    shown: &'static str,
    name: SettingName,
    setting: Setting,
) -> Result<()> {
    let scope = caller.scope.clone();
    let kept = caller.change(app, move |tx, now_ms| {
        let before = tx.setting(&scope, name)?;
        tx.put_setting(&scope, name, &setting, now_ms)?;
        let entry = AuditEntry::new(Action::SettingPut, shown);
        Ok(Audited::Changed((), entry.with(difference(before.as_ref(), &setting))))
    });
    kept.await
}
