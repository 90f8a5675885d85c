//! The assistant: its settings, what a request to it answers event by event, and what it proposes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Diagnostic, FileChange, Object, Timestamp, TypeCheck};

/// The assistant of a project: which model answers, within which limits, and what was used today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssistantSettings {
    /// Whether there is an assistant.
    pub state: AssistantState,
    /// Whose settings these are; `null` if nobody has made any.
    pub origin: Option<AssistantOrigin>,
    /// The protocol of the model's server; `null` if the assistant is off.
    pub provider: Option<AssistantProvider>,
    /// Where the model's server is; `null` if the assistant is off.
    pub base_url: Option<String>,
    /// Name of the model; `null` if the assistant is off.
    pub model: Option<String>,
    /// Whether a key is sent to the model's server. The key itself is never answered.
    pub has_key: bool,
    /// Who writes summaries of hooks.
    pub summaries: SummarySource,
    /// Limits of one request and of a day.
    pub limits: AssistantLimits,
    /// What tokens cost.
    pub prices: AssistantPrices,
    /// What was used today.
    pub usage: AssistantDayUsage,
}

/// Whether there is an assistant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssistantState {
    /// A model answers.
    On,
    /// Nobody turned it on, or the project turned it off.
    Off,
}

/// Whose settings of the assistant apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssistantOrigin {
    /// Those of the server: section `[assistant]` of its configuration.
    Installation,
    /// Those of the project.
    Project,
}

/// The protocol of the server of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssistantProvider {
    /// Chat completions: OpenAI, llama.cpp, Ollama, vLLM and others.
    Openai,
    /// Anthropic's messages.
    Anthropic,
}

/// Who writes summaries of hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SummarySource {
    /// The server, from the code.
    Code,
    /// The model; until it has answered, the server.
    Model,
}

/// Limits of the assistant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssistantLimits {
    /// The longest that one request to the model may take, in seconds.
    pub request_seconds: u32,
    /// The most tokens of one answer of the model.
    pub output_tokens: u32,
    /// How often the model is asked at most until a proposal is verified.
    pub rounds: u32,
    /// The most tokens of a day (UTC), sent and answered together.
    pub tokens_per_day: u64,
}

/// What tokens cost; `null` where nobody has said it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssistantPrices {
    /// Price of a million tokens that are sent.
    pub input_per_million: Option<f64>,
    /// Price of a million tokens that are answered.
    pub output_per_million: Option<f64>,
    /// The currency of the prices, such as `USD`.
    pub currency: String,
}

/// What a project has used of the assistant on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssistantDayUsage {
    /// The day in UTC: `2026-11-30`.
    pub day: String,
    /// Number of requests to the model.
    pub requests: u64,
    /// Tokens that were sent.
    pub input_tokens: u64,
    /// Tokens that were answered.
    pub output_tokens: u64,
    /// What they cost; `null` if a price is missing.
    pub cost: Option<f64>,
    /// How many tokens are left today, of the project or of the installation, whichever is less.
    pub tokens_left: u64,
}

/// A short request that the model has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssistantTest {
    /// The model that answered.
    pub model: String,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// Tokens that were sent.
    pub input_tokens: u64,
    /// Tokens that were answered.
    pub output_tokens: u64,
}

/// What a person asks the assistant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssistantTask {
    /// Write or change the hook.
    Change,
    /// Explain the selection, the hook, the diagnostics or the invocation.
    Explain,
    /// Propose test cases.
    Cases,
}

/// Event `started`: what is sent to the model, by part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssistantStarted {
    /// Id of the request; also that of its proposal, if there will be one.
    pub id: String,
    /// The protocol of the model's server.
    pub provider: AssistantProvider,
    /// Name of the model.
    pub model: String,
    /// The parts of what is sent, in order.
    pub parts: Vec<AssistantPart>,
    /// Characters that nobody sees, which were removed of what is sent.
    pub hidden: Vec<HiddenCharacters>,
}

/// A part of what is sent to the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssistantPart {
    /// What it is: `instructions`, `draft hooks/signup.ts`, `message 1`.
    pub name: String,
    /// Its length.
    pub characters: u64,
}

/// Characters that nobody sees, which were removed of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HiddenCharacters {
    /// The part, as in `parts`; `answer` and the round for what the model wrote.
    pub part: String,
    /// The characters, each once, by code point: `U+200B`.
    pub characters: Vec<String>,
    /// How many there were.
    pub count: u64,
}

/// Event `round`: a request to the model begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssistantRound {
    /// From 1.
    pub number: u32,
    /// How many there may be.
    pub of: u32,
}

/// Event `text`: a piece of the answer of the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssistantText {
    /// Number of the round.
    pub round: u32,
    /// What comes after all earlier pieces of this round.
    pub delta: String,
}

/// Event `verified`, and a member of a proposal: what came of the answer of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposalRound {
    /// From 1.
    pub number: u32,
    /// Whether the files can be built.
    pub compiles: bool,
    /// Whether types were checked.
    pub types: TypeCheck,
    /// What the build found.
    pub diagnostics: Vec<Diagnostic>,
    /// What came of the hook's test cases, and of those that are proposed.
    pub cases: CaseResults,
    /// Everything for which the round is not good enough; empty if it is.
    pub problems: Vec<String>,
}

/// What came of test cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseResults {
    /// How many there are.
    pub total: u32,
    /// How many passed.
    pub passed: u32,
    /// Those that did not.
    pub failed: Vec<FailedCase>,
}

/// A test case that did not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedCase {
    /// Its name.
    pub name: String,
    /// What was not as expected.
    pub message: String,
}

/// Event `proposal`: files or test cases that a model wrote. Nothing is made of them unless a person applies them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    /// Its id: `prp_…`.
    pub id: String,
    /// The hook.
    pub hook: String,
    /// The hook point that the request named; `null` if it named none.
    pub point: Option<String>,
    /// Revision of the draft that it began from; `null` if it began from files that nobody saved, so that it cannot be applied to
    /// a draft.
    pub revision: Option<i64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who asked for it: `admin:<id>` or `key:<project>/<environment>`.
    pub created_by: String,
    /// Name of the model.
    pub model: String,
    /// The protocol of the model's server.
    pub provider: AssistantProvider,
    /// What the model says besides its files.
    pub text: String,
    /// The files that differ, by path.
    pub files: Vec<FileChange>,
    /// The same as a unified diff.
    pub diff: String,
    /// Whether it can be built and every test case passes.
    pub verified: bool,
    /// Why it is not verified; empty if it is.
    pub problems: Vec<String>,
    /// What came of each round.
    pub rounds: Vec<ProposalRound>,
    /// What it may do that the draft may not, and the other way round.
    pub capabilities: CapabilityChange,
    /// Test cases that are proposed.
    pub cases: Vec<ProposedCase>,
    /// Characters that nobody sees, which were removed of what was sent and of what was answered.
    pub hidden: Vec<HiddenCharacters>,
    /// When it was applied; `null` until then.
    pub applied_at: Option<Timestamp>,
    /// Revision of the draft that was made of it; `null` until then.
    pub applied_revision: Option<i64>,
}

/// What a proposal may do that the draft may not, and the other way round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CapabilityChange {
    /// New ones: capabilities with their hosts, secrets and queues. To apply the proposal, each is named in `acceptCapabilities`.
    pub added: Vec<String>,
    /// Those that it no longer has.
    pub removed: Vec<String>,
    /// What is new, said in words, one for each that was added.
    pub words: Vec<String>,
}

/// A test case that a model proposes. It was run before it is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposedCase {
    /// Its name.
    pub name: String,
    /// The case, as `aerocall test` reads it.
    pub case: Object,
    /// Whether the hook does what it expects.
    pub passed: bool,
    /// What was not as expected; `null` if it passed.
    pub message: Option<String>,
}

/// Event `done`: nothing more comes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssistantDone {
    /// What the request came to.
    pub result: AssistantResult,
    /// What it used.
    pub usage: AssistantUsage,
}

/// What a request to the assistant came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssistantResult {
    /// Files, with a proposal.
    Proposal,
    /// A text for the person to read.
    Text,
    /// Test cases, with a proposal.
    Cases,
}

/// What a request to the assistant used, all its rounds together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssistantUsage {
    /// Tokens that were sent.
    pub input_tokens: u64,
    /// Tokens that were answered.
    pub output_tokens: u64,
    /// What they cost; `null` if a price is missing.
    pub cost: Option<f64>,
    /// How many tokens are left today.
    pub tokens_left: u64,
}

/// Event `failed`: nothing more comes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssistantFailed {
    /// Stable code, as in the answer of a refused request.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What was used until then.
    pub usage: AssistantUsage,
}
