//! One call: a fresh store and instance, limited, run to its end, thrown away.

use std::{
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use aerocall_contract::json;
use wasmtime::{Store, Trap};

use crate::{
    Call, Conditions, Context, Denial, Exception, Failure, Hook, Host, Invocation, Limits, Outcome, Records, Replayed,
    bindings::{aerocall::hooks::types, exports::aerocall::hooks::hooks},
    call_log::Logged,
    crash::{self, Panic},
    engine::YIELD_FUEL,
    replay::Player,
    state::{CallState, DeadlinePassed, MemoryRefused},
    wasi::Exited,
};

/// Bytes that a guest may hand to the host in one host call (SECURITY: a host that buffers without bound).
const HOSTCALL_BYTES: usize = 4 << 20;

/// What is kept of a name, and of the words and the stack of an exception.
const NAME_BYTES: usize = 1 << 10;
const WORDS_BYTES: usize = 16 << 10;

/// Runs the hook once.
pub(crate) async fn invoke(hook: &Hook, call: Call, limits: &Limits, host: Host, conditions: Conditions) -> Replayed {
    let started = Instant::now();
    let limits = limits.narrowed_to(&Limits::CEILING);
    let payload_bytes = call.payload.len() as u64;
    if payload_bytes > limits.payload_bytes {
        let failure = Failure::PayloadTooLarge {
            bytes: payload_bytes,
            limit: limits.payload_bytes,
        };
        return never_started(failure, started);
    }
    let deadline = Duration::from_millis(limits.deadline_ms);
    let permit = match tokio::time::timeout(deadline, hook.slots().acquire()).await {
        Ok(Ok(permit)) => permit,
        _ => {
            return never_started(
                Failure::Unavailable("every instance of this host is busy".into()),
                started,
            );
        }
    };
    let seed = match seed(&conditions) {
        Ok(seed) => seed,
        Err(error) => return never_started(Failure::Unavailable(format!("no randomness: {error}")), started),
    };
    let mut store = store(hook, limits, host, seed, conditions);
    let answer = run(hook, &mut store, call).await;
    let mut logged = store.data().log.end();
    let outcome = outcome(hook, answer, (&store.data().limits, logged.panic.take()));
    let replayed = finish(store, (outcome, logged), started);
    drop(permit);
    replayed
}

/// A new one, or that of the call that is run again.
fn seed(conditions: &Conditions) -> Result<[u8; 32], getrandom::Error> {
    let mut seed = [0; 32];
    match &conditions.recording {
        Some(recording) => seed = recording.seed,
        None => getrandom::fill(&mut seed)?,
    }
    Ok(seed)
}

/// A store with every limit armed.
fn store(hook: &Hook, limits: Limits, host: Host, seed: [u8; 32], conditions: Conditions) -> Store<CallState> {
    let fuel = limits.fuel;
    let state = CallState::new(limits, host, hook.declared(), seed, conditions);
    let mut store = Store::new(hook.engine(), state);
    store.limiter(|state| state);
    #[expect(
        clippy::expect_used,
        reason = "the engine is made with fuel on, and the interval is not zero"
    )]
    store
        .set_fuel(fuel)
        .and_then(|()| store.fuel_async_yield_interval(Some(YIELD_FUEL)))
        .expect("fuel is on");
    store.set_hostcall_fuel(HOSTCALL_BYTES);
    store.set_max_component_handles(256);
    store
}

type Answer = wasmtime::Result<Result<types::Reply, types::Failure>>;

async fn run(hook: &Hook, store: &mut Store<CallState>, call: Call) -> Answer {
    let deadline = store.data().deadline;
    let call = wire_call(call, hook.digest());
    let answer = async {
        let instance = hook.instance_pre().instantiate_async(&mut *store).await?;
        instance.aerocall_hooks_hooks().call_handle(store, &call).await
    };
    until(deadline, answer).await
}

/// Ends a guest at the deadline: it is looked at whenever the guest has yielded. Host functions that wait have the same
/// deadline of their own (`state::within`), since nobody polls a guest that waits.
async fn until(deadline: Instant, answer: impl Future<Output = Answer>) -> Answer {
    let mut answer = pin!(answer);
    std::future::poll_fn(|context| {
        if Instant::now() >= deadline {
            return Poll::Ready(Err(DeadlinePassed.into()));
        }
        answer.as_mut().poll(context)
    })
    .await
}

fn wire_call(call: Call, digest: &str) -> hooks::Call {
    let Context {
        project_id,
        environment,
        request_id,
        invocation_id,
        hook,
        endpoint,
        time_ms,
        attempt,
        ..
    } = call.context;
    let request = call.context.request.map(|request| types::RequestInfo {
        ip: request.ip,
        user_agent: request.user_agent,
        method: request.method,
        path: request.path,
        locale: request.locale,
        headers: request.headers,
    });
    let version = types::VersionInfo {
        number: call.context.version_number,
        digest: digest.to_owned(),
    };
    let context = types::Context {
        project_id,
        environment,
        request_id,
        invocation_id,
        hook,
        endpoint,
        time_ms,
        attempt,
        request,
        version,
    };
    hooks::Call {
        context,
        payload: call.payload,
    }
}

fn outcome(hook: &Hook, answer: Answer, (limits, panic): (&Limits, Option<Panic>)) -> Outcome {
    match answer {
        Ok(Ok(reply)) => decision(reply, limits),
        Ok(Err(failure)) => Outcome::Failed(guest_failure(hook, failure)),
        Err(error) => Outcome::Failed(host_failure(hook, &error, (limits, panic))),
    }
}

/// The guest's reply, checked again: the engine checks what JavaScript returns, but a component in another language
/// brings its own code.
fn decision(reply: types::Reply, limits: &Limits) -> Outcome {
    match reply {
        types::Reply::Allow => Outcome::Allow,
        types::Reply::Deny(denial) => denial_or_failure(denial),
        types::Reply::Patch(json) if json.len() as u64 > limits.reply_bytes => Outcome::Failed(Failure::BadReply {
            path: "patch".into(),
            expected: format!("at most {} bytes of JSON", limits.reply_bytes),
            got: format!("{} bytes", json.len()),
        }),
        types::Reply::Patch(text) => match json::read(&text) {
            Ok(serde_json::Value::Object(patch)) => Outcome::Patch(patch),
            Ok(_) => bad_reply("patch", "a JSON object", "another JSON value"),
            Err(problem) => bad_reply("patch", "a JSON object", &format!("text that {problem}")),
        },
    }
}

fn denial_or_failure(denial: types::Denial) -> Outcome {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.' | b'-');
    if !(1..=64).contains(&denial.code.len()) || !denial.code.bytes().all(legal) {
        return bad_reply(
            "deny.code",
            "1 to 64 characters of a-z, 0-9, `_`, `.` or `-`",
            &format!("{:?}", denial.code),
        );
    }
    if denial.message.chars().count() > 500 {
        return bad_reply(
            "deny.message",
            "at most 500 characters",
            &format!("{}", denial.message.chars().count()),
        );
    }
    if !(400..500).contains(&denial.status) {
        return bad_reply("deny.status", "400 to 499", &denial.status.to_string());
    }
    Outcome::Deny(Denial {
        code: denial.code,
        message: denial.message,
        status: denial.status,
    })
}

fn bad_reply(path: &str, expected: &str, got: &str) -> Outcome {
    Outcome::Failed(Failure::BadReply {
        path: path.into(),
        expected: expected.into(),
        got: got.into(),
    })
}

fn guest_failure(hook: &Hook, failure: types::Failure) -> Failure {
    match failure {
        types::Failure::UnknownHook => Failure::UnknownHook("(the one that was called)".into()),
        types::Failure::NeverSettles => Failure::NeverSettles,
        types::Failure::BadReply(shape) => Failure::BadReply {
            path: cut(shape.path, NAME_BYTES),
            expected: cut(shape.expected, NAME_BYTES),
            got: cut(shape.got, NAME_BYTES),
        },
        types::Failure::Threw(thrown) => {
            let exception = Exception {
                name: cut(thrown.name, NAME_BYTES),
                message: cut(thrown.message, WORDS_BYTES),
                stack: cut(thrown.stack, WORDS_BYTES),
                code: thrown.code.map(|code| cut(code, NAME_BYTES)),
                position: None,
                frame: None,
            };
            Failure::Threw(Box::new(hook.sources().locate(exception)))
        }
    }
}

/// The beginning of what a guest says. The engine says no more; a component in another language brings its own code.
fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
    text
}

/// Why the machine stopped the guest.
fn host_failure(hook: &Hook, error: &wasmtime::Error, (limits, panic): (&Limits, Option<Panic>)) -> Failure {
    let at = match hook.is_native() {
        true => crash::place(error),
        false => String::new(),
    };
    if error.is::<DeadlinePassed>() {
        return Failure::TimedOut {
            limit_ms: limits.deadline_ms,
        };
    }
    if error.is::<MemoryRefused>() {
        return Failure::OutOfMemory {
            limit: limits.memory_bytes,
            at,
        };
    }
    if let Some(exited) = error.downcast_ref::<Exited>() {
        return Failure::Exited(exited.code);
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Failure::OutOfFuel { limit: limits.fuel, at },
        Some(Trap::StackOverflow) => Failure::Trapped(format!(
            "its stack is used up: it recurses or nests data too deeply{at}"
        )),
        // A compiler's own stack lies in memory, below everything else.
        Some(trap @ Trap::MemoryOutOfBounds) if hook.is_native() => {
            Failure::Trapped(format!("{trap}, or its stack is used up{at}"))
        }
        Some(Trap::UnreachableCodeReached) if hook.is_native() && panic.is_some() => {
            let exception = panic.map(Panic::into_exception).unwrap_or_default();
            Failure::Threw(Box::new(hook.sources().locate(exception)))
        }
        Some(trap) => Failure::Trapped(format!("{trap}{at}")),
        None => Failure::Trapped(format!("{:#}{at}", error.root_cause())),
    }
}

fn finish(store: Store<CallState>, (outcome, logged): (Outcome, Logged), started: Instant) -> Replayed {
    let fuel = store.data().limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
    // The instance is gone before the answer is: nothing of this call outlives it.
    let state = store.into_data();
    state.player.ended(Invocation {
        outcome,
        logs: logged.lines,
        logs_dropped: logged.dropped,
        fuel,
        memory_peak_bytes: state.memory_peak_bytes,
        duration: started.elapsed(),
        records: state.records,
    })
}

fn never_started(failure: Failure, started: Instant) -> Replayed {
    Player::new(Conditions::default()).ended(Invocation {
        outcome: Outcome::Failed(failure),
        logs: Vec::new(),
        logs_dropped: 0,
        fuel: 0,
        memory_peak_bytes: 0,
        duration: started.elapsed(),
        records: Records::default(),
    })
}

/// Shared by the hooks of a runtime: how many instances may be alive.
pub(crate) type Slots = Arc<tokio::sync::Semaphore>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_that_others_cannot_read_or_that_has_too_many_values_is_no_reply() {
        let many = format!("{{\"a\":[{}0]}}", "0,".repeat(json::MAX_VALUES));
        for text in [r#"{"n":1e9999}"#, r#"{"n":-1e309}"#, "{", "[]", &many] {
            let outcome = decision(types::Reply::Patch(text.to_owned()), &Limits::CEILING);
            assert!(
                matches!(outcome, Outcome::Failed(Failure::BadReply { .. })),
                "{text:.40}: {outcome:?}"
            );
        }
        let patch = decision(types::Reply::Patch(r#"{"n":1e308}"#.to_owned()), &Limits::CEILING);
        assert!(matches!(patch, Outcome::Patch(_)), "{patch:?}");
    }
}
