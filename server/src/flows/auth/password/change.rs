//! `POST /auth/password/change`

use std::sync::Arc;

use aerocall_api_types::Done;
use serde_json::{Map, Value};

use crate::{
    app::App,
    base::{
        error::Result,
        event::EventKind,
        input::{Fields, Plaintext},
    },
    domain::{
        audit::{self, Action, Actor, AuditEntry},
        project::AuthSettings,
        user::Profile,
    },
    flows::steps::{
        account_mail::{self, AccountMail, MailData},
        breaches,
        commit::commit,
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples, one_time_mail, reauthentication,
        session::{self, SignedIn},
    },
    hooks::{FlowContext, Moment, Payload},
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
        moments: &[Moment::PasswordChange],
        events: &[EventKind::PasswordChanged],
        errors: &["invalid_credentials", "recent_login_required"],
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
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects).with_password(&input.password);
        let (user, kept) = (caller.who.user.clone(), caller.who.session.id.clone());

        let profile = Profile::of(&user)?;
        let to = profile.email.clone();
        let payload = Payload::of_user(Some(user.id.clone()), profile, input.client).with_password();
        let payload = app.hooks.run(&at, Moment::PasswordChange.before(), payload).await?;
        let change = one_time_mail::patched(&user, &payload)?;
        let hash = app.passwords.hash(Arc::clone(&input.password)).await?;
        let notice = AccountMail::PasswordChanged;
        let notice = account_mail::write(app, at.scope, &caller.settings, notice, &to, MailData::default()).await?;
        let (scope, now_ms, request) = (at.scope.clone(), app.clock.now_ms(), at.request.clone());
        let changed = commit(app, at, move |tx| {
            let current = tx.lock_user(&scope, &user.id)?;
            // Somebody may have changed the password since it was checked.
            let current = current.filter(|current| current.password_hash == user.password_hash);
            current.ok_or(StoreError::CredentialsChanged)?;
            if let Some(change) = &change {
                tx.update_user(&scope, &user.id, change, now_ms)?;
            }
            tx.set_password(&scope, &user.id, Some(&hash), now_ms)?;
            tx.revoke_other_sessions(&scope, &user.id, &kept, now_ms)?;
            one_time_mail::drop_tokens(tx, &scope, &user.id)?;
            let changed = tx.user(&scope, &user.id)?.ok_or(StoreError::CredentialsChanged)?;
            let (kind, actor) = (EventKind::PasswordChanged, session::actor(&changed));
            tx.insert_event(&scope, &session::event(kind, actor, &changed, None, now_ms)?)?;
            tx.insert_mail(&scope, &notice)?;
            let by = Actor::request(session::actor(&changed), &request);
            audit::record(
                tx,
                Some(&scope),
                &by,
                AuditEntry::new(Action::PasswordChanged, &changed.id),
                now_ms,
            )?;
            Ok(changed)
        })
        .await?;
        app.hooks.platform.wake();
        session::after(app, at, Moment::PasswordChange, changed, payload).await?;
        Ok(Done::ANSWER)
    }
}
