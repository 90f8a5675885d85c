//! The host of a component: the imports of `wit/`, called through the generated bindings.

use std::time::Duration;

use crate::{
    AerocallError, ErrorCode,
    auth::{EmailBody, Session, UserRef},
    bindings::aerocall::hooks as wit,
    db::{Rows, Value},
    http::{Redirect, Request, Response},
    log::Level,
    secrets::MacHash,
};

type Result<T> = std::result::Result<T, AerocallError>;

impl From<wit::types::Error> for AerocallError {
    fn from(error: wit::types::Error) -> Self {
        use wit::types::ErrorCode as Code;
        let code = match error.code {
            Code::Unavailable => ErrorCode::Unavailable,
            Code::CapabilityNotDeclared => ErrorCode::CapabilityNotDeclared,
            Code::Denied => ErrorCode::Denied,
            Code::InvalidArgument => ErrorCode::InvalidArgument,
            Code::NotFound => ErrorCode::NotFound,
            Code::Conflict => ErrorCode::Conflict,
            Code::TooLarge => ErrorCode::TooLarge,
            Code::LimitExceeded => ErrorCode::LimitExceeded,
            Code::Timeout => ErrorCode::Timeout,
            Code::BackendUnavailable => ErrorCode::BackendUnavailable,
            Code::Internal => ErrorCode::Internal,
        };
        Self {
            code,
            message: error.message,
            retryable: error.retryable,
        }
    }
}

pub(crate) fn log(level: Level, message: &str) {
    let level = match level {
        Level::Error => wit::log::Level::Error,
        Level::Warn => wit::log::Level::Warn,
        Level::Info => wit::log::Level::Info,
        Level::Debug | Level::Trace => wit::log::Level::Debug,
    };
    wit::log::write(level, message);
}

pub(crate) fn now_ms() -> f64 {
    wit::clock::now_ms()
}

pub(crate) fn sleep(time: Duration) {
    wit::clock::sleep_ms(u32::try_from(time.as_millis()).unwrap_or(u32::MAX));
}

pub(crate) fn random_bytes(count: u32) -> Vec<u8> {
    wit::random::bytes(count)
}

pub(crate) fn cache_get(key: &str) -> Result<Option<String>> {
    Ok(wit::cache::get(key)?)
}

pub(crate) fn cache_set(key: &str, value: &str, ttl_seconds: Option<u32>) -> Result<()> {
    Ok(wit::cache::set(key, value, ttl_seconds)?)
}

pub(crate) fn cache_delete(key: &str) -> Result<bool> {
    Ok(wit::cache::delete(key)?)
}

pub(crate) fn cache_increment(key: &str, by: i64, ttl_seconds: Option<u32>) -> Result<i64> {
    Ok(wit::cache::increment(key, by, ttl_seconds)?)
}

pub(crate) fn cache_set_if_absent(key: &str, value: &str, ttl_seconds: Option<u32>) -> Result<bool> {
    Ok(wit::cache::set_if_absent(key, value, ttl_seconds)?)
}

fn parameters(values: &[Value]) -> Vec<wit::db::Value> {
    let one = |value: &Value| match value.clone() {
        Value::Null => wit::db::Value::Null,
        Value::Boolean(value) => wit::db::Value::Boolean(value),
        Value::Integer(value) => wit::db::Value::Integer(value),
        Value::Real(value) => wit::db::Value::Real(value),
        Value::Text(value) => wit::db::Value::Text(value),
        Value::Blob(value) => wit::db::Value::Blob(value),
        Value::Timestamp(value) => wit::db::Value::Timestamp(value),
        Value::Json(value) => wit::db::Value::Json(value),
    };
    values.iter().map(one).collect()
}

fn rows(answer: wit::db::Rows) -> Rows {
    let value = |value| match value {
        wit::db::Value::Null => Value::Null,
        wit::db::Value::Boolean(value) => Value::Boolean(value),
        wit::db::Value::Integer(value) => Value::Integer(value),
        wit::db::Value::Real(value) => Value::Real(value),
        wit::db::Value::Text(value) => Value::Text(value),
        wit::db::Value::Blob(value) => Value::Blob(value),
        wit::db::Value::Timestamp(value) => Value::Timestamp(value),
        wit::db::Value::Json(value) => Value::Json(value),
    };
    let row = |row: Vec<wit::db::Value>| row.into_iter().map(value).collect();
    Rows {
        columns: answer.columns,
        rows: answer.rows.into_iter().map(row).collect(),
    }
}

pub(crate) fn db_query(sql: &str, values: &[Value]) -> Result<Rows> {
    Ok(rows(wit::db::query(sql, &parameters(values))?))
}

pub(crate) fn db_execute(sql: &str, values: &[Value]) -> Result<u64> {
    Ok(wit::db::execute(sql, &parameters(values))?)
}

pub(crate) struct Transaction(wit::db::Transaction);

impl Transaction {
    pub(crate) fn begin() -> Result<Self> {
        Ok(Self(wit::db::begin()?))
    }

    pub(crate) fn query(&self, sql: &str, values: &[Value]) -> Result<Rows> {
        Ok(rows(self.0.query(sql, &parameters(values))?))
    }

    pub(crate) fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        Ok(self.0.execute(sql, &parameters(values))?)
    }

    pub(crate) fn commit(self) -> Result<()> {
        Ok(self.0.commit()?)
    }

    pub(crate) fn rollback(self) -> Result<()> {
        Ok(self.0.rollback()?)
    }
}

pub(crate) fn queue_enqueue(queue: &str, message: &str, delay: u32, idempotency_key: Option<&str>) -> Result<String> {
    let options = wit::queue::EnqueueOptions {
        delay_seconds: delay,
        idempotency_key: idempotency_key.map(str::to_owned),
    };
    Ok(wit::queue::enqueue(queue, message, &options)?)
}

pub(crate) fn auth_get_user(user: UserRef<'_>) -> Result<Option<String>> {
    let user = match user {
        UserRef::Id(id) => wit::auth::UserRef::Id(id.to_owned()),
        UserRef::Email(email) => wit::auth::UserRef::Email(email.to_owned()),
    };
    Ok(wit::auth::get_user(&user)?)
}

pub(crate) fn auth_update_user(id: &str, patch: &str) -> Result<String> {
    Ok(wit::auth::update_user(id, patch)?)
}

pub(crate) fn auth_list_sessions(user_id: &str) -> Result<Vec<Session>> {
    let session = |session: wit::auth::Session| Session {
        id: session.id,
        user_id: session.user_id,
        created_at: crate::Timestamp::from_unix_ms(session.created_ms.cast_signed()),
        last_used_at: crate::Timestamp::from_unix_ms(session.last_used_ms.cast_signed()),
        ip: session.ip,
        user_agent: session.user_agent,
    };
    Ok(wit::auth::list_sessions(user_id)?.into_iter().map(session).collect())
}

pub(crate) fn auth_revoke_sessions(user_id: &str) -> Result<u32> {
    Ok(wit::auth::revoke_sessions(user_id)?)
}

pub(crate) fn auth_send_email(to: &str, body: &EmailBody) -> Result<String> {
    let body = match body.clone() {
        EmailBody::Template { name, data } => wit::auth::EmailBody::Template((name, data)),
        EmailBody::Content { subject, text, html } => {
            wit::auth::EmailBody::Content(wit::auth::EmailContent { subject, text, html })
        }
    };
    Ok(wit::auth::send_email(to, &body)?)
}

pub(crate) fn auth_password_verify(handle: u32, user_id: &str) -> Result<bool> {
    Ok(wit::auth::password_handle(handle)?.verify(user_id)?)
}

pub(crate) fn auth_password_strength(handle: u32) -> Result<u8> {
    Ok(wit::auth::password_handle(handle)?.strength()?)
}

pub(crate) fn http_send(requests: Vec<Request>) -> Vec<Result<Response>> {
    let request = |request: Request| wit::http::Request {
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: request.body,
        timeout_ms: request.timeout_ms,
        redirect: match request.redirect {
            Redirect::Follow => wit::http::Redirect::Follow,
            Redirect::Error => wit::http::Redirect::Error,
            Redirect::Manual => wit::http::Redirect::Manual,
        },
    };
    let response = |answer: std::result::Result<wit::http::Response, wit::types::Error>| {
        let response = answer?;
        Ok(Response::new(
            response.status,
            response.headers,
            response.body,
            response.url,
        ))
    };
    let requests: Vec<_> = requests.into_iter().map(request).collect();
    wit::http::send(&requests).into_iter().map(response).collect()
}

pub(crate) fn secrets_placeholder(name: &str) -> Result<String> {
    Ok(wit::secrets::placeholder(name)?)
}

pub(crate) fn secrets_hmac(name: &str, hash: MacHash, data: &[u8]) -> Result<Vec<u8>> {
    let hash = match hash {
        MacHash::Sha256 => wit::secrets::Hash::Sha256,
        MacHash::Sha384 => wit::secrets::Hash::Sha384,
        MacHash::Sha512 => wit::secrets::Hash::Sha512,
    };
    Ok(wit::secrets::hmac(name, hash, data)?)
}
