//! Names and ids as types: what a project, an environment or a hook may be called, and how new ids are made.

use std::fmt;

use uuid::Uuid;

/// A project and one of its environments: whatever belongs to a tenant belongs to one of these.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Scope {
    pub(crate) project: Slug,
    pub(crate) environment: Slug,
}

impl Scope {
    /// Where what is of no project is counted: neither name can be given to anything.
    pub(crate) fn server() -> Self {
        let nobody = Slug("-".to_owned());
        Self {
            project: nobody.clone(),
            environment: nobody,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.project, self.environment)
    }
}

/// The name of a project or an environment: `[a-z0-9][a-z0-9-]{0,62}`, safe in paths, tokens and keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub(crate) struct Slug(String);

impl Slug {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if text.is_empty() || text.len() > 63 || text.starts_with('-') || !text.bytes().all(legal) {
            return Err("must be 1 to 63 of a-z, 0-9 and -, not starting with -".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// The environment of a project that names none.
    pub(crate) fn production() -> Self {
        Self("production".to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a hook: the name of its file, `[A-Za-z0-9][A-Za-z0-9_-]{0,63}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub(crate) struct HookName(String);

impl HookName {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let legal = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let starts_well = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        if !starts_well || text.len() > 64 || !text.bytes().all(legal) {
            return Err("must be 1 to 64 of A-Z, a-z, 0-9, _ and -, starting with a letter or digit".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HookName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a secret: `[A-Za-z][A-Za-z0-9_]{0,63}`, as a variable of a program may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecretName(String);

impl SecretName {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let legal = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        let starts_well = text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
        if !starts_well || text.len() > 64 || !text.bytes().all(legal) {
            return Err("must be 1 to 64 of A-Z, a-z, 0-9 and _, starting with a letter".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an id names; the prefix makes ids tell each other apart in logs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    User,
    Session,
    Request,
    Invocation,
    Event,
    Key,
    AdminToken,
    AdminAccount,
    AdminSession,
    PersonalToken,
    Invitation,
    Version,
    Deployment,
    Job,
    Mail,
    Worker,
    Factor,
    Audit,
    Webhook,
    WebhookSecret,
    Delivery,
    Attempt,
    Backtest,
    Rollout,
    Proposal,
}

/// Not after any id of this kind that was made at that time or later.
pub(crate) fn first_id(kind: Kind, at_ms: i64) -> String {
    // The first 48 bits of a UUID version 7 are the time in milliseconds.
    format!("{}_{:012x}{}", prefix(kind), at_ms.max(0), "0".repeat(20))
}

/// Whether a text can be an id of this kind.
pub(crate) fn is_id(kind: Kind, text: &str) -> bool {
    let digits = text.strip_prefix(prefix(kind)).and_then(|rest| rest.strip_prefix('_'));
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A new id: prefix and a UUID version 7 (RFC 9562), so ids sort by the time they were made.
pub(crate) fn new_id(kind: Kind) -> String {
    format!("{}_{}", prefix(kind), Uuid::now_v7().simple())
}

fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "usr",
        Kind::Session => "ses",
        Kind::Request => "req",
        Kind::Invocation => "inv",
        Kind::Event => "evt",
        Kind::Key => "key",
        Kind::AdminToken => "adm",
        Kind::AdminAccount => "acc",
        Kind::AdminSession => "ads",
        Kind::PersonalToken => "ptk",
        Kind::Invitation => "ivt",
        Kind::Version => "ver",
        Kind::Deployment => "dep",
        Kind::Job => "job",
        Kind::Mail => "mail",
        Kind::Worker => "wrk",
        Kind::Factor => "mfa",
        Kind::Audit => "aud",
        Kind::Webhook => "whk",
        Kind::WebhookSecret => "whs",
        Kind::Delivery => "dlv",
        Kind::Attempt => "att",
        Kind::Backtest => "bkt",
        Kind::Rollout => "rol",
        Kind::Proposal => "prp",
    }
}
