//! Requests to language models. What a model is asked is a text, and so is what it answers: it has no tools. Knows nothing of
//! hooks, projects and limits of a day.
//!
//! In the order a question goes through them:
//!
//! - `server`: where the model is, and how it is asked; `question`: what it is asked
//! - `openai`, `anthropic`: the two protocols, each of them a request and a reading of events
//! - `events`: Server-Sent Events out of bytes that arrive in any pieces
//! - `answering`: the answer, piece by piece, with what it cost; `fault`: why there is none

mod answering;
mod anthropic;
mod events;
mod fault;
mod openai;
mod question;
mod server;

pub(crate) use answering::Answering;
pub(crate) use fault::ModelFault;
pub(crate) use question::{Ending, Question, Speaker, Tokens, Turn};
pub(crate) use server::{ModelKey, ModelServer, Models};
