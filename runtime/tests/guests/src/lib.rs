//! A hook that does what its payload says: a JSON string that names it. With the target wasm32-wasip2 it can do more.

mod harm;
#[cfg(target_os = "wasi")]
mod wasi;

/// Generated from the contract.
mod bindings {
    #![allow(missing_docs, reason = "generated from wit/, which carries the documentation")]
    wit_bindgen::generate!({ world: "hook", path: "../../../wit", generate_all });
}

use bindings::{
    aerocall::hooks::types::{Call, Denial, Failure, Reply},
    exports::aerocall::hooks::hooks::Guest,
};

type Answer = Result<Reply, Failure>;

struct Component;

impl Guest for Component {
    fn handle(call: Call) -> Answer {
        // With WASI the standard library prints the same to standard error.
        #[cfg(not(target_os = "wasi"))]
        harm::report_panics();
        let what = call.payload.trim_matches('"');
        #[cfg(target_os = "wasi")]
        if let Some(answer) = wasi::run(what) {
            return answer;
        }
        harm::run(what).unwrap_or_else(|| deny("unknown", what))
    }
}

fn deny(code: &str, message: &str) -> Answer {
    Ok(Reply::Deny(Denial {
        code: code.to_owned(),
        message: message.to_owned(),
        status: 400,
    }))
}

/// A patch with one text.
fn says(text: &str) -> Answer {
    Ok(Reply::Patch(format!("{{\"says\":{text:?}}}")))
}

bindings::export!(Component with_types_in bindings);
