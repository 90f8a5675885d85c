//! What JavaScript cannot ask about a value: its class whatever its prototype says, the target of a proxy without
//! running a trap, the state of a promise, where a value was thrown. For `js/inspect.js` and `js/clone.js`.

use crate::{
    binding::{Ctx, Function, Object, Result, Value, promise::PromiseState, qjs},
    positions,
};

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("classId", Function::new(ctx.clone(), class_id)?)?;
    host.set("proxyTarget", Function::new(ctx.clone(), proxy_target)?)?;
    host.set("promiseState", Function::new(ctx.clone(), promise_state)?)?;
    host.set(
        "thrownTrace",
        Function::new(ctx.clone(), |thrown: Value<'_>| positions::of_thrown(&thrown))?,
    )
}

/// The engine's number for the class of an object; 0 for anything else. The prelude learns which is which from samples.
fn class_id(value: Value<'_>) -> u32 {
    // SAFETY: `value` is a live value of this context.
    unsafe { qjs::JS_GetClassID(value.as_raw()) }
}

/// The target of a proxy, `null` for a revoked one.
fn proxy_target<'js>(ctx: Ctx<'js>, value: Value<'js>) -> Value<'js> {
    // SAFETY: `value` is a live value of this context; the target comes back with its own reference.
    let target = unsafe {
        Value::from_raw(
            ctx.clone(),
            qjs::JS_GetProxyTarget(ctx.as_raw().as_ptr(), value.as_raw()),
        )
    };
    if target.is_object() {
        return target;
    }
    // A revoked proxy throws; the exception is not the caller's.
    drop(ctx.catch());
    Value::new_null(ctx)
}

/// `pending`, `resolved` or `rejected`; what it settled to is for `promise_result` in JavaScript, by `then`.
fn promise_state<'js>(value: Value<'js>) -> Result<Vec<Value<'js>>> {
    let ctx = value.ctx().clone();
    let Some(promise) = value.into_promise() else {
        return Ok(Vec::new());
    };
    let number = |state: i32| Value::new_int(ctx.clone(), state);
    Ok(match promise.state() {
        PromiseState::Pending => vec![number(0)],
        PromiseState::Resolved => match promise.result::<Value<'js>>() {
            Some(Ok(value)) => vec![number(1), value],
            _ => vec![number(1)],
        },
        PromiseState::Rejected => {
            drop(promise.result::<Value<'js>>());
            vec![number(2), ctx.catch()]
        }
    })
}
