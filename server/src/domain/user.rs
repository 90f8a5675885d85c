//! A user as flows and hooks see it, and the one document that shows it to clients, hooks and events. Knows the row of
//! the store, so that the store need not know the document.

use aerocall_api_types::User;
use serde_json::{Map, Value};

use crate::{
    base::{
        clock,
        error::{Error, Result},
        input::{Email, Metadata, PersonName, Phone},
    },
    storage::store::{UserChange, UserRow},
};

/// What hooks may change of a user.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Profile {
    pub(crate) email: Email,
    pub(crate) phone: Option<Phone>,
    pub(crate) name: Option<PersonName>,
    pub(crate) metadata: Metadata,
    pub(crate) public_metadata: Metadata,
}

impl Profile {
    pub(crate) fn of(row: &UserRow) -> Result<Self> {
        let damaged = |problem: String| Error::unexpected("reading a stored user", problem);
        let phone = row.phone.clone().map(Value::from);
        let metadata =
            |text: &str| Metadata::stored(text).map_err(|error| Error::unexpected("reading stored metadata", error));
        Ok(Self {
            email: Email::stored(&row.email),
            phone: phone.map(Phone::parse).transpose().map_err(damaged)?,
            name: row.name.as_deref().map(PersonName::stored),
            metadata: metadata(&row.metadata)?,
            public_metadata: metadata(&row.public_metadata)?,
        })
    }

    /// With a change; what a change has besides is no part of a profile.
    pub(crate) fn with(&self, change: &UserChange) -> Self {
        let or = |new: &Option<Metadata>, old: &Metadata| new.as_ref().unwrap_or(old).clone();
        Self {
            email: change.email.as_ref().unwrap_or(&self.email).clone(),
            phone: change.phone.as_ref().unwrap_or(&self.phone).clone(),
            name: change.name.as_ref().unwrap_or(&self.name).clone(),
            metadata: or(&change.metadata, &self.metadata),
            public_metadata: or(&change.public_metadata, &self.public_metadata),
        }
    }

    /// What is different in `after`; `None` when nothing is.
    pub(crate) fn change_to(&self, after: &Self) -> Option<UserChange> {
        let change = UserChange {
            email: (self.email != after.email).then(|| after.email.clone()),
            phone: (self.phone != after.phone).then(|| after.phone.clone()),
            name: (self.name != after.name).then(|| after.name.clone()),
            metadata: (self.metadata != after.metadata).then(|| after.metadata.clone()),
            public_metadata: (self.public_metadata != after.public_metadata).then(|| after.public_metadata.clone()),
            ..UserChange::default()
        };
        (change != UserChange::default()).then_some(change)
    }

    /// The user document without an id; absent fields are left out.
    pub(crate) fn document(&self) -> Map<String, Value> {
        let mut user = Map::new();
        user.insert("email".to_owned(), self.email.as_str().into());
        if let Some(phone) = &self.phone {
            user.insert("phone".to_owned(), phone.as_str().into());
        }
        if let Some(name) = &self.name {
            user.insert("name".to_owned(), name.as_str().into());
        }
        user.insert("metadata".to_owned(), self.metadata.as_map().clone().into());
        user.insert(
            "publicMetadata".to_owned(),
            self.public_metadata.as_map().clone().into(),
        );
        user
    }
}

/// What `Aerocall.auth.updateUser` may change. Metadata is merged (RFC 7396), a name is replaced.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ProfilePatch {
    pub(crate) name: Option<Option<PersonName>>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) public_metadata: Map<String, Value>,
}

impl ProfilePatch {
    /// Reads a patch document.
    pub(crate) fn parse(document: Map<String, Value>) -> std::result::Result<Self, String> {
        let mut patch = Self::default();
        for (name, value) in document {
            let about = |problem: String| format!("`{name}` {problem}");
            match (name.as_str(), value) {
                ("name", Value::Null) => patch.name = Some(None),
                ("name", value) => patch.name = Some(Some(PersonName::parse(value).map_err(about)?)),
                ("metadata", value) => patch.metadata = Metadata::parse(value).map_err(about)?.as_map().clone(),
                ("publicMetadata", value) => {
                    patch.public_metadata = Metadata::parse(value).map_err(about)?.as_map().clone();
                }
                _ => {
                    return Err(about(
                        "cannot be changed here; there are name, metadata, publicMetadata".to_owned(),
                    ));
                }
            }
        }
        Ok(patch)
    }

    /// The profile afterwards.
    ///
    /// # Errors
    /// Merged, the metadata would be larger than it may be.
    pub(crate) fn applied_to(&self, profile: &Profile) -> std::result::Result<Profile, String> {
        let merged = |current: &Metadata, patch: &Map<String, Value>| current.patched(Value::Object(patch.clone()));
        Ok(Profile {
            name: self.name.clone().unwrap_or_else(|| profile.name.clone()),
            metadata: merged(&profile.metadata, &self.metadata)?,
            public_metadata: merged(&profile.public_metadata, &self.public_metadata)?,
            ..profile.clone()
        })
    }
}

/// A user as everybody sees it: clients, hooks and events.
pub(crate) fn shown(row: &UserRow) -> Result<User> {
    let profile = Profile::of(row)?;
    Ok(User {
        id: row.id.clone(),
        email: profile.email.as_str().to_owned(),
        email_verified: row.email_verified_ms.is_some(),
        phone_verified: profile.phone.as_ref().map(|_| row.phone_verified_ms.is_some()),
        phone: profile.phone.map(|phone| phone.as_str().to_owned()),
        name: profile.name.map(|name| name.as_str().to_owned()),
        metadata: profile.metadata.as_map().clone(),
        public_metadata: profile.public_metadata.as_map().clone(),
        created_at: clock::iso(row.created_ms).into(),
        updated_at: clock::iso(row.updated_ms).into(),
    })
}

/// The same as a document, for what is no answer: payloads of hooks and data of events.
pub(crate) fn document(row: &UserRow) -> Result<Value> {
    serde_json::to_value(shown(row)?).map_err(|error| Error::unexpected("writing a user", error))
}
