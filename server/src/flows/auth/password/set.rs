//! Setting a new password, however somebody proved that they may: before-hooks → hash → one transaction → after-hooks. The
//! account's owner learns of it by mail.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::{
    app::App,
    base::{error::Result, event::EventKind, input::Plaintext},
    domain::{
        audit::{self, Action, Actor, AuditEntry},
        project::AuthSettings,
        user::Profile,
    },
    flows::steps::{
        account_mail::{self, AccountMail, MailData},
        commit::commit,
        one_time_mail, session,
    },
    hooks::{FlowContext, Payload, Step},
    storage::store::{StoreError, Tx, UserRow},
};

/// A password that takes the place of the one before.
pub(super) struct NewPassword {
    pub(super) user: UserRow,
    pub(super) password: Arc<Plaintext>,
    /// What the client says about itself.
    pub(super) client: Map<String, Value>,
    pub(super) reason: Reason,
}

/// Why there is a new password.
pub(super) enum Reason {
    /// The user changed it in this session, which stays; the others end.
    Change { session: String },
    /// The user reset it by a mail; all sessions end.
    Reset,
}

impl Reason {
    fn step(&self) -> Step {
        match self {
            Self::Change { .. } => Step::PasswordChange,
            Self::Reset => Step::PasswordReset,
        }
    }

    fn event(&self) -> EventKind {
        match self {
            Self::Change { .. } => EventKind::PasswordChanged,
            Self::Reset => EventKind::PasswordResetCompleted,
        }
    }

    fn action(&self) -> Action {
        match self {
            Self::Change { .. } => Action::PasswordChanged,
            Self::Reset => Action::PasswordReset,
        }
    }
}

/// Sets it. `check` runs in the transaction, under the lock of the account, with the user as they are then: what the proof used
/// up, and what must still be so.
pub(super) async fn set(
    app: &App,
    at: FlowContext<'_>,
    settings: &AuthSettings,
    new: NewPassword,
    check: impl FnOnce(&mut Tx<'_>, Option<UserRow>, i64) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<()> {
    let NewPassword {
        user,
        password,
        client,
        reason,
    } = new;
    let step = reason.step();
    let profile = Profile::of(&user)?;
    let to = profile.email.clone();
    let payload = Payload::of_user(Some(user.id.clone()), profile, client).with_password();
    let payload = app.hooks.run(&at, step.before(), payload).await?;
    let change = one_time_mail::patched(&user, &payload)?;
    let hash = app.passwords.hash(password).await?;
    let notice = AccountMail::PasswordChanged;
    let notice = account_mail::write(app, at.scope, settings, notice, &to, MailData::default()).await?;
    let (scope, now_ms, request) = (at.scope.clone(), app.clock.now_ms(), at.request.clone());
    let changed = commit(app, at, move |tx| {
        let current = tx.lock_user(&scope, &user.id)?;
        check(tx, current, now_ms)?;
        if let Some(change) = &change {
            tx.update_user(&scope, &user.id, change, now_ms)?;
        }
        tx.set_password(&scope, &user.id, Some(&hash), now_ms)?;
        match &reason {
            Reason::Change { session } => tx.revoke_other_sessions(&scope, &user.id, session, now_ms)?,
            Reason::Reset => tx.revoke_sessions(&scope, &user.id, now_ms)?,
        };
        one_time_mail::drop_tokens(tx, &scope, &user.id)?;
        let changed = tx.user(&scope, &user.id)?.ok_or(StoreError::CredentialsChanged)?;
        let actor = session::actor(&changed);
        let event = session::event(reason.event(), actor.clone(), &changed, None, now_ms)?;
        tx.insert_event(&scope, &event)?;
        tx.insert_mail(&scope, &notice)?;
        let entry = AuditEntry::new(reason.action(), &changed.id);
        audit::record(tx, Some(&scope), &Actor::request(actor, &request), entry, now_ms)?;
        Ok(changed)
    })
    .await?;
    app.hooks.platform.wake();
    session::after(app, at, step, changed, payload).await?;
    Ok(())
}
