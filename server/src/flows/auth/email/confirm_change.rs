//! `POST /auth/email/change/confirm`

use aerocall_api_types::Done;
use aerocall_contract::errors;
use serde_json::{Map, Value, json};

use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        input::{Email, Fields, short_text},
    },
    domain::{project::AuthSettings, user::Profile},
    flows::steps::{
        account_mail::MAX_TOKEN_CHARS,
        commit::commit,
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate, Somebody},
        examples,
        one_time::{self, TokenPurpose},
        one_time_mail,
        ownership::{Evidence, Owner},
        session,
    },
    hooks::{FlowContext, Payload, Step},
    storage::store::{StoreError, UserChange},
};

/// Moving an account to its new address.
pub(crate) struct ConfirmEmailChange;

impl Flow for ConfirmEmailChange {
    type Who = Somebody;
    type Input = String;
    type Output = Done;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/email/change/confirm",
        summary: "Confirm an email address change",
        about: "Changes the address with the token from the mail to the new address, and marks it as verified. Links and codes sent to the previous address stop working. Send the access token of the user who is signed in, if there is one: without it, second factors, a verified phone number and identities linked after the sign-up are removed from an account that never had a verified address, because somebody else may have set them up.",
        fields: &[Field::required(
            "token",
            FieldKind::Token,
            "The token from the link in the mail.",
        )],
        example: r#"{"token":"ot_…"}"#,
        answer: Answer {
            status: 200,
            about: "The account has the new address.",
            example: examples::DONE,
        },
        steps: &[Step::UserUpdate],
        events: &[EventKind::UserUpdated, EventKind::MfaRemoved],
        errors: &[
            errors::INVALID_CODE,
            errors::EMAIL_TAKEN,
            errors::INVALID_TOKEN,
            errors::ACCOUNT_BANNED,
        ],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<String> {
        fields.required("token", short_text(MAX_TOKEN_CHARS))
    }

    async fn run(app: &App, caller: &Caller<Somebody>, token: String) -> Result<Done> {
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let row = one_time::found(app, at.scope, TokenPurpose::EmailChange, &token).await?;
        let user = one_time_mail::by_id(app, at.scope, row.user_id.as_deref()).await?;
        let user = user.ok_or_else(Refusal::invalid_code)?;
        let email = Email::parse(one_time::data(&row)?["email"].take()).map_err(|_| Refusal::invalid_code())?;

        // Hooks see the user as it will be, and what was asked for.
        let before = Profile::of(&user)?;
        let wanted = Profile {
            email: email.clone(),
            ..before.clone()
        };
        let payload = Payload::of_user(Some(user.id.clone()), wanted, Map::new())
            .with_fact("changes", json!({ "email": email.as_str() }));
        let payload = app.hooks.run(&at, Step::UserUpdate.before(), payload).await?;
        let change = payload.user.as_ref().and_then(|after| before.change_to(after));
        let change = proved(change.unwrap_or_default(), &email, app.clock.now_ms());
        let owner = Owner::new(app, at, &user.id, Evidence::Verification.of(&caller.who, &user));
        let (scope, now_ms, old) = (at.scope.clone(), app.clock.now_ms(), user.email.clone());
        let changed = commit(app, at, move |tx| {
            let current = tx.lock_user(&scope, &user.id)?.ok_or(StoreError::CodeSpent)?;
            one_time::take_link(tx, &scope, TokenPurpose::EmailChange, &token, now_ms)?.ok_or(StoreError::CodeSpent)?;
            if current.email != old {
                return Err(StoreError::CodeSpent);
            }
            if current.email_verified_ms.is_none() && change.email_verified_ms.is_some() {
                owner.take(tx, &current)?;
            }
            let changed = tx.update_user(&scope, &user.id, &change, now_ms)?;
            let changed = changed.ok_or(StoreError::CodeSpent)?;
            one_time_mail::drop_tokens(tx, &scope, &user.id)?;
            for purpose in [TokenPurpose::EmailVerify, TokenPurpose::SignUpVerify] {
                tx.drop_one_time_tokens(&scope, purpose.as_str(), &user.id)?;
            }
            let actor = session::actor(&changed);
            tx.insert_event(
                &scope,
                &session::event(EventKind::UserUpdated, actor, &changed, None, now_ms)?,
            )?;
            Ok(changed)
        })
        .await?;
        let payload = Payload {
            facts: Map::<String, Value>::new(),
            ..payload
        };
        session::after(app, at, Step::UserUpdate, changed, payload).await?;
        Ok(Done::ANSWER)
    }
}

/// The link proves the address it was sent to; one that a hook put in its place is not proved.
fn proved(change: UserChange, email: &Email, now_ms: i64) -> UserChange {
    let is_it = change.email.as_ref().is_none_or(|kept| kept.normal() == email.normal());
    UserChange {
        email_verified_ms: is_it.then_some(Some(now_ms)),
        ..change
    }
}
