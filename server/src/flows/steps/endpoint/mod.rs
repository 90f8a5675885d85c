//! What a request of either API is.
//!
//! - `flow`: the trait that each request implements
//! - `who`: who may send it, and what it is about
//! - `describe`: the description of its endpoint

mod describe;
mod flow;
mod who;

pub(crate) use describe::{
    Access, Answer, BodyLimit, Endpoint, Field, FieldKind, Method, Presence, Proof, Rate, Revisions, environment,
};
pub(crate) use flow::{AnswerType, Caller, Flow, Put};
pub(crate) use who::{
    AccountHolder, AccountSession, AdminWho, AnyAdmin, Anybody, Client, EnvironmentAdmin, EnvironmentOwner, Identified,
    ProjectAdmin, ProjectOwner, Requirements, ServerAdmin, Somebody, Stranger, Who, identify,
};
