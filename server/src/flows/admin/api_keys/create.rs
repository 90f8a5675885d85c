//! `POST …/keys`

use aerocall_api_types::{NewApiKey, Permission};
use aerocall_contract::errors;
use serde_json::{Value, json};

use super::{Drawn, MADE, MAX_KEYS};
use crate::{
    app::App,
    base::{
        error::{Refusal, Result},
        input::{Fields, Parsed, short_text},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentOwner, Field, FieldKind, Flow, Method, Proof, environment},
        lifespan::Expiry,
    },
    storage::store::KeyKind,
};

/// Creates an API key.
pub(crate) struct CreateApiKey;

/// What the client sends.
pub(crate) struct Input {
    kind: KeyKind,
    name: String,
    expiry: Expiry,
}

impl Flow for CreateApiKey {
    type Who = EnvironmentOwner;
    type Input = Input;
    type Output = NewApiKey;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const PROOF: Proof = Proof::Fresh;
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/keys"), "Create an API key")
        .about("A secret key is returned only here. Requires an admin token of the server or of the project: a secret key cannot create keys.")
        .fields(&[
            Field::required(
                "kind",
                FieldKind::OneOf(&["publishable", "secret"]),
                "`publishable` for clients, `secret` for servers and for the admin API of the environment.",
            ),
            Field::optional("name", FieldKind::Text(100), "What the key is for; empty if omitted."),
            Expiry::FIELD,
        ])
        .example(r#"{"kind":"secret","name":"backend"}"#)
        .answers(201, "The key.", MADE)
        .errors(&[errors::LIMIT_REACHED]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let kind = fields.required("kind", kind);
        let name = fields.optional("name", short_text(100)).unwrap_or_default();
        let expiry = Expiry::read(fields);
        kind.map(|kind| Input { kind, name, expiry })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentOwner>, input: Input) -> Result<NewApiKey> {
        let expires_ms = input.expiry.at(app.clock.now_ms())?;
        let (drawn, scope) = (Drawn::new(input.kind)?, caller.scope.clone());
        let made = caller.change(app, move |tx, now_ms| {
            tx.advisory_lock(&format!("project {}", scope.project))?;
            if !tx.is_environment(&scope)? {
                return Ok(Audited::Unchanged(Err(Refusal::not_found())));
            }
            if tx.api_keys(&scope, now_ms)?.len() >= MAX_KEYS {
                let message = format!("An environment has at most {MAX_KEYS} API keys");
                return Ok(Audited::Unchanged(Err(Refusal::limit_reached(message))));
            }
            let made = drawn.keep(tx, &scope, &input.name, expires_ms, now_ms)?;
            let entry = AuditEntry::new(Action::ApiKeyCreated, &made.id);
            let entry = entry.with(json!({ "kind": made.kind, "name": made.name, "expiresAt": made.expires_at }));
            Ok(Audited::Changed(Ok(made), entry))
        });
        Ok(made.await??)
    }
}

fn kind(value: Value) -> Parsed<KeyKind> {
    match value.as_str() {
        Some("publishable") => Ok(KeyKind::Publishable),
        Some("secret") => Ok(KeyKind::Secret),
        _ => Err("must be publishable or secret".to_owned()),
    }
}
