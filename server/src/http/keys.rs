//! The admin API of signing keys and of the audit log: bearer → environment → body or query → answer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path, Payload, Query},
};
use serde_json::{Value, json};

use super::{
    answer::{self, Flows},
    body, client,
    query::QueryString,
};
use crate::{
    access::Acting,
    audit::{self, Action},
    error::Result,
    ids::Scope,
    input::Fields,
    store::{AuditFilter, Tx},
    token::Rotation,
};

type Pairs = Query<Vec<(String, String)>>;
type Environment = Path<(String, String)>;

pub(super) async fn list(request: HttpRequest, path: Environment, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        let keys = flows.app.keyring.list(&scope, flows.app.clock.now_ms()).await?;
        Ok(json!({ "keys": keys }))
    };
    answer::of(&request, StatusCode::OK, run().await)
}

/// `{ immediately? }`
pub(super) async fn rotate(
    request: HttpRequest,
    path: Environment,
    payload: Payload,
    flows: Data<Flows>,
) -> HttpResponse {
    let run = async || -> Result<Value> {
        let Acting { scope, origin, .. } = client::acting(&request, &flows.app, &path.0, &path.1).await?;
        let mut fields = Fields::new(body::json(&request, payload, flows.app.config.http.json_body_bytes).await?);
        let rotation = fields.optional("immediately", |value| match value.as_bool() {
            Some(true) => Ok(Rotation::AtOnce),
            Some(false) => Ok(Rotation::Overlapping),
            None => Err("must be true or false".to_owned()),
        });
        let rotation = fields.finish(Some(rotation.unwrap_or(Rotation::Overlapping)))?;
        let rotated = flows.run(async move |app| {
            let (now_ms, owned) = (app.clock.now_ms(), scope.clone());
            let also = move |tx: &mut Tx<'_>, kid: &str| {
                let noted = json!({ "immediately": rotation == Rotation::AtOnce });
                audit::note(tx, &owned, &origin, Action::SigningKeyRotated, kid, &noted, now_ms)
            };
            let kid = app.keyring.rotate(&scope, rotation, now_ms, also).await?;
            Ok(json!({ "kid": kid, "keys": app.keyring.list(&scope, now_ms).await? }))
        });
        rotated.await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

/// The audit log of an environment, with what was done to its project as a whole.
pub(super) async fn audit(request: HttpRequest, path: Environment, query: Pairs, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        rows(&flows, Some(scope), &query).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

/// The audit log of the whole server.
pub(super) async fn whole_audit(request: HttpRequest, query: Pairs, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        client::admin(&request, &flows.app).await?.require_server()?;
        rows(&flows, None, &query).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

async fn rows(flows: &Flows, scope: Option<Scope>, query: &[(String, String)]) -> Result<Value> {
    let mut query = QueryString::new(query);
    let most = query.limit();
    let actions: Vec<_> = Action::ALL
        .iter()
        .map(|action| (action.as_str(), action.as_str()))
        .collect();
    let filter = AuditFilter {
        action: query.one_of("action", &actions).map(str::to_owned),
        actor: query.text("actor"),
        target: query.text("target"),
        before: query.text("before"),
    };
    query.finish()?;
    let rows = flows.app.store.read(move |tx| match &scope {
        Some(scope) => tx.audit_of(scope, filter, most),
        None => tx.audit(filter, most),
    });
    let documents = rows.await?.iter().map(audit::document).collect::<Result<Vec<_>>>()?;
    Ok(json!({ "audit": documents }))
}
