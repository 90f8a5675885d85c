//! `GET …/users/{id}/export`: everything that is kept of one user, as a document. Reading it is noted in the audit log.

use serde_json::{Value, json};

use crate::{
    access::Acting,
    app::App,
    audit::{self, Action},
    clock,
    error::{Error, Refusal, Result},
    store::{EventRow, ExportedFactor, ExportedIdentity, ExportedSession, KeptOfUser, Tx},
    user,
};

pub(crate) async fn run(app: &App, acting: Acting, id: String) -> Result<Value> {
    let now_ms = app.clock.now_ms();
    let Acting { scope, origin, .. } = acting;
    let (own, wanted) = (scope.clone(), id.clone());
    // Read aside: it may take a while, and writers need not wait for it.
    let kept = app.store.read(move |tx| tx.kept_of_user(&own, &wanted)).await?;
    let document = document(kept.ok_or_else(Refusal::not_found)?, now_ms)?;
    let noted = move |tx: &mut Tx<'_>| audit::note(tx, &scope, &origin, Action::UserExported, &id, &json!({}), now_ms);
    app.store.write(noted).await?;
    Ok(document)
}

fn document(kept: KeptOfUser, now_ms: i64) -> Result<Value> {
    let sessions: Vec<Value> = kept.sessions.iter().map(session).collect::<Result<_>>()?;
    let events: Vec<Value> = kept.events.iter().map(event).collect::<Result<_>>()?;
    let audit: Vec<Value> = kept.audit.iter().map(audit::document).collect::<Result<_>>()?;
    Ok(json!({
        "user": user::admin_document(&kept.user, now_ms)?,
        "sessions": sessions,
        "identities": kept.identities.iter().map(identity).collect::<Vec<_>>(),
        "factors": kept.factors.iter().map(factor).collect::<Vec<_>>(),
        "recoveryCodes": kept.recovery_codes,
        "events": events,
        "audit": audit,
    }))
}

fn session(row: &ExportedSession) -> Result<Value> {
    Ok(json!({
        "id": row.id,
        "client": stored(&row.client)?,
        "ip": row.ip,
        "userAgent": row.user_agent,
        "provider": row.provider,
        "amr": stored(&row.amr)?,
        "authenticatedAt": clock::iso(row.authenticated_ms),
        "createdAt": clock::iso(row.created_ms),
        "lastUsedAt": clock::iso(row.last_used_ms),
        "expiresAt": clock::iso(row.expires_ms.min(row.idle_until_ms)),
        "revokedAt": row.revoked_ms.map(clock::iso),
    }))
}

fn identity(row: &ExportedIdentity) -> Value {
    json!({
        "provider": row.provider,
        "subject": row.subject,
        "email": row.email,
        "createdAt": clock::iso(row.created_ms),
        "lastUsedAt": clock::iso(row.last_used_ms),
    })
}

fn factor(row: &ExportedFactor) -> Value {
    json!({
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "state": row.state,
        "createdAt": clock::iso(row.created_ms),
        "verifiedAt": row.verified_ms.map(clock::iso),
    })
}

fn event(row: &EventRow) -> Result<Value> {
    let mut data = stored(&row.data)?;
    // Whoever sends a code is told it; nobody else is.
    if let Some(data) = data.as_object_mut() {
        data.remove("code");
    }
    Ok(json!({
        "id": row.id,
        "type": row.kind,
        "version": row.version,
        "time": clock::iso(row.time_ms),
        "actor": row.actor,
        "data": data,
    }))
}

fn stored(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| Error::unexpected("reading what is kept of a user", error))
}
