//! The commands as people and scripts use them: the binary, its output, its exit codes.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

mod admin;
mod ai;
mod answers;
mod cases;
mod check;
mod deploy;
mod descriptors;
mod dev;
mod engines;
mod examples;
mod exceptions;
mod exported;
mod given;
mod hostile;
#[path = "../../tests/http_client.rs"]
mod http_client;
#[path = "../../tests/http_server.rs"]
mod http_server;
mod limits;
mod lines;
mod log;
mod login;
mod mail;
mod manage;
mod new;
mod operate;
mod patches;
mod refusals;
#[path = "../../tests/relay.rs"]
mod relay;
mod release;
mod remote;
mod replay;
mod replies;
mod rollback;
mod rollout;
mod run;
mod rust;
mod secrets;
mod server;
mod settings;
mod support;
mod telemetry;
mod testing;
mod text;
mod tries;
mod types;
mod unavailable;
#[path = "../../tests/until.rs"]
mod until;
mod upgrade;
mod validate;
mod worker;
