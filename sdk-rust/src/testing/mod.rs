//! Hooks without WebAssembly: [`Host`] runs a hook of this crate inside of `cargo test`, with a cache, users and secrets in memory,
//! and notes what the hook did. SQL and requests are answered by closures, since nothing here is a database or another host; for
//! those, and for the limits of an invocation, use the test cases of `aerocall test`, which run the built component.
//!
//! ```
//! use std::time::Duration;
//! use aerocall_hooks::{Denial, RequestContext, Result, before_login, cache};
//! use aerocall_hooks::testing::{Call, Host, Outcome};
//! use serde_json::json;
//!
//! #[before_login]
//! fn limit(context: &RequestContext, _payload: before_login::Payload) -> Result<()> {
//!     let seen = cache::increment(&context.request.ip, 1, Duration::from_secs(600))?;
//!     if seen > 20 {
//!         return Err(Denial::new("too_many", "Please try again later").status(429).into());
//!     }
//!     Ok(())
//! }
//!
//! let host = Host::new().cache("203.0.113.7", 19);
//! let payload = json!({ "user": { "id": "usr_1", "email": "ada@example.com" }, "provider": "password", "client": {} });
//! let call = Call::new("beforeLogin", payload).ip("203.0.113.7");
//! assert_eq!(host.run(&call), Outcome::Allow);
//! assert!(matches!(host.run(&call), Outcome::Deny(denial) if denial.status == 429));
//! assert_eq!(host.cached("203.0.113.7"), Some(json!(21)));
//! ```

mod state;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

use serde::Serialize;
use serde_json::Value;

use crate::{
    AerocallError, Context, Denial, Exception, JsonObject, Timestamp,
    context::{RequestInfo, VersionInfo},
    db::{self, Rows},
    dispatch, http, log,
    platform::with_host,
    reply::Decision,
    secrets::MacHash,
};
pub(crate) use state::State;
pub use state::{Job, Mail, Statement};

/// A call of a hook: which one, with what.
#[derive(Clone, Debug)]
#[must_use]
pub struct Call {
    context: Context,
    request: RequestInfo,
    payload: Value,
}

impl Call {
    /// A hook point or event, and its payload or event.
    ///
    /// ```
    /// use aerocall_hooks::testing::Call;
    /// use serde_json::json;
    ///
    /// let event = json!({ "id": "evt_1", "type": "queue.mails", "version": 1, "time": "2026-01-31T12:00:00Z", "data": 7 });
    /// let call = Call::new("queue.mails", event).attempt(2);
    /// ```
    pub fn new(hook: &str, payload: Value) -> Self {
        let context = Context {
            project_id: "demo".to_owned(),
            environment: "development".to_owned(),
            request_id: "req_1".to_owned(),
            invocation_id: "inv_1".to_owned(),
            hook: hook.to_owned(),
            endpoint: String::new(),
            time: state::START,
            attempt: 1,
            version: VersionInfo::default(),
        };
        let request = RequestInfo {
            ip: "203.0.113.1".to_owned(),
            user_agent: "test".to_owned(),
            method: "POST".to_owned(),
            path: "/".to_owned(),
            locale: "en".to_owned(),
            headers: Vec::new(),
        };
        Self {
            context,
            request,
            payload,
        }
    }

    /// From this address.
    pub fn ip(mut self, ip: &str) -> Self {
        ip.clone_into(&mut self.request.ip);
        self
    }

    /// In this language.
    pub fn locale(mut self, locale: &str) -> Self {
        locale.clone_into(&mut self.request.locale);
        self
    }

    /// From this client.
    pub fn user_agent(mut self, user_agent: &str) -> Self {
        user_agent.clone_into(&mut self.request.user_agent);
        self
    }

    /// With a header that hooks may see.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request.headers.push((name.to_lowercase(), value.to_owned()));
        self
    }

    /// At this time.
    pub fn time(mut self, time: Timestamp) -> Self {
        self.context.time = time;
        self
    }

    /// For this attempt.
    pub fn attempt(mut self, attempt: u32) -> Self {
        self.context.attempt = attempt;
        self
    }
}

/// What a hook decided.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The request continues unchanged; a handler is done.
    Allow,
    /// The request is denied; a job is given up.
    Deny(Denial),
    /// The payload changes.
    Patch(Value),
    /// It failed: an error, a panic, or a payload that is not what its parameter takes.
    Failed(Exception),
}

/// What hooks run with, and what they did.
#[derive(Debug, Default)]
pub struct Host {
    state: Rc<State>,
}

impl Host {
    /// An empty cache, no users, no secrets; requests and statements are refused until somebody answers them.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A cached value.
    ///
    /// # Panics
    /// It cannot be written as JSON.
    #[must_use]
    pub fn cache(self, key: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("a cached value is JSON");
        self.state.cache.borrow_mut().insert(key.to_owned(), value);
        self
    }

    /// A user: an object with `id` and `email`.
    ///
    /// # Panics
    /// It is something else.
    #[must_use]
    pub fn user(self, user: Value) -> Self {
        let is_user = user["id"].is_string() && user["email"].is_string();
        let Value::Object(mut user) = user else {
            panic!("a user is an object with `id` and `email`");
        };
        assert!(is_user, "a user is an object with `id` and `email`");
        for member in ["metadata", "publicMetadata"] {
            user.entry(member).or_insert_with(|| JsonObject::new().into());
        }
        self.state.users.borrow_mut().push(user);
        self
    }

    /// A secret that exists. In requests its placeholder is `[secret <name>]`.
    #[must_use]
    pub fn secret(self, name: &str) -> Self {
        self.state.secrets.borrow_mut().push(name.to_owned());
        self
    }

    /// What `strength` says of every password.
    #[must_use]
    pub fn password_strength(self, strength: u8) -> Self {
        self.state.password_strength.set(strength);
        self
    }

    /// What `verify` says of every password.
    #[must_use]
    pub fn password_is_right(self, is_right: bool) -> Self {
        self.state.password_is_right.set(is_right);
        self
    }

    /// Answers requests.
    ///
    /// ```
    /// use aerocall_hooks::testing::{Host, response};
    /// use serde_json::json;
    ///
    /// let host = Host::new().on_http(|request| match request.url() {
    ///     "https://risk.example/v1/203.0.113.7" => Ok(response(200, &json!({ "score": 95 }))),
    ///     _ => Ok(response(404, &json!(null))),
    /// });
    /// ```
    #[must_use]
    pub fn on_http(self, answer: impl Fn(&http::Request) -> Result<http::Response, AerocallError> + 'static) -> Self {
        *self.state.on_http.borrow_mut() = Some(Box::new(answer));
        self
    }

    /// Answers statements; those that are no queries with [`affected`].
    ///
    /// ```
    /// use aerocall_hooks::{AerocallError, ErrorCode, testing::{Host, affected}};
    ///
    /// let host = Host::new().on_db(|sql, _parameters| match sql.starts_with("INSERT") {
    ///     true => Ok(affected(1)),
    ///     false => Err(AerocallError::new(ErrorCode::InvalidArgument, "no such table")),
    /// });
    /// ```
    #[must_use]
    pub fn on_db(self, answer: impl Fn(&str, &[db::Value]) -> Result<Rows, AerocallError> + 'static) -> Self {
        *self.state.on_db.borrow_mut() = Some(Box::new(answer));
        self
    }

    /// Computes MACs with secrets.
    #[must_use]
    pub fn on_hmac(self, answer: impl Fn(&str, MacHash, &[u8]) -> Result<Vec<u8>, AerocallError> + 'static) -> Self {
        *self.state.on_hmac.borrow_mut() = Some(Box::new(answer));
        self
    }

    /// Runs a hook of this crate.
    ///
    /// # Panics
    /// This crate has no such hook.
    #[must_use]
    pub fn run(&self, call: &Call) -> Outcome {
        log::install();
        let work = || {
            dispatch::invoke(dispatch::Call {
                context: call.context.clone(),
                request: Some(call.request.clone()),
                payload: call.payload.to_string(),
            })
        };
        let decision = with_host(&self.state, || catch_unwind(AssertUnwindSafe(work)));
        match decision.unwrap_or_else(|panic| panicked(&*panic)) {
            Decision::Allow => Outcome::Allow,
            Decision::Deny(denial) => Outcome::Deny(denial),
            Decision::Patch(patch) => Outcome::Patch(serde_json::from_str(&patch).unwrap_or_default()),
            Decision::Failed(exception) => Outcome::Failed(exception),
            Decision::UnknownHook => panic!("this crate has no hook `{}`", call.context.hook),
        }
    }

    /// The lines of the log.
    #[must_use]
    pub fn logs(&self) -> Vec<(log::Level, String)> {
        self.state.logs.borrow().clone()
    }

    /// The value of a key in the cache.
    #[must_use]
    pub fn cached(&self, key: &str) -> Option<Value> {
        self.state.cache.borrow().get(key).cloned()
    }

    /// The user with an id, as it is now.
    #[must_use]
    pub fn user_now(&self, id: &str) -> Option<Value> {
        let users = self.state.users.borrow();
        let user = users.iter().find(|user| user["id"] == id);
        user.map(|user| Value::Object(user.clone()))
    }

    /// Mails that were sent.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.state.mails.borrow().clone()
    }

    /// Jobs that were created.
    #[must_use]
    pub fn jobs(&self) -> Vec<Job> {
        self.state.jobs.borrow().clone()
    }

    /// Statements that were run, with `BEGIN`, `COMMIT` and `ROLLBACK`.
    #[must_use]
    pub fn statements(&self) -> Vec<Statement> {
        self.state.statements.borrow().clone()
    }

    /// Requests that were sent.
    #[must_use]
    pub fn requests(&self) -> Vec<http::Request> {
        self.state.requests.borrow().clone()
    }
}

/// A panic as the failure that it is in a component. Its place stands in the output of the test.
fn panicked(panic: &(dyn std::any::Any + Send)) -> Decision {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    let message = text.unwrap_or_else(|| "a value that is no text".to_owned());
    Decision::Failed(Exception::new("Panic", message, None))
}

/// A response with a body of JSON.
#[must_use]
pub fn response(status: u16, body: &Value) -> http::Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    http::Response::new(status, headers, body.to_string().into_bytes(), String::new())
}

/// What a statement that is no query answers: how many rows it affected.
#[must_use]
pub fn affected(rows: u32) -> Rows {
    Rows {
        columns: vec!["rowsAffected".to_owned()],
        rows: vec![vec![db::Value::Integer(rows.into())]],
    }
}
