//! The core tables. The only place that names diesel; the rest of the server sees [`Store`], [`Tx`] and plain rows.
//!
//! Every call runs on a blocking thread and inside a transaction; a closure gets a [`Tx`] and nothing else, so no hook
//! and no hash can run while a transaction is open.

/// Greater than every id: where a list that begins anywhere begins.
const AFTER_ALL_IDS: &str = "~";

mod access;
mod admin_accounts;
mod admin_invitations;
mod admin_sessions;
mod admin_tokens;
mod audit;
mod backtests;
mod cases;
mod changes;
#[cfg(test)]
mod contention;
mod copy;
mod credentials;
mod damage;
mod deliveries;
mod deployments;
mod drafts;
mod due_jobs;
mod error;
mod export;
mod factors;
mod figures;
mod health;
mod identities;
mod invocations;
mod jobs;
mod journal;
mod layout;
mod leases;
mod locks;
mod mail_templates;
mod mails;
mod one_time_tokens;
mod origin;
mod outbox;
mod personal_tokens;
#[cfg(test)]
pub(crate) mod planted;
mod pool;
mod postgres;
mod project_settings;
mod projects;
mod query;
mod removal;
mod repeat;
mod rollouts;
mod schedules;
mod schema;
mod secrets;
mod sessions;
mod shared_clock;
mod signing_keys;
mod spelling;
mod user_list;
mod users;
mod versions;
mod webhooks;

pub(crate) use access::{ApiKeyRow, KeyKind, NewApiKey};
pub(crate) use admin_accounts::{AdminAccountRow, MemberRow, Rank};
pub(crate) use admin_invitations::{InvitationRow, InvitedTo, NewInvitation};
pub(crate) use admin_sessions::AdminSessionRow;
pub(crate) use admin_tokens::{AdminTokenRow, NewAdminToken, TokenLimits, TokenPlace};
pub(crate) use audit::{AuditFilter, AuditRow};
pub(crate) use backtests::{BacktestProgress, BacktestRow, BacktestRowFilter, BacktestRowRow, RecordedFilter};
pub(crate) use cases::CaseRow;
pub(crate) use deliveries::{
    AttemptRow, DeliveryClaim, DeliveryFate, DeliveryFilter, DeliveryRow, DeliveryState, NewDelivery,
};
pub(crate) use deployments::{DeployedHook, DeploymentRow, NewDeployedHook, NewDeployment};
pub(crate) use drafts::{DraftBase, DraftContent, DraftRow, DraftSummaryRow, NewDraft};
pub(crate) use due_jobs::JobClaim;
pub(crate) use error::{AccountRefusal, StoreError};
pub(crate) use export::{ExportedFactor, ExportedIdentity, ExportedSession};
pub(crate) use factors::FactorRow;
pub(crate) use figures::Figures;
pub(crate) use health::is_used_up;
pub(crate) use identities::IdentityRow;
pub(crate) use invocations::{InvocationFilter, InvocationRow, Page};
pub(crate) use jobs::{Afterwards, JobFilter, JobRow, JobState, NewJob};
pub(crate) use journal::Change;
pub(crate) use mail_templates::MailTemplateRow;
pub(crate) use mails::{MailFate, MailRow, NewMail};
pub(crate) use one_time_tokens::{NewOneTimeToken, OneTimeTokenRow};
pub(crate) use origin::Origin;
pub(crate) use outbox::{EventFilter, EventRow};
pub(crate) use personal_tokens::{NewPersonalToken, PersonalTokenRow};
pub(crate) use pool::{Store, Tx};
pub(crate) use postgres::password;
pub(crate) use project_settings::{Setting, SettingName};
pub(crate) use projects::{EnvironmentRow, ProjectRow};
pub(crate) use removal::Removal;
pub(crate) use rollouts::{EndedRollout, RolloutChange, RolloutEnd, RolloutRow};
pub(crate) use schedules::ScheduleRow;
pub(crate) use secrets::{NewSecret, SecretRow};
pub(crate) use sessions::{RefreshTokenRow, SessionRow};
pub(crate) use signing_keys::{NewSigningKey, SigningKeyRow};
pub(crate) use user_list::{Sought, UserFilter};
pub(crate) use users::{NewUser, UserChange, UserRow};
pub(crate) use versions::{NewVersion, RECENT_DEPLOYMENTS, VersionQuota, VersionRow};
pub(crate) use webhooks::{DisabledBy, EndpointFields, EndpointRow, WebhookSecretRow};
