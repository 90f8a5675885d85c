//! One project's back ends on this machine: SQLite in a temporary directory, a cache in this process, mail that is kept.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aerocall_runtime::{
    Call, Conditions, Failure, Hook, Host, Invocation, Limits, Outcome, Replayed,
    host::{Cache as _, ErrorCode, Rows, SdkError, Value as SqlValue},
};
use serde_json::{Map, Value};
use tempfile::TempDir;

use super::{Given, GivenUser, decision::decided, given::GivenSecret};
use crate::{
    base::{
        clock::Clock,
        config::{Config, ConfigSources},
        crypto::MasterKey,
        error::Error,
        ids::{Kind, Scope, SecretName, Slug, new_id},
        input::{Email, HostList, HostPattern, Metadata, PersonName, Plaintext},
        private,
    },
    hooks::{
        HookPoint,
        sdk::{Binding, CallSecrets, Effects, Platform, ScopedCache, check_secret_value},
    },
    storage::{
        store::{JobFilter, MailFilter, NewSecret, NewUser, Store},
        tenant::{self, Migration, MigrationFault, Statement},
    },
};

/// What a test may read of a table.
const MAX_ROWS: u32 = 1_000;
const MAX_ROW_BYTES: u64 = 1 << 20;

/// A project without a server. What a call does is committed when the hook succeeds, as a script hook's is.
pub struct Sandbox {
    platform: Platform,
    scope: Scope,
    password: Option<Arc<Plaintext>>,
    _directory: TempDir,
}

/// A message that was put into a queue, or a mail.
pub type Document = Value;

impl Sandbox {
    /// Opens the back ends and puts in what is given.
    ///
    /// # Errors
    /// What is given and cannot be, with its place: `given.rows[0]`.
    pub async fn open(given: Given) -> Result<Self, String> {
        let directory = private::temporary_directory().map_err(|error| format!("no temporary directory: {error}"))?;
        let scope = scope(&given.project, &given.environment)?;
        let config = config(&directory, given.private_networks.as_deref().unwrap_or_default())?;
        let clock = Clock::default();
        let store = Store::open(&config.database, &config.store).await.map_err(message)?;
        let master = Arc::new(MasterKey::load(&config.data_dir.join("master.key")).map_err(message)?);
        let platform = Platform::open(&config, &store, &clock, &master)
            .await
            .map_err(message)?;
        let sandbox = Self {
            platform,
            scope,
            password: (given.password.clone().map(password).transpose())
                .map_err(|problem| format!("given.password {problem}"))?,
            _directory: directory,
        };
        sandbox.fill(given).await?;
        Ok(sandbox)
    }

    /// Calls the hook, and keeps what it did if it succeeded; its outcome is the one that a server would answer with. `adjust`
    /// may put other capabilities in the place of these: a test answers for other hosts.
    pub async fn call(&self, hook: &Hook, call: Call, limits: &Limits, adjust: impl FnOnce(&mut Host)) -> Invocation {
        let called = self.call_under(Conditions::default(), hook, call, limits, adjust);
        Box::pin(called).await.invocation
    }

    /// The same under conditions, such as faults in the place of answers.
    pub async fn call_under(
        &self,
        conditions: Conditions,
        hook: &Hook,
        call: Call,
        limits: &Limits,
        adjust: impl FnOnce(&mut Host),
    ) -> Replayed {
        let effects = self.platform.effects(&self.scope, 0);
        let mut host = self.host(hook, limits, &effects);
        adjust(&mut host);
        let point = HookPoint::named(&call.context.hook);
        let shown = point.map(|point| (point, serde_json::from_str(&call.payload).unwrap_or_default()));
        let mut called = Box::pin(hook.call_under(conditions, call, limits, host)).await;
        let invocation = &mut called.invocation;
        if let Some((point, shown)) = &shown {
            let outcome = std::mem::replace(&mut invocation.outcome, Outcome::Allow);
            invocation.outcome = decided(*point, shown, outcome);
        }
        match invocation.outcome {
            Outcome::Allow | Outcome::Patch(_) => {
                let committed = self.platform.commit(&self.scope, &effects, "hook".to_owned()).await;
                if let Err(error) = committed {
                    invocation.outcome = Outcome::Failed(Failure::NotKept(message(error)));
                }
            }
            Outcome::Deny(_) | Outcome::Failed(_) => effects.discard().await,
        }
        called
    }

    /// The capabilities of one call whose effects nobody commits: what they cost without a hook.
    #[must_use]
    pub fn bare_host(&self, hook: &Hook, limits: &Limits) -> Host {
        self.host(hook, limits, &self.platform.effects(&self.scope, 0))
    }

    /// What the cache holds under the key.
    ///
    /// # Errors
    /// The key is none.
    pub async fn cached(&self, key: &str) -> Result<Option<Value>, String> {
        let json = self.cache().get(key).await.map_err(|error| error.message)?;
        let parsed = json.map(|json| serde_json::from_str(&json)).transpose();
        parsed.map_err(|error| error.to_string())
    }

    /// The messages that wait, oldest first: `{ queue, message, idempotencyKey?, delaySeconds }`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn queued(&self) -> Result<Vec<Document>, String> {
        let scope = self.scope.clone();
        let mut rows = self
            .platform
            .store
            .read(move |tx| tx.jobs(&scope, &JobFilter::default(), 1_000))
            .await
            .map_err(message)?;
        rows.reverse();
        let document = |row: &crate::storage::store::JobRow| {
            let mut document = serde_json::json!({
                "queue": row.queue,
                "message": serde_json::from_str::<Value>(&row.message).unwrap_or(Value::Null),
                "delaySeconds": (row.run_at_ms - row.created_ms) / 1_000,
            });
            if let Some(key) = &row.idempotency_key {
                document["idempotencyKey"] = key.as_str().into();
            }
            document
        };
        Ok(rows.iter().map(document).collect())
    }

    /// The mails that wait, oldest first: `{ to, template?, subject, text?, html? }`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn emails(&self) -> Result<Vec<Document>, String> {
        let scope = self.scope.clone();
        let mut rows = self
            .platform
            .store
            .read(move |tx| tx.mails(&scope, &MailFilter::default(), 1_000))
            .await
            .map_err(message)?;
        rows.reverse();
        let document = |row: &crate::storage::store::MailRow| {
            let mut document = serde_json::json!({ "to": row.recipient, "subject": row.subject });
            let parts = [
                ("template", &row.template),
                ("text", &row.body_text),
                ("html", &row.body_html),
            ];
            for (name, part) in parts {
                if let Some(part) = part {
                    document[name] = part.as_str().into();
                }
            }
            document
        };
        Ok(rows.iter().map(document).collect())
    }

    /// Reads the project's own tables: an object by column for each row.
    ///
    /// # Errors
    /// What the database says.
    pub async fn rows(&self, sql: &str) -> Result<Vec<Document>, String> {
        let session = self.platform.tenants.session(&self.scope).await;
        let mut session = session.map_err(|error| error.message)?;
        let Rows { columns, rows } = session.query(statement(sql)).await.map_err(|error| error.message)?;
        let object = |row: Vec<SqlValue>| columns.iter().cloned().zip(row.into_iter().map(json)).collect();
        Ok(rows.into_iter().map(|row| Value::Object(object(row))).collect())
    }

    fn host(&self, hook: &Hook, limits: &Limits, effects: &Arc<Effects>) -> Host {
        self.platform.bind(Binding {
            handlings: BTreeMap::new(),
            scope: &self.scope,
            manifest: hook.manifest(),
            limits,
            effects,
            password: self.password.as_ref(),
        })
    }

    fn cache(&self) -> ScopedCache {
        ScopedCache::new(Arc::clone(&self.platform.cache), &self.scope)
    }

    async fn fill(&self, given: Given) -> Result<(), String> {
        self.make_project().await?;
        for (key, value) in &given.cache {
            let set = self.cache().set(key, &value.to_string(), None).await;
            set.map_err(|error| format!("given.cache[{key:?}]: {}", error.message))?;
        }
        for (index, user) in given.users.into_iter().enumerate() {
            let email = user.email.clone();
            let kept = self.keep_user(user).await;
            kept.map_err(|problem| format!("given.users[{index}] ({email}): {problem}"))?;
        }
        for (name, secret) in given.secrets {
            let kept = self.keep_secret(&name, secret).await;
            kept.map_err(|problem| format!("given.secrets[{name:?}] {problem}"))?;
        }
        let migrations = given.migrations.into_iter().map(|(name, sql)| Migration { name, sql });
        let applied = self.platform.tenants.migrate(&self.scope, migrations.collect()).await;
        applied.map_err(|fault| format!("migrations: {fault}"))?;
        self.fill_tables(&given.rows).await
    }

    async fn make_project(&self) -> Result<(), String> {
        let (scope, now_ms) = (self.scope.clone(), self.platform.clock.now_ms());
        let made = self.platform.store.write(move |tx| {
            tx.insert_project(&scope.project, scope.project.as_str(), now_ms)?;
            tx.insert_environment(&scope, now_ms)
        });
        made.await.map_err(message)
    }

    async fn keep_user(&self, given: GivenUser) -> Result<(), String> {
        let about = |what: &'static str| move |problem: String| format!("{what} {problem}");
        let password_hash = match given.password.clone() {
            Some(text) => {
                let password = password(text).map_err(about("the password"))?;
                Some(self.platform.passwords.hash(password).await.map_err(message)?)
            }
            None => None,
        };
        let user = NewUser {
            id: given.id.clone().unwrap_or_else(|| new_id(Kind::User)),
            email: Email::parse(Value::from(given.email.as_str())).map_err(about("the email"))?,
            phone: None,
            name: given
                .name
                .clone()
                .map(|name| PersonName::parse(Value::from(name)))
                .transpose()
                .map_err(about("the name"))?,
            password_hash,
            email_verified_ms: None,
            provider: "password".to_owned(),
            metadata: metadata(given.metadata).map_err(about("metadata"))?,
            public_metadata: metadata(given.public_metadata).map_err(about("publicMetadata"))?,
            created_ms: self.platform.clock.now_ms(),
        };
        let scope = self.scope.clone();
        let kept = self.platform.store.write(move |tx| tx.insert_user(&scope, &user));
        kept.await.map(drop).map_err(message)
    }

    /// Sealed, as a server keeps it: hooks get a placeholder, which is replaced where a request leaves.
    async fn keep_secret(&self, name: &str, given: GivenSecret) -> Result<(), String> {
        SecretName::parse(name)?;
        check_secret_value(&given.value)?;
        let hosts = given.hosts.iter().map(|host| HostPattern::read(host));
        let hosts: HostList = hosts.collect::<Result<_, _>>()?;
        let bound_to = CallSecrets::bound_to(&self.scope, name);
        let secret = NewSecret {
            name: name.to_owned(),
            sealed: (self.platform.master.seal(given.value.as_bytes(), &bound_to)).map_err(message)?,
            hosts: hosts.to_json().to_string(),
            by: "server".to_owned(),
            now_ms: self.platform.clock.now_ms(),
        };
        let scope = self.scope.clone();
        let kept = self.platform.store.write(move |tx| tx.insert_secret(&scope, &secret));
        kept.await.map_err(message)
    }

    async fn fill_tables(&self, statements: &[String]) -> Result<(), String> {
        if statements.is_empty() {
            return Ok(());
        }
        let session = self.platform.tenants.session(&self.scope).await;
        let mut session = session.map_err(|error| error.message)?;
        for (index, sql) in statements.iter().enumerate() {
            let done = session.execute(statement(sql)).await;
            done.map_err(|error| format!("given.rows[{index}] ({sql}): {}", error.message))?;
        }
        session.commit().await.map_err(|error| error.message)
    }
}

/// Applies migrations to a database that is there for nothing else, and gone afterwards.
pub(crate) async fn migrate(migrations: Vec<Migration>) -> Result<(), MigrationFault> {
    let internal = |problem: String| MigrationFault::Database(SdkError::new(ErrorCode::Internal, problem));
    let directory =
        private::temporary_directory().map_err(|error| internal(format!("no temporary directory: {error}")))?;
    let scope = scope("check", "development").map_err(internal)?;
    let config = config(&directory, "").map_err(internal)?;
    let opened = MasterKey::load(&config.data_dir.join("master.key"))
        .and_then(|master| tenant::open(&config.tenant, Arc::new(master), Clock::default()));
    let databases = opened.map_err(|error| internal(message(error)))?;
    databases.migrate(&scope, migrations).await.map(drop)
}

/// A column's value as a test writes it down: bytes as a list of numbers.
fn json(value: SqlValue) -> Value {
    match value {
        SqlValue::Null => Value::Null,
        SqlValue::Boolean(boolean) => boolean.into(),
        SqlValue::Integer(integer) => integer.into(),
        SqlValue::Real(real) => real.into(),
        SqlValue::Text(text) | SqlValue::Timestamp(text) => text.into(),
        SqlValue::Blob(bytes) => bytes.into(),
        SqlValue::Json(json) => serde_json::from_str(&json).unwrap_or(Value::Null),
    }
}

fn scope(project: &str, environment: &str) -> Result<Scope, String> {
    let slug = |what: &str, name: &str| Slug::parse(name).map_err(|problem| format!("{what} {name:?} {problem}"));
    Ok(Scope {
        project: slug("the project's id", project)?,
        environment: slug("the environment", environment)?,
    })
}

/// The defaults, in the directory. Hashes are as cheap as argon2 allows: there is nothing to protect.
fn config(directory: &TempDir, private_networks: &str) -> Result<Config, String> {
    let data = directory.path().display().to_string();
    let env = [
        ("AEROCALL_DATA_DIR", data.as_str()),
        ("AEROCALL_PASSWORD_MEMORY_KIB", "128"),
        ("AEROCALL_PASSWORD_PASSES", "1"),
        ("AEROCALL_EGRESS_PRIVATE_NETWORKS", private_networks),
        ("AEROCALL_STORE_CONNECTIONS", "2"),
        ("AEROCALL_QUEUE_WAITING_PER_PROJECT", "10000000"),
    ];
    let sources = ConfigSources {
        env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        ..ConfigSources::default()
    };
    Config::load(&sources).map_err(|error| error.to_string())
}

fn password(text: String) -> Result<Arc<Plaintext>, String> {
    Plaintext::given(Value::from(text)).map(Arc::new)
}

fn metadata(given: Map<String, Value>) -> Result<Metadata, String> {
    Metadata::parse(Value::Object(given))
}

fn statement(sql: &str) -> Statement {
    Statement {
        sql: sql.to_owned(),
        params: Vec::new(),
        rows: MAX_ROWS,
        bytes: MAX_ROW_BYTES,
        time: Duration::from_secs(5),
    }
}

fn message(error: impl Into<Error>) -> String {
    error.into().described()
}
