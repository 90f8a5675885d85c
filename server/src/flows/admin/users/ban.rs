//! `POST …/users/{user}/ban`

use aerocall_api_types::{Permission, UserEnvelope};
use serde_json::{Value, json};

use super::{EXAMPLE, emit_updated, envelope, sessions};
use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        event::EventKind,
        input::{Fields, Parsed, short_text},
    },
    domain::{
        audit::{Action, AuditEntry},
        project::AuthSettings,
    },
    flows::steps::{
        audited::Audited,
        endpoint::{Caller, Endpoint, EnvironmentAdmin, Field, FieldKind, Flow, Method, environment},
    },
    storage::store::UserChange,
};

/// Keeps somebody out until a time, and ends their sessions.
pub(crate) struct BanUser;

/// What the client sends.
pub(crate) struct Input {
    until_ms: Option<i64>,
    reason: Option<String>,
}

impl Flow for BanUser {
    type Who = EnvironmentAdmin;
    type Input = Input;
    type Output = UserEnvelope;

    const NEEDS: Option<Permission> = Some(Permission::DataWrite);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Post, environment!("/users/{user}/ban"), "Ban a user")
        .about("Revokes the user's sessions and prevents new ones until the ban ends.")
        .fields(&[
            Field::optional(
                "until",
                FieldKind::Text(40),
                "When the ban ends (RFC 3339); never if omitted.",
            ),
            Field::optional("reason", FieldKind::Text(500), "A note for other admins."),
        ])
        .example(r#"{"until":"2999-01-31T12:00:00Z","reason":"spam"}"#)
        .answers(200, "The user.", EXAMPLE)
        .events(&[EventKind::UserUpdated, EventKind::SessionRevoked]);

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            until_ms: fields.optional("until", time),
            reason: fields.optional("reason", short_text(500)),
        })
    }

    async fn run(app: &App, caller: &Caller<EnvironmentAdmin>, input: Input) -> Result<UserEnvelope> {
        let Input { until_ms, reason } = input;
        if until_ms.is_some_and(|at_ms| at_ms <= app.clock.now_ms()) {
            return Err(Refusal::invalid_field("until", "must be in the future").into());
        }
        let (scope, id, actor) = (
            caller.scope.clone(),
            caller.part("user")?.to_owned(),
            caller.actor().actor,
        );
        let entry = AuditEntry::new(Action::UserBanned, &id)
            .with(json!({ "until": until_ms.map(clock::iso), "reason": reason }));
        let change = UserChange {
            ban: Some(Some((until_ms.unwrap_or(i64::MAX), reason))),
            ..UserChange::default()
        };
        let user = caller.change(app, move |tx, now_ms| {
            let Some(user) = tx.lock_user(&scope, &id)? else {
                return Ok(Audited::Unchanged(None));
            };
            let user = tx.update_user(&scope, &user.id, &change, now_ms)?.unwrap_or(user);
            emit_updated(tx, &scope, &actor, &user, now_ms)?;
            sessions::end(tx, &scope, &actor, &user, "banned", now_ms)?;
            Ok(Audited::Changed(Some(user), entry))
        });
        let user = user.await?.ok_or_else(Refusal::not_found)?;
        app.hooks.platform.events.notify_one();
        envelope(&user, app.clock.now_ms())
    }
}

fn time(value: Value) -> Parsed<i64> {
    let at_ms = value.as_str().and_then(clock::parse_iso);
    at_ms.ok_or_else(|| "must be a time, like 2027-01-31T12:00:00Z".to_owned())
}
