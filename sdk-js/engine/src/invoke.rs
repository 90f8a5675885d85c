//! One call of one hook.

use crate::{
    binding::{Ctx, Error, Function, Object, Promise, Result as JsResult, Value},
    contract::types::{Call, Failure, Reply},
    event_loop::{Settled, settle},
    exception,
    machine::{self, Machine},
    payload, reply, time,
};

/// Answers the call. The instance is thrown away afterwards, so nothing is cleaned up.
pub(crate) fn invoke(call: Call) -> Result<Reply, Failure> {
    time::begin_call();
    let machine = machine::get().ok_or(Failure::UnknownHook)?;
    let hook = machine
        .hooks
        .iter()
        .find(|(name, _)| *name == call.context.hook)
        .ok_or(Failure::UnknownHook)?;
    machine.context.with(|ctx| {
        let function = hook.1.clone().restore(&ctx);
        let internals = machine.internals.clone().restore(&ctx);
        let answer = match (function, internals) {
            (Ok(function), Ok(internals)) => run(&ctx, &function, &internals, &call),
            _ => Err(Failure::UnknownHook),
        };
        warn_of_unhandled_rejections(&ctx, machine);
        answer
    })
}

fn run<'js>(ctx: &Ctx<'js>, hook: &Function<'js>, internals: &Object<'js>, call: &Call) -> Result<Reply, Failure> {
    let arguments = payload::arguments(ctx, internals, call).map_err(|error| thrown(ctx, &error))?;
    let returned: Value<'js> = match hook.call(arguments) {
        Ok(returned) => returned,
        Err(error) => return decide_thrown(ctx, internals, &error),
    };
    let value = match as_promise(&returned) {
        None => returned,
        Some(promise) => match settle(ctx, internals, &promise) {
            Ok(Settled::Resolved(value)) => value,
            Ok(Settled::Never) => return Err(Failure::NeverSettles),
            Ok(Settled::Rejected) | Err(_) => return decide_thrown(ctx, internals, &Error::Exception),
        },
    };
    if is_event(&call.context.hook) {
        Ok(Reply::Allow)
    } else {
        reply::read(ctx, &value)
    }
}

/// Script hooks answer events: nobody waits for a decision, so what they return means nothing.
fn is_event(hook: &str) -> bool {
    hook.contains('.')
}

fn as_promise<'js>(value: &Value<'js>) -> Option<Promise<'js>> {
    value.clone().into_promise()
}

/// A thrown `Deny` is a decision; anything else is a failure.
fn decide_thrown<'js>(ctx: &Ctx<'js>, internals: &Object<'js>, error: &Error) -> Result<Reply, Failure> {
    if !error.is_exception() {
        return Err(thrown(ctx, error));
    }
    let value = ctx.catch();
    match deny_of(internals, &value) {
        Ok(Some(decision)) => reply::read(ctx, &decision),
        _ => Err(Failure::Threw(exception::describe(&value))),
    }
}

fn deny_of<'js>(internals: &Object<'js>, thrown: &Value<'js>) -> JsResult<Option<Value<'js>>> {
    let deny_of: Function<'js> = internals.get("denyOf")?;
    let decision: Value<'js> = deny_of.call((thrown.clone(),))?;
    Ok((!decision.is_null()).then_some(decision))
}

fn thrown(ctx: &Ctx<'_>, error: &Error) -> Failure {
    if error.is_exception() {
        return Failure::Threw(exception::catch(ctx));
    }
    Failure::Threw(crate::contract::types::Exception {
        name: "InternalError".to_owned(),
        message: error.to_string(),
        stack: String::new(),
        code: None,
    })
}

/// A rejected promise that nobody awaited is a bug that would otherwise be silent.
fn warn_of_unhandled_rejections(ctx: &Ctx<'_>, machine: &Machine) {
    let Ok(internals) = machine.internals.clone().restore(ctx) else {
        return;
    };
    let report: JsResult<Function<'_>> = internals.get("reportUnhandledRejections");
    if let Ok(report) = report {
        // The report is a log line; when even that fails there is nowhere left to say so.
        if report.call::<_, ()>(()).is_err() {
            drop(ctx.catch());
        }
    }
}
