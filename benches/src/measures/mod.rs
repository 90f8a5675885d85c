//! What is measured, a bench in each file.

pub(crate) mod backtest;
pub(crate) mod flows;
pub(crate) mod hook_build;
pub(crate) mod hook_call;
pub(crate) mod login_timing;
pub(crate) mod nodes;
pub(crate) mod overload;
pub(crate) mod queue;
pub(crate) mod register;
pub(crate) mod script_hooks;
pub(crate) mod sdk_call;
pub(crate) mod tries;
pub(crate) mod webhooks;
