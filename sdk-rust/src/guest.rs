//! The component: its one export, and what a panic leaves behind.

use std::panic::PanicHookInfo;

use crate::{
    Context, Timestamp,
    bindings::{
        aerocall::hooks::types::{self, Failure},
        exports::aerocall::hooks::hooks::Guest,
    },
    context::{RequestInfo, VersionInfo},
    dispatch::{Call, invoke},
    log, platform,
    reply::Decision,
};

struct Component;

impl Guest for Component {
    fn handle(call: types::Call) -> Result<types::Reply, Failure> {
        std::panic::set_hook(Box::new(panicked));
        log::install();
        let hook = call.context.hook.clone();
        match invoke(read(call)) {
            Decision::Allow => Ok(types::Reply::Allow),
            Decision::Deny(denial) => Ok(types::Reply::Deny(types::Denial {
                code: denial.code,
                message: denial.message,
                status: denial.status,
            })),
            Decision::Patch(patch) => Ok(types::Reply::Patch(patch)),
            Decision::Failed(exception) => Err(Failure::Threw(types::Exception {
                name: exception.name,
                message: exception.message,
                stack: exception.stack,
                code: exception.code,
            })),
            Decision::UnknownHook => {
                ::log::error!("this crate has no hook `{hook}`");
                Err(Failure::UnknownHook)
            }
        }
    }
}

crate::bindings::export!(Component with_types_in crate::bindings);

fn read(call: types::Call) -> Call {
    let context = call.context;
    let request = context.request.map(|request| RequestInfo {
        ip: request.ip,
        user_agent: request.user_agent,
        method: request.method,
        path: request.path,
        locale: request.locale,
        headers: request.headers,
    });
    Call {
        context: Context {
            project_id: context.project_id,
            environment: context.environment,
            request_id: context.request_id,
            invocation_id: context.invocation_id,
            hook: context.hook,
            endpoint: context.endpoint,
            time: Timestamp::from_unix_ms(context.time_ms.cast_signed()),
            attempt: context.attempt,
            version: VersionInfo {
                number: context.version.number,
                digest: context.version.digest,
            },
        },
        request,
        payload: call.payload,
    }
}

/// WebAssembly does not unwind: the call ends in a trap. The host takes message and place from this line.
fn panicked(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("a value that is no text");
    let line = match info.location() {
        Some(place) => format!("panicked at {place}:\n{message}"),
        None => format!("panicked at an unknown place:\n{message}"),
    };
    platform::log(log::Level::Error, &line);
}
