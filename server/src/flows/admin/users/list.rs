//! `GET …/users`

use aerocall_api_types::{Permission, UserList};

use super::document;
use crate::{
    app::App,
    base::{
        error::Result,
        input::{Fields, query, sought},
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
        page::{Page, readable},
    },
    storage::store::UserFilter,
};

/// Lists the users of an environment.
pub(crate) struct ListUsers;

/// What the client sends.
pub(crate) struct Input {
    begins: Option<String>,
    page: Page,
}

impl Flow for ListUsers {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = UserList;

    const NEEDS: Option<Permission> = Some(Permission::DataRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/users"), "List users")
        .fields(&[
            Field::optional(
                "q",
                FieldKind::Text(200),
                "Beginning of the email address or the name, without regard to upper and lower case.",
            ),
            Page::LIMIT,
            Page::BEFORE,
        ])
        .answers(
            200,
            "The users, newest first.",
            r#"{"users": [{"id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "emailVerified": true, "metadata": {}, "publicMetadata": {}, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": null, "banned": false, "bannedUntil": null, "banReason": null}], "next": null}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            begins: fields.optional("q", query::text).map(|text| sought(&text)),
            page: Page::read(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<UserList> {
        let Input { begins, page } = input;
        let (scope, rows) = (caller.scope.clone(), page.rows());
        let filter = UserFilter {
            begins,
            before: page.before.clone(),
        };
        let rows = app.store.read(move |tx| tx.users(&scope, &filter, rows)).await?;
        let (rows, next) = page.cut(rows, |row| &row.id);
        let now_ms = app.clock.now_ms();
        let users = readable(rows, |row| row.id.clone(), |row| document(&row, now_ms));
        Ok(UserList { users, next })
    }
}
