//! `POST /admin/api/v1/projects`: a project, its first environment and the keys of it; and
//! `POST /admin/api/v1/projects/{project}/environments`: another one.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Refusal, Result},
        ids::{Scope, Slug},
        input::{Fields, short_text},
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    storage::store::{KeyKind, StoreError, Tx},
};

/// What the client sends: `{ id, name?, environment? }`.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) scope: Scope,
    pub(crate) name: String,
}

/// The keys of a new environment. The secret one is shown here and never again.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Keys {
    pub(crate) project_id: Slug,
    pub(crate) environment: Slug,
    pub(crate) publishable_key: String,
    pub(crate) secret_key: String,
}

impl Input {
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let slug = |value: Value| Slug::parse(value.as_str().ok_or("must be a string")?);
        let mut fields = Fields::new(body);
        let project = fields.required("id", slug);
        let environment = fields.optional("environment", slug);
        let name = fields.optional("name", short_text(100));
        let read = project.map(|project| {
            let environment = environment.unwrap_or_else(Slug::production);
            let name = name.unwrap_or_else(|| project.to_string());
            Self {
                scope: Scope { project, environment },
                name,
            }
        });
        fields.finish(read)
    }
}

/// What the client sends: `{ name }`.
pub(crate) fn read_environment(body: Map<String, Value>) -> std::result::Result<Slug, Refusal> {
    let mut fields = Fields::new(body);
    let name = fields.required("name", |value| Slug::parse(value.as_str().ok_or("must be a string")?));
    fields.finish(name)
}

/// Makes the project; an id that is taken is refused.
pub(crate) async fn run(app: &App, by: Actor, input: Input) -> Result<Keys> {
    let keys = Keys::new(&input.scope)?;
    let (kept, now_ms) = (keys.clone(), app.clock.now_ms());
    let made = app.store.write(move |tx| {
        let Input { scope, name } = input;
        tx.advisory_lock(&format!("project {}", scope.project))?;
        if tx.project(&scope.project)?.is_some() {
            return Ok(Err(Refusal::new(
                409,
                "project_exists",
                "There is a project with this id already",
            )));
        }
        tx.insert_project(&scope.project, &name, now_ms)?;
        kept.keep(tx, &scope, now_ms)?;
        let entry = AuditEntry::new(Action::ProjectCreated, scope.project.as_str());
        audit::record(tx, Some(&scope), &by, entry, now_ms)?;
        Ok(Ok(()))
    });
    made.await??;
    Ok(keys)
}

/// Makes another environment of a project, with keys of its own and nothing in it.
pub(crate) async fn environment(app: &App, by: Actor, scope: Scope) -> Result<Keys> {
    let keys = Keys::new(&scope)?;
    let (kept, now_ms) = (keys.clone(), app.clock.now_ms());
    let made = app.store.write(move |tx| {
        tx.advisory_lock(&format!("project {}", scope.project))?;
        let Some(project) = tx.project(&scope.project)? else {
            return Ok(Err(Refusal::not_found()));
        };
        if project
            .environments
            .iter()
            .any(|name| name == scope.environment.as_str())
        {
            return Ok(Err(Refusal::new(
                409,
                "environment_exists",
                "The project has an environment with this name already",
            )));
        }
        kept.keep(tx, &scope, now_ms)?;
        let entry = AuditEntry::new(Action::EnvironmentCreated, scope.environment.as_str());
        audit::record(tx, Some(&scope), &by, entry, now_ms)?;
        Ok(Ok(()))
    });
    made.await??;
    Ok(keys)
}

impl Keys {
    fn new(scope: &Scope) -> Result<Self> {
        Ok(Self {
            project_id: scope.project.clone(),
            environment: scope.environment.clone(),
            publishable_key: secret::new_key("pk")?,
            secret_key: secret::new_key("sk")?,
        })
    }

    /// The environment with these keys; of the secret one, its hash.
    fn keep(&self, tx: &mut Tx<'_>, scope: &Scope, now_ms: i64) -> std::result::Result<(), StoreError> {
        let hash = secret::fingerprint(&self.secret_key);
        tx.insert_environment(scope, now_ms)?;
        tx.insert_api_key(scope, KeyKind::Publishable, &self.publishable_key, now_ms)?;
        tx.insert_api_key(scope, KeyKind::Secret, &hash, now_ms)
    }
}

/// A token for those who run the server. Shown here and never again.
pub(crate) async fn admin_token(app: &App, name: &str) -> Result<String> {
    let token = secret::new_key("at")?;
    let (name, hash, now_ms) = (name.to_owned(), secret::fingerprint(&token), app.clock.now_ms());
    let made = app.store.write(move |tx| {
        let id = tx.insert_admin_token(&name, &hash, now_ms)?;
        let entry = AuditEntry::new(Action::AdminTokenCreated, id).with(json!({ "name": name }));
        audit::record(tx, None, &Actor::server(), entry, now_ms)
    });
    made.await?;
    Ok(token)
}
