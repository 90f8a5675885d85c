//! Whether a text that is about to leave has a secret in it: a value that the server knows of the project, in any of the ways in which
//! it may be written, or what has the form of a key of this server. Then nothing is sent.

use aerocall_contract::errors;

use crate::{
    base::{
        crypto::MasterKey,
        error::{Refusal, Result},
        ids::{Scope, Slug},
    },
    hooks::sdk::Redactor,
    outbound::models::ModelKey,
    security::access::{self, PROJECT_TOKEN, SECRET_KEY, SERVER_TOKEN},
    storage::store::Store,
};

/// Keys and tokens of this server are a prefix and so many characters.
const KEY_CHARS: usize = 43;
/// What they begin with: secret keys, admin tokens, personal tokens, secrets of webhooks.
const PREFIXES: [&str; 5] = [SECRET_KEY, SERVER_TOKEN, PROJECT_TOKEN, "pat", "whsec"];

/// What is looked for.
pub(super) struct Leaks(Redactor);

impl Leaks {
    /// The secrets of all environments of a project, and the key of the model.
    pub(super) async fn of(store: &Store, master: &MasterKey, project: &Slug, key: Option<&ModelKey>) -> Result<Self> {
        let mut scopes = Vec::new();
        for name in access::environments(store, project).await? {
            if let Ok(environment) = Slug::parse(&name) {
                scopes.push(Scope {
                    project: project.clone(),
                    environment,
                });
            }
        }
        let also = key.map(|key| ("of the model's server", key.reveal()));
        Ok(Self(Redactor::of_scopes(store, master, scopes, also).await?))
    }

    /// Refuses a part with a secret in it.
    pub(super) fn check(&self, part: &str, text: &str) -> std::result::Result<(), Refusal> {
        let found = match self.0.mark_in(text) {
            Some(mark) => Some(mark.to_owned()),
            None => key_in(text).map(|prefix| format!("[{prefix}_…]")),
        };
        match found {
            None => Ok(()),
            Some(mark) => Err(Refusal::new(
                errors::SECRET_IN_PROMPT,
                format!("Nothing was sent to the model: {part} contains a secret, {mark}. Take it out and ask again"),
            )),
        }
    }
}

/// The prefix of something in the form of a key.
fn key_in(text: &str) -> Option<&'static str> {
    let is_of_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    PREFIXES.into_iter().find(|prefix| {
        let begin = format!("{prefix}_");
        text.match_indices(&begin).any(|(at, _)| {
            let before = text.as_bytes()[..at].last();
            let rest = &text.as_bytes()[at + begin.len()..];
            let chars = rest.iter().take_while(|byte| is_of_key(byte)).count();
            !before.is_some_and(is_of_key) && chars >= KEY_CHARS.min(32)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::crypto::secret, testing::World};

    #[tokio::test]
    async fn a_secret_of_any_environment_is_found_however_it_is_written() {
        let world = World::new().await;
        world.secret("crm_token", "hunter2-hunter2", &[]).await;
        let key = ModelKey::new("model-key-123".to_owned());
        let of = async |project: &Slug| {
            let leaks = Leaks::of(&world.store, &world.master, project, Some(&key)).await;
            leaks.unwrap()
        };
        let leaks = of(&world.scope.project).await;
        for text in [
            "const t = \"hunter2-hunter2\"",
            "68756e746572322d68756e74657232",
            "aHVudGVyMi1odW50ZXIy",
            "key: model-key-123.",
        ] {
            let refusal = leaks.check("draft a.ts", text).unwrap_err();
            assert_eq!(refusal.code, "secret_in_prompt");
            assert!(!refusal.message.contains("hunter2"), "{}", refusal.message);
        }
        assert!(leaks.check("x", "crm_token, hunter2").is_ok());
        let other = of(&world.other.project).await;
        assert!(
            other.check("x", "hunter2-hunter2").is_ok(),
            "what is not the project's is not known"
        );
        for prefix in PREFIXES {
            let made = secret::new_key(prefix).unwrap();
            assert!(leaks.check("x", &format!("a ({made})")).is_err(), "{made}");
        }
        assert!(
            leaks
                .check("x", "sk_test, task_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
                .is_ok()
        );
    }
}
