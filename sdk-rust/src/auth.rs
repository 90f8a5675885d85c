//! Users and sessions of this project, and mail. Mirrors `wit/auth.wit`.

use serde::Serialize;

use crate::{AerocallError, Timestamp, User, UserPatch, json, platform};

/// A user by what is known of them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum UserRef<'a> {
    Id(&'a str),
    Email(&'a str),
}

/// A session of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Session {
    /// `ses_…`
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Timestamp,
    /// The address of the client.
    pub ip: String,
    /// The client.
    pub user_agent: String,
}

/// What a mail says.
#[derive(Clone, Debug)]
pub(crate) enum EmailBody {
    Template {
        name: String,
        data: String,
    },
    Content {
        subject: String,
        text: Option<String>,
        html: Option<String>,
    },
}

/// A mail: from a template of the project, or with its own text. In a flow it is sent only if the request is committed.
///
/// ```
/// use aerocall_hooks::{Result, User, auth::Email};
/// use serde_json::json;
///
/// fn greet(user: &User) -> Result<String> {
///     let name = user.name.as_deref().unwrap_or("there");
///     Email::from_template(&user.email, "welcome", &json!({ "name": name }))?.send()?;
///     Ok(Email::new(&user.email, "Welcome").text(format!("Hello {name}!")).send()?)
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Email {
    to: String,
    body: EmailBody,
}

impl Email {
    /// A mail with a subject of at most 200 characters.
    pub fn new(to: &str, subject: &str) -> Self {
        Self {
            to: to.to_owned(),
            body: EmailBody::Content {
                subject: subject.to_owned(),
                text: None,
                html: None,
            },
        }
    }

    /// A mail from a template of the project, with its data.
    ///
    /// # Errors
    /// The data cannot be written as JSON.
    pub fn from_template<T: Serialize + ?Sized>(to: &str, template: &str, data: &T) -> Result<Self, AerocallError> {
        Ok(Self {
            to: to.to_owned(),
            body: EmailBody::Template {
                name: template.to_owned(),
                data: json::write("the data of the mail", data)?,
            },
        })
    }

    /// The text, at most 256 KiB. A template has its own.
    pub fn text(mut self, body: impl Into<String>) -> Self {
        if let EmailBody::Content { text, .. } = &mut self.body {
            *text = Some(body.into());
        }
        self
    }

    /// The HTML, at most 256 KiB. A template has its own.
    pub fn html(mut self, body: impl Into<String>) -> Self {
        if let EmailBody::Content { html, .. } = &mut self.body {
            *html = Some(body.into());
        }
        self
    }

    /// Sends it; returns its id.
    ///
    /// # Errors
    /// What the SDK refuses.
    pub fn send(self) -> Result<String, AerocallError> {
        platform::auth_send_email(&self.to, &self.body)
    }
}

fn user(document: &str) -> Result<User, AerocallError> {
    json::read("the user", document)
}

/// The user with an id, or `None`.
///
/// ```
/// use aerocall_hooks::{Result, auth};
///
/// fn exists(id: &str) -> Result<bool> {
///     Ok(auth::get_user(id)?.is_some())
/// }
/// ```
///
/// # Errors
/// What the SDK refuses.
pub fn get_user(id: &str) -> Result<Option<User>, AerocallError> {
    platform::auth_get_user(UserRef::Id(id))?
        .as_deref()
        .map(user)
        .transpose()
}

/// The user with an email address, or `None`.
///
/// ```
/// use aerocall_hooks::{Result, auth};
///
/// fn is_known(email: &str) -> Result<bool> {
///     Ok(auth::get_user_by_email(email)?.is_some())
/// }
/// ```
///
/// # Errors
/// What the SDK refuses.
pub fn get_user_by_email(email: &str) -> Result<Option<User>, AerocallError> {
    platform::auth_get_user(UserRef::Email(email))?
        .as_deref()
        .map(user)
        .transpose()
}

/// Changes name, metadata or public metadata; returns the updated user. Metadata is merged (RFC 7396): `null` removes a member.
///
/// ```
/// use aerocall_hooks::{Result, User, UserPatch, auth};
/// use serde_json::json;
///
/// fn promote(id: &str) -> Result<User> {
///     Ok(auth::update_user(id, &UserPatch::new().public_metadata(json!({ "plan": "team" })))?)
/// }
/// ```
///
/// # Errors
/// What the SDK refuses.
pub fn update_user(id: &str, patch: &UserPatch) -> Result<User, AerocallError> {
    user(&platform::auth_update_user(id, &json::write("the patch", patch)?)?)
}

/// The newest 100 sessions of a user.
///
/// ```
/// use aerocall_hooks::{Result, auth};
///
/// fn addresses(user: &str) -> Result<Vec<String>> {
///     Ok(auth::list_sessions(user)?.into_iter().map(|session| session.ip).collect())
/// }
/// ```
///
/// # Errors
/// What the SDK refuses.
pub fn list_sessions(user_id: &str) -> Result<Vec<Session>, AerocallError> {
    platform::auth_list_sessions(user_id)
}

/// Ends the sessions of a user; returns how many there were.
///
/// ```
/// use aerocall_hooks::{Result, auth};
///
/// fn log_out(user: &str) -> Result<u32> {
///     Ok(auth::revoke_sessions(user)?)
/// }
/// ```
///
/// # Errors
/// What the SDK refuses.
pub fn revoke_sessions(user_id: &str) -> Result<u32, AerocallError> {
    platform::auth_revoke_sessions(user_id)
}
