//! The setting `auth`: which login methods a project offers, what passwords and sessions are like, where links may lead.

use aerocall_api_types as api;
use serde_json::{Map, Value};

use super::RedirectUrl;
use crate::base::input::{PasswordRules, Toggle, whole};
use crate::base::{
    error::{Error, Refusal, Result},
    input::{Fields, Parsed, short_text},
};

const MAX_REDIRECTS: usize = 50;
const YEAR_S: i64 = 366 * 86_400;

/// What accounts, sessions and grants of an environment are like.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AuthSettings {
    /// What mails call the project.
    pub(crate) app_name: Option<String>,
    /// Whether people may sign up by themselves.
    pub(crate) sign_up: Toggle,
    /// Whether an account gets sessions only once its address is confirmed.
    pub(crate) confirm_email: Toggle,
    /// Codes by mail.
    pub(crate) otp_email: Toggle,
    /// Codes by text message; somebody must deliver them: a hook at `beforeOtpSend` or on `auth.otp.send`.
    pub(crate) otp_sms: Toggle,
    /// Links by mail.
    pub(crate) magic_link: Toggle,
    pub(crate) mfa: MfaPolicy,
    pub(crate) password: PasswordRules,
    pub(crate) sessions: SessionRules,
    pub(crate) limits: RateRules,
    /// Where links and providers may lead back to; the first is where they lead when nobody says.
    pub(crate) redirect_urls: Vec<RedirectUrl>,
    /// The server's, for what a project leaves out.
    lives: Lives,
}

/// How long an access token and a session live where a project has set nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lives {
    access_seconds: i64,
    session_seconds: i64,
}

/// What a project wants of second factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MfaPolicy {
    /// Nobody can enrol one.
    Off,
    /// Who has enrolled one must show it.
    Optional,
    /// Who has none enrols one during login: there is no session without one.
    Required,
}

/// How long sessions live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SessionRules {
    pub(crate) access_seconds: i64,
    /// From the login on, whatever happens.
    pub(crate) session_seconds: i64,
    /// Without a refresh.
    pub(crate) idle_seconds: i64,
    /// A refresh token that was used may be shown again for so long, for clients that lost the answer.
    pub(crate) refresh_grace_seconds: i64,
    /// How old a login may be for what asks for a recent one.
    pub(crate) recent_seconds: i64,
}

/// How often things may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RateRules {
    /// Requests of one address to endpoints that check or make a secret, per minute.
    pub(crate) per_ip_minute: u32,
    /// Wrong passwords and codes for one account. Then whoever comes from an address that has never got in waits: a second,
    /// then twice as long each time, up to a quarter of an hour.
    pub(crate) failures_per_account: u32,
    /// Mails and messages to one recipient, per hour.
    pub(crate) sends_per_recipient_hour: u32,
    /// Requests of the whole environment, per second.
    pub(crate) per_project_second: u32,
}

impl MfaPolicy {
    fn parse(value: Value) -> Parsed<Self> {
        match value.as_str() {
            Some("off") => Ok(Self::Off),
            Some("optional") => Ok(Self::Optional),
            Some("required") => Ok(Self::Required),
            _ => Err("must be \"off\", \"optional\" or \"required\"".to_owned()),
        }
    }

    fn document(self) -> api::MfaPolicy {
        match self {
            Self::Off => api::MfaPolicy::Off,
            Self::Optional => api::MfaPolicy::Optional,
            Self::Required => api::MfaPolicy::Required,
        }
    }
}

impl AuthSettings {
    /// What holds where a project has set nothing.
    pub(crate) fn with_lives(access_seconds: i64, session_seconds: i64) -> Self {
        Self {
            app_name: None,
            sign_up: Toggle::On,
            confirm_email: Toggle::Off,
            otp_email: Toggle::On,
            otp_sms: Toggle::Off,
            magic_link: Toggle::On,
            mfa: MfaPolicy::Optional,
            password: PasswordRules {
                min_chars: 8,
                refuse_common: Toggle::On,
                refuse_breached: Toggle::Off,
            },
            sessions: SessionRules {
                access_seconds,
                session_seconds,
                idle_seconds: session_seconds,
                refresh_grace_seconds: 10,
                recent_seconds: 3_600,
            },
            limits: RateRules::DEFAULT,
            redirect_urls: Vec::new(),
            lives: Lives {
                access_seconds,
                session_seconds,
            },
        }
    }

    /// What holds where a project has set nothing, whatever this one has set.
    pub(crate) fn defaults(&self) -> Self {
        Self::with_lives(self.lives.access_seconds, self.lives.session_seconds)
    }

    /// What the client sends, laid over the defaults: every field may be left out.
    pub(crate) fn read(&self, body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let read = self.over(&mut fields);
        fields.finish(Some(read))
    }

    /// The same, field by field.
    pub(crate) fn over(&self, fields: &mut Fields) -> Self {
        Self {
            app_name: fields.optional("appName", short_text(100)),
            sign_up: fields.optional("signUp", Toggle::parse).unwrap_or(self.sign_up),
            confirm_email: fields
                .optional("confirmEmail", Toggle::parse)
                .unwrap_or(self.confirm_email),
            otp_email: fields.optional("otpEmail", Toggle::parse).unwrap_or(self.otp_email),
            otp_sms: fields.optional("otpSms", Toggle::parse).unwrap_or(self.otp_sms),
            magic_link: fields.optional("magicLink", Toggle::parse).unwrap_or(self.magic_link),
            mfa: fields.optional("mfa", MfaPolicy::parse).unwrap_or(self.mfa),
            password: fields.object("password", |fields| self.password.read(fields)),
            sessions: fields.object("sessions", |fields| self.sessions.read(fields)),
            limits: fields.object("limits", |fields| self.limits.read(fields)),
            redirect_urls: fields.optional("redirectUrls", redirects).unwrap_or_default(),
            lives: self.lives,
        }
    }

    /// What the store kept. It was checked when it was written.
    pub(crate) fn stored(&self, text: &str) -> Result<Self> {
        let damaged = |problem: String| Error::unexpected("reading a project's settings", problem);
        let body = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        self.read(body)
            .map_err(|refusal| damaged(format!("{:?}", refusal.details)))
    }

    /// As admins see them.
    pub(crate) fn document(&self) -> api::AuthSettings {
        api::AuthSettings {
            app_name: self.app_name.clone(),
            sign_up: self.sign_up.is_on(),
            confirm_email: self.confirm_email.is_on(),
            otp_email: self.otp_email.is_on(),
            otp_sms: self.otp_sms.is_on(),
            magic_link: self.magic_link.is_on(),
            mfa: self.mfa.document(),
            password: api::PasswordSettings {
                min_chars: u32::try_from(self.password.min_chars).unwrap_or(u32::MAX),
                refuse_common: self.password.refuse_common.is_on(),
                refuse_breached: self.password.refuse_breached.is_on(),
            },
            sessions: api::SessionSettings {
                access_seconds: self.sessions.access_seconds,
                session_seconds: self.sessions.session_seconds,
                idle_seconds: self.sessions.idle_seconds,
                refresh_grace_seconds: self.sessions.refresh_grace_seconds,
                recent_seconds: self.sessions.recent_seconds,
            },
            limits: api::RateSettings {
                per_ip_minute: self.limits.per_ip_minute,
                failures_per_account: self.limits.failures_per_account,
                sends_per_recipient_hour: self.limits.sends_per_recipient_hour,
                per_project_second: self.limits.per_project_second,
            },
            redirect_urls: self.redirect_urls.iter().map(|url| url.as_str().to_owned()).collect(),
        }
    }

    /// Where a link leads that the client wants to lead to `wanted`, or did not say where.
    pub(crate) fn redirect(&self, wanted: Option<RedirectUrl>) -> std::result::Result<Option<RedirectUrl>, String> {
        match wanted {
            None => Ok(self.redirect_urls.first().cloned()),
            Some(wanted) if self.redirect_urls.iter().any(|own| own.allows(&wanted)) => Ok(Some(wanted)),
            Some(_) => Err("is not on the project's list of redirect URLs".to_owned()),
        }
    }
}

impl SessionRules {
    fn read(&self, fields: &mut Fields) -> Self {
        let mut seconds = |name, least, most, default| fields.optional(name, whole(least, most)).unwrap_or(default);
        Self {
            access_seconds: seconds("accessSeconds", 10, 86_400, self.access_seconds),
            session_seconds: seconds("sessionSeconds", 60, YEAR_S, self.session_seconds),
            idle_seconds: seconds("idleSeconds", 60, YEAR_S, self.idle_seconds),
            refresh_grace_seconds: seconds("refreshGraceSeconds", 0, 300, self.refresh_grace_seconds),
            recent_seconds: seconds("recentSeconds", 60, 86_400, self.recent_seconds),
        }
    }
}

impl RateRules {
    /// Where nothing is set, and of the accounts of admins.
    pub(crate) const DEFAULT: Self = Self {
        per_ip_minute: 120,
        failures_per_account: 10,
        sends_per_recipient_hour: 10,
        per_project_second: 2_000,
    };

    fn read(&self, fields: &mut Fields) -> Self {
        let mut count = |name, default: u32| {
            let read = fields.optional(name, whole(1, 1_000_000));
            read.and_then(|count| u32::try_from(count).ok()).unwrap_or(default)
        };
        Self {
            per_ip_minute: count("perIpMinute", self.per_ip_minute),
            failures_per_account: count("failuresPerAccount", self.failures_per_account),
            sends_per_recipient_hour: count("sendsPerRecipientHour", self.sends_per_recipient_hour),
            per_project_second: count("perProjectSecond", self.per_project_second),
        }
    }
}

fn redirects(value: Value) -> Parsed<Vec<RedirectUrl>> {
    let Value::Array(items) = value else {
        return Err("must be an array".to_owned());
    };
    if items.len() > MAX_REDIRECTS {
        return Err(format!("must have at most {MAX_REDIRECTS} entries"));
    }
    items.into_iter().map(RedirectUrl::parse).collect()
}
