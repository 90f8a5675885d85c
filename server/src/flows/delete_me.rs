//! `DELETE /auth/me`

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    accounts::{self, By},
    endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
    session::{self, SignedIn},
    users,
};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Refusal, Result},
    events::EventKind,
    hooks::{At, Moment},
    input::{Fields, Plaintext},
    password::Match,
    project::AuthSettings,
};

/// Deleting one's own account.
pub(crate) struct DeleteMe;

/// What the client sends.
pub(crate) struct Input {
    password: Option<Arc<Plaintext>>,
    client: Map<String, Value>,
}

/// The reply.
#[derive(Debug, Serialize)]
pub(crate) struct Deleted {
    deleted: String,
}

impl Flow for DeleteMe {
    type Who = SignedIn;
    type Input = Input;
    type Output = Deleted;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Delete,
        path: "/auth/me",
        summary: "Delete one's own account",
        about: "With all its sessions, factors and identities. It takes a recent login, or the account's password.",
        fields: &[
            Field::optional(
                "password",
                FieldKind::Password,
                "The account's password; without it, the login must be recent.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"password":"correct horse battery"}"#,
        answer: Answer {
            status: 200,
            about: "The account is gone.",
            example: r#"{"deleted": "usr_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f"}"#,
        },
        moments: &[Moment::UserDelete],
        events: &[EventKind::UserDeleted],
        errors: &["invalid_credentials", "recent_login_required"],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Input> {
        Some(Input {
            password: fields.optional("password", Plaintext::given).map(Arc::new),
            client: session::read_client(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Input) -> Result<Deleted> {
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = At::new(&caller.scope, &caller.request, &effects);
        let SignedIn { user, session } = &caller.who;
        proved(app, caller, input.password).await?;
        let by = By {
            actor: caller.who.actor(),
            session_id: Some(session.id.clone()),
            client: input.client,
        };
        let noted = users::noted(
            Action::UserDeleted,
            at.scope,
            &audit::By::request(caller.who.actor(), &caller.request),
            app.clock.now_ms(),
        );
        accounts::delete(app, at, user.clone(), by, noted).await?;
        Ok(Deleted {
            deleted: user.id.clone(),
        })
    }
}

/// Whoever holds a stolen access token must not be able to do this.
async fn proved(app: &App, caller: &Caller<SignedIn>, password: Option<Arc<Plaintext>>) -> Result<()> {
    let Some(password) = password else {
        return caller.who.require_recent(&caller.settings, app.clock.now_ms());
    };
    let hash = caller.who.user.password_hash.as_deref();
    match app.passwords.verify(password, hash).await? {
        Match::Yes => Ok(()),
        Match::No => Err(Refusal::invalid_credentials().into()),
    }
}
