//! Changing and deleting an account, whoever asks for it: hooks, one transaction, events. Who may ask, and for what, is
//! decided before.

use serde_json::{Map, Value, json};

use super::{commit::commit, mailable, one_time_mail, session};
use crate::{
    app::App,
    base::{
        error::{Error, Result},
        event::EventKind,
        ids::Scope,
        input::{Metadata, Parsed, PersonName, Phone},
    },
    domain::{
        audit::{self, Action, AuditEntry},
        user::Profile,
    },
    hooks::{FlowContext, Payload, Step},
    storage::store::{StoreError, Tx, UserChange, UserRow},
};

/// Who changes an account, for events and the audit log.
#[derive(Clone, Debug)]
pub(crate) struct Requester {
    /// `user:<id>`, `admin:<id>`, `key:<scope>`
    pub(crate) actor: String,
    /// The session it happens in, if it is the user's own doing.
    pub(crate) session_id: Option<String>,
    /// What the client says about itself.
    pub(crate) client: Map<String, Value>,
}

/// A change that somebody asked for.
#[derive(Clone, Debug)]
pub(crate) struct Update {
    pub(crate) change: UserChange,
    /// As it was asked for: what hooks see as `changes`. Without passwords.
    pub(crate) asked: Value,
    pub(crate) by: Requester,
}

/// Changes the account: before-hooks (they see the user as they would be, and what was asked for) → one transaction →
/// after-hooks. `also` runs in the transaction, under the lock of the account, with the user as they are then.
pub(crate) async fn update(
    app: &App,
    at: FlowContext<'_>,
    user: UserRow,
    update: Update,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<UserRow> {
    let Update { change, asked, by } = update;
    let before = Profile::of(&user)?;
    let wanted = before.with(&change);
    let payload = Payload::of_user(Some(user.id.clone()), wanted.clone(), by.client.clone());
    let payload = payload.with_fact("changes", spelled(asked, &change));
    let payload = app.hooks.run(&at, Step::UserUpdate.before(), payload).await?;
    let decided = payload.user.clone().unwrap_or(wanted);
    let change = decided_change(&user, &before, &decided, change);
    if let Some(change) = &change
        && let Some(email) = &change.email
        && !matches!(change.email_verified_ms, Some(Some(_)))
    {
        mailable::check(app, at.scope, email).await?;
    }
    let (scope, now_ms) = (at.scope.clone(), app.clock.now_ms());
    let Some(change) = change else {
        return commit(app, at, move |tx| {
            let user = tx.lock_user(&scope, &user.id)?.ok_or(StoreError::UserGone)?;
            also(tx, &user)?;
            Ok(user)
        })
        .await;
    };
    let kept = commit(app, at, move |tx| {
        let current = tx.lock_user(&scope, &user.id)?.ok_or(StoreError::UserGone)?;
        check_unchanged(&user, &current, &change)?;
        let changed = tx
            .update_user(&scope, &user.id, &change, now_ms)?
            .ok_or(StoreError::UserGone)?;
        if change.email.is_some() {
            // Whoever reads the mailbox of before, or has begun to put another in its place, gets nowhere.
            one_time_mail::drop_tokens(tx, &scope, &user.id)?;
        }
        also(tx, &changed)?;
        let session_id = by.session_id.as_deref();
        let event = session::event(EventKind::UserUpdated, by.actor, &changed, session_id, now_ms)?;
        tx.insert_event(&scope, &event)?;
        Ok(changed)
    })
    .await?;
    session::after(app, at, Step::UserUpdate, kept, payload).await
}

/// Deletes the account with its sessions, factors and identities: before-hooks → one transaction → after-hooks. `also` runs
/// in the transaction, before the user is gone.
pub(crate) async fn delete(
    app: &App,
    at: FlowContext<'_>,
    user: UserRow,
    by: Requester,
    also: impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + 'static,
) -> Result<()> {
    let payload = Payload::of_user(Some(user.id.clone()), Profile::of(&user)?, by.client.clone());
    let payload = app.hooks.run(&at, Step::UserDelete.before(), payload).await?;
    let (scope, now_ms) = (at.scope.clone(), app.clock.now_ms());
    let gone = commit(app, at, move |tx| {
        let user = tx.lock_user(&scope, &user.id)?.ok_or(StoreError::UserGone)?;
        also(tx, &user)?;
        let session_id = by.session_id.as_deref();
        let event = session::event(EventKind::UserDeleted, by.actor, &user, session_id, now_ms)?;
        tx.insert_event(&scope, &event)?;
        tx.delete_user(&scope, &user.id)?;
        Ok(user)
    })
    .await?;
    let payload = payload.committed(&gone.id, Profile::of(&gone)?);
    app.hooks.run(&at, Step::UserDelete.after(), payload).await?;
    Ok(())
}

/// What was asked for, with every value in the spelling that is kept.
fn spelled(mut asked: Value, change: &UserChange) -> Value {
    if let Some(email) = &change.email {
        asked["email"] = json!(email.as_str());
    }
    if let Some(phone) = &change.phone {
        asked["phone"] = json!(phone.as_ref().map(Phone::as_str));
    }
    if let Some(name) = &change.name {
        asked["name"] = json!(name.as_ref().map(PersonName::as_str));
    }
    asked
}

/// Metadata that a client sends is merged into what there is (RFC 7396).
pub(crate) fn merged(stored: &str, patch: Value) -> Result<Parsed<Metadata>> {
    let current = Metadata::stored(stored).map_err(|error| Error::unexpected("reading stored metadata", error))?;
    Ok(current.patched(patch))
}

/// What is written: what the hooks made of the profile, and the flags that were asked for, as long as they are about the
/// address and the number that were asked for. `None`: nothing.
fn decided_change(user: &UserRow, before: &Profile, decided: &Profile, asked: UserChange) -> Option<UserChange> {
    let email = asked.email.as_ref().unwrap_or(&before.email);
    let phone = asked.phone.as_ref().unwrap_or(&before.phone);
    // The same address in other letters stays as verified as it was.
    let same_address = before.email.normal() == decided.email.normal();
    let kept = same_address.then_some(user.email_verified_ms);
    let profile = before.change_to(decided).unwrap_or_default();
    let change = UserChange {
        email_verified_ms: asked
            .email_verified_ms
            .filter(|_| email.normal() == decided.email.normal())
            .or(profile.email.as_ref().and(kept)),
        phone_verified_ms: asked.phone_verified_ms.filter(|_| *phone == decided.phone),
        ban: asked.ban,
        ..profile
    };
    (change != UserChange::default()).then_some(change)
}

/// A document is written as a whole, so it must still be the one that the hooks saw.
fn check_unchanged(seen: &UserRow, current: &UserRow, change: &UserChange) -> std::result::Result<(), StoreError> {
    let stale = change.metadata.is_some() && seen.metadata != current.metadata
        || change.public_metadata.is_some() && seen.public_metadata != current.public_metadata;
    match stale {
        true => Err(StoreError::UserChanged),
        false => Ok(()),
    }
}

/// Writes the line of the audit log, for the transaction of a flow.
pub(crate) fn noted(
    action: Action,
    scope: &Scope,
    by: &audit::Actor,
    now_ms: i64,
) -> impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + use<> {
    let (scope, by) = (scope.clone(), by.clone());
    move |tx, user| audit::record(tx, Some(&scope), &by, AuditEntry::new(action, &user.id), now_ms)
}

/// The same for a change: the names of what was asked for; the values are in the event.
pub(crate) fn noted_change(
    scope: &Scope,
    by: &audit::Actor,
    change: &UserChange,
    now_ms: i64,
) -> impl FnOnce(&mut Tx<'_>, &UserRow) -> std::result::Result<(), StoreError> + Send + use<> {
    let (scope, by) = (scope.clone(), by.clone());
    let fields: Vec<&str> = [
        ("email", change.email.is_some()),
        ("phone", change.phone.is_some()),
        ("name", change.name.is_some()),
        ("metadata", change.metadata.is_some()),
        ("publicMetadata", change.public_metadata.is_some()),
        ("emailVerified", change.email_verified_ms.is_some()),
        ("phoneVerified", change.phone_verified_ms.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, is_changed)| is_changed.then_some(name))
    .collect();
    move |tx, user| {
        let entry = AuditEntry::new(Action::UserUpdated, &user.id).with(json!({ "fields": fields }));
        audit::record(tx, Some(&scope), &by, entry, now_ms)
    }
}
