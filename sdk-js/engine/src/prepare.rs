//! Build time: takes the bundled JavaScript, evaluates it, and says what it exports. The compiler calls the two exports
//! here, and between them the one of [`crate::positions`], then takes its snapshot; they are cut from the finished hook.

use crate::{
    binding::{Ctx, Function, Module, Object, Persistent, Result, Value, convert::List},
    contract::types::Exception,
    event_loop::{Settled, settle},
    exception, machine,
    machine::Machine,
    native, positions, time,
};

/// Memory for the compiler to write the source into.
#[unsafe(no_mangle)]
pub extern "C" fn aerocall_alloc(bytes: usize) -> *mut u8 {
    Box::leak(vec![0u8; bytes].into_boxed_slice()).as_mut_ptr()
}

/// Evaluates the module: UTF-8 source at `source`. Answers a pointer to a little-endian length and that many bytes of
/// JSON: `{"hooks","events","config","logs","notes"}` or `{"error": {"kind", …}}`.
///
/// # Safety
/// `source` is what [`aerocall_alloc`] answered for `bytes`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn aerocall_prepare(source: *mut u8, bytes: usize) -> *const u8 {
    // SAFETY: the caller promises that this is the leaked box from `aerocall_alloc`, and gives it up.
    let source = unsafe { Vec::from_raw_parts(source, bytes, bytes) };
    let report = match prepare(source) {
        Ok(report) => report,
        Err(error) => format!(r#"{{"error":{{"kind":"engine","message":{:?}}}}}"#, error.to_string()),
    };
    let mut answer = (report.len() as u32).to_le_bytes().to_vec();
    answer.extend_from_slice(report.as_bytes());
    Box::leak(answer.into_boxed_slice()).as_ptr()
}

fn prepare(source: Vec<u8>) -> Result<String> {
    let mut machine = Machine::new()?;
    time::forget_asked();
    let internals = machine.internals.clone();
    let (report, hooks) = machine.context.with(|ctx| -> Result<_> {
        let internals = internals.restore(&ctx)?;
        match evaluate(&ctx, &internals, source)? {
            Ok(namespace) => {
                let hooks = hooks(&ctx, &internals, &namespace)?;
                let report = success(&ctx, &internals, &namespace, &hooks)?;
                let hooks = hooks
                    .into_iter()
                    .map(|(name, hook)| (name, Persistent::save(&ctx, hook)))
                    .collect();
                Ok((report, hooks))
            }
            Err((kind, exception)) => Ok((failure(&ctx, kind, &exception)?, Vec::new())),
        }
    })?;
    machine.hooks = hooks;
    machine.runtime.run_gc();
    machine::set(machine);
    Ok(report)
}

type Evaluated<'js> = std::result::Result<Object<'js>, (&'static str, Exception)>;

/// Evaluates the module to its namespace, top-level await included.
fn evaluate<'js>(ctx: &Ctx<'js>, internals: &Object<'js>, source: Vec<u8>) -> Result<Evaluated<'js>> {
    let declared = positions::compiling(|| Module::declare(ctx.clone(), "bundle.js", source));
    let declared = match declared {
        Ok(declared) => declared,
        Err(_) => return Ok(Err(("syntax", exception::catch(ctx)))),
    };
    let (module, promise) = match declared.eval() {
        Ok(evaluating) => evaluating,
        Err(_) => return Ok(Err(("threw", exception::catch(ctx)))),
    };
    match settle(ctx, internals, &promise) {
        Ok(Settled::Resolved(_)) => Ok(Ok(module.namespace()?)),
        Ok(Settled::Rejected) | Err(_) => Ok(Err(("threw", exception::catch(ctx)))),
        Ok(Settled::Never) => Ok(Err((
            "never-settles",
            Exception {
                name: String::new(),
                message: String::new(),
                stack: String::new(),
                code: None,
            },
        ))),
    }
}

/// Exported functions by name, and the handlers in `on` by event.
fn hooks<'js>(
    ctx: &Ctx<'js>,
    internals: &Object<'js>,
    namespace: &Object<'js>,
) -> Result<Vec<(String, Function<'js>)>> {
    let collect: Function<'js> = internals.get("collectHooks")?;
    let pairs: Vec<List<(String, Value<'js>)>> = collect.call((namespace.clone(),))?;
    let _ = ctx;
    Ok(pairs
        .into_iter()
        .filter_map(|List((name, hook))| Some((name, hook.into_function()?)))
        .collect())
}

fn success<'js>(
    ctx: &Ctx<'js>,
    internals: &Object<'js>,
    namespace: &Object<'js>,
    hooks: &[(String, Function<'js>)],
) -> Result<String> {
    let (events, lifecycle): (Vec<&str>, Vec<&str>) = hooks
        .iter()
        .map(|(name, _)| name.as_str())
        .partition(|name| name.contains('.'));
    let report = Object::new(ctx.clone())?;
    report.set("hooks", lifecycle)?;
    report.set("events", events)?;
    let config: Value<'js> = namespace
        .get("config")
        .unwrap_or_else(|_| Value::new_undefined(ctx.clone()));
    let config = if config.is_undefined() {
        Object::new(ctx.clone())?.into_value()
    } else {
        config
    };
    report.set("config", config)?;
    let rejections: Function<'js> = internals.get("reportUnhandledRejections")?;
    rejections.call::<_, ()>(())?;
    report.set("logs", native::log::take_build_lines())?;
    let pending: Function<'js> = internals.get("dropPendingTimers")?;
    report.set("pendingTimers", pending.call::<_, u32>(())?)?;
    report.set("askedTime", time::asked_at_build())?;
    report.set("askedRandom", native::random::asked_at_build())?;
    stringify(ctx, report)
}

fn failure(ctx: &Ctx<'_>, kind: &str, exception: &Exception) -> Result<String> {
    let error = Object::new(ctx.clone())?;
    error.set("kind", kind)?;
    error.set("name", exception.name.as_str())?;
    error.set("message", exception.message.as_str())?;
    error.set("stack", exception.stack.as_str())?;
    error.set("logs", native::log::take_build_lines())?;
    let report = Object::new(ctx.clone())?;
    report.set("error", error)?;
    stringify(ctx, report)
}

fn stringify<'js>(ctx: &Ctx<'js>, report: Object<'js>) -> Result<String> {
    ctx.json_stringify(report)?
        .map_or(Ok(String::new()), |json| json.to_string())
}
