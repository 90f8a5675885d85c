//! What clients and hooks send, as types that are legal by construction. Both go through the same parsers, so a hook
//! can set nothing that a client could not.

mod common;
pub(crate) mod domain;
mod email;
mod fields;
mod hidden;
mod host;
mod letters;
mod metadata;
mod model_url;
mod plaintext;
pub(crate) mod query;
mod rules;
mod source_path;
mod text;

pub(crate) use email::Email;
pub(crate) use fields::{Fields, Parsed, text};
pub(crate) use hidden::{Visible, code_point};
pub(crate) use host::{HostList, HostPattern, host_of};
pub(crate) use metadata::Metadata;
pub(crate) use model_url::model_url;
pub(crate) use plaintext::Plaintext;
pub(crate) use rules::{PasswordRules, Toggle, whole};
pub(crate) use source_path::source_path;
pub(crate) use text::{PersonName, Phone, client_data, short_text, sought};
