//! `POST /auth/mfa/enroll/confirm`

use serde::Serialize;

use super::{offered, recovery, totp};
use crate::{
    app::App,
    error::{Refusal, Result},
    events::EventKind,
    flows::{
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        otp,
        session::{self, SignedIn},
    },
    input::{Fields, short_text},
    project::AuthSettings,
    store::StoreError,
};

/// Finishing with an authenticator app.
pub(crate) struct ConfirmFactor;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    factor_id: String,
    code: String,
}

/// The reply: shown once.
#[derive(Debug, Serialize)]
pub(crate) struct Codes {
    pub(super) recovery_codes: Vec<String>,
}

impl Flow for ConfirmFactor {
    type Who = SignedIn;
    type Input = Input;
    type Output = Codes;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/mfa/enroll/confirm",
        summary: "Finish with an authenticator app",
        about: "From now on every way in asks for a second factor. The recovery codes are shown here and never again; ones from before work no more.",
        fields: &[
            Field::required("factor_id", FieldKind::Text(100), "As the enrolment answered."),
            Field::required("code", FieldKind::Code, "As the app shows it."),
        ],
        example: r#"{"factor_id":"mfa_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f","code":"123456"}"#,
        answer: Answer {
            status: 200,
            about: "Ten recovery codes, each for one time without the app.",
            example: r#"{"recovery_codes": ["x3k9-0abc-7def"]}"#,
        },
        moments: &[],
        events: &[EventKind::MfaEnrolled],
        errors: &["not_enabled", "recent_login_required", "invalid_code"],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let factor_id = fields.required("factor_id", short_text(100));
        let code = fields.required("code", otp::code);
        let (factor_id, code) = factor_id.zip(code)?;
        Some(Input { factor_id, code })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Codes> {
        offered(&caller.settings)?;
        caller.who.require_recent(&caller.settings, app.clock.now_ms())?;
        let (scope, user_id) = (caller.scope.clone(), caller.who.user.id.clone());
        let (owned, id) = (scope.clone(), user_id.clone());
        let factors = app.store.read(move |tx| tx.factors(&owned, &id)).await?;
        let wanted = factors.iter().find(|factor| factor.id == input.factor_id);
        let pending = wanted.filter(|factor| !factor.is_verified());
        let factor = pending.ok_or_else(Refusal::invalid_code)?;
        let step = totp::step(app, &scope, factor, &input.code)?.ok_or_else(Refusal::invalid_code)?;
        let set = recovery::Set::new(app, &user_id)?;

        let (now_ms, factor_id, hashes) = (app.clock.now_ms(), input.factor_id, set.hashes);
        let confirmed = app.store.write(move |tx| {
            let user = tx.user_alone(&scope, &user_id)?.ok_or(StoreError::CodeSpent)?;
            if !tx.confirm_factor(&scope, &user_id, &factor_id, step, now_ms)? {
                return Err(StoreError::CodeSpent);
            }
            tx.put_recovery_codes(&user_id, &hashes, now_ms)?;
            let mut event = session::event(EventKind::MfaEnrolled, session::actor(&user), &user, None, now_ms)?;
            event.data["factor"] = serde_json::json!({ "id": factor_id, "type": "totp" });
            tx.insert_event(&scope, &event)
        });
        confirmed.await?;
        app.hooks.platform.events.notify_one();
        Ok(Codes {
            recovery_codes: set.codes,
        })
    }
}
