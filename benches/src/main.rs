//! `benches NAME [ARGUMENT]`: runs one bench. One program for all of them: each would link the whole product by itself.

mod measures;

use aerocall_benches::host;

type Bench = (&'static str, fn() -> anyhow::Result<()>);

/// By the names of their files.
const BENCHES: &[Bench] = &[
    ("backtest", measures::backtest::bench),
    ("flows", measures::flows::bench),
    ("hook_build", measures::hook_build::bench),
    ("hook_call", measures::hook_call::bench),
    ("login_timing", measures::login_timing::bench),
    ("nodes", measures::nodes::bench),
    ("overload", measures::overload::bench),
    ("queue", measures::queue::bench),
    ("register", measures::register::bench),
    ("script_hooks", measures::script_hooks::bench),
    ("sdk_call", measures::sdk_call::bench),
    ("tries", measures::tries::bench),
    ("webhooks", measures::webhooks::bench),
];

fn main() -> anyhow::Result<()> {
    host::serve_compile_child();
    let name = std::env::args().nth(1).unwrap_or_default();
    match BENCHES.iter().find(|(known, _)| *known == name) {
        Some((_, bench)) => bench(),
        None => {
            let known: Vec<&str> = BENCHES.iter().map(|(known, _)| *known).collect();
            anyhow::bail!("there is no bench {name:?}; there are {}", known.join(", "))
        }
    }
}
