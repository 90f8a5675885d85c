//! The demo project: seeded once, with keys that are kept, so that what was printed once keeps working. What somebody did with it
//! afterwards is theirs: it is not put back.

use std::{fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    app::App,
    base::{
        crypto::secret,
        error::{Error, Result},
        ids::{HookName, Scope, Slug},
        input::{Email, Fields, Plaintext},
    },
    domain::audit::{self, Action, Actor, AuditEntry},
    flows::admin::{accounts, api_keys, deployments, versions},
    storage::store::{KeyKind, NewAdminToken, NewApiKey, Rank, StoreError, TokenLimits, TokenPlace, Tx},
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
    /// Signs in to the admin in the browser, as an administrator. `None` if the project was seeded before it had an account.
    #[serde(default)]
    pub account: Option<DemoAccount>,
}

/// The account of the demo's administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// `demo@example.com`
    pub email: String,
    /// As it was made.
    pub password: String,
}

/// The demo project as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// The keys that it was seeded with.
    pub info: DemoInfo,
    /// What was done.
    pub seeding: Seeding,
    /// Keys, tokens and the account of `info` that do not work any more, because somebody revoked, replaced or deleted them.
    pub ended: Vec<String>,
}

/// What [`crate::Server::seed_demo`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeding {
    /// It made the project, or what an earlier attempt had not come to.
    Done,
    /// Nothing: the project was there.
    Found,
}

/// Of the password of the demo's account: 20 random ones, 120 bits.
const PASSWORD_CHARACTERS: usize = "demo_".len() + 20;

/// Seeds the demo project with these bundles as its first deployment, in this order, unless that was done before.
pub(crate) async fn seed(app: &App, bundles: Vec<(String, Vec<u8>)>) -> Result<Demo> {
    let info = read_or_make(&app.config.data_dir.join("demo.json"))?;
    let slug = |text: &str| Slug::parse(text).map_err(|problem| Error::unexpected("reading demo.json", problem));
    let scope = Scope {
        project: slug(&info.project_id)?,
        environment: slug(&info.environment)?,
    };
    let is_new = keep(app, &scope, &info).await?;
    if let Some(account) = info.account.clone().filter(|_| is_new) {
        make_account(app, account).await?;
    }
    let is_deployed = deploy_first(app, &scope, bundles).await?;
    Ok(Demo {
        seeding: match is_new || is_deployed {
            true => Seeding::Done,
            false => Seeding::Found,
        },
        ended: ended(app, &info).await?,
        info,
    })
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
        account: Some(DemoAccount {
            email: "demo@example.com".to_owned(),
            password: secret::new_key("demo")?.chars().take(PASSWORD_CHARACTERS).collect(),
        }),
    };
    let json = serde_json::to_string_pretty(&info).map_err(|error| Error::unexpected("writing demo.json", error))?;
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(json.as_bytes()))
        .map_err(|error| Error::unexpected("writing demo.json", error))?;
    Ok(info)
}

/// Whether the environment had to be made.
async fn keep(app: &App, scope: &Scope, info: &DemoInfo) -> Result<bool> {
    let (scope, info, now_ms) = (scope.clone(), info.clone(), app.clock.now_ms());
    let made = app.store.write(move |tx| {
        if tx.is_environment(&scope)? {
            return Ok(Some(false));
        }
        // Its name is taken as long as it is being deleted.
        let is_free = !tx.is_environment_taken(&scope)?
            && (tx.project(&scope.project)?.is_some() || !tx.is_project_taken(&scope.project)?);
        if is_free {
            make_environment(tx, &scope, &info, now_ms)?;
        }
        Ok(is_free.then_some(true))
    });
    let busy = || {
        Error::unexpected(
            "making the demo project",
            "it is being deleted; start again when that has ended",
        )
    };
    made.await?.ok_or_else(busy)
}

fn make_environment(
    tx: &mut Tx<'_>,
    scope: &Scope,
    info: &DemoInfo,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    if tx.project(&scope.project)?.is_none() {
        tx.insert_project(&scope.project, "Demo", now_ms)?;
    }
    tx.insert_environment(scope, now_ms)?;
    for (kind, key) in keys(info) {
        let key = NewApiKey {
            kind,
            name: "demo".to_owned(),
            lookup: api_keys::lookup(kind, key),
            expires_ms: None,
        };
        tx.insert_api_key(scope, &key, now_ms)?;
    }
    let token = NewAdminToken {
        name: "demo".to_owned(),
        fingerprint: secret::fingerprint(&info.admin_token),
        expires_ms: None,
        limits: TokenLimits::default(),
    };
    // One that was revoked stays so.
    if !tx.has_admin_token(&token.fingerprint)? {
        let id = tx.insert_admin_token(&TokenPlace::Server, &token, now_ms)?;
        let entry = AuditEntry::new(Action::AdminTokenCreated, id).with(json!({ "name": "demo" }));
        audit::record(tx, None, &Actor::server(), entry, now_ms)?;
    }
    Ok(())
}

/// Makes the administrator, unless somebody has this address.
async fn make_account(app: &App, account: DemoAccount) -> Result<()> {
    let unexpected = |problem| Error::unexpected("reading demo.json", problem);
    let email = Email::parse(account.email.into()).map_err(|_| unexpected("the email address is none"))?;
    let password = Plaintext::given(account.password.into()).map_err(|_| unexpected("the password is none"))?;
    let (hash, now_ms) = (app.passwords.hash(Arc::new(password)).await?, app.clock.now_ms());
    let made = app.store.write(move |tx| {
        let Ok(account) = accounts::insert(tx, &email, hash.clone(), Rank::Administrator, now_ms)? else {
            return Ok(());
        };
        let entry = AuditEntry::new(Action::AdminAccountCreated, &account.id);
        let entry = entry.with(json!({ "email": account.email, "isAdministrator": true }));
        audit::record(tx, None, &Actor::server(), entry, now_ms)
    });
    Ok(made.await?)
}

fn keys(info: &DemoInfo) -> [(KeyKind, &str); 2] {
    [
        (KeyKind::Publishable, info.publishable_key.as_str()),
        (KeyKind::Secret, info.secret_key.as_str()),
    ]
}

/// Keys and tokens that were printed once and do not work any more.
async fn ended(app: &App, info: &DemoInfo) -> Result<Vec<String>> {
    let (info, now_ms) = (info.clone(), app.clock.now_ms());
    let ended = app.store.read(move |tx| {
        let mut ended = Vec::new();
        for (kind, key) in keys(&info) {
            if tx.api_key_by(kind, &api_keys::lookup(kind, key), now_ms)?.is_none() {
                ended.push(key.to_owned());
            }
        }
        let fingerprint = secret::fingerprint(&info.admin_token);
        if tx.server_token(&fingerprint, now_ms)?.is_none() {
            ended.push(info.admin_token);
        }
        if let Some(account) = info.account
            && let Ok(email) = Email::parse(account.email.clone().into())
            && tx.admin_account_by_email(&email)?.is_none()
        {
            ended.push(account.email);
        }
        Ok(ended)
    });
    Ok(ended.await?)
}

/// Uploads the bundles and deploys them, if nothing was ever deployed there. Whether it was so.
async fn deploy_first(app: &App, scope: &Scope, bundles: Vec<(String, Vec<u8>)>) -> Result<bool> {
    let wanted = scope.clone();
    let deployed = app.store.read(move |tx| tx.deployments(&wanted, 1)).await?;
    if bundles.is_empty() || !deployed.is_empty() {
        return Ok(false);
    }
    let mut hooks = Vec::with_capacity(bundles.len());
    for (name, component) in bundles {
        let digest = aerocall_runtime::digest(&component);
        let hook = HookName::parse(&name).map_err(|problem| Error::unexpected("naming a demo hook", problem))?;
        versions::upload(app, Actor::server(), &scope.project, hook, component).await?;
        hooks.push(json!({ "name": name, "digest": digest }));
    }
    let body = serde_json::Map::from_iter([("hooks".to_owned(), hooks.into())]);
    let mut fields = Fields::new(body);
    let input = deployments::Input::read(&mut fields);
    Box::pin(deployments::deploy(app, scope, Actor::server(), fields.finish(input)?)).await?;
    Ok(true)
}
