//! `GET /auth/me`

use serde::Serialize;
use serde_json::Value;

use crate::{
    app::App,
    error::{Refusal, Result},
    ids::Scope,
    user,
};

/// The reply.
#[derive(Debug, Serialize)]
pub(crate) struct Me {
    user: Value,
}

/// The user of an access token, as long as its session lives.
pub(crate) async fn run(app: &App, scope: &Scope, token: &str) -> Result<Me> {
    let now_ms = app.clock.now_ms();
    let claims = app.keyring.verify(scope, token, now_ms).await?;
    let scope = scope.clone();
    let user = app.store.read(move |tx| {
        let live = tx
            .live_session_user(&scope, &claims.sid, now_ms)?
            .filter(|user_id| *user_id == claims.sub);
        live.map_or(Ok(None), |user_id| tx.user(&scope, &user_id))
    });
    let user = user.await?.ok_or_else(Refusal::invalid_token)?;
    Ok(Me {
        user: user::document(&user)?,
    })
}
