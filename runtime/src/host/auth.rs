//! `wit/auth.wit` as a trait.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::json;

use wasmtime::component::Resource;

use super::{Answer, Cost, SdkError};
use crate::{bindings::aerocall::hooks::auth as wire, state::CallState};

/// How a hook names a user.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum UserRef {
    /// The user's id.
    Id(String),
    /// The address, in any case.
    Email(String),
}

/// A session as a hook sees it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The session's id.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// Milliseconds since 1970.
    pub created_ms: u64,
    /// Milliseconds since 1970.
    pub last_used_ms: u64,
    /// Where it was opened from.
    pub ip: String,
    /// What it was opened with.
    pub user_agent: String,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailBody {
    /// A template of the project with its data as JSON.
    Template {
        /// The template's name.
        name: String,
        /// JSON object.
        data: String,
    },
    /// Text written by the hook.
    Content {
        /// One line.
        subject: String,
        /// Plain text.
        text: Option<String>,
        /// HTML.
        html: Option<String>,
    },
}

impl EmailBody {
    /// What is written down of it: never the text, which may hold a code or a link.
    fn shown(&self) -> BTreeMap<&'static str, &str> {
        BTreeMap::from([match self {
            Self::Template { name, .. } => ("template", name.as_str()),
            Self::Content { subject, .. } => ("subject", subject.as_str()),
        }])
    }
}

impl Cost for UserRef {
    fn held(&self) -> u64 {
        match self {
            Self::Id(text) | Self::Email(text) => text.held(),
        }
    }
}

impl Cost for EmailBody {
    fn held(&self) -> u64 {
        match self {
            Self::Template { name, data } => name.held() + data.held(),
            Self::Content { subject, text, html } => subject.held() + text.held() + html.held(),
        }
    }
}

/// Users and sessions of one project and environment.
#[async_trait]
pub trait Auth: Send + Sync {
    /// The user document as JSON.
    async fn get_user(&self, user: UserRef) -> Result<Option<String>, SdkError>;
    /// Applies a JSON patch document and answers the user as it is afterwards.
    async fn update_user(&self, id: &str, patch: &str) -> Result<String, SdkError>;
    /// The user's open sessions.
    async fn list_sessions(&self, user_id: &str) -> Result<Vec<Session>, SdkError>;
    /// Ends them all and answers how many there were.
    async fn revoke_sessions(&self, user_id: &str) -> Result<u32, SdkError>;
    /// Sends a mail and answers its id.
    async fn send_email(&self, to: &str, body: EmailBody) -> Result<String, SdkError>;
    /// Checks the password behind a handle of this call against a user's.
    async fn verify_password(&self, handle: u32, user_id: &str) -> Result<bool, SdkError>;
    /// How hard the password behind a handle of this call is to guess, 0 to 4.
    async fn password_strength(&self, handle: u32) -> Result<u8, SdkError>;
}

/// The password of the flow as the guest holds it: a number that means something only inside this call.
pub struct PasswordRef(u32);

impl wire::Host for CallState {
    async fn get_user(&mut self, user: wire::UserRef) -> Answer<Option<String>> {
        let auth = self.host.auth.clone();
        let user = match user {
            wire::UserRef::Id(id) => UserRef::Id(id),
            wire::UserRef::Email(email) => UserRef::Email(email),
        };
        let asked = self.asked(user.cost(), &[&user]);
        self.capability(
            "auth.getUser",
            asked,
            auth,
            |auth| async move { auth.get_user(user).await },
        )
        .await
    }

    async fn update_user(&mut self, id: String, patch: String) -> Answer<String> {
        let auth = self.host.auth.clone();
        let asked = self.asked((&id, &patch).cost(), &(&id, &patch));
        self.capability("auth.updateUser", asked, auth, |auth| async move {
            auth.update_user(&id, &patch).await
        })
        .await
    }

    async fn list_sessions(&mut self, user_id: String) -> Answer<Vec<wire::Session>> {
        let auth = self.host.auth.clone();
        let asked = self.asked(user_id.cost(), &[&user_id]);
        let sessions = self
            .capability("auth.listSessions", asked, auth, |auth| async move {
                auth.list_sessions(&user_id).await
            })
            .await?;
        Ok(sessions.map(|list| list.into_iter().map(Into::into).collect()))
    }

    async fn revoke_sessions(&mut self, user_id: String) -> Answer<u32> {
        let auth = self.host.auth.clone();
        let asked = self.asked(user_id.cost(), &[&user_id]);
        self.capability("auth.revokeSessions", asked, auth, |auth| async move {
            auth.revoke_sessions(&user_id).await
        })
        .await
    }

    async fn send_email(&mut self, to: String, body: wire::EmailBody) -> Answer<String> {
        let auth = self.host.auth.clone();
        let body = match body {
            wire::EmailBody::Template((name, data)) => EmailBody::Template { name, data },
            wire::EmailBody::Content(content) => EmailBody::Content {
                subject: content.subject,
                text: content.text,
                html: content.html,
            },
        };
        let asked = self.asked((&to, &body).cost(), &(&to, body.shown()));
        self.capability("auth.sendEmail", asked, auth, |auth| async move {
            auth.send_email(&to, body).await
        })
        .await
    }

    async fn password_handle(&mut self, handle: u32) -> Answer<Resource<PasswordRef>> {
        Ok(Ok(self.table.push(PasswordRef(handle))?))
    }
}

impl wire::HostPassword for CallState {
    async fn verify(&mut self, password: Resource<PasswordRef>, user_id: String) -> Answer<bool> {
        let handle = self.table.get(&password)?.0;
        let auth = self.host.auth.clone();
        let asked = self.asked(user_id.cost(), &[&user_id]);
        self.capability("password.verify", asked, auth, |auth| async move {
            auth.verify_password(handle, &user_id).await
        })
        .await
    }

    async fn strength(&mut self, password: Resource<PasswordRef>) -> Answer<u8> {
        let handle = self.table.get(&password)?.0;
        let auth = self.host.auth.clone();
        let asked = self.asked(0, &json!([]));
        self.capability("password.strength", asked, auth, |auth| async move {
            auth.password_strength(handle).await
        })
        .await
    }

    async fn drop(&mut self, password: Resource<PasswordRef>) -> wasmtime::Result<()> {
        self.table.delete(password)?;
        Ok(())
    }
}

impl From<Session> for wire::Session {
    fn from(session: Session) -> Self {
        Self {
            id: session.id,
            user_id: session.user_id,
            created_ms: session.created_ms,
            last_used_ms: session.last_used_ms,
            ip: session.ip,
            user_agent: session.user_agent,
        }
    }
}
