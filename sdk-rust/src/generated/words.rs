//! The words that fields can have. Made from runtime/contract/src; run UPDATE_DOCS=1 cargo nextest run --workspace documents_are

use serde::{Deserialize, Serialize};

/// How a one-time code is sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum Channel {
    /// `email`
    Email,
    /// `sms`
    Sms,
    /// A word that this release does not know.
    Other(String),
}

impl From<String> for Channel {
    fn from(word: String) -> Self {
        match word.as_str() {
            "email" => Self::Email,
            "sms" => Self::Sms,
            _ => Self::Other(word),
        }
    }
}

impl From<Channel> for String {
    fn from(word: Channel) -> Self {
        match word {
            Channel::Email => "email".to_owned(),
            Channel::Sms => "sms".to_owned(),
            Channel::Other(word) => word,
        }
    }
}

/// Who delivers a one-time code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum Delivery {
    /// `server`
    Server,
    /// `hook`
    Hook,
    /// `none`
    None,
    /// A word that this release does not know.
    Other(String),
}

impl From<String> for Delivery {
    fn from(word: String) -> Self {
        match word.as_str() {
            "server" => Self::Server,
            "hook" => Self::Hook,
            "none" => Self::None,
            _ => Self::Other(word),
        }
    }
}

impl From<Delivery> for String {
    fn from(word: Delivery) -> Self {
        match word {
            Delivery::Server => "server".to_owned(),
            Delivery::Hook => "hook".to_owned(),
            Delivery::None => "none".to_owned(),
            Delivery::Other(word) => word,
        }
    }
}

/// Who delivers or has delivered a one-time code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum EventDelivery {
    /// `hook`
    Hook,
    /// `server`
    Server,
    /// `event`
    Event,
    /// `webhook`
    Webhook,
    /// A word that this release does not know.
    Other(String),
}

impl From<String> for EventDelivery {
    fn from(word: String) -> Self {
        match word.as_str() {
            "hook" => Self::Hook,
            "server" => Self::Server,
            "event" => Self::Event,
            "webhook" => Self::Webhook,
            _ => Self::Other(word),
        }
    }
}

impl From<EventDelivery> for String {
    fn from(word: EventDelivery) -> Self {
        match word {
            EventDelivery::Hook => "hook".to_owned(),
            EventDelivery::Server => "server".to_owned(),
            EventDelivery::Event => "event".to_owned(),
            EventDelivery::Webhook => "webhook".to_owned(),
            EventDelivery::Other(word) => word,
        }
    }
}

/// What a one-time code is for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum CodePurpose {
    /// `login`
    Login,
    /// `verify_phone`
    VerifyPhone,
    /// A word that this release does not know.
    Other(String),
}

impl From<String> for CodePurpose {
    fn from(word: String) -> Self {
        match word.as_str() {
            "login" => Self::Login,
            "verify_phone" => Self::VerifyPhone,
            _ => Self::Other(word),
        }
    }
}

impl From<CodePurpose> for String {
    fn from(word: CodePurpose) -> Self {
        match word {
            CodePurpose::Login => "login".to_owned(),
            CodePurpose::VerifyPhone => "verify_phone".to_owned(),
            CodePurpose::Other(word) => word,
        }
    }
}

/// A kind of second factor.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum FactorKind {
    /// `totp`
    Totp,
    /// `recovery_code`
    RecoveryCode,
    /// A word that this release does not know.
    Other(String),
}

impl From<String> for FactorKind {
    fn from(word: String) -> Self {
        match word.as_str() {
            "totp" => Self::Totp,
            "recovery_code" => Self::RecoveryCode,
            _ => Self::Other(word),
        }
    }
}

impl From<FactorKind> for String {
    fn from(word: FactorKind) -> Self {
        match word {
            FactorKind::Totp => "totp".to_owned(),
            FactorKind::RecoveryCode => "recovery_code".to_owned(),
            FactorKind::Other(word) => word,
        }
    }
}
