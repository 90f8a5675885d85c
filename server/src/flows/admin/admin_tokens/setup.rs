//! `POST /admin/api/v1/setup`, and the code that it takes.
//!
//! A server that starts without an admin draws a code and shows it to whoever started it. It is good at every node, as they
//! share the table; for an hour; and until there is an admin. Every start draws another one, so that a line that was lost is
//! no reason to wait, and those of nodes that start together are all good.

use std::time::Duration;

use aerocall_api_types::NewAdminToken;
use aerocall_contract::errors;
use serde_json::json;

use super::{Drawn, LOCK, MADE, server_admins};
use crate::{
    app::App,
    base::{
        clock::millis,
        crypto::secret,
        error::{Refusal, Result},
        input::{Fields, short_text},
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    flows::steps::{
        account_mail::MAX_TOKEN_CHARS,
        endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, Stranger},
    },
    storage::store::TokenPlace,
};

/// How long a code is good.
pub(crate) const LIFE: Duration = Duration::from_secs(3_600);

/// What the first token is called if nobody says.
const FIRST: &str = "first admin";

/// A new code, if the server has no admin. The codes before it stay good.
pub(crate) async fn setup_code(app: &App) -> Result<Option<String>> {
    let now_ms = app.clock.now_ms();
    // A server that has one starts on a database that cannot be written to as well.
    let tokens = app.store.read(move |tx| server_admins(tx, now_ms));
    if !tokens.await?.is_empty() {
        return Ok(None);
    }
    let code = secret::new_key("set")?;
    let fingerprint = secret::fingerprint(&code);
    let kept = app.store.write(move |tx| {
        tx.advisory_lock(LOCK)?;
        if !server_admins(tx, now_ms)?.is_empty() {
            return Ok(false);
        }
        tx.insert_setup_code(&fingerprint, now_ms, now_ms + millis(LIFE))?;
        Ok(true)
    });
    Ok(kept.await?.then_some(code))
}

/// Gives the first admin a token, for the code.
pub(crate) struct Setup;

/// What the client sends.
pub(crate) struct Input {
    code: String,
    name: String,
}

impl Flow for Setup {
    type Who = Stranger;
    type Input = Input;
    type Output = NewAdminToken;

    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/setup", "Set up the first admin")
        .about("A server without an admin prints a set-up link when it starts. The token in it is good for one hour, at every node, and once: for the first admin token of the server. Each address can try ten times per minute.")
        .fields(&[
            Field::required("token", FieldKind::Token, "The token from the set-up link."),
            Field::optional("name", FieldKind::Text(100), "Name of the admin token; `first admin` if omitted."),
        ])
        .example(r#"{"token":"set_…","name":"ada"}"#)
        .answers(201, "The admin token, returned only here.", MADE)
        .errors(&[errors::INVALID_CODE, errors::SETUP_DONE, errors::RATE_LIMITED]);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        let code = fields.required("token", short_text(MAX_TOKEN_CHARS));
        let name = fields.optional("name", short_text(100));
        code.map(|code| Input {
            code,
            name: name.unwrap_or_else(|| FIRST.to_owned()),
        })
    }

    async fn run(app: &App, caller: &Caller<Stranger>, input: Input) -> Result<NewAdminToken> {
        let (fingerprint, now_ms) = (secret::fingerprint(&input.code), app.clock.now_ms());
        let wanted = fingerprint.clone();
        // Strangers may ask this at any time: only a code that is good makes the store write.
        let looked = app.store.read(move |tx| {
            let has_admin = !server_admins(tx, now_ms)?.is_empty();
            Ok((has_admin, tx.is_setup_code(&wanted, now_ms)?))
        });
        allowed(looked.await?)?;
        let (drawn, request) = (Drawn::new(TokenPlace::Server)?, caller.request.clone());
        let done = app.store.write(move |tx| {
            tx.advisory_lock(LOCK)?;
            let has_admin = !server_admins(tx, now_ms)?.is_empty();
            if let Err(refusal) = allowed((has_admin, tx.is_setup_code(&fingerprint, now_ms)?)) {
                return Ok(Err(refusal));
            }
            // With the token, all codes go.
            let made = drawn.keep(tx, &input.name, None, now_ms)?;
            let actor = Actor::request(format!("admin:{}", made.id), &request);
            let entry = AuditEntry::new(Action::AdminTokenCreated, &made.id);
            let entry = entry.with(json!({ "name": made.name, "by": "setup" }));
            audit::record(tx, None, &actor, entry, now_ms)?;
            Ok(Ok(made))
        });
        Ok(done.await??)
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
