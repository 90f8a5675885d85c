//! What a proof of the mailbox takes away. Until somebody has shown that an address is theirs, anybody may have signed up
//! with it and left ways into the account: they must not stay when its owner comes.

use serde_json::{Value, json};

use super::{endpoint::Somebody, one_time::TokenPurpose, one_time_mail, session};
use crate::{
    app::App,
    base::{error::Result, event::EventKind, ids::Scope},
    domain::audit::{self, Action, Actor, AuditEntry},
    hooks::FlowContext,
    storage::store::{StoreError, Tx, UserChange, UserRow},
};

/// How somebody shows that the mailbox is theirs. Login methods stay as far as whoever shows it stands behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// A code, a link to log in, or a reset: they read the mailbox and need not know of the account.
    Mailbox,
    /// The link of a verification mail, which asks whether a sign-up was theirs. What the sign-up gave stays: password,
    /// sessions, unverified phone number, the account at the provider that it was made with.
    Verification,
    /// The verification link that a later sign-up with the same address led to: with it, they have chosen this password.
    LaterSignUp { password_hash: String },
    /// A link that is opened in a session of the account: all of it is theirs.
    Session,
}

/// The owner of a mailbox, in the transaction of their proof. To be used under the lock of the account.
#[derive(Clone)]
pub(crate) struct Owner {
    scope: Scope,
    evidence: Evidence,
    by: Actor,
    now_ms: i64,
}

impl Evidence {
    /// What a verification link carries; see [`Self::of_link`].
    pub(crate) fn link_data(&self, email: &str) -> Value {
        match self {
            Self::LaterSignUp { password_hash } => json!({ "email": email, "password_hash": password_hash }),
            Self::Mailbox | Self::Verification | Self::Session => json!({ "email": email }),
        }
    }

    /// What the data of a verification link shows.
    pub(crate) fn of_link(data: &Value) -> Self {
        match data["password_hash"].as_str() {
            Some(hash) => Self::LaterSignUp {
                password_hash: hash.to_owned(),
            },
            None => Self::Verification,
        }
    }

    /// The same, if it is opened by somebody who is signed in: all of the account is theirs.
    pub(crate) fn of(self, who: &Somebody, user: &UserRow) -> Self {
        match &who.0 {
            Some(signed_in) if signed_in.user.id == user.id => Self::Session,
            _ => self,
        }
    }

    /// Of the link that shows it.
    pub(crate) fn purpose(&self) -> TokenPurpose {
        match self {
            Self::LaterSignUp { .. } => TokenPurpose::SignUpVerify,
            Self::Mailbox | Self::Verification | Self::Session => TokenPurpose::EmailVerify,
        }
    }

    fn keeps_sign_up(&self) -> bool {
        match self {
            Self::Verification | Self::Session => true,
            Self::Mailbox | Self::LaterSignUp { .. } => false,
        }
    }
}

impl Owner {
    pub(crate) fn new(app: &App, at: FlowContext<'_>, user_id: &str, evidence: Evidence) -> Self {
        Self {
            scope: at.scope.clone(),
            evidence,
            by: Actor::request(format!("user:{user_id}"), at.request),
            now_ms: app.clock.now_ms(),
        }
    }

    /// Verifies the address of the account; if nobody had before, see [`Self::take`].
    ///
    /// # Errors
    /// [`StoreError::CodeSpent`] if the account has another address by now.
    pub(crate) fn verify(&self, tx: &mut Tx<'_>, user: &UserRow, email: &str) -> std::result::Result<(), StoreError> {
        if !one_time_mail::same_address(&user.email, email) {
            return Err(StoreError::CodeSpent);
        }
        if user.email_verified_ms.is_some() {
            return Ok(());
        }
        self.take(tx, user)?;
        let verified = UserChange {
            email_verified_ms: Some(Some(self.now_ms)),
            ..UserChange::default()
        };
        let changed = tx.update_user(&self.scope, &user.id, &verified, self.now_ms)?;
        let changed = changed.ok_or(StoreError::CodeSpent)?;
        let event = one_time_mail::verified_event(&changed, email, self.now_ms)?;
        tx.insert_event(&self.scope, &event)
    }

    /// Takes away what others may have left in an account whose address nobody had verified. Name and metadata stay: they
    /// lead nowhere.
    pub(crate) fn take(&self, tx: &mut Tx<'_>, user: &UserRow) -> std::result::Result<(), StoreError> {
        if self.evidence == Evidence::Session {
            return Ok(());
        }
        self.take_factors(tx, user)?;
        self.take_identities(tx, user)?;
        self.take_phone(tx, user)?;
        self.take_sign_up(tx, user)?;
        one_time_mail::drop_tokens(tx, &self.scope, &user.id)?;
        for purpose in [
            TokenPurpose::EmailVerify,
            TokenPurpose::SignUpVerify,
            TokenPurpose::MfaGuesses,
        ] {
            tx.drop_one_time_tokens(&self.scope, purpose.as_str(), &user.id)?;
        }
        Ok(())
    }

    /// After the commit; `before`: the account before the proof. Those who used an account that nobody had verified are
    /// strangers to it from now on. Whoever has shown the mailbox is known from where they did.
    pub(crate) async fn shown(&self, app: &App, at: FlowContext<'_>, before: &UserRow) -> Result<()> {
        if self.evidence.keeps_sign_up() {
            return Ok(());
        }
        let email = one_time_mail::address_of(before)?;
        if before.email_verified_ms.is_none() {
            app.limits.forget_addresses(at.scope, email.normal()).await;
        }
        app.limits.recognize(at.scope, email.normal(), &at.request.ip).await;
        Ok(())
    }

    /// Second factors, begun ones too, and recovery codes.
    fn take_factors(&self, tx: &mut Tx<'_>, user: &UserRow) -> std::result::Result<(), StoreError> {
        for factor in tx.factors(&self.scope, &user.id)? {
            tx.delete_factor(&self.scope, &user.id, &factor.id)?;
            if !factor.is_verified() {
                continue;
            }
            let actor = self.by.actor.clone();
            let mut event = session::event(EventKind::MfaRemoved, actor, user, None, self.now_ms)?;
            event.data["factor"] = json!({ "id": factor.id, "type": factor.kind });
            tx.insert_event(&self.scope, &event)?;
            self.note(tx, user, Action::MfaRemoved, json!({ "factor": factor.id }))?;
        }
        tx.put_recovery_codes(&user.id, &[], self.now_ms)
    }

    fn take_identities(&self, tx: &mut Tx<'_>, user: &UserRow) -> std::result::Result<(), StoreError> {
        for identity in tx.identities(&self.scope, &user.id)? {
            let provider = identity.provider;
            let is_sign_up = provider == user.provider;
            // One statement takes all of a provider.
            if !(is_sign_up && self.evidence.keeps_sign_up())
                && tx.delete_identities(&self.scope, &user.id, &provider)? > 0
            {
                self.note(tx, user, Action::IdentityRemoved, json!({ "provider": provider }))?;
            }
        }
        Ok(())
    }

    /// A sign-up gives a number that is not verified.
    fn take_phone(&self, tx: &mut Tx<'_>, user: &UserRow) -> std::result::Result<(), StoreError> {
        let is_sign_up = user.phone_verified_ms.is_none();
        if user.phone.is_some() && !(is_sign_up && self.evidence.keeps_sign_up()) {
            let none = UserChange {
                phone: Some(None),
                ..UserChange::default()
            };
            tx.update_user(&self.scope, &user.id, &none, self.now_ms)?;
        }
        Ok(())
    }

    /// Password and sessions.
    fn take_sign_up(&self, tx: &mut Tx<'_>, user: &UserRow) -> std::result::Result<(), StoreError> {
        let hash = match &self.evidence {
            Evidence::Verification | Evidence::Session => return Ok(()),
            Evidence::Mailbox => None,
            Evidence::LaterSignUp { password_hash } => Some(password_hash.as_str()),
        };
        if hash.is_some() || user.password_hash.is_some() {
            tx.set_password(&self.scope, &user.id, hash, self.now_ms)?;
        }
        tx.revoke_sessions(&self.scope, &user.id, self.now_ms).map(drop)
    }

    fn note(
        &self,
        tx: &mut Tx<'_>,
        user: &UserRow,
        action: Action,
        what: Value,
    ) -> std::result::Result<(), StoreError> {
        let entry = AuditEntry::new(action, &user.id).with(what);
        audit::record(tx, Some(&self.scope), &self.by, entry, self.now_ms)
    }
}
