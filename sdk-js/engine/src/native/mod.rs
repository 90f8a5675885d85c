//! Native functions under the JavaScript prelude, one file per WIT interface or standard.
//!
//! They take and give plain values; every check of shape and every default is in the prelude. A refused capability
//! throws an `AerocallError` with the contract's code.

mod auth;
mod cache;
mod db;
mod digest;
mod http;
mod json;
mod kind;
pub(crate) mod log;
mod queue;
pub(crate) mod random;
mod secrets;
mod text;
mod url;

use crate::{
    binding::{Constructor, Ctx, Error, Exception, Object, Result, TypedArray, memory},
    contract::types::{self, ErrorCode},
    time,
};

/// The object the prelude's files receive as `host`.
pub(crate) fn host<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let host = Object::new(ctx.clone())?;
    host.set("now", crate::binding::Function::new(ctx.clone(), time::now_ms)?)?;
    log::install(ctx, &host)?;
    random::install(ctx, &host)?;
    cache::install(ctx, &host)?;
    db::install(ctx, &host)?;
    queue::install(ctx, &host)?;
    auth::install(ctx, &host)?;
    http::install(ctx, &host)?;
    secrets::install(ctx, &host)?;
    text::install(ctx, &host)?;
    url::install(ctx, &host)?;
    digest::install(ctx, &host)?;
    kind::install(ctx, &host)?;
    json::install(ctx, &host)?;
    Ok(host)
}

/// Refuses a capability while a module is evaluated at build: there is no project yet to answer for.
fn only_in_call(ctx: &Ctx<'_>, what: &str) -> Result<()> {
    if time::in_call() {
        return Ok(());
    }
    Err(Exception::throw_type(
        ctx,
        &format!("{what} cannot be used while the module is loaded; call it inside a hook"),
    ))
}

/// Copies the bytes of a view.
fn bytes(view: &TypedArray<'_, u8>) -> Vec<u8> {
    // SAFETY: the memory is copied before any JavaScript can run and detach or resize the buffer.
    memory(view)
        .map(|memory| unsafe { memory.as_ref() }.to_vec())
        .unwrap_or_default()
}

/// Turns a contract error into a thrown `AerocallError`.
fn or_throw<T>(ctx: &Ctx<'_>, answer: std::result::Result<T, types::Error>) -> Result<T> {
    answer.or_else(|error| Err(throw(ctx, &error)?))
}

fn throw(ctx: &Ctx<'_>, error: &types::Error) -> Result<Error> {
    let sdk: Object<'_> = ctx.globals().get("Aerocall")?;
    let class: Constructor<'_> = sdk.get("AerocallError")?;
    let options = Object::new(ctx.clone())?;
    options.set("code", code(error.code))?;
    options.set("retryable", error.retryable)?;
    let thrown: Object<'_> = class.construct((error.message.as_str(), options))?;
    Ok(ctx.throw(thrown.into_value()))
}

/// The codes as JavaScript sees them.
fn code(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Unavailable => "unavailable",
        ErrorCode::CapabilityNotDeclared => "capability_not_declared",
        ErrorCode::Denied => "denied",
        ErrorCode::InvalidArgument => "invalid_argument",
        ErrorCode::NotFound => "not_found",
        ErrorCode::Conflict => "conflict",
        ErrorCode::TooLarge => "too_large",
        ErrorCode::LimitExceeded => "limit_exceeded",
        ErrorCode::Timeout => "timeout",
        ErrorCode::BackendUnavailable => "backend_unavailable",
        ErrorCode::Internal => "internal",
    }
}
