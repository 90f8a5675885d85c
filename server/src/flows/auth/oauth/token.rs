//! `POST /auth/oauth/token`

use aerocall_api_types::SignIn;
use aerocall_contract::errors;
use serde_json::{Map, Value};

use super::Grant;
use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Refusal, Result},
        event::EventKind,
        ids::Scope,
        input::{Email, Fields, Metadata, PersonName, short_text},
    },
    domain::{project::AuthSettings, user::Profile},
    flows::steps::{
        endpoint::{Answer, Anybody, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples,
        one_time::{self, TokenPurpose},
        session::{self, Proof},
        sign_in::{self, How},
        sign_up::{self, NewAccount},
    },
    hooks::{FlowContext, Step},
    outbound::oidc::Verified,
    storage::store::{IdentityRow, StoreError, Tx, UserRow},
};

/// The code of the way back for a session.
pub(crate) struct Exchange;

/// What the client sends.
#[derive(Debug)]
pub(crate) struct Input {
    code: String,
    verifier: Option<String>,
    client: Map<String, Value>,
}

/// Whose the identity is, or is going to be.
enum Owner {
    Known(UserRow),
    /// An account with the same address, proved on both sides.
    Linked(UserRow),
    New(Email),
}

/// The code and the identity behind it, for the transaction that uses both.
#[derive(Clone)]
struct Used {
    scope: Scope,
    code: String,
    grant: Grant,
    now_ms: i64,
}

impl Flow for Exchange {
    type Who = Anybody;
    type Input = Input;
    type Output = SignIn;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/oauth/token",
        summary: "Exchange an OAuth code for a session",
        about: "Completes a login with an identity provider. A new user gets an account. An existing account with the same email address is linked only if both the provider and this project have verified the address; otherwise the request fails with `account_exists`.",
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
            Field::CLIENT,
        ],
        example: r#"{"code":"ot_…"}"#,
        answer: Answer {
            status: 200,
            about: "A session. If the account has a second factor: `mfa` with a challenge token for `POST /auth/mfa/verify`. If the project requires a second factor and the account has none: `mfa_enrollment` with a token for `POST /auth/mfa/enroll`.",
            example: examples::GRANTED,
        },
        steps: &[Step::Signup, Step::Login, Step::TokenIssue],
        events: &[EventKind::Signup, EventKind::Login],
        errors: &[
            errors::INVALID_CODE,
            errors::ACCOUNT_EXISTS,
            errors::EMAIL_MISSING,
            errors::EMAIL_UNVERIFIED,
            errors::ACCOUNT_BANNED,
            errors::NOT_ENABLED,
        ],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let code = fields.required("code", short_text(200));
        let verifier = fields.optional("code_verifier", super::pkce(43, 128));
        let client = session::read_client(fields);
        Some(Input {
            code: code?,
            verifier,
            client,
        })
    }

    async fn run(app: &App, caller: &Caller<Anybody>, input: Input) -> Result<SignIn> {
        let grant = granted(app, &caller.scope, &input.code, input.verifier.as_deref()).await?;
        if grant.link.is_some() {
            return Err(Refusal::invalid_code().into());
        }
        let how = How {
            provider: grant.provider.clone(),
            proofs: vec![Proof::Federated],
            client: input.client,
        };
        let used = Used {
            scope: caller.scope.clone(),
            code: input.code,
            grant,
            now_ms: app.clock.now_ms(),
        };
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        match owner(app, caller, &used.grant).await? {
            Owner::Known(user) => {
                let also = move |tx: &mut Tx<'_>, user: &UserRow| used.again(tx, user);
                sign_in::log_in(app, at, &caller.settings, user, how, also).await
            }
            Owner::Linked(user) => {
                let seen = user.email.clone();
                let also = move |tx: &mut Tx<'_>, user: &UserRow| used.linked(tx, user, &seen);
                sign_in::log_in(app, at, &caller.settings, user, how, also).await
            }
            Owner::New(email) => {
                let new = account(email, &used.grant, how);
                let also = move |tx: &mut Tx<'_>, user: &UserRow| used.first(tx, user);
                sign_up::as_sign_in(sign_up::sign_up(app, at, &caller.settings, new, also).await?)
            }
        }
    }
}

/// What the code stands for. It is taken later, with what it leads to; so a hook that denies does not use it up.
pub(super) async fn granted(app: &App, scope: &Scope, code: &str, verifier: Option<&str>) -> Result<Grant> {
    let (owned, now_ms) = (scope.clone(), app.clock.now_ms());
    let hash = secret::fingerprint(code);
    let row = app
        .store
        .read(move |tx| tx.one_time_token(&owned, TokenPurpose::OidcGrant.as_str(), &hash, now_ms));
    let grant: Grant = super::stored(&row.await?.ok_or_else(Refusal::invalid_code)?.data)?;
    let shown = verifier.map(super::challenge_of);
    match shown == grant.challenge {
        true => Ok(grant),
        false => Err(Refusal::invalid_code().into()),
    }
}

async fn owner(app: &App, caller: &Caller<Anybody>, grant: &Grant) -> Result<Owner> {
    let email = grant.email.clone().map(|email| Email::parse(email.into()));
    let email = email.and_then(std::result::Result::ok);
    let (scope, wanted, asked) = (caller.scope.clone(), grant.clone(), email.clone());
    let (known, same) = app
        .store
        .read(move |tx| {
            let known = tx.identity(&scope, &wanted.provider, &wanted.subject)?;
            let known = known
                .map(|identity| tx.user(&scope, &identity.user_id))
                .transpose()?
                .flatten();
            let same = asked
                .map(|email| tx.user_by_email(&scope, &email))
                .transpose()?
                .flatten();
            Ok((known, same))
        })
        .await?;
    match (known, same, email) {
        (Some(user), _, _) => Ok(Owner::Known(user)),
        // An address that nobody proved here may have been typed by somebody who waits for its owner to come.
        (None, Some(user), _) if grant.verified == Verified::Yes && user.email_verified_ms.is_some() => {
            Ok(Owner::Linked(user))
        }
        (None, Some(_), _) => Err(account_exists().into()),
        (None, None, None) => Err(Refusal::new(
            errors::EMAIL_MISSING,
            "The identity provider gave no email address that can be used",
        )
        .into()),
        (None, None, Some(_)) if !caller.settings.sign_up.is_on() => Err(Refusal::not_enabled("Signup").into()),
        (None, None, Some(email)) => Ok(Owner::New(email)),
    }
}

fn account_exists() -> Refusal {
    Refusal::new(
        errors::ACCOUNT_EXISTS,
        "There is an account with this email; log in to it as before and confirm its address first",
    )
}

fn account(email: Email, grant: &Grant, how: How) -> NewAccount {
    let name = grant.name.clone().and_then(|name| PersonName::parse(name.into()).ok());
    NewAccount {
        verified: (grant.verified == Verified::Yes).then(|| email.clone()),
        profile: Profile {
            email,
            phone: None,
            name,
            metadata: Metadata::default(),
            public_metadata: Metadata::default(),
        },
        how,
    }
}

impl Used {
    fn take(&self, tx: &mut Tx<'_>) -> std::result::Result<(), StoreError> {
        let taken = one_time::take_link(tx, &self.scope, TokenPurpose::OidcGrant, &self.code, self.now_ms)?;
        taken.map(drop).ok_or(StoreError::CodeSpent)
    }

    /// An identity that is known.
    fn again(&self, tx: &mut Tx<'_>, user: &UserRow) -> std::result::Result<(), StoreError> {
        self.take(tx)?;
        let Grant { provider, subject, .. } = &self.grant;
        match tx.identity_used(&self.scope, provider, subject, &user.id, self.now_ms)? {
            true => Ok(()),
            false => Err(StoreError::CodeSpent),
        }
    }

    /// An account that gets the identity, if its address is still the one and still proved.
    fn linked(&self, tx: &mut Tx<'_>, user: &UserRow, seen: &str) -> std::result::Result<(), StoreError> {
        match user.email == seen && user.email_verified_ms.is_some() {
            true => self.first(tx, user),
            false => Err(StoreError::CodeSpent),
        }
    }

    fn first(&self, tx: &mut Tx<'_>, user: &UserRow) -> std::result::Result<(), StoreError> {
        self.take(tx)?;
        let row = IdentityRow {
            provider: self.grant.provider.clone(),
            subject: self.grant.subject.clone(),
            user_id: user.id.clone(),
            email: self.grant.email.clone(),
            created_ms: self.now_ms,
            last_used_ms: self.now_ms,
        };
        match tx.insert_identity(&self.scope, &row)? {
            true => Ok(()),
            false => Err(StoreError::CodeSpent),
        }
    }
}
