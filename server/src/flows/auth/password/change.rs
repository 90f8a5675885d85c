//! `POST /auth/password/change`

use std::sync::Arc;

use aerocall_api_types::Done;
use aerocall_contract::errors;
use serde_json::{Map, Value};

use super::set::{NewPassword, Reason, set};
use crate::{
    app::App,
    base::{
        error::Result,
        event::EventKind,
        input::{Fields, Plaintext},
    },
    domain::project::AuthSettings,
    flows::steps::{
        breaches,
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples, one_time_mail, reauthentication,
        session::{self, SignedIn},
    },
    hooks::{FlowContext, Step},
    storage::store::StoreError,
};

/// Changing one's own password.
pub(crate) struct ChangePassword;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    current: Option<Arc<Plaintext>>,
    password: Arc<Plaintext>,
    client: Map<String, Value>,
}

impl Flow for ChangePassword {
    type Who = SignedIn;
    type Input = Input;
    type Output = Done;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/password/change",
        summary: "Change the password",
        about: "An account with a password must send the current one; an account without one needs a recent login. Revokes the other sessions of the account and notifies its owner by mail.",
        fields: &[
            Field::optional(
                "current_password",
                FieldKind::Password,
                "Required if the account has a password.",
            ),
            Field::required(
                "password",
                FieldKind::Password,
                "The new password; must follow the project's password rules.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"current_password":"correct horse battery","password":"another horse battery"}"#,
        answer: Answer {
            status: 200,
            about: "The password was changed.",
            example: examples::DONE,
        },
        steps: &[Step::PasswordChange],
        events: &[EventKind::PasswordChanged],
        errors: &[errors::INVALID_CREDENTIALS, errors::RECENT_LOGIN_REQUIRED],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, settings: &AuthSettings) -> Option<Input> {
        let current = fields.optional("current_password", Plaintext::given).map(Arc::new);
        let password = fields.required("password", |value| Plaintext::chosen(value, &settings.password));
        let client = session::read_client(fields);
        Some(Input {
            current,
            password: Arc::new(password?),
            client,
        })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Done> {
        reauthentication::require(app, caller, "current_password", input.current).await?;
        breaches::refuse(app, &caller.settings, &input.password).await?;
        // The owner of the mailbox is notified by mail.
        let to = one_time_mail::address_of(&caller.who.user)?;
        app.limits.sends(caller.claim(to.normal())).await?;
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects).with_password(&input.password);
        let (user, before) = (caller.who.user.clone(), caller.who.user.password_hash.clone());
        let reason = Reason::Change {
            session: caller.who.session.id.clone(),
        };
        let new = NewPassword {
            user,
            password: Arc::clone(&input.password),
            client: input.client,
            reason,
        };
        set(app, at, &caller.settings, new, move |_, current, _| {
            // Somebody may have changed the password since it was checked.
            let current = current.filter(|current| current.password_hash == before);
            current.map(drop).ok_or(StoreError::CredentialsChanged)
        })
        .await?;
        Ok(Done::ANSWER)
    }
}
