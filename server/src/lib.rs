//! The auth backend: flows that hooks shape, the admin API, and the store behind both.
//!
//! In the order a request goes through them:
//!
//! - [`Config`]: the settings; [`Server`]: open, seed, listen or work, stop
//! - `http`: edge in, the only place that names actix; `request`: what it knows of a request
//! - `access`: whose key it is; `project`: what its project has set; `input`: what was sent, as types that are legal by construction
//! - `limits`: how often things may be asked for
//! - `flows`: one file per request, a list of steps
//! - `hooks`: versions that run at points of the flows; `sdk` and `cache`: what they can reach
//! - `breaches`: passwords that were found in one
//! - `password`, `token`: the slow hash and the signed token
//! - [`local`]: what of this a hook gets without a server
//! - `store`: the only place that names diesel; `events`: what happened, kept with what changed
//! - `oidc`: identity providers of projects
//! - `webhooks`: receivers of events, and how one message leaves
//! - `queue`, `worker`: jobs and who runs them; `schedule`: when some are due; `records`: what every call of a hook was
//! - `nodes`: what other processes on the same database change
//! - `metrics`, `trace`, `readiness`: figures, spans and health for whoever watches; `reference`: error codes, and documents made from source
//! - `doctor`: what of all that would not work here
//! - `fail_point`: places beside commits where a test lets the process die
//! - `tenant`: the projects' own databases; `egress`: the one way out to other hosts; `mail`: mails and who sends them
//!
//! ```no_run
//! # async fn example(runtime: std::sync::Arc<aerocall_runtime::Runtime>) -> Result<(), Box<dyn std::error::Error>> {
//! use aerocall_server::{Config, ConfigSources, Server};
//!
//! let sources = ConfigSources { env: std::env::vars().collect(), ..ConfigSources::default() };
//! let server = Server::open(Config::load(&sources)?, runtime).await?;
//! let demo = server.seed_demo(Vec::new()).await?;
//! tracing::info!(key = demo.publishable_key, "the demo project is ready");
//! server.listen()?.finished().await?;
//! # Ok(())
//! # }
//! ```

mod access;
mod app;
mod audit;
mod breaches;
mod cache;
mod clock;
pub mod config;
mod demo;
mod doctor;
mod egress;
mod error;
mod events;
mod fail_point;
mod flows;
mod hooks;
mod http;
mod ids;
mod input;
mod limits;
pub mod local;
mod mail;
mod metrics;
mod nodes;
mod oidc;
mod password;
mod project;
mod queue;
mod readiness;
mod records;
mod reference;
mod request;
mod schedule;
mod sdk;
mod secret;
#[cfg(test)]
mod senders;
mod server;
mod store;
mod tenant;
#[cfg(test)]
mod testing;
mod token;
mod trace;
mod user;
mod webhooks;
mod worker;

pub use clock::Clock;
pub use config::{Config, ConfigError, ConfigSources, Overrides};
pub use demo::DemoInfo;
pub use doctor::{Finding, State as FindingState, examine};
pub use egress::choose_tls;
pub use server::{Running, ServeError, Server, Working, migrate, seed_demo, serve};
pub use trace::{Traces, keep_traces};
