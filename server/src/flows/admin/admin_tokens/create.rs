//! `POST /admin/api/v1/tokens` and `POST /admin/api/v1/projects/{project}/tokens`

use std::marker::PhantomData;

use aerocall_api_types::{NewAdminToken, Permission};
use aerocall_contract::errors;
use serde_json::json;

use super::{Drawn, Holder, LOCK, MADE, limits};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Fields, short_text},
    },
    domain::audit::{Action, AuditEntry},
    flows::steps::{
        audited::Audited,
        endpoint::{AdminWho as _, Caller, Endpoint, Flow, Proof, Who},
        lifespan::Expiry,
    },
};

/// Of the server, or of one project.
const MAX_TOKENS: usize = 100;

/// Creates an admin token.
pub(crate) struct CreateAdminToken<H>(PhantomData<H>);

/// What the client sends.
pub(crate) struct Input {
    name: String,
    expiry: Expiry,
    limits: limits::Sent,
}

impl<H: Holder> Flow for CreateAdminToken<H> {
    type Who = H::Who;
    type Input = Input;
    type Output = NewAdminToken;

    const NEEDS: Option<Permission> = Some(H::NEEDS);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = H::CREATE
        .fields(H::FIELDS)
        .example(r#"{"name":"ci","scopes":["hooks:deploy"]}"#)
        .answers(201, "The token.", MADE)
        .errors(&[errors::LIMIT_REACHED]);

    fn read(fields: &mut Fields, _: &<H::Who as Who>::Settings) -> Option<Input> {
        let name = fields.required("name", short_text(100));
        let expiry = Expiry::read(fields);
        let limits = limits::Sent::read(fields);
        name.map(|name| Input { name, expiry, limits })
    }

    async fn run(app: &App, caller: &Caller<H::Who>, input: Input) -> Result<NewAdminToken> {
        let expires_ms = input.expiry.at(app.clock.now_ms())?;
        let place = H::place(&caller.scope);
        if let Some(environment) = input.limits.environment() {
            H::require_environment(app, &caller.scope, environment).await?;
        }
        let limits = input.limits.limits(&place, caller.who.permissions())?;
        let drawn = Drawn::new(place.clone())?.limited(limits);
        let made = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(LOCK)?;
            if tx.admin_tokens(&place, now_ms)?.len() >= MAX_TOKENS {
                let message = format!("There are at most {MAX_TOKENS} admin tokens");
                return Ok(Audited::Unchanged(Err(Refusal::limit_reached(message))));
            }
            let made = drawn.keep(tx, &input.name, expires_ms, now_ms)?;
            let entry = AuditEntry::new(Action::AdminTokenCreated, &made.id);
            let entry = entry.with(json!({ "name": made.name, "scopes": made.scopes, "environment": made.environment, "expiresAt": made.expires_at }));
            Ok(Audited::Changed(Ok(made), entry))
        });
        Ok(made.await??)
    }
}
