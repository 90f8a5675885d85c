//! The component's side of `wit/`: generated bindings and the one export.

#[allow(missing_docs, reason = "generated from wit/, which carries the documentation")]
mod generated {
    wit_bindgen::generate!({ world: "hook", path: "../../wit", generate_all });
}

pub(crate) use generated::aerocall::hooks::*;
use generated::exports::aerocall::hooks::hooks::Guest;

use crate::invoke::invoke;

struct Component;

impl Guest for Component {
    fn handle(call: types::Call) -> Result<types::Reply, types::Failure> {
        invoke(call)
    }
}

generated::export!(Component with_types_in generated);
