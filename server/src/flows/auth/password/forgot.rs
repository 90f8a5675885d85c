//! `POST /auth/password/forgot`

use aerocall_api_types::Accepted;
use serde_json::{Map, Value, json};

use crate::{
    app::App,
    base::{
        error::Result,
        event::EventKind,
        input::{Email, Fields},
    },
    domain::{
        project::{AuthSettings, RedirectUrl},
        user::Profile,
    },
    flows::steps::{
        account_mail,
        commit::commit,
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        one_time::TokenPurpose,
        one_time_mail::{self, OneTimeMail},
        password_reset, session,
        timing::equalized,
    },
    hooks::{FlowContext, Payload, Step},
};

/// Asking for a link to a new password.
pub(crate) struct ForgotPassword;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    email: Email,
    redirect: Option<RedirectUrl>,
    client: Map<String, Value>,
}

impl Flow for ForgotPassword {
    type Who = Anybody;
    type Input = Input;
    type Output = Accepted;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/password/forgot",
        summary: "Request a password reset",
        about: "Sends a mail with a reset link that works once, for one hour. The response and the time it takes are the same whether or not the account exists. Hooks run in both cases; without an account their payload has no `user`. The event is emitted only for existing accounts.",
        fields: &[
            Field::required("email", FieldKind::Email, "Email address of the account."),
            Field::optional(
                "redirect_to",
                FieldKind::Redirect,
                "URL that the link opens, with `token` added to its query; must be one of the project's redirect URLs. The first of them if omitted.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"email":"ada@example.com"}"#,
        answer: Answer {
            status: 202,
            about: "Accepted. A mail is sent if there is such an account.",
            example: examples::ACCEPTED,
        },
        steps: &[Step::PasswordResetRequest],
        events: &[EventKind::PasswordResetRequested],
        errors: &[],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let email = fields.required("email", Email::parse);
        let redirect = account_mail::read_redirect(fields, settings);
        let client = session::read_client(fields);
        Some(Input {
            email: email?,
            redirect,
            client,
        })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<Accepted> {
        app.limits.sends(caller.claim(input.email.normal())).await?;
        equalized(forgot(app, caller, input)).await
    }
}

async fn forgot(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<Accepted> {
    let effects = app.hooks.platform.effects(&caller.scope, 0);
    let at = FlowContext::new(&caller.scope, &caller.request, &effects);
    let user = one_time_mail::by_email(app, at.scope, &input.email).await?;
    let payload = Payload {
        user_id: user.as_ref().map(|user| user.id.clone()),
        user: user.as_ref().map(Profile::of).transpose()?,
        client: input.client,
        ..Payload::default()
    };
    let payload = payload.with_fact("email", json!(input.email.as_str()));
    let payload = app.hooks.run(&at, Step::PasswordResetRequest.before(), payload).await?;
    let sent = match &user {
        Some(user) => {
            let redirect = input.redirect.as_ref();
            password_reset::write(app, at.scope, &caller.settings, "anonymous", user, redirect).await?
        }
        None => OneTimeMail::nothing(app, TokenPurpose::PasswordReset)?,
    };
    let owned = at.scope.clone();
    commit(app, at, move |tx| sent.keep(tx, &owned)).await?;
    app.hooks.platform.wake();
    app.hooks.run(&at, Step::PasswordResetRequest.after(), payload).await?;
    Ok(Accepted::ANSWER)
}
