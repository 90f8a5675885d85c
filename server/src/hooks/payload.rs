//! What a hook gets: who it is about, what the flow knows besides, and what it may change of both.

use serde_json::{Map, Value, json};

use crate::{domain::user::Profile, storage::store::UserChange};

/// What a handle becomes when JavaScript writes it as JSON. A hook that gives its whole payload back gives back this.
pub(super) const HANDLE_AS_TEXT: &str = "[password]";

/// `{ user?, password?, provider?, client, … }`: the members that a hook point has, see the table in `docs/hooks.md`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payload {
    /// Absent until the user is kept.
    pub(crate) user_id: Option<String>,
    /// Absent where there is none, or where it must not show whether there is one.
    pub(crate) user: Option<Profile>,
    pub(crate) password: PasswordInPlay,
    /// How the user signs in: `password`, `otp`, `magic_link`, `admin`, or an identity provider.
    pub(crate) provider: Option<String>,
    /// The project's own claims, where a token is issued.
    pub(crate) claims: Option<Map<String, Value>>,
    /// Who sends the code, where one is sent.
    pub(crate) delivery: Option<Delivery>,
    /// What the flow knows besides. Hooks cannot change it.
    pub(crate) facts: Map<String, Value>,
    /// What the client says about itself.
    pub(crate) client: Map<String, Value>,
}

/// Whether the flow has a password at hand. The hook gets a handle, never the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PasswordInPlay {
    Handle,
    #[default]
    Gone,
}

/// Who sends a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// The server, by mail or through a script hook on `auth.otp.send`.
    Server,
    /// The hook has.
    Hook,
    /// Nobody: there is no such account, and who asked must not learn that.
    Nobody,
}

impl Delivery {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Hook => "hook",
            Self::Nobody => "none",
        }
    }
}

impl Payload {
    /// What before-hooks made different of a user who was `before`; `None` when nothing.
    pub(crate) fn change_of(&self, before: &Profile) -> Option<UserChange> {
        self.user.as_ref().and_then(|after| before.change_to(after))
    }

    /// About a user.
    pub(crate) fn of_user(user_id: Option<String>, user: Profile, client: Map<String, Value>) -> Self {
        Self {
            user_id,
            user: Some(user),
            client,
            ..Self::default()
        }
    }

    /// Hooks get a handle of the flow's password.
    pub(crate) fn with_password(self) -> Self {
        Self {
            password: PasswordInPlay::Handle,
            ..self
        }
    }

    pub(crate) fn with_provider(self, provider: &str) -> Self {
        Self {
            provider: Some(provider.to_owned()),
            ..self
        }
    }

    pub(crate) fn with_fact(mut self, name: &str, value: Value) -> Self {
        self.facts.insert(name.to_owned(), value);
        self
    }

    /// The same once the user is kept and the password was used: after-hooks have no handle.
    pub(crate) fn committed(self, user_id: &str, user: Profile) -> Self {
        Self {
            user_id: Some(user_id.to_owned()),
            user: Some(user),
            password: PasswordInPlay::Gone,
            ..self
        }
    }

    /// What names accounts in it: the user's id, address and number.
    pub(crate) fn named(&self) -> Vec<String> {
        let user = self.user.iter();
        let emails = user.clone().flat_map(|user| user.email.keys()).map(str::to_owned);
        let phones = user.filter_map(|user| Some(user.phone.as_ref()?.as_str().to_owned()));
        self.user_id.iter().cloned().chain(emails).chain(phones).collect()
    }

    pub(crate) fn document(&self) -> Value {
        let mut payload = self.facts.clone();
        if let Some(user) = &self.user {
            let mut user = user.document();
            if let Some(id) = &self.user_id {
                user.insert("id".to_owned(), json!(id));
            }
            payload.insert("user".to_owned(), user.into());
        }
        if let Some(provider) = &self.provider {
            payload.insert("provider".to_owned(), json!(provider));
        }
        if let Some(claims) = &self.claims {
            payload.insert("claims".to_owned(), claims.clone().into());
        }
        if let Some(delivery) = self.delivery {
            payload.insert("delivery".to_owned(), json!(delivery.as_str()));
        }
        if self.password == PasswordInPlay::Handle {
            payload.insert("password".to_owned(), json!({ "handle": 1 }));
        }
        payload.insert("client".to_owned(), self.client.clone().into());
        payload.into()
    }
}
