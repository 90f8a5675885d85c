//! `GET|PATCH|DELETE /auth/me`

use std::sync::Arc;

use aerocall_api_types::{AccountDeleted, CurrentUser};
use aerocall_contract::errors;
use serde_json::{Map, Value};

use crate::{
    app::App,
    base::{
        error::{Problem, Refusal, Result},
        event::EventKind,
        input::{Fields, Metadata, PersonName, Phone, Plaintext},
    },
    domain::{
        audit::{self, Action},
        project::AuthSettings,
        user,
    },
    flows::steps::{
        accounts::{self, Requester, Update},
        endpoint::{Answer, Caller, Endpoint, Field, FieldKind, Flow, Method, Rate},
        examples, reauthentication,
        session::{self, SignedIn},
    },
    hooks::{FlowContext, Step},
    storage::store::{StoreError, Tx, UserChange, UserRow},
};

/// Who is signed in.
pub(crate) struct GetMe;

impl Flow for GetMe {
    type Who = SignedIn;
    type Input = ();
    type Output = CurrentUser;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Get,
        path: "/auth/me",
        summary: "Get the current user",
        about: "Returns the user that the access token belongs to, as long as its session is active.",
        fields: &[],
        example: "",
        answer: Answer {
            status: 200,
            about: "The user.",
            example: examples::USER,
        },
        steps: &[],
        events: &[],
        errors: &[],
        rate: Rate::Plain,
    };

    async fn run(_: &App, caller: &Caller<SignedIn>, (): ()) -> Result<CurrentUser> {
        Ok(CurrentUser {
            user: user::shown(&caller.who.user)?,
        })
    }
}

/// Changing one's own profile.
pub(crate) struct PatchMe;

/// What the client sends. `None`: stays as it is; `Some(None)`: taken away.
pub(crate) struct Changes {
    name: Option<Option<PersonName>>,
    phone: Option<Option<Phone>>,
    /// Merged into what there is.
    metadata: Option<Value>,
    asked: Map<String, Value>,
    client: Map<String, Value>,
}

impl Flow for PatchMe {
    type Who = SignedIn;
    type Input = Changes;
    type Output = CurrentUser;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Patch,
        path: "/auth/me",
        summary: "Update the current user",
        about: "Omitted fields stay unchanged; `null` removes `name` or `phone`. `metadata` is merged (JSON Merge Patch, RFC 7396). Use `POST /auth/email/change` for the email address. Roles, verified flags and public metadata can only be changed by the project's servers and hooks.",
        fields: &[
            Field::nullable("name", FieldKind::Text(200), "Display name."),
            Field::nullable("phone", FieldKind::Phone, "A new number is stored as unverified."),
            Field::optional(
                "metadata",
                FieldKind::Object,
                "Merged into the existing metadata; at most 16 KiB together.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"name":"Ada Lovelace"}"#,
        answer: Answer {
            status: 200,
            about: "The updated user.",
            example: examples::USER,
        },
        steps: &[Step::UserUpdate],
        events: &[EventKind::UserUpdated],
        errors: &[errors::USER_CHANGED, errors::PHONE_TAKEN],
        rate: Rate::Plain,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Changes> {
        let asked = fields.shown(&["name", "phone", "metadata"]);
        Some(Changes {
            name: fields.nullable("name", PersonName::parse),
            phone: fields.nullable("phone", Phone::parse),
            // Checked alone here, and merged below.
            metadata: fields.optional("metadata", |value| Metadata::parse(value.clone()).map(|_| value)),
            asked,
            client: session::read_client(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Changes) -> Result<CurrentUser> {
        let user = caller.who.user.clone();
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let metadata = match input.metadata {
            Some(patch) => {
                Some(accounts::merged(&user.metadata, patch)?.map_err(|problem| about("metadata", problem))?)
            }
            None => None,
        };
        let update = Update {
            change: UserChange {
                name: input.name,
                phone: input.phone,
                metadata,
                ..UserChange::default()
            },
            asked: Value::Object(input.asked),
            by: by(&caller.who, input.client),
        };
        let doer = audit::Actor::request(caller.who.actor(), &caller.request);
        let noted = accounts::noted_change(&caller.scope, &doer, &update.change, app.clock.now_ms());
        let user = accounts::update(app, at, user, update, noted).await?;
        Ok(CurrentUser {
            user: user::shown(&user)?,
        })
    }
}

/// Deleting one's own account.
pub(crate) struct DeleteMe;

/// What the client sends.
pub(crate) struct Farewell {
    password: Option<Arc<Plaintext>>,
    client: Map<String, Value>,
}

impl Flow for DeleteMe {
    type Who = SignedIn;
    type Input = Farewell;
    type Output = AccountDeleted;

    const ENDPOINT: Endpoint = Endpoint {
        method: Method::Delete,
        path: "/auth/me",
        summary: "Delete the account",
        about: "Deletes the current user's account and everything that belongs to it. An account with a password must send it; an account without one needs a recent login.",
        fields: &[
            Field::optional(
                "password",
                FieldKind::Password,
                "Required if the account has a password.",
            ),
            Field::CLIENT,
        ],
        example: r#"{"password":"correct horse battery"}"#,
        answer: Answer {
            status: 200,
            about: "The account was deleted.",
            example: r#"{"deleted": true}"#,
        },
        steps: &[Step::UserDelete],
        events: &[EventKind::UserDeleted],
        errors: &[errors::INVALID_CREDENTIALS, errors::RECENT_LOGIN_REQUIRED],
        rate: Rate::Secret,
    };

    fn read(fields: &mut Fields, _: &AuthSettings) -> Option<Farewell> {
        Some(Farewell {
            password: fields.optional("password", Plaintext::given).map(Arc::new),
            client: session::read_client(fields),
        })
    }

    async fn run(app: &App, caller: &Caller<SignedIn>, input: Farewell) -> Result<AccountDeleted> {
        let effects = app.hooks.platform.effects(&caller.scope, 0);
        let at = FlowContext::new(&caller.scope, &caller.request, &effects);
        let user = caller.who.user.clone();
        reauthentication::require(app, caller, "password", input.password).await?;
        let checked = user.password_hash.clone();
        let doer = audit::Actor::request(caller.who.actor(), &caller.request);
        let noted = accounts::noted(Action::UserDeleted, &caller.scope, &doer, app.clock.now_ms());
        let unchanged = move |tx: &mut Tx<'_>, current: &UserRow| match current.password_hash == checked {
            true => noted(tx, current),
            false => Err(StoreError::CredentialsChanged),
        };
        accounts::delete(app, at, user, by(&caller.who, input.client), unchanged).await?;
        Ok(AccountDeleted { deleted: true })
    }
}

fn by(who: &SignedIn, client: Map<String, Value>) -> Requester {
    Requester {
        actor: who.actor(),
        session_id: Some(who.session.id.clone()),
        client,
    }
}

fn about(field: &str, problem: String) -> Refusal {
    Refusal::invalid_input(vec![Problem {
        field: field.to_owned(),
        problem,
    }])
}
