//! `DELETE /auth/mfa/factors/{id}`

use std::sync::Arc;

use aerocall_api_types::Done;
use aerocall_contract::errors;
use serde_json::{Value, json};

use super::check::{self, Right, Shown};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        input::{Fields, Plaintext},
    },
    domain::{
        audit::{self, Action, Actor, AuditEntry},
        project::{AuthSettings, MfaPolicy},
    },
    flows::steps::{
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples, reauthentication,
        session::{self, SignedIn},
    },
    storage::store::{AccountRefusal, FactorRow, StoreError},
};

/// Taking a second factor away.
pub(crate) struct RemoveFactor;

/// What shows that it is the owner.
#[derive(Debug)]
pub(crate) enum Input {
    Factor(Shown),
    Password(Arc<Plaintext>),
}

impl Flow for RemoveFactor {
    type Who = SignedIn;
    type Input = Input;
    type Output = Done;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Delete,
        path: "/auth/mfa/factors/{id}",
        summary: "Remove an MFA factor",
        about: "Needs a recent login and one of the fields. All other sessions of the account end. Removing the last factor also deletes the recovery codes. If the project requires a second factor, the last one cannot be removed (`mfa_required`).",
        fields: &[
            Field::optional(
                "code",
                FieldKind::Code,
                "A current code from one of the account's authenticator apps.",
            ),
            Field::optional(
                "recovery_code",
                FieldKind::Text(20),
                "One of the account's recovery codes.",
            ),
            Field::optional("password", FieldKind::Password, "The account's password."),
        ],
        example: r#"{"code":"123456"}"#,
        answer: Answer {
            status: 200,
            about: "The factor was removed.",
            example: examples::DONE,
        },
        steps: &[],
        events: &[EventKind::MfaRemoved],
        errors: &[
            errors::RECENT_LOGIN_REQUIRED,
            errors::INVALID_CODE,
            errors::INVALID_CREDENTIALS,
            errors::NOT_FOUND,
            errors::RATE_LIMITED,
            errors::MFA_REQUIRED,
        ],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        if !fields.has("password") {
            return Shown::read(fields).map(Input::Factor);
        }
        let password = fields.required("password", Plaintext::given);
        for other in ["code", "recovery_code"] {
            if fields.has(other) {
                fields.problem(other, "cannot be sent together with password");
                fields.optional(other, Ok::<Value, String>);
            }
        }
        password.map(Arc::new).map(Input::Password)
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Done> {
        caller.who.require_recent(&caller.settings, app.clock.now_ms())?;
        let right = prove(app, caller, input).await?;
        let (scope, user_id) = (caller.scope.clone(), caller.who.user.id.clone());
        let session_id = caller.who.session.id.clone();
        let (factor_id, now_ms) = (caller.part("id")?.to_owned(), app.clock.now_ms());
        let by = Actor::request(caller.who.actor(), &caller.request);
        let wanted = caller.settings.mfa == MfaPolicy::Required;
        let removed = app.store.write(move |tx| {
            let user = tx.lock_user(&scope, &user_id)?.ok_or(StoreError::CredentialsChanged)?;
            let factors = tx.factors(&scope, &user_id)?;
            let Some(removed) = factors.iter().find(|factor| factor.id == factor_id) else {
                return Ok(false);
            };
            let others = factors.iter().filter(|factor| factor.id != factor_id);
            if wanted && !others.clone().any(FactorRow::is_verified) && factors.iter().any(FactorRow::is_verified) {
                return Err(StoreError::AccountRefused(AccountRefusal::MfaRequired));
            }
            if let Some(right) = &right {
                right.take(tx, &scope, &user_id)?;
            }
            tx.delete_factor(&scope, &user_id, &factor_id)?;
            if removed.is_verified() {
                tx.revoke_other_sessions(&scope, &user_id, &session_id, now_ms)?;
            }
            if !tx.has_second_factor(&scope, &user_id)? {
                tx.put_recovery_codes(&user_id, &[], now_ms)?;
            }
            let mut event = session::event(EventKind::MfaRemoved, session::actor(&user), &user, None, now_ms)?;
            event.data["factor"] = json!({ "id": factor_id, "type": "totp" });
            tx.insert_event(&scope, &event)?;
            let entry = AuditEntry::new(Action::MfaRemoved, &user_id).with(json!({ "factor": factor_id }));
            audit::record(tx, Some(&scope), &by, entry, now_ms)?;
            Ok(true)
        });
        if !removed.await? {
            return Err(Refusal::not_found().into());
        }
        app.hooks.platform.events.notify_one();
        Ok(Done::ANSWER)
    }
}

async fn prove(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Option<Right>> {
    let user = &caller.who.user;
    match input {
        Input::Factor(shown) => {
            let right = check::check(app, caller, user, &shown).await?;
            Ok(Some(right))
        }
        Input::Password(password) => {
            reauthentication::check_password(app, caller, password).await?;
            Ok(None)
        }
    }
}
