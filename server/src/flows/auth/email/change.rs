//! `POST /auth/email/change`

use std::sync::Arc;

use aerocall_api_types::Accepted;
use aerocall_contract::errors;
use serde_json::json;

use crate::{
    app::App,
    base::{
        error::{Problem, Refusal, Result},
        input::{Email, Fields, Plaintext},
    },
    domain::{
        project::{AuthSettings, RedirectUrl},
        user::Profile,
    },
    flows::steps::{
        account_mail::{self, AccountMail, MailData},
        commit::commit,
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples, mailable,
        one_time::{self, TokenPurpose},
        one_time_mail::{self, OneTimeMail},
        reauthentication,
        session::SignedIn,
        timing::equalized,
    },
    hooks::FlowContext,
};

/// Asking for another address.
pub(crate) struct ChangeEmail;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    email: Email,
    password: Option<Arc<Plaintext>>,
    redirect: Option<RedirectUrl>,
}

impl Flow for ChangeEmail {
    type Who = SignedIn;
    type Input = Input;
    type Output = Accepted;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/email/change",
        summary: "Request an email address change",
        about: "Sends a mail with a confirmation link to the new address and a mail about the request to the current one. The address changes when the link is confirmed, within 24 hours. Needs a recent login or the password. If the new address already has an account, the response is the same and that account's owner gets a mail about it.",
        fields: &[
            Field::required("email", FieldKind::Email, "The new address."),
            Field::optional(
                "password",
                FieldKind::Password,
                "The account's password; required if the login is not recent.",
            ),
            Field::optional(
                "redirect_to",
                FieldKind::Redirect,
                "URL that the link opens, with `token` added to its query; must be one of the project's redirect URLs. The first of them if omitted.",
            ),
        ],
        example: r#"{"email":"ada@new.example"}"#,
        answer: Answer {
            status: 202,
            about: "Accepted. A mail is sent to the new address.",
            example: examples::ACCEPTED,
        },
        steps: &[],
        events: &[],
        errors: &[errors::INVALID_CREDENTIALS, errors::RECENT_LOGIN_REQUIRED],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let email = fields.required("email", Email::parse);
        let password = fields.optional("password", Plaintext::given).map(Arc::new);
        let redirect = account_mail::read_redirect(fields, settings);
        Some(Input {
            email: email?,
            password,
            redirect,
        })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Accepted> {
        prove(app, caller, input.password.clone()).await?;
        if one_time_mail::same_address(&caller.who.user.email, input.email.as_str()) {
            return Err(Refusal::invalid_input(vec![Problem {
                field: "email".to_owned(),
                problem: "is the account's address already".to_owned(),
            }])
            .into());
        }
        mailable::check(app, &caller.scope, &input.email).await?;
        let current = one_time_mail::address_of(&caller.who.user)?;
        for to in [&input.email, &current] {
            app.limits.sends(caller.claim(to.normal())).await?;
        }
        equalized(send(app, caller, input)).await
    }
}

/// The password, or a recent login.
async fn prove(app: &App, caller: &Caller<SignedIn>, password: Option<Arc<Plaintext>>) -> Result<()> {
    match password {
        Some(password) => reauthentication::check_password(app, caller, password).await,
        None => caller.who.require_recent(&caller.settings, app.clock.now_ms()),
    }
}

async fn send(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Accepted> {
    let (scope, settings, user) = (&caller.scope, &caller.settings, &caller.who.user);
    let purpose = TokenPurpose::EmailChange;
    let data = json!({ "email": input.email.as_str() });
    let made = one_time::link(app, purpose, Some(user.id.clone()), &data)?;
    let data = MailData {
        token: Some(&made.text),
        redirect: input.redirect.as_ref(),
        life_s: purpose.life_s(),
        ..MailData::default()
    };
    let taken = one_time_mail::by_email(app, scope, &input.email).await?;
    let to_new = match &taken {
        Some(_) => (AccountMail::AccountExists, MailData::default()),
        None => (AccountMail::ChangeEmail, data),
    };
    let to_new = account_mail::write(app, scope, settings, to_new.0, &input.email, to_new.1).await?;
    let before = Profile::of(user)?.email;
    let to_old = account_mail::write(
        app,
        scope,
        settings,
        AccountMail::EmailChanging,
        &before,
        MailData::default(),
    )
    .await?;
    // For an address that is taken, nobody learns of the token.
    let sent = OneTimeMail {
        purpose,
        made,
        mails: vec![to_new, to_old],
        event: None,
    };
    let effects = app.hooks.platform.effects(scope, 0);
    let at = FlowContext::new(scope, &caller.request, &effects);
    let owned = scope.clone();
    commit(app, at, move |tx| sent.keep(tx, &owned)).await?;
    app.hooks.platform.wake();
    Ok(Accepted::ANSWER)
}
