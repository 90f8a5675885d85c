//! `POST /auth/register`

use std::sync::Arc;

use aerocall_api_types::{ConfirmationRequired, SignUp};
use aerocall_contract::errors;
use serde_json::{Map, Value};

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        input::{Email, Fields, Metadata, PersonName, Phone, Plaintext},
    },
    domain::{project::AuthSettings, user::Profile},
    flows::steps::{
        account_mail::{self, AccountMail, MailData},
        breaches,
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples, one_time_mail,
        ownership::Evidence,
        session::{self, Proof},
        sign_in::How,
        sign_up::{self, NewAccount},
        timing::equalized,
        verification::verification,
    },
    hooks::{FlowContext, Step},
};

/// Signing up with a password.
pub(crate) struct Register;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    profile: Profile,
    password: Arc<Plaintext>,
    client: Map<String, Value>,
}

impl Flow for Register {
    type Who = Anybody;
    type Input = Input;
    type Output = SignUp;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/register",
        summary: "Sign up with a password",
        about: "Creates an account and a session. If the project requires verified email addresses (`confirmEmail`), the response is 202 with `{\"status\":\"confirmation_required\"}` and a verification mail is sent; the response is the same for an address that already has an account, whose owner gets a mail about it instead.",
        fields: &[
            Field::required(
                "email",
                FieldKind::Email,
                "Identifies the account, whatever the spelling: upper or lower case, the domain in Unicode or in ASCII.",
            ),
            Field::required(
                "password",
                FieldKind::Password,
                "Must follow the project's password rules.",
            ),
            Field::optional("name", FieldKind::Text(200), "Display name."),
            Field::optional("phone", FieldKind::Phone, "Stored as unverified."),
            Field::optional(
                "metadata",
                FieldKind::Object,
                "Data that the user may read and change; at most 16 KiB.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"email":"ada@example.com","password":"correct horse battery","name":"Ada"}"#,
        answer: Answer {
            status: 201,
            about: "The account and a session. If the project requires a second factor: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`.",
            example: examples::GRANTED,
        },
        steps: &[Step::Signup, Step::TokenIssue],
        events: &[EventKind::Signup, EventKind::EmailVerificationRequested],
        errors: &[errors::EMAIL_TAKEN, errors::NOT_ENABLED],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let email = fields.required("email", Email::parse);
        let password = fields.required("password", |value| Plaintext::chosen(value, &settings.password));
        let name = fields.optional("name", PersonName::parse);
        let phone = fields.optional("phone", Phone::parse);
        let metadata = fields.optional("metadata", Metadata::parse).unwrap_or_default();
        let client = session::read_client(fields);
        let (email, password) = email.zip(password)?;
        Some(Input {
            profile: Profile {
                email,
                phone,
                name,
                metadata,
                public_metadata: Metadata::default(),
            },
            password: Arc::new(password),
            client,
        })
    }

    fn status(output: &SignUp) -> u16 {
        match output {
            SignUp::Session(_) | SignUp::MfaEnrollmentRequired(_) => Self::ENDPOINT.answer.status,
            SignUp::ConfirmationRequired(_) => 202,
        }
    }

    /// An email that is taken is found out by the insert, after the hooks and the hash: the answer takes as long as that
    /// of a fresh sign-up.
    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<SignUp> {
        if !caller.settings.sign_up.is_on() {
            return Err(Refusal::not_enabled("Signup").into());
        }
        breaches::refuse(app, &caller.settings, &input.password).await?;
        match caller.settings.confirm_email.is_on() {
            true => equalized(confirmed_later(app, caller, input)).await,
            false => sign_up(app, caller, input).await,
        }
    }
}

async fn sign_up(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<SignUp> {
    let effects = app.hooks.platform.effects(&caller.scope, 0);
    let at = FlowContext::new(&caller.scope, &caller.request, &effects).with_password(&input.password);
    let new = NewAccount {
        profile: input.profile,
        verified: None,
        how: How {
            provider: "password".to_owned(),
            proofs: vec![Proof::Password],
            client: input.client,
        },
    };
    sign_up::sign_up(app, at, &caller.settings, new, |_, _| Ok(())).await
}

/// Where addresses are confirmed first, nobody learns which ones are taken: the owner of one that is gets a mail.
async fn confirmed_later(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<SignUp> {
    let (email, password) = (input.profile.email.clone(), Arc::clone(&input.password));
    match sign_up(app, caller, input).await {
        Err(error) if error.is_refusal(errors::EMAIL_TAKEN) => {
            notify_owner(app, caller, &email, password).await?;
            Ok(SignUp::ConfirmationRequired(ConfirmationRequired::ANSWER))
        }
        signed_up => signed_up,
    }
}

/// Somebody signed up with the address before and has not confirmed it: whoever opens the link of this sign-up gets the
/// account with this password, whoever that was.
async fn notify_owner(app: &App, caller: &Caller<Anybody>, email: &Email, password: Arc<Plaintext>) -> Result<()> {
    let (scope, settings) = (&caller.scope, &caller.settings);
    let Some(user) = one_time_mail::by_email(app, scope, email).await? else {
        return Ok(());
    };
    let owned = scope.clone();
    if user.email_verified_ms.is_none() {
        let first = settings.redirect_urls.first();
        let password_hash = app.passwords.hash(password).await?;
        let evidence = Evidence::LaterSignUp { password_hash };
        let sent = verification(app, scope, settings, &user, first, &evidence).await?;
        app.store.write(move |tx| sent.add(tx, &owned)).await?;
    } else {
        let to = Profile::of(&user)?.email;
        let kind = AccountMail::AccountExists;
        let mail = account_mail::write(app, scope, settings, kind, &to, MailData::default()).await?;
        app.store.write(move |tx| tx.insert_mail(&owned, &mail)).await?;
    }
    app.hooks.platform.wake();
    Ok(())
}
