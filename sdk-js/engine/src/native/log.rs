//! `host.log(level, text)`: to the host in a call, kept for the compiler's report at build.

use std::cell::RefCell;

use crate::{
    binding::{Ctx, Function, Object, Result},
    contract::log::{Level, write},
    time,
};

/// Lines kept while a module is evaluated.
const BUILD_LINES: usize = 100;

thread_local! {
    static BUILD_LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn install<'js>(ctx: &Ctx<'js>, host: &Object<'js>) -> Result<()> {
    host.set("log", Function::new(ctx.clone(), log)?)
}

fn log(level: u32, text: String) {
    if !time::in_call() {
        BUILD_LOG.with_borrow_mut(|lines| {
            if lines.len() < BUILD_LINES {
                lines.push(text)
            }
        });
        return;
    }
    let level = match level {
        0 => Level::Debug,
        1 => Level::Info,
        2 => Level::Warn,
        _ => Level::Error,
    };
    write(level, &text);
}

/// What the module logged while it was evaluated.
pub(crate) fn take_build_lines() -> Vec<String> {
    BUILD_LOG.take()
}
