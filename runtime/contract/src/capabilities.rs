//! What a hook may use beyond its own code: the names that manifests, `config.capabilities` and `aerocall.toml` have.

use std::fmt;

use serde::Serialize;

/// Something of the project that a hook may use. Log, clock and random numbers are always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Capability {
    /// Users, sessions, mail.
    Auth,
    /// Short-lived values.
    Cache,
    /// The project's database.
    Db,
    /// Requests to other hosts: `Aerocall.http`, `fetch`.
    Http,
    /// Jobs for later.
    Queue,
    /// The project's secrets.
    Secrets,
}

/// There is no capability of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCapability(String);

impl fmt::Display for UnknownCapability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Capability::ALL.map(Capability::name).join(", ");
        write!(f, "there is no capability `{}`; there are: {known}", self.0)
    }
}

impl std::error::Error for UnknownCapability {}

impl Capability {
    /// Every capability, in order.
    pub const ALL: [Self; 6] = [
        Self::Auth,
        Self::Cache,
        Self::Db,
        Self::Http,
        Self::Queue,
        Self::Secrets,
    ];

    /// Its name in manifests and settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Cache => "cache",
            Self::Db => "db",
            Self::Http => "http",
            Self::Queue => "queue",
            Self::Secrets => "secrets",
        }
    }

    /// The capability with this name.
    ///
    /// # Errors
    /// There is none; the message names those that there are.
    pub fn named(name: &str) -> Result<Self, UnknownCapability> {
        let mut all = Self::ALL.into_iter();
        all.find(|capability| capability.name() == name)
            .ok_or_else(|| UnknownCapability(name.to_owned()))
    }

    /// The capability behind a member of the SDK object, if it needs one. The queue has two names there.
    #[must_use]
    pub fn of_member(member: &str) -> Option<Self> {
        match member {
            "Queue" => Some(Self::Queue),
            name => Self::named(name).ok(),
        }
    }

    /// What one part of it is, where it can be declared in part: `http:api.example.com`, `secrets:crm_token`.
    #[must_use]
    pub fn part(self) -> Option<&'static str> {
        match self {
            Self::Http => Some("the host"),
            Self::Secrets => Some("the name"),
            Self::Auth | Self::Cache | Self::Db | Self::Queue => None,
        }
    }

    /// The member of `config.capabilities` that declares it, as an author writes it.
    #[must_use]
    pub fn declaration(self) -> String {
        match self.part() {
            Some(part) => format!("{self}: [\"{part}\"]"),
            None => format!("{self}: true"),
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_capabilities_and_unknown_ones_say_what_there_is() {
        for capability in Capability::ALL {
            assert_eq!(Capability::named(capability.name()), Ok(capability));
            assert_eq!(Capability::of_member(capability.name()), Some(capability));
        }
        assert_eq!(Capability::of_member("Queue"), Some(Capability::Queue));
        assert_eq!(Capability::of_member("log"), None);
        let unknown = Capability::named("files").unwrap_err().to_string();
        assert_eq!(
            unknown,
            "there is no capability `files`; there are: auth, cache, db, http, queue, secrets"
        );
    }

    #[test]
    fn a_declaration_is_what_an_author_writes() {
        assert_eq!(Capability::Db.declaration(), "db: true");
        assert_eq!(Capability::Http.declaration(), "http: [\"the host\"]");
    }
}
