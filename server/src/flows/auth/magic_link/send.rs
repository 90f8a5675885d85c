//! `POST /auth/magic-link/send`

use aerocall_api_types::Accepted;
use aerocall_contract::errors;
use serde_json::{Value, json};

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Email, Fields},
    },
    domain::{
        project::{AuthSettings, RedirectUrl},
        user::Profile,
    },
    flows::steps::{
        account_mail::{self, AccountMail, MailData},
        commit::commit,
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        mailbox::{Newcomers, read_newcomers},
        one_time::{self, TokenPurpose},
        one_time_mail::{self, OneTimeMail},
        timing::equalized,
    },
    hooks::FlowContext,
};

/// Asking for a link that lets one in.
pub(crate) struct SendMagicLink;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    email: Email,
    newcomers: Newcomers,
    redirect: Option<RedirectUrl>,
}

impl Flow for SendMagicLink {
    type Who = Anybody;
    type Input = Input;
    type Output = Accepted;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/magic-link/send",
        summary: "Send a magic link",
        about: "Sends a mail with a login link that works once, for 15 minutes; a newer link replaces it. The response and the time it takes are the same whether or not the account exists.",
        fields: &[
            Field::required("email", FieldKind::Email, "Email address of the account."),
            Field::optional(
                "create_user",
                FieldKind::Flag,
                "Whether the link creates an account if there is none; `false` if omitted.",
            ),
            Field::optional(
                "redirect_to",
                FieldKind::Redirect,
                "URL that the link opens, with `token` added to its query; must be one of the project's redirect URLs. The first of them if omitted.",
            ),
        ],
        example: r#"{"email":"ada@example.com","create_user":true}"#,
        answer: Answer {
            status: 202,
            about: "Accepted. A mail is sent if the address can log in.",
            example: examples::ACCEPTED,
        },
        steps: &[],
        events: &[],
        errors: &[errors::NOT_ENABLED],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let email = fields.required("email", Email::parse);
        let newcomers = read_newcomers(fields);
        let redirect = account_mail::read_redirect(fields, settings);
        Some(Input {
            email: email?,
            newcomers,
            redirect,
        })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<Accepted> {
        if !caller.settings.magic_link.is_on() {
            return Err(Refusal::not_enabled("Login with magic links").into());
        }
        input.newcomers.check(&caller.settings)?;
        app.limits.sends(caller.claim(input.email.normal())).await?;
        equalized(send(app, caller, input)).await
    }
}

async fn send(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<Accepted> {
    let scope = &caller.scope;
    let sent = match one_time_mail::by_email(app, scope, &input.email).await? {
        Some(user) => link(app, caller, &input, Some(user.id.clone()), &Profile::of(&user)?.email).await?,
        None if input.newcomers == Newcomers::Welcome => link(app, caller, &input, None, &input.email).await?,
        None => OneTimeMail::nothing(app, TokenPurpose::MagicLink)?,
    };
    let effects = app.hooks.platform.effects(scope, 0);
    let at = FlowContext::new(scope, &caller.request, &effects);
    let owned = scope.clone();
    commit(app, at, move |tx| sent.keep(tx, &owned)).await?;
    app.hooks.platform.wake();
    Ok(Accepted::ANSWER)
}

async fn link(
    app: &App,
    caller: &Caller<Anybody>,
    input: &Input,
    user_id: Option<String>,
    to: &Email,
) -> Result<OneTimeMail> {
    let purpose = TokenPurpose::MagicLink;
    let data: Value = json!({ "email": to.as_str(), "newcomers": input.newcomers.as_str() });
    let made = one_time::link(app, purpose, user_id, &data)?;
    let data = MailData {
        token: Some(&made.text),
        redirect: input.redirect.as_ref(),
        life_s: purpose.life_s(),
        ..MailData::default()
    };
    let mail = account_mail::write(app, &caller.scope, &caller.settings, AccountMail::MagicLink, to, data).await?;
    Ok(OneTimeMail {
        purpose,
        made,
        mails: vec![mail],
        event: None,
    })
}
