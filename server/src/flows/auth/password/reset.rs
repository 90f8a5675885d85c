//! `POST /auth/password/reset`

use std::sync::Arc;

use aerocall_api_types::Done;
use aerocall_contract::errors;
use serde_json::{Map, Value};

use super::set::{NewPassword, Reason, set};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        input::{Fields, Plaintext, short_text},
    },
    domain::project::AuthSettings,
    flows::steps::{
        account_mail::MAX_TOKEN_CHARS,
        breaches,
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        one_time::{self, TokenPurpose},
        one_time_mail,
        ownership::{Evidence, Owner},
        session,
    },
    hooks::{FlowContext, Step},
    storage::store::StoreError,
};

/// Choosing a new password by the link of a mail.
pub(crate) struct ResetPassword;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    token: String,
    password: Arc<Plaintext>,
    client: Map<String, Value>,
}

impl Flow for ResetPassword {
    type Who = Anybody;
    type Input = Input;
    type Output = Done;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/password/reset",
        summary: "Reset the password",
        about: "Sets a new password with the token from the mail, revokes all sessions of the account and verifies its email address; if it was not verified before, everything that somebody else may have set up to log in with (second factors, phone number, identity providers) is removed. Returns no session: the user logs in with the new password, and with the second factor if the account has one.",
        fields: &[
            Field::required("token", FieldKind::Token, "The token from the link in the mail."),
            Field::required(
                "password",
                FieldKind::Password,
                "The new password; must follow the project's password rules.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"token":"ot_…","password":"correct horse battery"}"#,
        answer: Answer {
            status: 200,
            about: "The password was changed.",
            example: examples::DONE,
        },
        steps: &[Step::PasswordReset],
        events: &[
            EventKind::PasswordResetCompleted,
            EventKind::EmailVerified,
            EventKind::MfaRemoved,
        ],
        errors: &[errors::INVALID_CODE],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let token = fields.required("token", short_text(MAX_TOKEN_CHARS));
        let password = fields.required("password", |value| Plaintext::chosen(value, &settings.password));
        let client = session::read_client(fields);
        let (token, password) = token.zip(password)?;
        Some(Input {
            token,
            password: Arc::new(password),
            client,
        })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<Done> {
        let Input {
            token,
            password,
            client,
        } = input;
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects).with_password(&password);
        let row = one_time::found(app, at.scope, TokenPurpose::PasswordReset, &token).await?;
        let user = one_time_mail::by_id(app, at.scope, row.user_id.as_deref()).await?;
        let user = user.ok_or_else(Refusal::invalid_code)?;
        let email = one_time::data(&row)?["email"].as_str().unwrap_or_default().to_owned();
        breaches::refuse(app, &caller.settings, &password).await?;

        let (owner, before) = (Owner::new(app, at, &user.id, Evidence::Mailbox), user.clone());
        let new = NewPassword {
            user,
            password: Arc::clone(&password),
            client,
            reason: Reason::Reset,
        };
        let (scope, proof) = (at.scope.clone(), owner.clone());
        set(app, at, &caller.settings, new, move |tx, current, now_ms| {
            let current = current.ok_or(StoreError::CodeSpent)?;
            one_time::take_link(tx, &scope, TokenPurpose::PasswordReset, &token, now_ms)?
                .ok_or(StoreError::CodeSpent)?;
            proof.verify(tx, &current, &email)
        })
        .await?;
        owner.shown(app, at, &before).await?;
        Ok(Done::ANSWER)
    }
}
