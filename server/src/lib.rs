//! The auth backend: flows that hooks shape, the admin API, and the store behind both.
//!
//! One sentence holds the folders together, and a test holds the sentence: **edges over flows over the assistant over
//! hooks over (outbound, security, domain, observability) over storage over base; no folder names one above it.**
//!
//! - [`Config`]: the settings; [`Server`]: open, seed, listen or work, stop; `app`: everything that lives as long as the server
//! - `http`, `worker`: the two edges. HTTP requests come in by the one; jobs, events, schedules, webhooks and mails are
//!   worked off by the other
//! - `flows`: one file per request, a list of steps
//! - `assistant`: language models that propose and explain hooks
//! - `hooks`: versions that run at hook points; `hooks::sdk`: what they can use; `hooks::records`: what each call was;
//!   [`local`]: what of this a hook gets without a server
//! - `outbound`: whatever leaves for other hosts; `security`: keys, tokens, passwords, rate limits; `domain`: projects, users,
//!   events, the audit log; `observability`: metrics and readiness
//! - `storage`: the core store (the only folder that names diesel), the projects' own databases, cache, queue
//! - `base`: settings, input as types, ids, errors, time, cryptography
//! - `doctor`: what would not work here; `backup`: copies of the databases, and the way back from one; `demo`: the project that is there on the first start

mod app;
mod assistant;
mod backup;
mod base;
mod demo;
mod doctor;
mod domain;
mod flows;
mod hooks;
mod http;
mod observability;
mod outbound;
mod security;
mod server;
mod storage;
#[cfg(test)]
mod testing;
mod worker;

pub use backup::{Backup, BackupError, BackupFile, backup, repair, restore};
pub use base::{
    clock::Clock,
    config::{self, Config, ConfigError, ConfigSources, Overrides},
    process_limits::{MAX_INSTANCES, Shortage, shortages},
    trace::{Traces, keep_traces},
};
pub use demo::{Demo, DemoAccount, DemoInfo, Seeding};
pub use doctor::{Finding, State as FindingState, examine};
pub use flows::admin::check::{Checks, Refused};
pub use hooks::local;
pub use http::PageFile;
pub use outbound::egress::choose_tls;
pub use server::{
    Running, RunningWorker, SETUP_LIFE, ServeError, Server, create_admin, invite_administrator, migrate, renew_admin,
    reset_admin_password, seed_demo, serve,
};
