//! Which way a code goes, and to whom.

use serde_json::Value;

use crate::{
    base::{
        error::{Refusal, Result},
        input::{Email, Fields, Parsed, Phone, text},
    },
    domain::project::AuthSettings,
    flows::steps::one_time::TokenPurpose,
};

/// An address or a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recipient {
    Email(Email),
    Phone(Phone),
}

impl Recipient {
    /// `channel` and, with it, `email` or `phone`.
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let channel = fields.required("channel", |value| match value.as_str() {
            Some(name @ ("email" | "sms")) => Ok(name.to_owned()),
            _ => Err("must be \"email\" or \"sms\"".to_owned()),
        });
        let Some(channel) = channel else {
            // Which of them belongs to it is not known: neither is a field too many.
            fields.optional("email", Email::parse);
            fields.optional("phone", Phone::parse);
            return None;
        };
        match channel.as_str() {
            "email" => fields.required("email", Email::parse).map(Self::Email),
            _ => fields.required("phone", Phone::parse).map(Self::Phone),
        }
    }

    pub(super) fn channel(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Phone(_) => "sms",
        }
    }

    /// As it was written.
    pub(super) fn to(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(phone) => phone.as_str(),
        }
    }

    /// The same for every spelling.
    pub(super) fn normal(&self) -> &str {
        match self {
            Self::Email(email) => email.normal(),
            Self::Phone(phone) => phone.as_str(),
        }
    }

    pub(super) fn purpose(&self) -> TokenPurpose {
        match self {
            Self::Email(_) => TokenPurpose::OtpEmail,
            Self::Phone(_) => TokenPurpose::OtpSms,
        }
    }

    /// Whether the project offers the channel.
    pub(super) fn check(&self, settings: &AuthSettings) -> Result<()> {
        let (offered, what) = match self {
            Self::Email(_) => (settings.otp_email, "Logging in by a code in a mail"),
            Self::Phone(_) => (settings.otp_sms, "Logging in by a code in a text message"),
        };
        match offered.is_on() {
            true => Ok(()),
            false => Err(Refusal::not_enabled(what).into()),
        }
    }
}

/// Six digits; spaces are taken out, as mails and phones show codes in groups.
pub(crate) fn code(value: Value) -> Parsed<String> {
    let code: String = text(value)?.chars().filter(|c| *c != ' ').collect();
    match code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(code),
        false => Err("must be six digits".to_owned()),
    }
}
