//! `POST /auth/email/verify/send`

use aerocall_api_types::Accepted;

use crate::flows::steps::verification::verification;
use crate::{
    app::App,
    base::{
        error::{Problem, Refusal, Result},
        event::EventKind,
        input::{Email, Fields},
    },
    domain::project::{AuthSettings, RedirectUrl},
    flows::steps::{
        account_mail::{self},
        commit::commit,
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate, Somebody},
        examples,
        one_time::TokenPurpose,
        one_time_mail::{self, OneTimeMail},
        ownership::Evidence,
        timing::equalized,
    },
    hooks::FlowContext,
};

/// Sending the mail by which an address is confirmed.
pub(crate) struct SendVerification;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    email: Option<Email>,
    redirect: Option<RedirectUrl>,
}

impl Flow for SendVerification {
    type Who = Somebody;
    type Input = Input;
    type Output = Accepted;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/email/verify/send",
        summary: "Send a verification mail",
        about: "Sends a mail with a verification link to `email`, or to the address of the signed-in user. The link works once, for 24 hours. The response and the time it takes are the same whether or not the account exists and whether or not its address is already verified.",
        fields: &[
            Field::optional("email", FieldKind::Email, "Required without an access token."),
            Field::optional(
                "redirect_to",
                FieldKind::Redirect,
                "URL that the link opens, with `token` added to its query; must be one of the project's redirect URLs. The first of them if omitted.",
            ),
        ],
        example: r#"{"email":"ada@example.com"}"#,
        answer: Answer {
            status: 202,
            about: "Accepted. A mail is sent if there is an unverified account.",
            example: examples::ACCEPTED,
        },
        steps: &[],
        events: &[EventKind::EmailVerificationRequested],
        errors: &[],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        Some(Input {
            email: fields.optional("email", Email::parse),
            redirect: account_mail::read_redirect(fields, settings),
        })
    }

    async fn run(app: &App, caller: &Caller<Somebody>, input: Input) -> Result<Accepted> {
        let to = match (&input.email, &caller.who.0) {
            (Some(email), _) => email.clone(),
            (None, Some(signed_in)) => one_time_mail::address_of(&signed_in.user)?,
            (None, None) => return Err(nobody_named().into()),
        };
        app.limits.sends(caller.claim(to.normal())).await?;
        equalized(send(app, caller, to, input.redirect)).await
    }
}

async fn send(app: &App, caller: &Caller<Somebody>, to: Email, redirect: Option<RedirectUrl>) -> Result<Accepted> {
    let scope = &caller.scope;
    let user = one_time_mail::by_email(app, scope, &to).await?;
    let sent = match user.filter(|user| user.email_verified_ms.is_none()) {
        Some(user) => {
            let evidence = Evidence::Verification;
            verification(app, scope, &caller.settings, &user, redirect.as_ref(), &evidence).await?
        }
        None => OneTimeMail::nothing(app, TokenPurpose::EmailVerify)?,
    };
    let effects = app.hooks.platform.effects(scope, 0);
    let at = FlowContext::new(scope, &caller.request, &effects);
    let owned = scope.clone();
    commit(app, at, move |tx| sent.keep(tx, &owned)).await?;
    app.hooks.platform.wake();
    Ok(Accepted::ANSWER)
}

fn nobody_named() -> Refusal {
    Refusal::invalid_input(vec![Problem {
        field: "email".to_owned(),
        problem: "is missing, and nobody is signed in".to_owned(),
    }])
}
