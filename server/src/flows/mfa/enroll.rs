//! `POST /auth/mfa/enroll`

use serde::Serialize;

use super::{offered, totp};
use crate::{
    app::App,
    error::{Refusal, Result},
    flows::{
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        session::SignedIn,
    },
    ids::{Kind, new_id},
    input::{Fields, short_text},
    project::AuthSettings,
    store::FactorRow,
};

const MOST_FACTORS: usize = 5;

/// Beginning with an authenticator app.
pub(crate) struct EnrollFactor;

/// The reply.
#[derive(Debug, Serialize)]
pub(crate) struct Begun {
    factor_id: String,
    secret: String,
    otpauth_url: String,
}

impl Flow for EnrollFactor {
    type Who = SignedIn;
    type Input = Option<String>;
    type Output = Begun;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/mfa/enroll",
        summary: "Begin with an authenticator app",
        about: "Needs a recent login. The factor counts once a code of it was shown; one that was begun before and not confirmed is forgotten.",
        fields: &[Field::optional(
            "name",
            FieldKind::Text(100),
            "What its owner calls it.",
        )],
        example: r#"{"name":"My phone"}"#,
        answer: Answer {
            status: 201,
            about: "The secret for the app, shown once: as text, and as an address for a QR code.",
            example: r#"{"factor_id": "mfa_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "secret": "JBSWY3DPEHPK3PXP…", "otpauth_url": "otpauth://totp/…"}"#,
        },
        moments: &[],
        events: &[],
        errors: &["not_enabled", "recent_login_required", "limit_reached"],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Option<String>> {
        Some(fields.optional("name", short_text(100)))
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, name: Option<String>) -> Result<Begun> {
        offered(&caller.settings)?;
        caller.who.require_recent(&caller.settings, app.clock.now_ms())?;
        let user = &caller.who.user;
        let issuer = caller.settings.app_name.as_deref();
        let issuer = issuer.unwrap_or(caller.scope.project.as_str());
        let factor_id = new_id(Kind::Factor);
        let enrolled = totp::enroll(app, &caller.scope, &user.id, &factor_id, issuer, &user.email)?;
        let row = FactorRow {
            id: factor_id.clone(),
            user_id: user.id.clone(),
            kind: "totp".to_owned(),
            name,
            sealed_secret: enrolled.sealed,
            state: "pending".to_owned(),
            last_step: 0,
            created_ms: app.clock.now_ms(),
            verified_ms: None,
        };
        let (scope, id) = (caller.scope.clone(), user.id.clone());
        let kept = app.store.write(move |tx| {
            tx.user_alone(&scope, &id)?;
            tx.delete_pending_factors(&scope, &id)?;
            let is_room = tx.factors(&scope, &id)?.len() < MOST_FACTORS;
            if is_room {
                tx.insert_factor(&scope, &row)?;
            }
            Ok(is_room)
        });
        if !kept.await? {
            return Err(Refusal::limit_reached(format!("An account has at most {MOST_FACTORS} factors")).into());
        }
        Ok(Begun {
            factor_id,
            secret: enrolled.secret,
            otpauth_url: enrolled.url,
        })
    }
}
