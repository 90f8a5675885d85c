//! What a test's host holds, and its side of every host call.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    fmt,
    time::Duration,
};

use serde_json::Value;

use crate::{
    AerocallError, ErrorCode, JsonObject, Timestamp,
    auth::{EmailBody, Session, UserRef},
    db::{self, Rows},
    http::{Request, Response},
    log::Level,
    secrets::MacHash,
};

/// When every test begins: 2026-01-31T12:00:00Z.
pub(super) const START: Timestamp = Timestamp::from_unix_ms(1_769_860_800_000);

type Answer<T> = Result<T, AerocallError>;
type OnDb = Box<dyn Fn(&str, &[db::Value]) -> Answer<Rows>>;
type OnHttp = Box<dyn Fn(&Request) -> Answer<Response>>;
type OnHmac = Box<dyn Fn(&str, MacHash, &[u8]) -> Answer<Vec<u8>>>;

/// A mail that a hook sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mail {
    /// Its id.
    pub id: String,
    /// The recipient.
    pub to: String,
    /// The name of the template and its data, if it is from one.
    pub template: Option<(String, Value)>,
    /// Its subject, if it has its own text.
    pub subject: String,
    /// Its text.
    pub text: Option<String>,
    /// Its HTML.
    pub html: Option<String>,
}

/// A job that a hook created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Job {
    /// Its id.
    pub id: String,
    /// The queue.
    pub queue: String,
    /// What the handler gets.
    pub message: Value,
    /// How long it waits.
    pub delay: Duration,
    /// A second message with this key is the same job.
    pub idempotency_key: Option<String>,
}

/// A statement that a hook ran.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// Its parameters.
    pub parameters: Vec<db::Value>,
}

pub(crate) struct State {
    pub(super) cache: RefCell<BTreeMap<String, Value>>,
    pub(super) users: RefCell<Vec<JsonObject>>,
    pub(super) secrets: RefCell<Vec<String>>,
    pub(super) password_strength: Cell<u8>,
    pub(super) password_is_right: Cell<bool>,
    pub(super) on_db: RefCell<Option<OnDb>>,
    pub(super) on_http: RefCell<Option<OnHttp>>,
    pub(super) on_hmac: RefCell<Option<OnHmac>>,
    pub(super) logs: RefCell<Vec<(Level, String)>>,
    pub(super) mails: RefCell<Vec<Mail>>,
    pub(super) jobs: RefCell<Vec<Job>>,
    pub(super) statements: RefCell<Vec<Statement>>,
    pub(super) requests: RefCell<Vec<Request>>,
    now: Cell<Timestamp>,
    random: Cell<u64>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            cache: RefCell::default(),
            users: RefCell::default(),
            secrets: RefCell::default(),
            password_strength: Cell::new(4),
            password_is_right: Cell::new(true),
            on_db: RefCell::default(),
            on_http: RefCell::default(),
            on_hmac: RefCell::default(),
            logs: RefCell::default(),
            mails: RefCell::default(),
            jobs: RefCell::default(),
            statements: RefCell::default(),
            requests: RefCell::default(),
            now: Cell::new(START),
            random: Cell::new(0x2545_F491_4F6C_DD1D),
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

fn refused<T>(code: ErrorCode, message: impl Into<String>) -> Answer<T> {
    Err(AerocallError::new(code, message))
}

/// Text that the SDK wrote.
fn parsed(json: &str) -> Answer<Value> {
    crate::json::read("a value", json)
}

impl State {
    pub(crate) fn log(&self, level: Level, message: &str) {
        self.logs.borrow_mut().push((level, message.to_owned()));
    }

    pub(crate) fn now_ms(&self) -> f64 {
        self.now.get().unix_ms() as f64
    }

    /// Nobody waits: the clock goes on.
    pub(crate) fn sleep(&self, time: Duration) {
        self.now.set(self.now.get() + time);
    }

    /// The same numbers in every test (xorshift).
    pub(crate) fn random_bytes(&self, count: u32) -> Vec<u8> {
        let next = || {
            let mut state = self.random.get();
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            self.random.set(state);
            (state >> 32) as u8
        };
        (0..count).map(|_| next()).collect()
    }

    pub(crate) fn cache_get(&self, key: &str) -> Answer<Option<String>> {
        Ok(self.cache.borrow().get(key).map(Value::to_string))
    }

    pub(crate) fn cache_set(&self, key: &str, value: &str, _ttl_seconds: Option<u32>) -> Answer<()> {
        self.cache.borrow_mut().insert(key.to_owned(), parsed(value)?);
        Ok(())
    }

    pub(crate) fn cache_delete(&self, key: &str) -> Answer<bool> {
        Ok(self.cache.borrow_mut().remove(key).is_some())
    }

    pub(crate) fn cache_increment(&self, key: &str, by: i64, _ttl_seconds: Option<u32>) -> Answer<i64> {
        let mut cache = self.cache.borrow_mut();
        let value = cache.entry(key.to_owned()).or_insert_with(|| 0.into());
        let Some(number) = value.as_i64() else {
            return refused(
                ErrorCode::Conflict,
                format!("the value of {key:?} is not a whole number"),
            );
        };
        *value = number.saturating_add(by).into();
        Ok(number.saturating_add(by))
    }

    pub(crate) fn cache_set_if_absent(&self, key: &str, value: &str, ttl_seconds: Option<u32>) -> Answer<bool> {
        if self.cache.borrow().contains_key(key) {
            return Ok(false);
        }
        self.cache_set(key, value, ttl_seconds).map(|()| true)
    }

    pub(crate) fn statement(&self, sql: &str, parameters: &[db::Value]) {
        self.statements.borrow_mut().push(Statement {
            sql: sql.to_owned(),
            parameters: parameters.to_vec(),
        });
    }

    pub(crate) fn db(&self, sql: &str, parameters: &[db::Value]) -> Answer<Rows> {
        self.statement(sql, parameters);
        match &*self.on_db.borrow() {
            Some(answer) => answer(sql, parameters),
            None => refused(
                ErrorCode::Unavailable,
                "no answer to statements: use `Host::on_db`, or `aerocall test`",
            ),
        }
    }

    pub(crate) fn enqueue(&self, queue: &str, message: &str, delay: u32, key: Option<&str>) -> Answer<String> {
        let mut jobs = self.jobs.borrow_mut();
        let same = jobs
            .iter()
            .find(|job| job.queue == queue && key.is_some() && job.idempotency_key.as_deref() == key);
        if let Some(same) = same {
            return Ok(same.id.clone());
        }
        let id = format!("job_{}", jobs.len() + 1);
        jobs.push(Job {
            id: id.clone(),
            queue: queue.to_owned(),
            message: parsed(message)?,
            delay: Duration::from_secs(delay.into()),
            idempotency_key: key.map(str::to_owned),
        });
        Ok(id)
    }

    pub(crate) fn user(&self, wanted: UserRef<'_>) -> Answer<Option<String>> {
        let users = self.users.borrow();
        let found = users.iter().find(|user| match wanted {
            UserRef::Id(id) => user["id"] == id,
            UserRef::Email(email) => user["email"]
                .as_str()
                .is_some_and(|known| known.eq_ignore_ascii_case(email)),
        });
        Ok(found.map(|user| Value::Object(user.clone()).to_string()))
    }

    pub(crate) fn update_user(&self, id: &str, patch: &str) -> Answer<String> {
        let mut users = self.users.borrow_mut();
        let Some(user) = users.iter_mut().find(|user| user["id"] == id) else {
            return refused(ErrorCode::NotFound, format!("there is no user {id:?}"));
        };
        let mut document = Value::Object(std::mem::take(user));
        merge(&mut document, parsed(patch)?);
        if let Value::Object(merged) = &document {
            user.clone_from(merged);
        }
        Ok(document.to_string())
    }

    pub(crate) fn sessions(&self, _user_id: &str) -> Answer<Vec<Session>> {
        Ok(Vec::new())
    }

    pub(crate) fn revoke_sessions(&self, _user_id: &str) -> Answer<u32> {
        Ok(0)
    }

    pub(crate) fn send_email(&self, to: &str, body: &EmailBody) -> Answer<String> {
        let mut mails = self.mails.borrow_mut();
        let mut mail = Mail {
            id: format!("mail_{}", mails.len() + 1),
            to: to.to_owned(),
            template: None,
            subject: String::new(),
            text: None,
            html: None,
        };
        match body.clone() {
            EmailBody::Template { name, data } => mail.template = Some((name, parsed(&data)?)),
            EmailBody::Content { subject, text, html } => (mail.subject, mail.text, mail.html) = (subject, text, html),
        }
        let id = mail.id.clone();
        mails.push(mail);
        Ok(id)
    }

    pub(crate) fn password_verify(&self, _handle: u32, _user_id: &str) -> Answer<bool> {
        Ok(self.password_is_right.get())
    }

    pub(crate) fn password_strength(&self, _handle: u32) -> Answer<u8> {
        Ok(self.password_strength.get())
    }

    pub(crate) fn http(&self, request: &Request) -> Answer<Response> {
        self.requests.borrow_mut().push(request.clone());
        match &*self.on_http.borrow() {
            Some(answer) => answer(request),
            None => refused(
                ErrorCode::Unavailable,
                "no answer to requests: use `Host::on_http`, or `aerocall test`",
            ),
        }
    }

    pub(crate) fn secret(&self, name: &str) -> Answer<String> {
        match self.secrets.borrow().iter().any(|known| known == name) {
            true => Ok(format!("[secret {name}]")),
            false => refused(ErrorCode::NotFound, format!("there is no secret {name:?}")),
        }
    }

    pub(crate) fn hmac(&self, name: &str, hash: MacHash, data: &[u8]) -> Answer<Vec<u8>> {
        self.secret(name)?;
        match &*self.on_hmac.borrow() {
            Some(answer) => answer(name, hash, data),
            None => refused(
                ErrorCode::Unavailable,
                "no MACs: use `Host::on_hmac`, or `aerocall test`",
            ),
        }
    }
}

/// RFC 7396: objects are merged, `null` removes, everything else replaces.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = JsonObject::new().into();
    }
    let Value::Object(members) = target else { return };
    for (name, change) in patch {
        match change {
            Value::Null => drop(members.remove(&name)),
            change => merge(members.entry(name).or_insert(Value::Null), change),
        }
    }
}
