//! `POST /auth/mfa/recovery-codes`

use aerocall_api_types::RecoveryCodes;
use aerocall_contract::errors;

use super::{
    check::{self, Shown},
    offered,
};
use crate::{
    app::App,
    base::{error::Result, input::Fields},
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        recovery_codes::RecoveryCodeSet,
        session::SignedIn,
    },
    storage::store::StoreError,
};

/// Asking for new recovery codes.
pub(crate) struct RenewRecoveryCodes;

impl Flow for RenewRecoveryCodes {
    type Who = SignedIn;
    type Input = Shown;
    type Output = RecoveryCodes;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/mfa/recovery-codes",
        summary: "Regenerate recovery codes",
        about: "Needs a recent login and one of the fields. The previous recovery codes stop working.",
        fields: &[
            Field::optional(
                "code",
                FieldKind::Code,
                "A current code from one of the account's authenticator apps.",
            ),
            Field::optional(
                "recovery_code",
                FieldKind::Text(20),
                "One of the previous recovery codes.",
            ),
        ],
        example: r#"{"code":"123456"}"#,
        answer: Answer {
            status: 200,
            about: "Ten recovery codes, each usable once instead of a code from the app; returned only here.",
            example: r#"{"recovery_codes": ["x3k9-0abc-7def"]}"#,
        },
        steps: &[],
        events: &[],
        errors: &[
            errors::NOT_ENABLED,
            errors::RECENT_LOGIN_REQUIRED,
            errors::INVALID_CODE,
            errors::RATE_LIMITED,
        ],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Shown> {
        Shown::read(fields)
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, shown: Shown) -> Result<RecoveryCodes> {
        offered(&caller.settings)?;
        caller.who.require_recent(&caller.settings, app.clock.now_ms())?;
        let (scope, user_id) = (caller.scope.clone(), caller.who.user.id.clone());
        let right = check::check(app, caller, &caller.who.user, &shown).await?;
        let set = RecoveryCodeSet::new(app, &user_id)?;
        let (hashes, now_ms) = (set.hashes, app.clock.now_ms());
        let renewed = app.store.write(move |tx| {
            tx.lock_user(&scope, &user_id)?.ok_or(StoreError::CredentialsChanged)?;
            right.take(tx, &scope, &user_id)?;
            tx.put_recovery_codes(&user_id, &hashes, now_ms)
        });
        renewed.await?;
        Ok(RecoveryCodes {
            recovery_codes: set.codes,
        })
    }
}
