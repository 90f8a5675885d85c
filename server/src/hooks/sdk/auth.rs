//! `Aerocall.auth`: users and sessions of one project and environment, the password of the flow, and mail. Reads see what
//! the same request has staged; changes are staged (`effects`).

use std::sync::Arc;

use aerocall_contract::json;
use aerocall_runtime::host::{Auth, EmailBody, ErrorCode, SdkError, Session, UserRef};
use async_trait::async_trait;
use serde_json::Value;

use super::{
    budget::Budget,
    effects::{Effect, Effects},
    store_fault,
};
use crate::{
    base::{
        clock::Clock,
        error::Error,
        ids::Scope,
        input::{Email, Plaintext},
    },
    domain::user::{self, Profile, ProfilePatch},
    outbound::mail::Composer,
    security::password::{Match, Passwords},
    storage::store::{Origin, Store, UserRow},
};

/// The number that stands for the flow's password.
const PASSWORD_HANDLE: u32 = 1;
/// Checks of the password in one call: each costs a hash.
const MAX_PASSWORD_CHECKS: u32 = 3;
const MAX_SESSIONS: i64 = 100;
/// zxcvbn's time grows with the square of the length; more characters make nothing easier to guess.
const MAX_JUDGED_CHARS: usize = 100;

/// Users and sessions, for one call.
pub(crate) struct ScopedAuth {
    pub(crate) store: Store,
    /// Where users are that the store does not have yet.
    pub(crate) origin: Option<Arc<Origin>>,
    pub(crate) clock: Clock,
    pub(crate) scope: Scope,
    pub(crate) effects: Arc<Effects>,
    pub(crate) passwords: Arc<Passwords>,
    /// While the flow has it.
    pub(crate) password: Option<Arc<Plaintext>>,
    pub(super) password_checks: Budget,
    pub(crate) composer: Composer,
    /// Mails that this call may send.
    pub(super) emails: Budget,
}

#[async_trait]
impl Auth for ScopedAuth {
    async fn get_user(&self, user: UserRef) -> Result<Option<String>, SdkError> {
        let Some(row) = self.find(user).await? else {
            return Ok(None);
        };
        self.document(&row).map(Some)
    }

    async fn update_user(&self, id: &str, patch: &str) -> Result<String, SdkError> {
        let patch = read_patch(patch)?;
        let Some(row) = self.find(UserRef::Id(id.to_owned())).await? else {
            return Err(no_such_user());
        };
        // Refused now, while the hook can see it, if it would not fit.
        let current = self.profile(&row)?;
        patch
            .applied_to(&current)
            .map_err(|problem| invalid(format!("the metadata {problem}")))?;
        self.effects.stage(Effect::User {
            id: row.id.clone(),
            patch,
        })?;
        self.document(&row)
    }

    async fn list_sessions(&self, user_id: &str) -> Result<Vec<Session>, SdkError> {
        if self.revokes(user_id) {
            return Ok(Vec::new());
        }
        self.adopt([user_id]).await?;
        let (scope, id, now_ms) = (self.scope.clone(), user_id.to_owned(), self.clock.now_ms());
        let rows = self
            .store
            .read(move |tx| tx.live_sessions(&scope, &id, now_ms, MAX_SESSIONS))
            .await
            .map_err(store_fault)?;
        let milliseconds = |ms: i64| u64::try_from(ms).unwrap_or(0);
        let session = |row: crate::storage::store::SessionRow| Session {
            id: row.id,
            user_id: row.user_id,
            created_ms: milliseconds(row.created_ms),
            last_used_ms: milliseconds(row.last_used_ms),
            ip: row.ip,
            user_agent: row.user_agent,
        };
        Ok(rows.into_iter().map(session).collect())
    }

    async fn revoke_sessions(&self, user_id: &str) -> Result<u32, SdkError> {
        let open = self.list_sessions(user_id).await?.len();
        self.effects.stage(Effect::Revoke {
            user_id: user_id.to_owned(),
        })?;
        Ok(u32::try_from(open).unwrap_or(u32::MAX))
    }

    async fn send_email(&self, to: &str, body: EmailBody) -> Result<String, SdkError> {
        let mail = self.composer.compose(&self.scope, to, body).await?;
        if let Err(most) = self.emails.spend() {
            let message = format!(
                "auth.sendEmail: an invocation can send at most {} mails (limits.emails)",
                most
            );
            return Err(SdkError::new(ErrorCode::LimitExceeded, message));
        }
        let id = mail.id.clone();
        self.effects.stage(Effect::Mail(mail))?;
        Ok(id)
    }

    async fn verify_password(&self, handle: u32, user_id: &str) -> Result<bool, SdkError> {
        let password = self.password(handle)?;
        if let Err(most) = self.password_checks.spend() {
            let message = format!("password.verify: an invocation can verify a password at most {most} times");
            return Err(SdkError::new(ErrorCode::LimitExceeded, message));
        }
        let user = self.find(UserRef::Id(user_id.to_owned())).await?;
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let matched = self.passwords.verify(password, hash).await.map_err(busy)?;
        Ok(matched == Match::Yes)
    }

    async fn password_strength(&self, handle: u32) -> Result<u8, SdkError> {
        let password = self.password(handle)?;
        let judged = tokio::task::spawn_blocking(move || password.strength(MAX_JUDGED_CHARS)).await;
        judged.map_err(|error| {
            tracing::error!(%error, "judging a password failed");
            SdkError::new(ErrorCode::Internal, "password.strength failed")
        })
    }
}

impl ScopedAuth {
    /// What a new call may do.
    pub(super) fn password_checks() -> Budget {
        Budget::new(MAX_PASSWORD_CHECKS)
    }

    async fn find(&self, user: UserRef) -> Result<Option<UserRow>, SdkError> {
        let scope = self.scope.clone();
        let found = match user {
            UserRef::Id(id) => {
                self.adopt([id.as_str()]).await?;
                self.store.read(move |tx| tx.user(&scope, &id)).await
            }
            UserRef::Email(email) => {
                let email =
                    Email::of_account(Value::from(email)).map_err(|problem| invalid(format!("email {problem}")))?;
                self.adopt(email.keys()).await?;
                self.store.read(move |tx| tx.user_by_email(&scope, &email)).await
            }
        };
        found.map_err(store_fault)
    }

    /// Has the user of this id or address in the store, if there is one.
    async fn adopt(&self, names: impl IntoIterator<Item = &str>) -> Result<(), SdkError> {
        let Some(origin) = &self.origin else { return Ok(()) };
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        origin.adopt(&names).await.map_err(store_fault)
    }

    /// The profile with what this request has staged.
    fn profile(&self, row: &UserRow) -> Result<Profile, SdkError> {
        let kept = Profile::of(row).map_err(damaged)?;
        let merged = |profile: Profile, effect: &Effect| match effect {
            Effect::User { id, patch } if *id == row.id => patch.applied_to(&profile).unwrap_or(profile),
            _ => profile,
        };
        Ok(self.effects.seen(|effects| effects.iter().fold(kept, merged)))
    }

    fn document(&self, row: &UserRow) -> Result<String, SdkError> {
        let mut document = user::document(row).map_err(damaged)?;
        let profile = self.profile(row)?.document();
        if let Value::Object(members) = &mut document {
            // A name that the staged patch takes away is not in the profile's document.
            members.remove("name");
            members.extend(profile);
        }
        Ok(document.to_string())
    }

    fn revokes(&self, user_id: &str) -> bool {
        let revoked = |effect: &Effect| matches!(effect, Effect::Revoke { user_id: staged } if staged == user_id);
        self.effects.seen(|effects| effects.iter().any(revoked))
    }

    fn password(&self, handle: u32) -> Result<Arc<Plaintext>, SdkError> {
        match &self.password {
            Some(password) if handle == PASSWORD_HANDLE => Ok(Arc::clone(password)),
            _ => Err(SdkError::new(
                ErrorCode::NotFound,
                "this invocation has no password: only hooks that run before the password is used have one",
            )),
        }
    }
}

fn read_patch(text: &str) -> Result<ProfilePatch, SdkError> {
    match json::read(text) {
        Ok(Value::Object(document)) => ProfilePatch::parse(document).map_err(invalid),
        Ok(_) => Err(invalid("the patch must be an object".to_owned())),
        Err(problem) => Err(invalid(format!("the patch {problem}"))),
    }
}

fn invalid(problem: String) -> SdkError {
    SdkError::new(ErrorCode::InvalidArgument, format!("auth: {problem}"))
}

fn no_such_user() -> SdkError {
    SdkError::new(
        ErrorCode::NotFound,
        "auth: no user with this id exists in this project and environment",
    )
}

fn damaged(error: Error) -> SdkError {
    tracing::error!(?error, "a stored user cannot be read back");
    SdkError::new(ErrorCode::Internal, "auth: the user cannot be read")
}

/// The pool for hashes is full: the hook may try again.
fn busy(error: Error) -> SdkError {
    tracing::warn!(?error, "a hook's check of a password was refused");
    SdkError {
        retryable: true,
        ..SdkError::new(
            ErrorCode::LimitExceeded,
            "password.verify: too many passwords are being checked right now",
        )
    }
}
