//! The assistant of a project: its settings, questions to it, and what comes of them. A model proposes; only `apply_proposal`, which a
//! person sends, changes a draft. Nothing here deploys, enables or reads a secret.
//!
//! - `get_settings`, `put_settings`, `delete_settings`, `test_model`: which model answers
//! - `ask`: a question, with `input`: what is sent, `context`: what the model has to know, `work`: its rounds, `verify`: what came of
//!   each, `events`: what the client hears meanwhile
//! - `get_proposal`, `apply_proposal`: what was proposed

mod apply_proposal;
mod ask;
mod context;
mod delete_settings;
mod events;
mod get_proposal;
mod get_settings;
mod input;
mod put_settings;
mod test_model;
mod verify;
mod work;

pub(crate) use apply_proposal::ApplyProposal;
pub(crate) use ask::AskAssistant;
pub(crate) use delete_settings::DeleteAssistantSettings;
pub(crate) use get_proposal::GetProposal;
pub(crate) use get_settings::GetAssistantSettings;
pub(crate) use put_settings::PutAssistantSettings;
pub(crate) use test_model::TestAssistant;

/// The settings of a project.
const SETTINGS: &str = "/admin/api/v1/projects/{project}/settings/assistant";

/// For the reference.
const SETTINGS_EXAMPLE: &str = r#"{"state": "on", "origin": "project", "provider": "openai", "baseUrl": "http://127.0.0.1:11434/v1", "model": "qwen3-coder", "hasKey": false, "summaries": "code", "limits": {"requestSeconds": 120, "outputTokens": 8192, "rounds": 3, "tokensPerDay": 500000}, "prices": {"inputPerMillion": null, "outputPerMillion": null, "currency": "USD"}, "usage": {"day": "2026-01-31", "requests": 4, "inputTokens": 8120, "outputTokens": 1904, "cost": null, "tokensLeft": 489976}}"#;
