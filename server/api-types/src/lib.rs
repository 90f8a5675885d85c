//! What the server answers, as types. Each serialises to the JSON that a client sees and derives the JSON Schema that
//! `docs/openapi.json` shows, so the document cannot say anything else than the code. Knows no other crate of the product.
//!
//! Members of the admin API are written in camelCase, those of the auth API in snake_case. An `Option` is a member that is
//! always there and may be `null`; a member that may be missing says so with `skip_serializing_if`, and why.

mod admin_account;
mod admin_token;
mod admin_user;
mod api_key;
mod assistant;
mod audit;
mod background_failures;
mod backtest;
mod code_summary;
mod common;
mod database;
mod deployment;
mod draft;
mod endpoint;
mod error;
mod event;
mod event_type;
mod figures;
mod hook_case;
mod hook_point;
mod hook_template;
mod hook_test;
mod identity;
mod invocation;
mod job;
mod limits;
mod live_hooks;
mod mail;
mod meta;
mod mfa;
mod permission;
mod project;
mod replay;
mod request_trace;
mod rollout;
mod sdk_types;
mod search;
mod secret;
mod session;
mod settings;
mod signing_key;
mod site;
mod tried;
mod user;
mod version;
mod webhook;

pub use admin_account::{
    AcceptedInvitation, AdminAccount, AdminAccountList, AdminRecoveryCodes, AdminSession, AdminSessionList,
    AdminSignIn, AdminSignInState, CallerKind, CurrentAdmin, EndedSessions, FirstAccount, FirstAdmin, FreshProof,
    Invitation, InvitationList, Member, MemberList, NewInvitation, NewPasswordReset, NewPersonalToken, PersonalToken,
    PersonalTokenList, ProjectRole, Role, TotpEnrollment,
};
pub use admin_token::{AdminToken, AdminTokenList, NewAdminToken};
pub use admin_user::{
    AdminUser, ExportedEvent, ExportedFactor, ExportedFactorKind, ExportedFactorState, ExportedIdentity,
    ExportedSession, UserEnvelope, UserExport, UserFactorList, UserIdentityList, UserList, UserSession,
    UserSessionList,
};
pub use api_key::{ApiKey, ApiKeyKind, ApiKeyList, NewApiKey};
pub use assistant::{
    AssistantDayUsage, AssistantDone, AssistantFailed, AssistantLimits, AssistantOrigin, AssistantPart,
    AssistantPrices, AssistantProvider, AssistantResult, AssistantRound, AssistantSettings, AssistantStarted,
    AssistantState, AssistantTask, AssistantTest, AssistantText, AssistantUsage, CapabilityChange, CaseResults,
    FailedCase, HiddenCharacters, Proposal, ProposalRound, ProposedCase, SummarySource,
};
pub use audit::{AuditEntry, AuditLog};
pub use background_failures::BackgroundFailures;
pub use backtest::{
    Backtest, BacktestChange, BacktestFigures, BacktestKind, BacktestList, BacktestPlan, BacktestRow, BacktestRowList,
    BacktestState,
};
pub use code_summary::{CodeFacts, CodeSummary, DenialFact};
pub use common::{Accepted, AcceptedStatus, Deleted, Done, DoneStatus, Object, Timestamp};
pub use database::{
    DatabaseColumn, DatabaseIndex, DatabaseQueryResult, DatabaseReference, DatabaseRows, DatabaseTable,
    DatabaseTableDetail, DatabaseTableKind, DatabaseTableList,
};
pub use deployment::{
    ChangeKind, DeployedHook, Deployment, DeploymentDetail, DeploymentList, DeploymentPlan, DeploymentResult, Gate,
    GateName, GateState, HookStateResult, Migration, MigrationList, MissingSecret, PlannedChange, PlannedVersion,
};
pub use draft::{
    BuildSettings, BundledPackage, ComparedSide, Diagnostic, DiagnosticSeverity, Difference, Draft, DraftBase,
    DraftSummary, FileChange, HookCheck, HookComparison, HookEnvironment, HookList, HookSummary, LimitChange,
    ManifestChanges, PackageChange, ScheduleChange, SourceFile, SourcesState, TypeCheck, TypeStatus, VersionFiles,
};
pub use endpoint::{
    EndpointEvent, EndpointHook, EndpointList, EndpointPoint, EndpointWebhook, EndpointWithHooks, PlaceStatus,
    VersionSummary,
};
pub use error::{ErrorAnswer, ErrorBody, Problem};
pub use event::{Event, EventList};
pub use event_type::{EventType, EventTypeList};
pub use figures::{DayFigures, FigureKey, FigureMetric, FigureSeries, Figures, HourFigures, LastInvocation};
pub use hook_case::{HookCase, HookCaseList, HookCaseResult, HookCaseRun};
pub use hook_point::{HookEventDescription, HookPhase, HookPointDescription, HookPointList, InputSample};
pub use hook_template::{HookTemplate, HookTemplateCase, HookTemplateList, TemplateMigration};
pub use hook_test::{HookRun, TestEffect, TestEffectKind};
pub use identity::{Identity, IdentityList, LinkToken};
pub use invocation::{
    Completeness, ContextRequest, ContextVersion, Denial, HookError, HostCall, Invocation, InvocationBucket,
    InvocationContext, InvocationDetail, InvocationHistogram, InvocationList, InvocationMode, InvocationOutcome,
    InvocationRun, LogLevel, LogLine, Reply,
};
pub use job::{
    Job, JobList, JobPriority, JobState, JobSummary, QueueConsumer, QueueCounts, QueueList, RequeuedJobs, Schedule,
    ScheduleList, ScheduleRun,
};
pub use limits::{EffectiveLimits, LimitSettings};
pub use live_hooks::{BreakerState, FailurePolicy, HookState, LiveHook, LiveHooks, PointHook};
pub use mail::{
    Mail, MailDetail, MailList, MailPreview, MailState, MailTemplate, MailTemplateList, MailTest, MailTestResult,
    MailVariable, OwnMailTemplate, OwnMailTemplateList, QueuedMail,
};
pub use meta::{ServerEngine, ServerFeatures, ServerLimits, ServerMeta};
pub use mfa::{
    ChallengeToken, EnrolledSession, EnrollmentToken, Factor, FactorConfirmation, FactorEnrollment, FactorList,
    FactorStatus, FactorType, MfaChallenge, MfaEnrollment, MfaMethod, RecoveryCodes,
};
pub use permission::Permission;
pub use project::{Environment, Project, ProjectKeys, ProjectList};
pub use replay::{
    Recording, RecordingCall, ReplayDivergence, ReplayQuestion, ReplayReason, ReplayReasonCode, ReplayResult,
    ReplaySide, ReplayTarget, ReplayVerdict,
};
pub use request_trace::RequestTrace;
pub use rollout::{
    Percentiles, Rollout, RolloutComparison, RolloutKey, RolloutKind, RolloutList, RolloutSide, RolloutState,
    RolloutStop, RolloutVerdict, RunningRollout, ShadowFigures,
};
pub use sdk_types::SdkTypes;
pub use search::{SearchKind, SearchResult, SearchResults};
pub use secret::{Secret, SecretList, SecretUse};
pub use session::{
    ConfirmationRequired, ConfirmationStatus, RevokedSessions, Session, SessionGrant, SessionList, SessionRef, SignIn,
    SignUp, TokenType,
};
pub use settings::{
    AuthSettings, BacktestGate, GateSettings, HttpSettings, IdentityProvider, IdentityProviders, MailSettings,
    MfaPolicy, PasswordSettings, RateSettings, SessionSettings, StoredIdentityProviders,
};
pub use signing_key::{SigningKey, SigningKeyList, SigningKeyRotation, SigningKeyState};
pub use site::{
    Algorithm, Check, Checks, Curve, Health, HealthStatus, Jwk, JwkSet, KeyType, KeyUse, Readiness, ReadinessStatus,
};
pub use tried::{
    TriedMessage, TriedRequest, TriedResponse, TryEffect, TryEffectKind, TryFollowUp, TryFollowUpKind, TryMode,
    TryOperation, TryStep, TryStepKind,
};
pub use user::{AccountDeleted, CurrentUser, User};
pub use version::{Manifest, ManifestEngine, Version, VersionList};
pub use webhook::{
    Attempt, AttemptHeader, Delivery, DeliveryDetail, DeliveryList, DeliveryRequest, DeliveryState, ListedDelivery,
    NewWebhookEndpoint, ReplayCount, ReplayPlan, Replayed, WebhookCodes, WebhookCondition, WebhookDisabledBy,
    WebhookEndpoint, WebhookEndpointList, WebhookOrder, WebhookSecret, WebhookState, WebhookTest,
};

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

/// A document that the server answers.
pub trait Document: Serialize + DeserializeOwned + JsonSchema {}

impl<T: Serialize + DeserializeOwned + JsonSchema> Document for T {}
