//! What a new hook can begin as.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{BuildSettings, Object, SourceFile};

/// The templates of hooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HookTemplateList {
    /// In the order in which they are offered.
    pub templates: Vec<HookTemplate>,
}

/// What a new hook can begin as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HookTemplate {
    /// For `template` of `POST …/hooks`.
    pub name: String,
    /// For a list.
    pub title: String,
    /// One sentence.
    pub description: String,
    /// The hook points, events, queues and schedules that it handles.
    pub points: Vec<String>,
    /// Its files, with the template's name as the name of the hook.
    pub files: Vec<SourceFile>,
    /// What a build needs besides the files.
    pub settings: BuildSettings,
    /// The migrations of the project's own database that it needs.
    pub migrations: Vec<TemplateMigration>,
    /// Its test cases.
    pub cases: Vec<HookTemplateCase>,
}

/// A migration that a template needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateMigration {
    /// Name of the file without ending.
    pub name: String,
    /// Its statements.
    pub sql: String,
}

/// A test case of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HookTemplateCase {
    /// As a case of the hook is called.
    pub name: String,
    /// The case, as `aerocall test` reads it.
    pub document: Object,
}
