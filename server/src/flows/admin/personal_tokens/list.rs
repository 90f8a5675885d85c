//! `GET /admin/api/v1/account/tokens`

use aerocall_api_types::{Permission, PersonalToken, PersonalTokenList};

use crate::{
    app::App,
    base::{clock, error::Result, permissions::Permissions},
    flows::steps::endpoint::{AccountSession, Caller, Endpoint, Flow},
    storage::store::PersonalTokenRow,
};

/// Lists the personal tokens of an account.
pub(crate) struct ListPersonalTokens;

impl Flow for ListPersonalTokens {
    type Who = AccountSession;
    type Input = ();
    type Output = PersonalTokenList;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get("/admin/api/v1/account/tokens", "List your personal tokens")
        .about("The tokens that are valid, without the tokens themselves.")
        .answers(
            200,
            "The tokens.",
            r#"{"tokens": [{"id": "ptk_…", "name": "laptop", "scopes": null, "project": null, "environment": null, "createdAt": "2026-01-31T12:00:00.000Z", "lastUsedAt": null, "expiresAt": null}]}"#,
        );

    async fn run(app: &App, caller: &Caller<AccountSession>, (): ()) -> Result<PersonalTokenList> {
        let (account_id, now_ms) = (caller.who.person()?.account.id.clone(), app.clock.now_ms());
        let rows = app
            .store
            .read(move |tx| tx.personal_tokens(&account_id, now_ms))
            .await?;
        let shown = |row: PersonalTokenRow| PersonalToken {
            scopes: row.permissions().map(Permissions::list),
            id: row.id,
            name: row.name,
            project: row.project_id,
            environment: row.environment,
            created_at: clock::iso(row.created_ms).into(),
            last_used_at: row.last_used_ms.map(|ms| clock::iso(ms).into()),
            expires_at: row.expires_ms.map(|ms| clock::iso(ms).into()),
        };
        Ok(PersonalTokenList {
            tokens: rows.into_iter().map(shown).collect(),
        })
    }
}
