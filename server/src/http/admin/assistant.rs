//! The endpoints of the assistant: part of the list of [`super::api`].

use super::{
    serving::{served, served_as_text},
    stream,
};
use crate::{
    flows::{
        admin::assistant::{
            ApplyProposal, AskAssistant, DeleteAssistantSettings, GetAssistantSettings, GetProposal,
            PutAssistantSettings, TestAssistant,
        },
        steps::endpoint::Flow as _,
    },
    http::wire::served::{self, Served},
};

/// The list.
pub(super) fn endpoints() -> Vec<Served> {
    let ask = served_as_text::<AskAssistant>("text/event-stream", || {
        served::method(AskAssistant::ENDPOINT.method).to(stream::ask::<AskAssistant>)
    });
    vec![
        ask,
        served::<GetProposal>(),
        served::<ApplyProposal>(),
        served::<GetAssistantSettings>(),
        served::<PutAssistantSettings>(),
        served::<DeleteAssistantSettings>(),
        served::<TestAssistant>(),
    ]
}
