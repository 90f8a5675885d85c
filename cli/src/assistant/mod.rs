//! What `aerocall ai` and `aerocall explain` share: a question about files of a project (`question`), the stream of its answer
//! (`stream`), how both are shown (`show`), and how a proposal becomes files (`apply`). Knows no model.

mod apply;
mod question;
pub(crate) mod show;
mod stream;

pub(crate) use apply::{Accepted, Unverified, apply};
pub(crate) use question::{Lines, Question, file_in, hook_of};
pub(crate) use stream::{Answer, Watch, ask};
