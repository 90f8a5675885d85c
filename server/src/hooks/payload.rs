//! What the hooks of signup and login get.

use serde_json::{Map, Value, json};

use crate::user::Profile;

/// What a handle becomes when JavaScript writes it as JSON. A hook that gives its whole payload back gives back this.
pub(super) const HANDLE_AS_TEXT: &str = "[password]";

/// `{ user, password?, provider, client }`
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    /// Absent until the user is kept.
    pub(crate) user_id: Option<String>,
    pub(crate) user: Profile,
    pub(crate) password: PasswordInPlay,
    /// What the client says about itself.
    pub(crate) client: Map<String, Value>,
}

/// Whether the flow has a password at hand. The hook gets a handle, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordInPlay {
    Handle,
    Gone,
}

impl Payload {
    pub(crate) fn new(user_id: Option<String>, user: Profile, client: Map<String, Value>) -> Self {
        Self {
            user_id,
            user,
            password: PasswordInPlay::Handle,
            client,
        }
    }

    /// The same once the password was used: after-hooks have no handle.
    pub(crate) fn committed(self, user_id: &str, user: Profile) -> Self {
        Self {
            user_id: Some(user_id.to_owned()),
            user,
            password: PasswordInPlay::Gone,
            ..self
        }
    }

    pub(crate) fn document(&self) -> Value {
        let mut user = self.user.document();
        if let Some(id) = &self.user_id {
            user.insert("id".to_owned(), json!(id));
        }
        let mut payload = json!({ "user": user, "provider": "password", "client": self.client });
        if self.password == PasswordInPlay::Handle {
            payload["password"] = json!({ "handle": 1 });
        }
        payload
    }
}
