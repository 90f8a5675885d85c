//! `POST /auth/oauth/{provider}/link` and `POST /auth/oauth/link`: an identity provider more for the account that is signed in.
//!
//! The trip is that of a login, between two requests with an access token. The first one says whose account it is for, so that
//! nobody slips a code of their own into somebody else's session; the last one says it again, so that nobody sends somebody
//! else on a trip that ends in a stranger's account.

use aerocall_api_types::{IdentityList, LinkToken};
use aerocall_contract::errors;
use serde_json::json;

use super::{Grant, token};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        event::EventKind,
        ids::Scope,
        input::{Fields, short_text},
    },
    domain::{
        audit::{self, Action, Actor, AuditEntry},
        project::AuthSettings,
    },
    flows::{
        auth::identities,
        steps::{
            endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
            one_time::{self, TokenPurpose},
            session::{self, SignedIn},
        },
    },
    outbound::oidc::Providers,
    storage::store::{IdentityRow, StoreError, Tx},
};

/// The beginning.
pub(crate) struct BeginLink;

/// The end.
pub(crate) struct Link;

/// What the client sends in the end.
#[derive(Debug)]
pub(crate) struct Input {
    code: String,
    verifier: Option<String>,
}

impl Flow for BeginLink {
    type Who = SignedIn;
    type Input = ();
    type Output = LinkToken;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/oauth/{provider}/link",
        summary: "Start linking an identity provider",
        about: "Needs a recent login. Open `GET /auth/oauth/{provider}/authorize` in the browser with the token as `link`, then send the code that it comes back with to `POST /auth/oauth/link`.",
        fields: &[],
        example: "",
        answer: Answer {
            status: 201,
            about: "The token for `link`; works once, for five minutes.",
            example: r#"{"token": "ot_…", "expires_in": 300}"#,
        },
        steps: &[],
        events: &[],
        errors: &[errors::RECENT_LOGIN_REQUIRED],
        rate: Rate::Secret,
    };

    async fn run(app: &App, caller: &Caller<SignedIn>, (): ()) -> Result<LinkToken> {
        caller.who.require_recent(&caller.settings, app.clock.now_ms())?;
        let providers = Providers::load(&app.store, &app.master, &caller.scope).await?;
        let provider = providers.named(caller.part("provider")?).ok_or_else(super::unknown)?;
        let purpose = TokenPurpose::OidcLink;
        let user_id = Some(caller.who.user.id.clone());
        let made = one_time::link(app, purpose, user_id, &json!({ "provider": provider.name }))?;
        let scope = caller.scope.clone();
        app.store
            .write(move |tx| tx.put_one_time_token(&scope, &made.row))
            .await?;
        Ok(LinkToken {
            token: made.text,
            expires_in: purpose.life_s(),
        })
    }
}

/// Whose account the trip is for that this token began, if it is to this provider. It is taken with what begins.
pub(super) async fn account_of(app: &App, scope: &Scope, token: &str, provider: &str) -> Result<Option<String>> {
    let row = one_time::found(app, scope, TokenPurpose::OidcLink, token).await?;
    match one_time::data(&row)?["provider"] == provider {
        true => Ok(row.user_id),
        false => Err(Refusal::invalid_code().into()),
    }
}

impl Flow for Link {
    type Who = SignedIn;
    type Input = Input;
    type Output = IdentityList;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/oauth/link",
        summary: "Finish linking an identity provider",
        about: "Links the account at the provider to the current user, whatever its email address is; from then on it can be used to log in. Must be sent by the user who started linking.",
        fields: &[
            Field::required(
                "code",
                FieldKind::Token,
                "The `code` from the query of `redirect_to`; works once, for one minute.",
            ),
            Field::optional(
                "code_verifier",
                FieldKind::Token,
                "PKCE code verifier (RFC 7636); required if `code_challenge` was sent.",
            ),
        ],
        example: r#"{"code":"ot_…"}"#,
        answer: Answer {
            status: 200,
            about: "All identities linked to the account, oldest first.",
            example: identities::EXAMPLE,
        },
        steps: &[],
        events: &[EventKind::UserUpdated],
        errors: &[errors::INVALID_CODE, errors::IDENTITY_TAKEN],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let code = fields.required("code", short_text(200));
        let verifier = fields.optional("code_verifier", super::pkce(43, 128));
        Some(Input { code: code?, verifier })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<IdentityList> {
        let grant = token::granted(app, &caller.scope, &input.code, input.verifier.as_deref()).await?;
        if grant.link.as_deref() != Some(caller.who.user.id.as_str()) {
            return Err(Refusal::invalid_code().into());
        }
        let (scope, who, now_ms) = (caller.scope.clone(), caller.who.clone(), app.clock.now_ms());
        let by = Actor::request(who.actor(), &caller.request);
        let linked = app.store.write(move |tx| {
            let user = tx.lock_user(&scope, &who.user.id)?.ok_or(StoreError::CodeSpent)?;
            let taken = one_time::take_link(tx, &scope, TokenPurpose::OidcGrant, &input.code, now_ms)?;
            taken.ok_or(StoreError::CodeSpent)?;
            if !is_theirs(tx, &scope, &grant, &user.id, now_ms)? {
                return Ok(Err(identity_taken()));
            }
            let event = session::event(
                EventKind::UserUpdated,
                by.actor.clone(),
                &user,
                Some(&who.session.id),
                now_ms,
            )?;
            tx.insert_event(&scope, &event)?;
            let entry = AuditEntry::new(Action::IdentityLinked, &user.id).with(json!({ "provider": grant.provider }));
            audit::record(tx, Some(&scope), &by, entry, now_ms)?;
            Ok(Ok(tx.identities(&scope, &user.id)?))
        });
        let all = linked.await??;
        app.hooks.platform.events.notify_one();
        Ok(identities::list(all))
    }
}

/// Makes the identity this user's, unless it is somebody else's.
fn is_theirs(
    tx: &mut Tx<'_>,
    scope: &Scope,
    grant: &Grant,
    user_id: &str,
    now_ms: i64,
) -> std::result::Result<bool, StoreError> {
    let row = IdentityRow {
        provider: grant.provider.clone(),
        subject: grant.subject.clone(),
        user_id: user_id.to_owned(),
        email: grant.email.clone(),
        created_ms: now_ms,
        last_used_ms: now_ms,
    };
    Ok(tx.insert_identity(scope, &row)? || tx.identity_used(scope, &row.provider, &row.subject, user_id, now_ms)?)
}

fn identity_taken() -> Refusal {
    Refusal::new(
        errors::IDENTITY_TAKEN,
        "This account of the identity provider leads into somebody else's account",
    )
}
