//! `POST /auth/mfa/enroll/confirm`

use aerocall_api_types::{EnrolledSession, FactorConfirmation, RecoveryCodes};
use aerocall_contract::errors;
use serde_json::{Map, Value, json};

use super::{
    enroller::{self, Attempt, Enroller},
    offered, verify,
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        ids::Scope,
        input::{Fields, short_text},
    },
    domain::{
        audit::{self, Action, Actor, AuditEntry},
        project::AuthSettings,
    },
    flows::{
        auth::otp,
        steps::{
            endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate, Somebody},
            one_time::{self, TokenPurpose},
            recovery_codes::RecoveryCodeSet,
            session, sign_in, totp,
        },
    },
    hooks::{FlowContext, Step},
    storage::store::{StoreError, Tx},
};

/// Finishing with an authenticator app.
pub(crate) struct ConfirmFactor;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    token: Option<String>,
    factor_id: String,
    code: String,
    client: Option<Map<String, Value>>,
}

/// A factor whose code was shown.
struct Shown {
    scope: Scope,
    user_id: String,
    factor_id: String,
    step: i64,
    hashes: Vec<String>,
    /// The session that enrols and goes on.
    session: Option<String>,
    by: Actor,
    now_ms: i64,
}

impl Flow for ConfirmFactor {
    type Who = Somebody;
    type Input = Input;
    type Output = FactorConfirmation;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/mfa/enroll/confirm",
        summary: "Confirm an authenticator app",
        about: "Activates the factor: from now on every login of the account asks for a second factor, and all other sessions of the account end, because none of them has shown it. The recovery codes are returned only here, and earlier ones stop working. With the `token` of an enrollment this completes the login: the login hooks run, and the response contains the session.",
        fields: &[
            Field::optional(
                "token",
                FieldKind::Token,
                "The token from `mfa_enrollment`, instead of an access token; it is used up by five wrong codes.",
            ),
            Field::required(
                "factor_id",
                FieldKind::Text(100),
                "The `factor_id` from the enrollment.",
            ),
            Field::required(
                "code",
                FieldKind::Code,
                "The current six-digit code from the authenticator app.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"factor_id":"mfa_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f","code":"123456"}"#,
        answer: Answer {
            status: 200,
            about: "Ten recovery codes, each usable once instead of a code from the app; with `token`, also the session.",
            example: r#"{"recovery_codes": ["x3k9-0abc-7def"]}"#,
        },
        steps: &[Step::Login, Step::TokenIssue],
        events: &[EventKind::MfaEnrolled, EventKind::Login],
        errors: &[
            errors::NOT_ENABLED,
            errors::INVALID_TOKEN,
            errors::RECENT_LOGIN_REQUIRED,
            errors::INVALID_CODE,
            errors::ACCOUNT_BANNED,
            errors::EMAIL_UNVERIFIED,
        ],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let token = enroller::read(fields);
        let factor_id = fields.required("factor_id", short_text(100));
        let code = fields.required("code", otp::code);
        let client = Some(session::read_client(fields)).filter(|client| !client.is_empty());
        let (factor_id, code) = factor_id.zip(code)?;
        Some(Input {
            token,
            factor_id,
            code,
            client,
        })
    }

    async fn run(app: &App, caller: &Caller<Somebody>, input: Input) -> Result<FactorConfirmation> {
        offered(&caller.settings)?;
        let who = enroller::find(app, caller, input.token.as_deref(), Attempt::Counts).await?;
        let (shown, recovery_codes) = shown(app, caller, &who, input.factor_id, &input.code).await?;
        let Some((half, token)) = who.half.zip(input.token) else {
            app.store.write(move |tx| shown.keep(tx)).await?;
            app.hooks.platform.events.notify_one();
            return Ok(FactorConfirmation::RecoveryCodes(RecoveryCodes { recovery_codes }));
        };
        let how = verify::how(&half, input.client)?;
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let also = move |tx: &mut Tx<'_>, _: &_| {
            let taken = one_time::take_link(tx, &shown.scope, TokenPurpose::MfaEnrollment, &token, shown.now_ms)?;
            taken.ok_or(StoreError::CodeSpent)?;
            // Whoever has one shows it; a password alone brings no second one.
            if tx.has_second_factor(&shown.scope, &shown.user_id)? {
                return Err(StoreError::CodeSpent);
            }
            shown.keep(tx)
        };
        let session = sign_in::enter(app, at, &caller.settings, who.user, how, also).await?;
        Ok(FactorConfirmation::Session(Box::new(EnrolledSession {
            recovery_codes,
            session,
        })))
    }
}

/// The factor that was begun, if the code is its; with the recovery codes to go with it.
async fn shown(
    app: &App,
    caller: &Caller<Somebody>,
    Enroller { user, session, .. }: &Enroller,
    factor_id: String,
    code: &str,
) -> Result<(Shown, Vec<String>)> {
    let scope = &caller.scope;
    let (owned, id) = (scope.clone(), user.id.clone());
    let factors = app.store.read(move |tx| tx.factors(&owned, &id)).await?;
    let wanted = factors.iter().find(|factor| factor.id == factor_id);
    let pending = wanted.filter(|factor| !factor.is_verified());
    let factor = pending.ok_or_else(Refusal::invalid_code)?;
    let name = totp::factor_name(scope, &user.id, &factor.id);
    let step = totp::step(app, &factor.sealed_secret, &name, code)?.ok_or_else(Refusal::invalid_code)?;
    let set = RecoveryCodeSet::new(app, &user.id)?;
    let shown = Shown {
        scope: scope.clone(),
        user_id: user.id.clone(),
        factor_id,
        step,
        hashes: set.hashes,
        session: session.clone(),
        by: Actor::request(session::actor(user), &caller.request),
        now_ms: app.clock.now_ms(),
    };
    Ok((shown, set.codes))
}

impl Shown {
    /// In a transaction: the factor counts from now on. Sessions that began without it end: whoever has one of them could take the
    /// factor away again.
    fn keep(&self, tx: &mut Tx<'_>) -> std::result::Result<(), StoreError> {
        let Self { scope, user_id, .. } = self;
        let user = tx.lock_user(scope, user_id)?.ok_or(StoreError::CodeSpent)?;
        if !tx.confirm_factor(scope, user_id, &self.factor_id, self.step, self.now_ms)? {
            return Err(StoreError::CodeSpent);
        }
        match &self.session {
            Some(session) => tx.revoke_other_sessions(scope, user_id, session, self.now_ms)?,
            None => tx.revoke_sessions(scope, user_id, self.now_ms)?,
        };
        tx.put_recovery_codes(user_id, &self.hashes, self.now_ms)?;
        let mut event = session::event(EventKind::MfaEnrolled, session::actor(&user), &user, None, self.now_ms)?;
        event.data["factor"] = json!({ "id": self.factor_id, "type": "totp" });
        tx.insert_event(scope, &event)?;
        let entry = AuditEntry::new(Action::MfaEnrolled, user_id).with(json!({ "factor": self.factor_id }));
        audit::record(tx, Some(scope), &self.by, entry, self.now_ms)
    }
}
