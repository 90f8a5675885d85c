//! `POST /auth/magic-link/verify`

use aerocall_api_types::SignIn;
use aerocall_contract::errors;
use serde_json::{Map, Value};

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        input::{Email, Fields, short_text},
    },
    domain::project::AuthSettings,
    flows::steps::{
        account_mail::MAX_TOKEN_CHARS,
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        mailbox::{self, MailboxOwner, Newcomers},
        one_time::{self, TokenPurpose},
        session::{self, Proof},
        sign_in::How,
    },
    hooks::{FlowContext, Step},
    storage::store::{StoreError, Tx},
};

/// Logging in by the link of a mail.
pub(crate) struct VerifyMagicLink;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    token: String,
    client: Map<String, Value>,
}

impl Flow for VerifyMagicLink {
    type Who = Anybody;
    type Input = Input;
    type Output = SignIn;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/magic-link/verify",
        summary: "Log in with a magic link",
        about: "Logs in with the token from the mail. Creates the account if there is none and the link was requested with `create_user`. Verifies the email address; if it was not verified before, everything that somebody else may have set up to log in with (password, sessions, second factors, phone number, identity providers) is removed.",
        fields: &[
            Field::required("token", FieldKind::Token, "The token from the link in the mail."),
            Field::CLIENT,
        ],
        example: r#"{"token":"ot_…"}"#,
        answer: Answer {
            status: 200,
            about: "A session. If the account has a second factor: `mfa` with a challenge token for `POST /auth/mfa/verify`. If the project requires a second factor and the account has none: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`.",
            example: examples::GRANTED,
        },
        steps: &[Step::Signup, Step::Login, Step::TokenIssue],
        events: &[
            EventKind::Signup,
            EventKind::Login,
            EventKind::EmailVerified,
            EventKind::MfaRemoved,
        ],
        errors: &[errors::INVALID_CODE, errors::NOT_ENABLED, errors::ACCOUNT_BANNED],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let token = fields.required("token", short_text(MAX_TOKEN_CHARS));
        let client = session::read_client(fields);
        Some(Input { token: token?, client })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<SignIn> {
        if !caller.settings.magic_link.is_on() {
            return Err(Refusal::not_enabled("Login with magic links").into());
        }
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let row = one_time::found(app, at.scope, TokenPurpose::MagicLink, &input.token).await?;
        let data = one_time::data(&row)?;
        let owner = MailboxOwner {
            email: Email::parse(data["email"].clone()).map_err(|_| Refusal::invalid_code())?,
            user_id: row.user_id,
            newcomers: Newcomers::of(&data["newcomers"]),
            how: How {
                provider: "magic_link".to_owned(),
                proofs: vec![Proof::Otp],
                client: input.client,
            },
        };
        let (scope, now_ms, token) = (at.scope.clone(), app.clock.now_ms(), input.token);
        let take = move |tx: &mut Tx<'_>| {
            let taken = one_time::take_link(tx, &scope, TokenPurpose::MagicLink, &token, now_ms)?;
            taken.map(drop).ok_or(StoreError::CodeSpent)
        };
        mailbox::let_in(app, at, &caller.settings, owner, take).await
    }
}
