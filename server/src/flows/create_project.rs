//! `POST /admin/api/v1/projects`: a project, its first environment and the keys of it.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    app::App,
    error::{Refusal, Result},
    ids::{Scope, Slug},
    input::{Fields, short_text},
    secret,
    store::KeyKind,
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

/// Makes the project; an id that is taken is refused.
pub(crate) async fn run(app: &App, input: Input) -> Result<Keys> {
    let keys = Keys {
        project_id: input.scope.project.clone(),
        environment: input.scope.environment.clone(),
        publishable_key: secret::new_key("pk")?,
        secret_key: secret::new_key("sk")?,
    };
    let (publishable, hash, now_ms) = (
        keys.publishable_key.clone(),
        secret::fingerprint(&keys.secret_key),
        app.clock.now_ms(),
    );
    let made = app.store.write(move |tx| {
        if tx.project(&input.scope.project)?.is_some() {
            return Ok(Err(Refusal::new(
                409,
                "project_exists",
                "There is a project with this id already",
            )));
        }
        tx.insert_project(&input.scope.project, &input.name, now_ms)?;
        tx.insert_environment(&input.scope, now_ms)?;
        tx.insert_api_key(&input.scope, KeyKind::Publishable, &publishable, now_ms)?;
        tx.insert_api_key(&input.scope, KeyKind::Secret, &hash, now_ms)?;
        Ok(Ok(()))
    });
    made.await??;
    Ok(keys)
}

/// A token for those who run the server. Shown here and never again.
pub(crate) async fn admin_token(app: &App, name: &str) -> Result<String> {
    let token = secret::new_key("at")?;
    let (name, hash, now_ms) = (name.to_owned(), secret::fingerprint(&token), app.clock.now_ms());
    app.store
        .write(move |tx| tx.insert_admin_token(&name, &hash, now_ms))
        .await?;
    Ok(token)
}
