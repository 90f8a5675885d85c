//! Events that happened: the one document of an event, and the feed for those who follow them.

mod document;
mod feed;

pub(crate) use document::{Frame, document};
pub(crate) use feed::{Feeds, Follower};
