//! The server through its front door: HTTP on a port of its own, a data directory of its own for every test.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod admin;
mod artifacts;
mod bundles;
mod config;
mod edge;
mod errors;
mod hooks;
mod input;
mod limits;
mod logbook;
mod login;
mod mails;
mod migrations;
mod oauth;
mod peers;
mod register;
mod sdk;
mod secrets;
mod services;
mod site;
mod tenants;
mod tokens;
mod uploads;
