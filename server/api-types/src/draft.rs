//! Hooks of a project, their drafts, and builds of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{HookState, Manifest, Timestamp, VersionSummary};

/// The hooks of a project: all that have a version or a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HookList {
    /// By name.
    pub hooks: Vec<HookSummary>,
    /// What the newest version of each hook does, and each version that is live in an environment that the caller may see. A version
    /// that nobody has asked for yet is left out: `GET …/hooks/{hook}/versions/{number}/summary`.
    pub summaries: Vec<VersionSummary>,
}

/// A hook of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookSummary {
    /// Name of the hook.
    pub name: String,
    /// How many versions it has.
    pub versions: i64,
    /// Number of the newest version; `null` if it has none.
    pub newest: Option<i32>,
    /// Its draft; `null` if it has none.
    pub draft: Option<DraftSummary>,
    /// Where it is part of the live deployment, of the environments that the caller may see.
    pub live: Vec<HookEnvironment>,
}

/// A draft without its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftSummary {
    /// Grows with every change.
    pub revision: i64,
    /// The version that the draft began from, or that was made of it last; `null` if there is none.
    pub base: Option<DraftBase>,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Who changed it: `admin:<id>` or `key:<project>/<environment>`.
    pub updated_by: String,
}

/// The version that a draft began from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DraftBase {
    /// Its number.
    pub number: i32,
    /// Its digest: `sha256:…`.
    pub digest: String,
}

/// A hook that is part of the live deployment of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HookEnvironment {
    /// Name of the environment.
    pub environment: String,
    /// Number of the live version.
    pub number: i32,
    /// Whether it is run.
    pub state: HookState,
    /// Number of the live deployment.
    pub deployment: i32,
}

/// A draft of a hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// Name of the hook.
    pub hook: String,
    /// Grows with every change; also the `ETag` of the answer.
    pub revision: i64,
    /// The source files, by path.
    pub files: Vec<SourceFile>,
    /// npm packages that came with the version that the draft began from. A build finds them; they are not sent back.
    pub packages: Vec<BundledPackage>,
    /// What a build needs besides the files.
    pub settings: BuildSettings,
    /// The version that the draft began from, or that was made of it last; `null` if there is none.
    pub base: Option<DraftBase>,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// Who changed it: `admin:<id>` or `key:<project>/<environment>`.
    pub updated_by: String,
}

/// A source file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceFile {
    /// Relative to the project, with `/`: `hooks/signup.ts`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// An npm package whose files a bundle or a draft carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BundledPackage {
    /// Name of the package.
    pub name: String,
    /// Its version; `null` if its `package.json` names none.
    pub version: Option<String>,
    /// How many of its files there are.
    pub files: u32,
    /// Size of these files in bytes.
    pub size_bytes: u64,
}

/// What a build of a hook needs besides its files: what `aerocall.toml` says of it in a project on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BuildSettings {
    /// The file that the hook is; `null`: `hooks/<name>.ts`, or another one with its name.
    pub entry: Option<String>,
    /// The most that the hook may touch: `cache`, `http:api.example.com`; `null`: what its code uses.
    pub capabilities: Option<Vec<String>>,
    /// Limits that it requests, by name.
    pub limits: BTreeMap<String, u64>,
    /// Cron patterns in UTC by name of the schedule.
    pub schedules: BTreeMap<String, String>,
}

/// What came of a build that nothing is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HookCheck {
    /// What is wrong, errors first, then by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What the bundle would say about itself; `null` if there is an error.
    pub manifest: Option<Manifest>,
    /// Size of the bundle in bytes; `null` if there is an error.
    pub size_bytes: Option<u64>,
    /// Whether types were checked.
    pub types: TypeCheck,
}

/// A problem at a place in a source file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// Path of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1.
    pub column: u32,
    /// Line on which the place ends.
    pub end_line: u32,
    /// Column after the last character of the place.
    pub end_column: u32,
    /// Stable code, such as `missing-import`.
    pub code: String,
    /// Whether it stops the build.
    pub severity: DiagnosticSeverity,
    /// What is wrong.
    pub message: String,
    /// What to do about it; `null` if nothing is known.
    pub hint: Option<String>,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DiagnosticSeverity {
    /// The hook cannot be built.
    Error,
    /// The hook is built, but may not do what its author expects.
    Warning,
}

/// Whether the types of a hook were checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TypeCheck {
    /// What is known of the types.
    pub status: TypeStatus,
    /// Why they were not checked; `null` if they were.
    pub reason: Option<String>,
}

/// What is known of the types of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TypeStatus {
    /// Nobody has looked at them.
    NotChecked,
    /// They were checked; problems are among the diagnostics.
    Checked,
}

/// The sources that a version carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VersionFiles {
    /// Whether the bundle carries sources. One that was built by another compiler, or by hand, may carry none: it can be deployed
    /// and compared by manifest, and not be edited.
    pub sources: SourcesState,
    /// The source files, by path.
    pub files: Vec<SourceFile>,
    /// npm packages whose files the bundle carries.
    pub packages: Vec<BundledPackage>,
    /// Why files of packages are missing; `null` if none are.
    pub packages_omitted: Option<String>,
    /// What a build needs besides the files.
    pub settings: BuildSettings,
}

/// Whether a bundle carries sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourcesState {
    /// It carries its sources.
    Bundled,
    /// It carries none.
    None,
}

/// What differs between two versions of a hook, or a version and the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HookComparison {
    /// The one side.
    pub a: ComparedSide,
    /// The other side.
    pub b: ComparedSide,
    /// The files that differ, by path; `null` if one of the sides carries no sources.
    pub files: Option<Vec<FileChange>>,
    /// The npm packages that differ, by name; `null` if one of the sides carries no sources.
    pub packages: Option<Vec<PackageChange>>,
    /// What the manifests differ in; `null` if one of the sides is the draft, which has none before it is built.
    pub manifest: Option<ManifestChanges>,
}

/// One of two things that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedSide {
    /// Number of the version; `null` if it is the draft.
    pub number: Option<i32>,
    /// Revision of the draft; `null` if it is a version.
    pub revision: Option<i64>,
    /// Digest of the version: `sha256:…`; `null` if it is the draft.
    pub digest: Option<String>,
    /// Whether it carries sources.
    pub sources: SourcesState,
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileChange {
    /// Path of the file.
    pub path: String,
    /// Its text on the one side; `null` if it is not there.
    pub before: Option<String>,
    /// Its text on the other side; `null` if it is not there.
    pub after: Option<String>,
}

/// An npm package that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackageChange {
    /// Name of the package.
    pub name: String,
    /// Its version on the one side; `null` if it is not there, or names none.
    pub before: Option<String>,
    /// Its version on the other side; `null` if it is not there, or names none.
    pub after: Option<String>,
}

/// What two manifests differ in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ManifestChanges {
    /// Capabilities.
    pub capabilities: Difference,
    /// Hook points, events and queues.
    pub points: Difference,
    /// Requested limits that differ, by name.
    pub limits: Vec<LimitChange>,
    /// Schedules that differ, by name.
    pub schedules: Vec<ScheduleChange>,
}

/// What one set has and another has not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Only the second has these.
    pub added: Vec<String>,
    /// Only the first has these.
    pub removed: Vec<String>,
}

/// A requested limit that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LimitChange {
    /// Name of the limit.
    pub name: String,
    /// What the first requests; `null`: nothing.
    pub before: Option<u64>,
    /// What the second requests; `null`: nothing.
    pub after: Option<u64>,
}

/// A schedule that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleChange {
    /// Name of the schedule.
    pub name: String,
    /// Its pattern on the one side; `null` if it is not there.
    pub before: Option<String>,
    /// Its pattern on the other side; `null` if it is not there.
    pub after: Option<String>,
}
