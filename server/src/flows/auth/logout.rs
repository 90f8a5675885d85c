//! `POST /auth/logout`

use aerocall_api_types::RevokedSessions;
use serde_json::{Map, Value, json};

use crate::{
    app::App,
    base::{
        error::Result,
        event::{Event, EventKind},
        ids::Scope,
        input::{Fields, Parsed},
    },
    domain::{
        project::AuthSettings,
        user::{self, Profile},
    },
    flows::steps::{
        commit::commit,
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        session::{self, SignedIn},
    },
    hooks::{FlowContext, Payload, Step},
    storage::store::{StoreError, Tx, UserRow},
};

/// Ending sessions of one's own.
pub(crate) struct Logout;

/// What the client sends.
pub(crate) struct Input {
    which: Which,
    client: Map<String, Value>,
}

/// Which sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    This,
    Others,
    All,
}

impl Flow for Logout {
    type Who = SignedIn;
    type Input = Input;
    type Output = RevokedSessions;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Post,
        path: "/auth/logout",
        summary: "Log out",
        about: "Revokes this session, all other sessions, or all sessions of the user. Their tokens are refused from then on; a service that checks access tokens only by signature accepts them until they expire.",
        fields: &[
            Field::optional(
                "scope",
                FieldKind::OneOf(&["this", "others", "all"]),
                "Which sessions to revoke; `this` if omitted.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"scope":"this"}"#,
        answer: Answer {
            status: 200,
            about: "The number of sessions revoked.",
            example: r#"{"revoked": 1}"#,
        },
        steps: &[Step::Logout],
        events: &[EventKind::Logout, EventKind::SessionRevoked],
        errors: &[],
        rate: Rate::Plain,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        let which = fields.optional("scope", Which::parse).unwrap_or(Which::This);
        let client = session::read_client(fields);
        Some(Input { which, client })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<RevokedSessions> {
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let SignedIn { user, session } = &caller.who;
        let payload = Payload::of_user(Some(user.id.clone()), Profile::of(user)?, input.client)
            .with_provider(&session.provider)
            .with_fact("session", json!({ "id": session.id }));
        let payload = app.hooks.run(&at, Step::Logout.before(), payload).await?;
        let change = payload.change_of(&Profile::of(user)?);
        let (scope, own, now_ms) = (caller.scope.clone(), caller.who.clone(), app.clock.now_ms());
        let (user, revoked) = commit(app, at, move |tx| {
            let revoked = revoke(tx, &scope, &own, input.which, now_ms)?;
            let user = session::keep_change(tx, &scope, own.user, change.as_ref(), now_ms)?;
            Ok((user, revoked))
        })
        .await?;
        session::after(app, at, Step::Logout, user, payload).await?;
        Ok(RevokedSessions {
            revoked: u64::try_from(revoked).unwrap_or(u64::MAX),
        })
    }
}

impl Which {
    fn parse(value: Value) -> Parsed<Self> {
        match value.as_str() {
            Some("this") => Ok(Self::This),
            Some("others") => Ok(Self::Others),
            Some("all") => Ok(Self::All),
            _ => Err("must be \"this\", \"others\" or \"all\"".to_owned()),
        }
    }
}

/// Ends them, with one event: of the logout, or of what was revoked without it.
fn revoke(
    tx: &mut Tx<'_>,
    scope: &Scope,
    own: &SignedIn,
    which: Which,
    now_ms: i64,
) -> std::result::Result<usize, StoreError> {
    let SignedIn { user, session } = own;
    let (kind, revoked) = match which {
        Which::This => (
            EventKind::Logout,
            usize::from(tx.revoke_session(scope, &user.id, &session.id, now_ms)?),
        ),
        Which::Others => (
            EventKind::SessionRevoked,
            tx.revoke_other_sessions(scope, &user.id, &session.id, now_ms)?,
        ),
        Which::All => (EventKind::Logout, tx.revoke_sessions(scope, &user.id, now_ms)?),
    };
    if revoked > 0 {
        let event = logout_event(kind, user, &session.id, revoked, now_ms)?;
        tx.insert_event(scope, &event)?;
    }
    Ok(revoked)
}

fn logout_event(
    kind: EventKind,
    user: &UserRow,
    session_id: &str,
    revoked: usize,
    now_ms: i64,
) -> std::result::Result<Event, StoreError> {
    let document = user::document(user).map_err(|_| StoreError::Inconsistent("the user cannot be read back"))?;
    let data = json!({ "user": document, "session": { "id": session_id }, "revoked": revoked });
    Ok(Event::new(kind, session::actor(user), data, now_ms))
}
