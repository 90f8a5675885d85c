//! Events that happened: the one document of an event, the feed for those who follow them, and how many may do so.

mod document;
mod feed;
mod permits;

pub(crate) use document::{Frame, document, event};
pub(crate) use feed::{Feeds, Follower};
pub(crate) use permits::{StreamPermit, StreamPermits};
