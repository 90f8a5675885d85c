//! The server through its public interface: HTTP on a port of its own, a data directory of its own for every test.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod access;
mod accounts;
mod addresses;
mod admin;
mod artifacts;
mod assistant;
mod audit;
mod backtests;
mod broker;
mod browser_admin;
mod bundles;
mod cache;
mod cases;
mod clusters;
mod config;
mod connections;
mod database;
mod demo;
mod docs;
mod drafts;
mod dump;
mod edge;
mod errors;
mod event_stream;
mod events;
mod fields;
mod hook_runs;
mod hook_templates;
mod hooks;
#[path = "../../tests/http_client.rs"]
mod http_client;
#[path = "../../tests/http_server.rs"]
mod http_server;
mod input;
mod jobs;
mod keys;
mod limits;
mod logbook;
mod login;
mod mails;
mod matrix;
mod metrics;
mod migrations;
mod nodes;
mod oauth;
mod openapi;
mod peers;
mod people;
mod permissions;
mod pgbouncer;
mod proofs;
mod register;
#[path = "../../tests/relay.rs"]
mod relay;
mod removal;
mod replay;
mod rollouts;
mod schema;
mod sdk;
mod sdk_types;
mod secrets;
mod services;
mod sessions;
mod setup;
mod site;
mod snapshots;
mod ssrf;
mod template;
mod tenants;
mod tokens;
mod traces;
mod traffic;
mod tries;
#[path = "../../tests/until.rs"]
mod until;
mod uploads;
mod users;
mod webhooks;
