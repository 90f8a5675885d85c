//! The demo project: same keys on every start, so that what was printed once keeps working.

use std::{fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Error, Result},
        ids::{HookName, Scope, Slug},
        input::Fields,
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    flows::admin::{deployments, versions},
    storage::store::{KeyKind, StoreError, Tx},
};

/// The demo project and everything that opens it. Kept in `<data_dir>/demo.json`, for its owner only (0600).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoInfo {
    /// `demo`
    pub project_id: String,
    /// `development`
    pub environment: String,
    /// Opens the auth API.
    pub publishable_key: String,
    /// Opens the admin API of the project as well.
    pub secret_key: String,
    /// Opens the admin API of the server.
    pub admin_token: String,
}

/// Makes sure that the demo project exists with the keys of the file, and that these bundles are live, in this order.
pub(crate) async fn seed(app: &App, bundles: Vec<(String, Vec<u8>)>) -> Result<DemoInfo> {
    let info = read_or_make(&app.config.data_dir.join("demo.json"))?;
    let slug = |text: &str| Slug::parse(text).map_err(|problem| Error::unexpected("reading demo.json", problem));
    let scope = Scope {
        project: slug(&info.project_id)?,
        environment: slug(&info.environment)?,
    };
    keep(app, &scope, &info).await?;
    deploy_all(app, &scope, bundles).await?;
    Ok(info)
}

fn read_or_make(path: &Path) -> Result<DemoInfo> {
    match std::fs::read(path) {
        Ok(json) => serde_json::from_slice(&json).map_err(|error| Error::unexpected("reading demo.json", error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path),
        Err(error) => Err(Error::unexpected("reading demo.json", error)),
    }
}

fn make(path: &Path) -> Result<DemoInfo> {
    let info = DemoInfo {
        project_id: "demo".to_owned(),
        environment: "development".to_owned(),
        publishable_key: secret::new_key("pk")?,
        secret_key: secret::new_key("sk")?,
        admin_token: secret::new_key("at")?,
    };
    let json = serde_json::to_string_pretty(&info).map_err(|error| Error::unexpected("writing demo.json", error))?;
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(json.as_bytes()))
        .map_err(|error| Error::unexpected("writing demo.json", error))?;
    Ok(info)
}

async fn keep(app: &App, scope: &Scope, info: &DemoInfo) -> Result<()> {
    let (scope, info, now_ms) = (scope.clone(), info.clone(), app.clock.now_ms());
    Ok(app.store.write(move |tx| ensure(tx, &scope, &info, now_ms)).await?)
}

fn ensure(tx: &mut Tx<'_>, scope: &Scope, info: &DemoInfo, now_ms: i64) -> std::result::Result<(), StoreError> {
    let project = tx.project(&scope.project)?;
    if project.is_none() {
        tx.insert_project(&scope.project, "Demo", now_ms)?;
    }
    let environments = project.map(|project| project.environments).unwrap_or_default();
    if !environments.iter().any(|name| name == scope.environment.as_str()) {
        tx.insert_environment(scope, now_ms)?;
    }
    let secret = secret::fingerprint(&info.secret_key);
    for (kind, lookup) in [
        (KeyKind::Publishable, &info.publishable_key),
        (KeyKind::Secret, &secret),
    ] {
        if tx.scope_of_key(kind, lookup)?.is_none() {
            tx.insert_api_key(scope, kind, lookup, now_ms)?;
        }
    }
    let hash = secret::fingerprint(&info.admin_token);
    if tx.admin_token(&hash)?.is_none() {
        let id = tx.insert_admin_token("demo", &hash, now_ms)?;
        let entry = AuditEntry::new(Action::AdminTokenCreated, id).with(json!({ "name": "demo" }));
        audit::record(tx, None, &Actor::server(), entry, now_ms)?;
    }
    Ok(())
}

/// Uploads the bundles and deploys them, unless exactly these are live.
async fn deploy_all(app: &App, scope: &Scope, bundles: Vec<(String, Vec<u8>)>) -> Result<()> {
    let mut wanted = Vec::with_capacity(bundles.len());
    for (name, component) in bundles {
        let digest = aerocall_runtime::digest(&component);
        let hook = HookName::parse(&name).map_err(|problem| Error::unexpected("naming a demo hook", problem))?;
        versions::upload(app, Actor::server(), &scope.project, hook, component).await?;
        wanted.push((name, digest));
    }
    let live = app.hooks.registry.live(scope);
    let running: Vec<_> = live
        .iter()
        .flat_map(|live| &live.hooks)
        .map(|hook| (hook.name.clone(), hook.digest.clone()))
        .collect();
    if running == wanted {
        return Ok(());
    }
    let hooks: Vec<_> = wanted
        .iter()
        .map(|(name, digest)| json!({ "name": name, "digest": digest }))
        .collect();
    let body = serde_json::Map::from_iter([("hooks".to_owned(), hooks.into())]);
    let mut fields = Fields::new(body);
    let input = deployments::Input::read(&mut fields);
    deployments::deploy(app, scope, Actor::server(), fields.finish(input)?).await?;
    Ok(())
}
