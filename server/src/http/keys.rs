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
    audit::{self, Action, Deed},
    error::Result,
    ids::Scope,
    input::Fields,
    store::AuditFilter,
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
        let (scope, by) = client::admin_by(&request, &flows.app, &path.0, &path.1).await?;
        let mut fields = Fields::new(body::json(&request, payload, flows.app.config.http.json_body_bytes).await?);
        let rotation = fields.optional("immediately", |value| match value.as_bool() {
            Some(true) => Ok(Rotation::AtOnce),
            Some(false) => Ok(Rotation::Overlapping),
            None => Err("must be true or false".to_owned()),
        });
        let rotation = fields.finish(Some(rotation.unwrap_or(Rotation::Overlapping)))?;
        let rotated = flows.run(async move |app| {
            let (now_ms, owned) = (app.clock.now_ms(), scope.clone());
            let also = move |tx: &mut crate::store::Tx<'_>, kid: &str| {
                let immediately = rotation == Rotation::AtOnce;
                let deed = Deed::new(Action::SigningKeyRotated, kid).with(json!({ "immediately": immediately }));
                audit::note(tx, Some(&owned), &by, deed, now_ms)
            };
            let kid = app.keyring.rotate(&scope, rotation, now_ms, also).await?;
            Ok(json!({ "kid": kid, "keys": app.keyring.list(&scope, now_ms).await? }))
        });
        rotated.await
    };
    answer::of(&request, StatusCode::CREATED, run().await)
}

/// The audit log of an environment.
pub(super) async fn audit(request: HttpRequest, path: Environment, query: Pairs, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        let scope = client::admin_scope(&request, &flows.app, &path.0, &path.1).await?;
        lines(&flows, Some(scope), &query).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

/// The audit log of the whole server.
pub(super) async fn whole_audit(request: HttpRequest, query: Pairs, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        client::admin(&request, &flows.app).await?.require_server()?;
        lines(&flows, None, &query).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

async fn lines(flows: &Flows, scope: Option<Scope>, query: &[(String, String)]) -> Result<Value> {
    let mut query = QueryString::new(query);
    let most = query.limit();
    let filter = AuditFilter {
        action: query.text("action"),
        actor: query.text("actor"),
        target: query.text("target"),
        before: query.text("before"),
    };
    query.finish()?;
    let rows = flows.app.store.read(move |tx| tx.audit(scope.as_ref(), &filter, most));
    let lines = rows.await?.iter().map(audit::document).collect::<Result<Vec<_>>>()?;
    Ok(json!({ "audit": lines }))
}
