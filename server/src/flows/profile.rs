//! Changing an account and taking it away, whoever asks: its owner or an admin. What each may ask for is theirs to know.

use serde_json::{Map, Value};

use super::{commit::commit, session};
use crate::{
    app::App,
    audit::{self, Action, By, Deed},
    error::Result,
    events::{Event, EventKind},
    hooks::{At, Moment, Payload},
    input::Email,
    store::{StoreError, UserChange, UserRow},
    user::{self, Profile},
};

/// Who changes an account, and in whose session.
pub(super) struct Doer {
    pub(super) by: By,
    /// Absent when an admin does it.
    pub(super) session_id: Option<String>,
    pub(super) client: Map<String, Value>,
}

/// What is asked for.
pub(super) struct Wanted {
    /// The profile as it is to be, before hooks.
    pub(super) profile: Profile,
    /// The fields that were sent.
    pub(super) changes: Map<String, Value>,
    /// Whether the address counts as confirmed, if that was said.
    pub(super) email: Option<Confirmed>,
    /// The same of the number.
    pub(super) phone: Option<Confirmed>,
}

/// Whether an address or number is known to be its owner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Confirmed {
    Yes,
    No,
}

impl Confirmed {
    fn at(self, now_ms: i64) -> Option<i64> {
        match self {
            Self::Yes => Some(now_ms),
            Self::No => None,
        }
    }
}

/// Before-hooks, which see the account as it is to be → one transaction → after-hooks.
pub(super) async fn change(app: &App, at: At<'_>, user: UserRow, wanted: Wanted, doer: Doer) -> Result<UserRow> {
    let before = Profile::of(&user)?;
    let asked = wanted.profile.email.clone();
    let (email, phone) = (wanted.email, wanted.phone);
    let payload = Payload::of_user(Some(user.id.clone()), wanted.profile, doer.client)
        .with_fact("changes", wanted.changes.into());
    let payload = app.hooks.run(&at, Moment::UserUpdate.before(), payload).await?;
    let outcome = payload.user.clone().unwrap_or_else(|| before.clone());
    let now_ms = app.clock.now_ms();
    let change = UserChange {
        email_verified_ms: email
            .filter(|_| is_the_same(&asked, &outcome.email))
            .map(|confirmed| confirmed.at(now_ms)),
        phone_verified_ms: phone
            .filter(|_| outcome.phone.is_some())
            .map(|confirmed| confirmed.at(now_ms)),
        ..before.change_to(&outcome).unwrap_or_default()
    };
    let (scope, by, session_id) = (at.scope.clone(), doer.by, doer.session_id);
    let kept = commit(app, at, move |tx| {
        let current = tx.user_alone(&scope, &user.id)?.ok_or(StoreError::CredentialsChanged)?;
        if change == UserChange::default() {
            return Ok(current);
        }
        let user = tx.update_user(&scope, &current.id, &change, now_ms)?;
        let user = user.ok_or(StoreError::CredentialsChanged)?;
        let event = session::event(
            EventKind::UserUpdated,
            by.actor.clone(),
            &user,
            session_id.as_deref(),
            now_ms,
        )?;
        tx.insert_event(&scope, &event)?;
        let deed = Deed::new(Action::UserUpdated, &user.id).with(serde_json::json!({ "fields": fields(&change) }));
        audit::note(tx, Some(&scope), &by, deed, now_ms)?;
        Ok(user)
    })
    .await?;
    session::after(app, at, Moment::UserUpdate, kept, payload).await
}

/// A hook may have put another address in place of the one that was said to be confirmed.
fn is_the_same(asked: &Email, outcome: &Email) -> bool {
    asked.normal() == outcome.normal()
}

/// Names for the audit log; the values are in the event.
fn fields(change: &UserChange) -> Vec<&'static str> {
    [
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
    .collect()
}

/// Before-hooks → one transaction → after-hooks, to whom the account is only a memory.
pub(super) async fn remove(app: &App, at: At<'_>, user: UserRow, doer: Doer) -> Result<()> {
    let profile = Profile::of(&user)?;
    let payload = Payload::of_user(Some(user.id.clone()), profile.clone(), doer.client);
    let payload = app.hooks.run(&at, Moment::UserDelete.before(), payload).await?;
    let (scope, by, id, now_ms) = (at.scope.clone(), doer.by, user.id.clone(), app.clock.now_ms());
    commit(app, at, move |tx| {
        let user = tx.user_alone(&scope, &user.id)?.ok_or(StoreError::CredentialsChanged)?;
        let document = user::document(&user).map_err(|_| StoreError::Inconsistent("the user cannot be read back"))?;
        tx.delete_user(&scope, &user.id)?;
        let event = Event::of_user(EventKind::UserDeleted, by.actor.clone(), &document, None, now_ms);
        tx.insert_event(&scope, &event)?;
        audit::note(tx, Some(&scope), &by, Deed::new(Action::UserDeleted, &user.id), now_ms)
    })
    .await?;
    let payload = payload.committed(&id, profile);
    app.hooks.run(&at, Moment::UserDelete.after(), payload).await?;
    Ok(())
}
