//! The host of a test: what [`crate::testing::Host`] holds for the thread that runs a hook.

use std::{cell::RefCell, rc::Rc, time::Duration};

use crate::{
    AerocallError, ErrorCode,
    auth::{EmailBody, Session, UserRef},
    db::{Rows, Value},
    http::{Request, Response},
    log::Level,
    secrets::MacHash,
    testing::State,
};

type Result<T> = std::result::Result<T, AerocallError>;

thread_local! {
    static CURRENT: RefCell<Option<Rc<State>>> = const { RefCell::new(None) };
}

/// Runs something with a host, on this thread.
pub(crate) fn with_host<T>(host: &Rc<State>, work: impl FnOnce() -> T) -> T {
    /// Gives the thread back what it had, whatever happens.
    struct Restore(Option<Rc<State>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            CURRENT.set(self.0.take());
        }
    }
    let _restore = Restore(CURRENT.replace(Some(Rc::clone(host))));
    work()
}

/// The host of this thread.
pub(crate) fn current() -> Option<Rc<State>> {
    CURRENT.with_borrow(Clone::clone)
}

fn host() -> Result<Rc<State>> {
    current().ok_or_else(|| {
        AerocallError::new(
            ErrorCode::Unavailable,
            "the SDK works inside of a hook: in a test, run the hook with `aerocall_hooks::testing::Host`",
        )
    })
}

pub(crate) fn log(level: Level, message: &str) {
    if let Some(host) = current() {
        host.log(level, message);
    }
}

pub(crate) fn now_ms() -> f64 {
    current().map_or(0.0, |host| host.now_ms())
}

pub(crate) fn sleep(time: Duration) {
    if let Some(host) = current() {
        host.sleep(time);
    }
}

pub(crate) fn random_bytes(count: u32) -> Vec<u8> {
    current().map_or_else(|| vec![0; count as usize], |host| host.random_bytes(count))
}

pub(crate) fn cache_get(key: &str) -> Result<Option<String>> {
    host()?.cache_get(key)
}

pub(crate) fn cache_set(key: &str, value: &str, ttl_seconds: Option<u32>) -> Result<()> {
    host()?.cache_set(key, value, ttl_seconds)
}

pub(crate) fn cache_delete(key: &str) -> Result<bool> {
    host()?.cache_delete(key)
}

pub(crate) fn cache_increment(key: &str, by: i64, ttl_seconds: Option<u32>) -> Result<i64> {
    host()?.cache_increment(key, by, ttl_seconds)
}

pub(crate) fn cache_set_if_absent(key: &str, value: &str, ttl_seconds: Option<u32>) -> Result<bool> {
    host()?.cache_set_if_absent(key, value, ttl_seconds)
}

pub(crate) fn db_query(sql: &str, values: &[Value]) -> Result<Rows> {
    host()?.db(sql, values)
}

pub(crate) fn db_execute(sql: &str, values: &[Value]) -> Result<u64> {
    host()?.db(sql, values).map(|answer| answer.rows_affected())
}

/// Statements of a transaction are answered like all others; what it ends with is noted.
pub(crate) struct Transaction(Rc<State>);

impl Transaction {
    pub(crate) fn begin() -> Result<Self> {
        let host = host()?;
        host.statement("BEGIN", &[]);
        Ok(Self(host))
    }

    pub(crate) fn query(&self, sql: &str, values: &[Value]) -> Result<Rows> {
        self.0.db(sql, values)
    }

    pub(crate) fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        self.0.db(sql, values).map(|answer| answer.rows_affected())
    }

    pub(crate) fn commit(self) -> Result<()> {
        self.0.statement("COMMIT", &[]);
        Ok(())
    }

    pub(crate) fn rollback(self) -> Result<()> {
        self.0.statement("ROLLBACK", &[]);
        Ok(())
    }
}

pub(crate) fn queue_enqueue(queue: &str, message: &str, delay: u32, idempotency_key: Option<&str>) -> Result<String> {
    host()?.enqueue(queue, message, delay, idempotency_key)
}

pub(crate) fn auth_get_user(user: UserRef<'_>) -> Result<Option<String>> {
    host()?.user(user)
}

pub(crate) fn auth_update_user(id: &str, patch: &str) -> Result<String> {
    host()?.update_user(id, patch)
}

pub(crate) fn auth_list_sessions(user_id: &str) -> Result<Vec<Session>> {
    host()?.sessions(user_id)
}

pub(crate) fn auth_revoke_sessions(user_id: &str) -> Result<u32> {
    host()?.revoke_sessions(user_id)
}

pub(crate) fn auth_send_email(to: &str, body: &EmailBody) -> Result<String> {
    host()?.send_email(to, body)
}

pub(crate) fn auth_password_verify(handle: u32, user_id: &str) -> Result<bool> {
    host()?.password_verify(handle, user_id)
}

pub(crate) fn auth_password_strength(handle: u32) -> Result<u8> {
    host()?.password_strength(handle)
}

pub(crate) fn http_send(requests: Vec<Request>) -> Vec<Result<Response>> {
    let answer = |request: Request| host()?.http(&request);
    requests.into_iter().map(answer).collect()
}

pub(crate) fn secrets_placeholder(name: &str) -> Result<String> {
    host()?.secret(name)
}

pub(crate) fn secrets_hmac(name: &str, hash: MacHash, data: &[u8]) -> Result<Vec<u8>> {
    host()?.hmac(name, hash, data)
}
