//! `GET …/search`

use std::collections::BTreeSet;

use aerocall_api_types::{Permission, SearchKind, SearchResult, SearchResults};

use crate::{
    app::App,
    base::{
        error::Result,
        ids::{Kind, Scope, is_id},
        input::{Fields, query},
        permissions::Permissions,
    },
    domain::project::AuthSettings,
    flows::steps::endpoint::{AdminWho as _, Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, environment},
    storage::store::{InvocationFilter, Sought, StoreError, Tx, UserFilter},
};

/// Finds users, hooks and what an id names.
pub(crate) struct Search;

/// Users, and hooks, of one answer.
const MOST: usize = 10;

impl Flow for Search {
    type Who = EnvironmentAdmin;
    /// What somebody typed.
    type Input = String;
    type Output = SearchResults;

    const NEEDS: Option<Permission> = Some(Permission::ProjectRead);
    const ENDPOINT: Endpoint = Endpoint::get(environment!("/search"), "Search an environment")
        .about("Finds users whose email address begins so, hooks of the project whose name contains it, and whatever has it as its id: a user, an invocation, a request, an event, a job or a mail. At most 10 users and 10 hooks, and nothing that the caller may not read: hooks need `hooks:read`, everything else `data:read`.")
        .fields(&[Field::required(
            "q",
            FieldKind::Text(200),
            "The beginning of an email address, a part of the name of a hook, or an id.",
        )])
        .answers(
            200,
            "What was found.",
            r#"{"results": [{"kind": "hook", "id": "signup", "title": "signup"}, {"kind": "user", "id": "usr_…", "title": "ada@example.com"}]}"#,
        );

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<String> {
        fields.required("q", query::text)
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, typed: String) -> Result<SearchResults> {
        let (scope, permissions) = (caller.scope.clone(), caller.who.permissions());
        let found = app.store.read(move |tx| found(tx, &scope, typed.trim(), permissions));
        Ok(SearchResults { results: found.await? })
    }
}

fn found(
    tx: &mut Tx<'_>,
    scope: &Scope,
    typed: &str,
    permissions: Permissions,
) -> std::result::Result<Vec<SearchResult>, StoreError> {
    let mut results = Vec::new();
    let may_read_data = permissions.has(Permission::DataRead);
    if typed.is_empty() {
        return Ok(results);
    }
    if may_read_data && let Some(named) = by_id(tx, scope, typed)? {
        return Ok(vec![named]);
    }
    if permissions.has(Permission::HooksRead) {
        results.extend(hooks(tx, scope, typed)?);
    }
    if may_read_data {
        let filter = UserFilter {
            sought: Sought::Email(typed.to_owned()),
            ..UserFilter::default()
        };
        let rows = tx.users(scope, &filter, i64::try_from(MOST).unwrap_or(i64::MAX))?;
        results.extend(rows.into_iter().map(|row| SearchResult {
            kind: SearchKind::User,
            title: row.email.clone(),
            id: row.id,
        }));
    }
    Ok(results)
}

/// What has this id; what the kinds of ids cost nothing unless the text is one.
fn by_id(tx: &mut Tx<'_>, scope: &Scope, id: &str) -> std::result::Result<Option<SearchResult>, StoreError> {
    let result = |kind, title: String| SearchResult {
        kind,
        id: id.to_owned(),
        title,
    };
    let is = |kind| is_id(kind, id);
    Ok(if is(Kind::User) {
        tx.user(scope, id)?.map(|row| result(SearchKind::User, row.email))
    } else if is(Kind::Invocation) {
        let row = tx.invocation(scope, id)?;
        row.map(|row| result(SearchKind::Invocation, format!("{} · {}", row.hook, row.point)))
    } else if is(Kind::Event) {
        tx.event(scope, id)?.map(|row| result(SearchKind::Event, row.kind))
    } else if is(Kind::Job) {
        tx.job(scope, id)?.map(|row| result(SearchKind::Job, row.queue))
    } else if is(Kind::Mail) {
        tx.mail(scope, id)?.map(|row| result(SearchKind::Mail, row.subject))
    } else if is(Kind::Request) {
        let filter = InvocationFilter {
            request_id: Some(id.to_owned()),
            ..InvocationFilter::default()
        };
        let first = tx.measured(scope, &filter, 1)?.into_iter().next();
        let event = tx.events_of_request(scope, id, 1)?.into_iter().next();
        let title = first.map(|row| row.point).or(event.map(|event| event.kind));
        title.map(|title| result(SearchKind::Request, title))
    } else {
        None
    })
}

/// Hooks of the project whose name contains it, whatever the case of the letters.
fn hooks(tx: &mut Tx<'_>, scope: &Scope, typed: &str) -> std::result::Result<Vec<SearchResult>, StoreError> {
    let wanted = typed.to_lowercase();
    let with_version = tx.hook_versions(&scope.project)?.into_iter().map(|line| line.hook);
    let names: BTreeSet<String> = with_version
        .chain(tx.drafts(&scope.project)?.into_iter().map(|draft| draft.hook))
        .collect();
    let found = names.into_iter().filter(|name| name.to_lowercase().contains(&wanted));
    Ok(found
        .take(MOST)
        .map(|name| SearchResult {
            kind: SearchKind::Hook,
            title: name.clone(),
            id: name,
        })
        .collect())
}
