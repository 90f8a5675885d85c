//! `POST /auth/mfa/enroll`

use aerocall_api_types::FactorEnrollment;
use aerocall_contract::errors;

use super::{
    enroller::{self, Attempt},
    offered,
};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        ids::{Kind, new_id},
        input::{Fields, short_text},
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate, Somebody},
        totp,
    },
    storage::store::{FactorRow, StoreError},
};

const MAX_FACTORS: usize = 5;

/// Beginning with an authenticator app.
pub(crate) struct EnrollFactor;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    token: Option<String>,
    name: Option<String>,
}

impl Flow for EnrollFactor {
    type Who = Somebody;
    type Input = Input;
    type Output = FactorEnrollment;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/mfa/enroll",
        summary: "Enroll an authenticator app",
        about: "Creates a TOTP factor (RFC 6238). Needs a recent login, or the token from `mfa_enrollment` if the project requires a second factor. The factor is active once it is confirmed with a code; an earlier unconfirmed enrollment is discarded. An account has at most five factors.",
        fields: &[
            Field::optional(
                "token",
                FieldKind::Token,
                "The token from `mfa_enrollment`, instead of an access token.",
            ),
            Field::optional("name", FieldKind::Text(100), "Name of the factor, chosen by the user."),
        ],
        example: r#"{"name":"My phone"}"#,
        answer: Answer {
            status: 201,
            about: "The secret for the app, returned only here: as text, and as an `otpauth` URL for a QR code.",
            example: r#"{"factor_id": "mfa_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "secret": "JBSWY3DPEHPK3PXP…", "otpauth_url": "otpauth://totp/…"}"#,
        },
        steps: &[],
        events: &[],
        errors: &[
            errors::NOT_ENABLED,
            errors::INVALID_TOKEN,
            errors::INVALID_CODE,
            errors::RECENT_LOGIN_REQUIRED,
            errors::LIMIT_REACHED,
        ],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            token: enroller::read(fields),
            name: fields.optional("name", short_text(100)),
        })
    }

    async fn run(app: &App, caller: &Caller<Somebody>, input: Input) -> Result<FactorEnrollment> {
        offered(&caller.settings)?;
        let who = enroller::find(app, caller, input.token.as_deref(), Attempt::Free).await?;
        let (user, on_the_way) = (&who.user, who.half.is_some());
        let issuer = caller.settings.app_name.as_deref();
        let issuer = issuer.unwrap_or(caller.scope.project.as_str());
        let factor_id = new_id(Kind::Factor);
        let name = totp::factor_name(&caller.scope, &user.id, &factor_id);
        let enrolled = totp::enroll(app, &name, issuer, &user.email)?;
        let row = FactorRow {
            id: factor_id.clone(),
            user_id: user.id.clone(),
            kind: "totp".to_owned(),
            name: input.name,
            sealed_secret: enrolled.sealed,
            state: "pending".to_owned(),
            last_step: 0,
            created_ms: app.clock.now_ms(),
            verified_ms: None,
        };
        let (scope, id) = (caller.scope.clone(), user.id.clone());
        let kept = app.store.write(move |tx| {
            tx.lock_user(&scope, &id)?;
            // Whoever has one shows it; a password alone brings no second one.
            if on_the_way && tx.has_second_factor(&scope, &id)? {
                return Err(StoreError::CodeSpent);
            }
            tx.delete_pending_factors(&scope, &id)?;
            let is_room = tx.factors(&scope, &id)?.len() < MAX_FACTORS;
            if is_room {
                tx.insert_factor(&scope, &row)?;
            }
            Ok(is_room)
        });
        if !kept.await? {
            return Err(Refusal::limit_reached(format!("An account can have at most {MAX_FACTORS} factors")).into());
        }
        Ok(FactorEnrollment {
            factor_id,
            secret: enrolled.secret,
            otpauth_url: enrolled.url,
        })
    }
}
