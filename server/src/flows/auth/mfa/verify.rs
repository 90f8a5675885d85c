//! `POST /auth/mfa/verify`

use aerocall_api_types::SessionGrant;
use aerocall_contract::errors;
use serde_json::{Map, Value, json};

use super::check::{self, Right, Shown};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        ids::Scope,
        input::{Fields, short_text},
    },
    domain::{project::AuthSettings, user::Profile},
    flows::steps::{
        account_mail::MAX_TOKEN_CHARS,
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        one_time::{self, TokenPurpose},
        one_time_mail,
        session::{self, Proof},
        sign_in::{self, How},
    },
    hooks::{FlowContext, Payload, Step},
    storage::store::{OneTimeTokenRow, StoreError, Tx, UserRow},
};

/// Verifying the second factor of a login.
pub(crate) struct VerifyMfa;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    token: String,
    shown: Shown,
    client: Option<Map<String, Value>>,
}

impl Flow for VerifyMfa {
    type Who = Anybody;
    type Input = Input;
    type Output = SessionGrant;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/mfa/verify",
        summary: "Verify an MFA challenge",
        about: "Completes the login of an account that has a second factor. The login hooks run here, once. A challenge ends after five minutes or five attempts; an account has `failuresPerAccount` attempts within 15 minutes, and as many of its own from an IP address that it has had a session from.",
        fields: &[
            Field::required("token", FieldKind::Token, "The challenge token from `mfa`."),
            Field::optional(
                "code",
                FieldKind::Code,
                "The current six-digit code from the authenticator app.",
            ),
            Field::optional(
                "recovery_code",
                FieldKind::Text(20),
                "A recovery code, instead of `code`; works once.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"token":"ot_…","code":"123456"}"#,
        answer: Answer {
            status: 200,
            about: "A session.",
            example: examples::GRANTED,
        },
        steps: &[Step::MfaVerify, Step::Login, Step::TokenIssue],
        events: &[EventKind::MfaVerified, EventKind::MfaRecoveryUsed, EventKind::Login],
        errors: &[
            errors::INVALID_CODE,
            errors::RATE_LIMITED,
            errors::ACCOUNT_BANNED,
            errors::EMAIL_UNVERIFIED,
        ],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let token = fields.required("token", short_text(MAX_TOKEN_CHARS));
        let shown = Shown::read(fields);
        let client = Some(session::read_client(fields)).filter(|client| !client.is_empty());
        let (token, shown) = token.zip(shown)?;
        Some(Input { token, shown, client })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<SessionGrant> {
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let row = one_time::challenged(app, at.scope, TokenPurpose::MfaChallenge, &input.token).await?;
        let user = one_time_mail::by_id(app, at.scope, row.user_id.as_deref()).await?;
        let user = user.ok_or_else(Refusal::invalid_code)?;
        let right = check::check(app, caller, &user, &input.shown).await?;
        let how = how(&row, input.client)?;

        let payload = Payload::of_user(Some(user.id.clone()), Profile::of(&user)?, how.client.clone())
            .with_fact("method", json!(input.shown.method()));
        let payload = app.hooks.run(&at, Step::MfaVerify.before(), payload).await?;
        let change = one_time_mail::patched(&user, &payload)?;
        let (scope, now_ms, token) = (at.scope.clone(), app.clock.now_ms(), input.token);
        let also = move |tx: &mut Tx<'_>, current: &UserRow| {
            let taken = one_time::take_link(tx, &scope, TokenPurpose::MfaChallenge, &token, now_ms)?;
            taken.ok_or(StoreError::CodeSpent)?;
            right.take(tx, &scope, &current.id)?;
            if let Some(change) = &change {
                tx.update_user(&scope, &current.id, change, now_ms)?;
            }
            insert_event(tx, &scope, current, &right, now_ms)
        };
        let user_id = user.id.clone();
        let session = sign_in::enter(app, at, &caller.settings, user, how, also).await?;
        let user = one_time_mail::by_id(app, at.scope, Some(&user_id)).await?;
        one_time_mail::after(app, at, Step::MfaVerify, user, payload).await?;
        Ok(session)
    }
}

/// The first half's proofs, and this one.
pub(super) fn how(row: &OneTimeTokenRow, client: Option<Map<String, Value>>) -> Result<How> {
    let data = one_time::data(row)?;
    let proofs = data["proofs"].as_array().into_iter().flatten();
    let proofs = proofs.filter_map(|proof| Proof::of(proof.as_str()?));
    Ok(How {
        provider: data["provider"].as_str().unwrap_or_default().to_owned(),
        proofs: proofs.chain([Proof::SecondFactor]).collect(),
        client: client.unwrap_or_else(|| data["client"].as_object().cloned().unwrap_or_default()),
    })
}

fn insert_event(
    tx: &mut Tx<'_>,
    scope: &Scope,
    user: &UserRow,
    right: &Right,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    let (kind, method) = match right {
        Right::Totp { .. } => (EventKind::MfaVerified, "totp"),
        Right::Recovery { .. } => (EventKind::MfaRecoveryUsed, "recovery_code"),
    };
    let mut event = session::event(kind, session::actor(user), user, None, now_ms)?;
    event.data["method"] = json!(method);
    tx.insert_event(scope, &event)
}
