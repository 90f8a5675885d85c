//! `POST /admin/api/v1/setup`, and the code that it takes.
//!
//! A server that starts without an admin draws a code and shows it to whoever started it. It is good at every node, as they
//! share the table; for an hour; and until there is an admin. Every start draws another one, so that a line that was lost is
//! no reason to wait, and those of nodes that start together are all good.

use std::{sync::Arc, time::Duration};

use aerocall_api_types::{FirstAccount, FirstAdmin};
use aerocall_contract::errors;
use serde_json::json;

use super::{Drawn, LOCK, MADE, has_admin};
use crate::{
    app::App,
    base::{
        clock::millis,
        crypto::secret,
        error::{Refusal, Result},
        input::{Email, Fields, Plaintext, short_text},
        request::RequestMeta,
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    flows::{
        admin::{account, accounts},
        steps::{
            account_mail::MAX_TOKEN_CHARS,
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, Stranger},
        },
    },
    security::person,
    storage::store::{Rank, StoreError, TokenPlace, Tx},
};

/// How long a code is good.
pub(crate) const LIFE: Duration = Duration::from_secs(3_600);

/// What the first token is called if nobody says.
const FIRST: &str = "first admin";

/// A new code, if the server has no admin. The codes before it stay good.
pub(crate) async fn setup_code(app: &App) -> Result<Option<String>> {
    let now_ms = app.clock.now_ms();
    // A server that has one starts on a database that cannot be written to as well.
    let there_is_one = app.store.read(move |tx| has_admin(tx, now_ms));
    if there_is_one.await? {
        return Ok(None);
    }
    let code = secret::new_key("set")?;
    let fingerprint = secret::fingerprint(&code);
    let kept = app.store.write(move |tx| {
        tx.advisory_lock(LOCK)?;
        if has_admin(tx, now_ms)? {
            return Ok(false);
        }
        tx.insert_setup_code(&fingerprint, now_ms, now_ms + millis(LIFE))?;
        Ok(true)
    });
    Ok(kept.await?.then_some(code))
}

/// Gives the first admin a token or an account, for the code.
pub(crate) struct Setup;

/// What the client sends.
pub(crate) struct Input {
    code: String,
    wanted: Wanted,
}

/// What the first admin gets.
enum Wanted {
    /// With this name.
    Token(String),
    Account(Email, Arc<Plaintext>),
}

/// The same, ready to be kept.
enum Ready {
    Token(Drawn, String),
    /// An address, and the hash of a password.
    Account(Email, String),
}

impl Flow for Setup {
    type Who = Stranger;
    type Input = Input;
    type Output = FirstAdmin;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/setup", "Set up the first admin")
        .about("A server without an admin prints a set-up link when it starts. The token in it is good for one hour, at every node, and once: for the account of the first administrator, or for the first admin token of the server. Each address can try ten times per minute.")
        .fields(&[
            Field::required("token", FieldKind::Token, "The token from the set-up link."),
            Field::optional("email", FieldKind::Email, "Address of the first administrator's account; an admin token is created instead if omitted."),
            Field::optional("password", FieldKind::Password, "Together with `email`: 12 to 1,000 characters, none of the common ones."),
            Field::optional("name", FieldKind::Text(100), "Name of the admin token, without `email`; `first admin` if omitted."),
        ])
        .example(r#"{"token":"set_…","email":"ada@example.com","password":"correct horse battery"}"#)
        .answers(201, "The account, which can sign in now; or the admin token, returned only here.", MADE)
        .errors(&[errors::INVALID_CODE, errors::SETUP_DONE, errors::RATE_LIMITED]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let code = fields.required("token", short_text(MAX_TOKEN_CHARS));
        let wanted = match fields.has("email") || fields.has("password") {
            true => {
                let email = fields.required("email", Email::parse);
                let password = fields.required("password", account::chosen);
                if fields.has("name") {
                    fields.problem(
                        "name",
                        "cannot be sent together with email: it is the name of an admin token",
                    );
                    fields.optional("name", short_text(100));
                }
                let (email, password) = email.zip(password).unzip();
                email
                    .zip(password.map(Arc::new))
                    .map(|(email, password)| Wanted::Account(email, password))
            }
            false => {
                let name = fields.optional("name", short_text(100));
                Some(Wanted::Token(name.unwrap_or_else(|| FIRST.to_owned())))
            }
        };
        let (code, wanted) = code.zip(wanted)?;
        Some(Input { code, wanted })
    }

    async fn run(app: &App, caller: &Caller<Stranger>, input: Input) -> Result<FirstAdmin> {
        let (fingerprint, now_ms) = (secret::fingerprint(&input.code), app.clock.now_ms());
        let wanted = fingerprint.clone();
        // Strangers may ask this at any time: only a code that is good makes the store write.
        let looked = app
            .store
            .read(move |tx| Ok((has_admin(tx, now_ms)?, tx.is_setup_code(&wanted, now_ms)?)));
        allowed(looked.await?)?;
        let ready = match input.wanted {
            Wanted::Token(name) => Ready::Token(Drawn::new(TokenPlace::Server)?, name),
            Wanted::Account(email, password) => Ready::Account(email, app.passwords.hash(password).await?),
        };
        let request = caller.request.clone();
        let done = app.store.write(move |tx| {
            tx.advisory_lock(LOCK)?;
            if let Err(refusal) = allowed((has_admin(tx, now_ms)?, tx.is_setup_code(&fingerprint, now_ms)?)) {
                return Ok(Err(refusal));
            }
            ready.keep(tx, &request, now_ms)
        });
        Ok(done.await??)
    }
}

impl Ready {
    /// With its line of the audit log. All codes go.
    fn keep(
        self,
        tx: &mut Tx<'_>,
        request: &RequestMeta,
        now_ms: i64,
    ) -> std::result::Result<std::result::Result<FirstAdmin, Refusal>, StoreError> {
        let (made, actor, entry) = match self {
            Self::Token(drawn, name) => {
                let made = drawn.keep(tx, &name, None, now_ms)?;
                let actor = Actor::request(format!("admin:{}", made.id), request);
                let entry = AuditEntry::new(Action::AdminTokenCreated, &made.id);
                let entry = entry.with(json!({ "name": made.name, "by": "setup" }));
                (FirstAdmin::Token(made), actor, entry)
            }
            Self::Account(email, password_hash) => {
                let made = match accounts::insert(tx, &email, password_hash, Rank::Administrator, now_ms)? {
                    Ok(made) => made,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                tx.delete_setup_codes()?;
                let actor = Actor::request(person::actor(&made.id), request).account(&made.email, "setup");
                let entry = AuditEntry::new(Action::AdminAccountCreated, &made.id);
                let entry = entry.with(json!({ "email": made.email, "isAdministrator": true, "by": "setup" }));
                let account = account::document(&made);
                (FirstAdmin::Account(FirstAccount { account }), actor, entry)
            }
        };
        audit::record(tx, None, &actor, entry, now_ms)?;
        Ok(Ok(made))
    }
}

fn allowed((has_admin, is_good): (bool, bool)) -> std::result::Result<(), Refusal> {
    match (has_admin, is_good) {
        (true, _) => Err(Refusal::new(
            errors::SETUP_DONE,
            "This server has an admin; whoever runs it can create another one with aerocall admin create",
        )),
        (false, true) => Ok(()),
        (false, false) => Err(Refusal::new(
            errors::INVALID_CODE,
            "The set-up link is wrong or has expired: start the server again for a new one",
        )),
    }
}
