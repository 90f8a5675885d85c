//! `POST /auth/email/change`

use std::sync::Arc;

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
        commit::commit,
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        even::{Accepted, even},
        letters::{self, Filling, Letter},
        one_time::{self, Purpose},
        owner,
        reach::{self, Sent},
        session::SignedIn,
    },
    hooks::At,
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
        summary: "Ask for another address",
        about: "Sends a link to the new address and a notice to the one before; the account changes when the link is followed. Needs a recent login, or the password. An address that is taken gets the same answer; its owner is told that there is an account.",
        fields: &[
            Field::required("email", FieldKind::Email, "The new address."),
            Field::optional(
                "password",
                FieldKind::Password,
                "The account's password, if the login is not recent.",
            ),
            Field::optional(
                "redirect_to",
                FieldKind::Redirect,
                "Where the link leads, with `token` in its query.",
            ),
        ],
        example: r#"{"email":"ada@new.example"}"#,
        answer: Answer {
            status: 202,
            about: "A mail is on its way to the new address.",
            example: Accepted::EXAMPLE,
        },
        moments: &[],
        events: &[],
        errors: &["invalid_credentials", "recent_login_required"],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let email = fields.required("email", Email::parse);
        let password = fields.optional("password", Plaintext::given).map(Arc::new);
        let redirect = letters::read_redirect(fields, settings);
        Some(Input {
            email: email?,
            password,
            redirect,
        })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Accepted> {
        prove(app, caller, input.password.clone()).await?;
        if reach::same_address(&caller.who.user.email, input.email.as_str()) {
            return Err(Refusal::invalid_input(vec![Problem {
                field: "email".to_owned(),
                problem: "is the account's address already".to_owned(),
            }])
            .into());
        }
        app.limits
            .sends(&caller.scope, &caller.settings.limits, input.email.normal())
            .await?;
        even(send(app, caller, input)).await
    }
}

/// The password, or a recent login.
async fn prove(app: &App, caller: &Caller<SignedIn>, password: Option<Arc<Plaintext>>) -> Result<()> {
    match password {
        Some(password) => owner::check_password(app, caller, password).await,
        None => caller.who.require_recent(&caller.settings, app.clock.now_ms()),
    }
}

async fn send(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Accepted> {
    let (scope, settings, user) = (&caller.scope, &caller.settings, &caller.who.user);
    let purpose = Purpose::EmailChange;
    let data = json!({ "email": input.email.as_str() });
    let made = one_time::link(app, purpose, Some(user.id.clone()), &data)?;
    let filling = Filling {
        token: Some(&made.text),
        redirect: input.redirect.as_ref(),
        life_s: purpose.life_s(),
        ..Filling::default()
    };
    let taken = reach::by_email(app, scope, &input.email).await?;
    let to_new = match &taken {
        Some(_) => (Letter::AccountExists, Filling::default()),
        None => (Letter::ChangeEmail, filling),
    };
    let to_new = letters::write(app, scope, settings, to_new.0, &input.email, to_new.1).await?;
    let before = Profile::of(user)?.email;
    let to_old = letters::write(app, scope, settings, Letter::EmailChanging, &before, Filling::default()).await?;
    // For an address that is taken, nobody learns of the token.
    let sent = Sent {
        purpose,
        made,
        mails: vec![to_new, to_old],
        event: None,
    };
    let effects = app.hooks.platform.effects(scope, 0);
    let at = At::new(scope, &caller.request, &effects);
    let owned = scope.clone();
    commit(app, at, move |tx| sent.keep(tx, &owned)).await?;
    app.hooks.platform.wake();
    Ok(Accepted::new())
}
