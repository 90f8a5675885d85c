//! `GET /admin/api/v1/tokens` and `GET /admin/api/v1/projects/{project}/tokens`

use std::marker::PhantomData;

use aerocall_api_types::{AdminToken, AdminTokenList, Permission};

use super::Holder;
use crate::{
    app::App,
    base::{clock, error::Result},
    flows::steps::endpoint::{Caller, Endpoint, Flow},
    storage::store::AdminTokenRow,
};

/// Lists admin tokens.
pub(crate) struct ListAdminTokens<H>(PhantomData<H>);

impl<H: Holder> Flow for ListAdminTokens<H> {
    type Who = H::Who;
    type Input = ();
    type Output = AdminTokenList;

    const NEEDS: Option<Permission> = Some(H::NEEDS);
    const ENDPOINT: Endpoint = H::LIST.answers(
        200,
        "The tokens, newest first.",
        r#"{"tokens": [{"id": "adm_…", "name": "ci", "scopes": ["project:read", "hooks:read", "hooks:deploy"], "environment": null, "createdAt": "2026-01-31T12:00:00.000Z", "lastUsedAt": null, "expiresAt": null}]}"#,
    );

    async fn run(app: &App, caller: &Caller<H::Who>, (): ()) -> Result<AdminTokenList> {
        let (place, now_ms) = (H::place(&caller.scope), app.clock.now_ms());
        let rows = app.store.read(move |tx| tx.admin_tokens(&place, now_ms)).await?;
        Ok(AdminTokenList {
            tokens: rows.into_iter().map(shown).collect(),
        })
    }
}

fn shown(row: AdminTokenRow) -> AdminToken {
    let time = |ms: i64| clock::iso(ms).into();
    AdminToken {
        scopes: row.permissions().list(),
        environment: row.environment,
        id: row.id,
        name: row.name,
        created_at: time(row.created_ms),
        last_used_at: row.last_used_ms.map(time),
        expires_at: row.expires_ms.map(time),
    }
}
