//! Bundles that do not load, as errors of a request.

use aerocall_contract::errors;
use aerocall_runtime::LoadError;

use crate::base::error::{Error, Refusal};

/// When to come again while the compiler is busy.
const COMPILER_RETRY_SECONDS: u32 = 5;

/// A bundle that was refused is for whoever sent it to mend; a compiler that is busy is to be asked again; a runtime that
/// failed is ours.
pub(crate) fn refused(error: LoadError, hook: Option<&str>) -> Error {
    let refusal = match error.code {
        errors::INTERNAL_ERROR => return Error::unexpected("loading a bundle", error),
        errors::BUSY => Refusal {
            retry_after: Some(COMPILER_RETRY_SECONDS),
            ..Refusal::busy("The compiler is busy with other bundles; try again in a few seconds")
        },
        code => Refusal::new(code, error.message),
    };
    let hook = hook.map(str::to_owned);
    Refusal { hook, ..refusal }.into()
}
