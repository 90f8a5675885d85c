//! What the operating system lets a server have.

use super::{Finding, State};
use crate::base::process_limits::shortages;

/// Of this process: a service manager may have set others for the server.
pub(super) fn limits() -> Finding {
    const NAME: &str = "process_limits";
    let shortages = shortages();
    if shortages.is_empty() {
        return Finding::ok(NAME, "address space, file sizes and open files are enough");
    }
    // Without the address space nothing starts.
    let state = match shortages.iter().any(|one| one.option == "ulimit -v") {
        true => State::Problem,
        false => State::Note,
    };
    let messages: Vec<&str> = shortages.iter().map(|one| one.message.as_str()).collect();
    let fixes: Vec<&str> = shortages.iter().map(|one| one.fix.as_str()).collect();
    Finding::new(NAME, state, messages.join("; ")).fix(fixes.join("; "))
}
