//! `GET …/users`

use aerocall_api_types::{Permission, UserList};

use super::document;
use crate::{
    app::App,
    base::{
        error::Result,
        ids::{Kind, is_id},
        input::{Fields, query, sought},
    },
    domain::project::AuthSettings,
    flows::steps::{
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
        page::{Page, readable},
    },
    storage::store::{Sought, UserFilter},
};

/// Lists the users of an environment.
pub(crate) struct ListUsers;

/// What the client sends.
pub(crate) struct Input {
    filter: UserFilter,
    banned: Option<bool>,
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
                "The id of a user; the beginning of a phone number, from `+` on; the beginning of an email address with `@`; or else that of the email address or the name, without regard to upper and lower case.",
            ),
            Field::optional(
                "email",
                FieldKind::Text(200),
                "Beginning of the email address; found by an index, unlike a name. Not together with `q`.",
            ),
            Field::optional("banned", FieldKind::Flag, "Only users who are banned now, or only others."),
            Field::optional(
                "verified",
                FieldKind::Flag,
                "Only users whose email address is verified, or only others.",
            ),
            Field::optional(
                "provider",
                FieldKind::Text(200),
                "Only accounts that were created like this, such as `password` or the name of an identity provider.",
            ),
            Field::optional("createdAfter", FieldKind::TIME, "Only accounts that were created at this time (RFC 3339) or later."),
            Field::optional("createdBefore", FieldKind::TIME, "Only accounts that were created before this time (RFC 3339)."),
            Page::LIMIT,
            Page::BEFORE,
        ])
        .answers(
            200,
            "The users, newest first.",
            r#"{"users": [{"id": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "emailVerified": true, "metadata": {}, "publicMetadata": {}, "createdAt": "2026-01-31T12:00:00.000Z", "updatedAt": "2026-01-31T12:00:00.000Z", "provider": "password", "hasPassword": true, "lastLoginAt": null, "banned": false, "bannedUntil": null, "banReason": null}], "next": null}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let text = fields.optional("q", query::text);
        let email = fields.optional("email", query::text);
        if text.is_some() && email.is_some() {
            fields.problem("email", "cannot be sent together with q");
        }
        let banned = fields.optional("banned", query::flag);
        let filter = UserFilter {
            sought: match (text, email) {
                (_, Some(email)) => Sought::Email(sought(&email)),
                (Some(text), None) => kind_of(&text),
                (None, None) => Sought::Everybody,
            },
            verified: fields.optional("verified", query::flag),
            provider: fields.optional("provider", query::text),
            from_ms: fields.optional("createdAfter", query::time),
            to_ms: fields.optional("createdBefore", query::time),
            ..UserFilter::default()
        };
        Some(Input {
            filter,
            banned,
            page: Page::read(fields, Kind::User),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<UserList> {
        let Input { filter, banned, page } = input;
        let (scope, rows) = (caller.scope.clone(), page.rows());
        let filter = UserFilter {
            banned: banned.map(|banned| (banned, app.clock.now_ms())),
            before: page.before.clone(),
            ..filter
        };
        let rows = app.store.read(move |tx| tx.users(&scope, &filter, rows)).await?;
        let (rows, next) = page.cut(rows, |row| &row.id);
        let now_ms = app.clock.now_ms();
        let users = readable(rows, |row| row.id.clone(), |row| document(&row, now_ms));
        Ok(UserList { users, next })
    }
}

/// What a text that was typed looks like.
fn kind_of(text: &str) -> Sought {
    let text = sought(text);
    match text.trim_start_matches('+') {
        rest if text.starts_with('+') && rest.chars().all(|c| c.is_ascii_digit()) => Sought::Phone(text),
        _ if text.contains('@') => Sought::Email(text),
        _ if is_id(Kind::User, &text) => Sought::Id(text),
        _ => Sought::EmailOrName(text),
    }
}
