//! `GET /auth/identities` and `DELETE /auth/identities/{provider}`

use aerocall_api_types::{Identity, IdentityList};
use aerocall_contract::errors;
use serde_json::json;

use crate::{
    app::App,
    base::{
        clock,
        error::{Refusal, Result},
        event::EventKind,
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    flows::steps::{
        endpoint::{Answer, Caller, Endpoint, Flow, Method, Rate},
        session::{self, SignedIn},
    },
    storage::store::IdentityRow,
};

/// The identities of whoever is signed in.
pub(crate) struct ListIdentities;

/// Parting with one of them.
pub(crate) struct DeleteIdentity;

pub(crate) const EXAMPLE: &str = r#"{"identities": [{"provider": "google", "email": "ada@example.com", "created_at": "2026-01-31T12:00:00.000Z", "last_used_at": "2026-01-31T12:00:00.000Z"}]}"#;

impl Flow for ListIdentities {
    type Who = SignedIn;
    type Input = ();
    type Output = IdentityList;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Get,
        path: "/auth/identities",
        summary: "List linked identities",
        about: "The accounts at identity providers that the current user can log in with.",
        fields: &[],
        example: "",
        answer: Answer {
            status: 200,
            about: "The identities, oldest first.",
            example: EXAMPLE,
        },
        steps: &[],
        events: &[],
        errors: &[],
        rate: Rate::Plain,
    };

    async fn run(app: &App, caller: &Caller<SignedIn>, (): ()) -> Result<IdentityList> {
        let (scope, user_id) = (caller.scope.clone(), caller.who.user.id.clone());
        let rows = app.store.read(move |tx| tx.identities(&scope, &user_id)).await?;
        Ok(list(rows))
    }
}

impl Flow for DeleteIdentity {
    type Who = SignedIn;
    type Input = ();
    type Output = IdentityList;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Delete,
        path: "/auth/identities/{provider}",
        summary: "Unlink an identity provider",
        about: "The account at the provider can no longer be used to log in. Needs a recent login and another login method: a password or another identity (`last_way_in`).",
        fields: &[],
        example: "",
        answer: Answer {
            status: 200,
            about: "The remaining identities.",
            example: r#"{"identities": []}"#,
        },
        steps: &[],
        events: &[EventKind::UserUpdated],
        errors: &[errors::RECENT_LOGIN_REQUIRED, errors::LAST_WAY_IN, errors::NOT_FOUND],
        rate: Rate::Plain,
    };

    async fn run(app: &App, caller: &Caller<SignedIn>, (): ()) -> Result<IdentityList> {
        let now_ms = app.clock.now_ms();
        caller.who.require_recent(&caller.settings, now_ms)?;
        let (scope, provider) = (caller.scope.clone(), caller.part("provider")?.to_owned());
        let (who, by) = (caller.who.clone(), Actor::request(caller.who.actor(), &caller.request));
        let left = app.store.write(move |tx| {
            let Some(user) = tx.lock_user(&scope, &who.user.id)? else {
                return Ok(Err(Refusal::not_found()));
            };
            let (gone, left): (Vec<_>, Vec<_>) = tx
                .identities(&scope, &user.id)?
                .into_iter()
                .partition(|identity| identity.provider == provider);
            if gone.is_empty() {
                return Ok(Err(Refusal::not_found()));
            }
            if left.is_empty() && user.password_hash.is_none() {
                return Ok(Err(last_way_in()));
            }
            tx.delete_identities(&scope, &user.id, &provider)?;
            let actor = by.actor.clone();
            let event = session::event(EventKind::UserUpdated, actor, &user, Some(&who.session.id), now_ms)?;
            tx.insert_event(&scope, &event)?;
            let entry = AuditEntry::new(Action::IdentityRemoved, &user.id).with(json!({ "provider": provider }));
            audit::record(tx, Some(&scope), &by, entry, now_ms)?;
            Ok(Ok(left))
        });
        Ok(list(left.await??))
    }
}

fn last_way_in() -> Refusal {
    Refusal::new(
        errors::LAST_WAY_IN,
        "Nothing else leads into this account; set a password first",
    )
}

/// What the owner of the identities sees of them.
pub(crate) fn list(rows: Vec<IdentityRow>) -> IdentityList {
    let identity = |row: IdentityRow| Identity {
        provider: row.provider,
        email: row.email,
        created_at: clock::iso(row.created_ms).into(),
        last_used_at: clock::iso(row.last_used_ms).into(),
    };
    IdentityList {
        identities: rows.into_iter().map(identity).collect(),
    }
}
