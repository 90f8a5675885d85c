//! The admin API of signing keys and of the audit log, in its frame.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Payload, Query},
};
use serde_json::{Value, json};

use crate::{
    app::App,
    base::{error::Result, ids::Scope, input::Fields},
    domain::audit::{self, Action, AuditEntry},
    flows::steps::endpoint::Admins,
    http::wire::{
        answer::{self, Flows},
        client,
        frame::{Asked, Environment},
        query::QueryString,
    },
    security::token::Rotation,
    storage::store::AuditFilter,
};

type Pairs = Query<Vec<(String, String)>>;

pub(crate) async fn list(asked: Asked<Environment>) -> HttpResponse {
    let show = asked.show(async |app, scope, _| {
        let keys = app.keyring.list(&scope, app.clock.now_ms()).await?;
        Ok(json!({ "keys": keys }))
    });
    show.await
}

/// `{ immediately? }`
pub(crate) async fn rotate(asked: Asked<Environment>, payload: Payload) -> HttpResponse {
    let read = async |asked: &Asked<_>| -> Result<_> {
        let mut fields = Fields::new(asked.usual_json(payload).await?);
        let rotation = fields.optional("immediately", |value| match value.as_bool() {
            Some(true) => Ok(Rotation::AtOnce),
            Some(false) => Ok(Rotation::Overlapping),
            None => Err("must be true or false".to_owned()),
        });
        Ok(fields.finish(Some(rotation.unwrap_or(Rotation::Overlapping)))?)
    };
    let rotate = asked.change(read, async |app, Admins { scope, by, .. }, _, rotation| {
        let (now_ms, owned) = (app.clock.now_ms(), scope.clone());
        let also = move |tx: &mut crate::storage::store::Tx<'_>, kid: &str| {
            let immediately = rotation == Rotation::AtOnce;
            let entry = AuditEntry::new(Action::SigningKeyRotated, kid).with(json!({ "immediately": immediately }));
            audit::record(tx, Some(&owned), &by, entry, now_ms)
        };
        let kid = app.keyring.rotate(&scope, rotation, now_ms, also).await?;
        Ok(json!({ "kid": kid, "keys": app.keyring.list(&scope, now_ms).await? }))
    });
    rotate.await.created()
}

/// The audit log of an environment.
pub(crate) async fn audit(asked: Asked<Environment>, query: Pairs) -> HttpResponse {
    let show = asked.show(async |app, scope, _| lines(app, Some(scope), &query).await);
    show.await
}

/// The audit log of the whole server.
pub(crate) async fn whole_audit(request: HttpRequest, query: Pairs, flows: Data<Flows>) -> HttpResponse {
    let run = async || -> Result<Value> {
        client::admin(&request, &flows.app).await?.require_server()?;
        lines(&flows.app, None, &query).await
    };
    answer::of(&request, StatusCode::OK, run().await)
}

async fn lines(app: &App, scope: Option<Scope>, query: &[(String, String)]) -> Result<Value> {
    let mut query = QueryString::new(query);
    let most = query.limit();
    let filter = AuditFilter {
        action: query.text("action"),
        actor: query.text("actor"),
        target: query.text("target"),
        before: query.text("before"),
    };
    query.finish()?;
    let rows = app.store.read(move |tx| tx.audit(scope.as_ref(), &filter, most));
    let lines = rows.await?.iter().map(audit::document).collect::<Result<Vec<_>>>()?;
    Ok(json!({ "audit": lines }))
}
