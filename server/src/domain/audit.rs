//! The audit log: what admins did, and what happened to accounts. A line is written in the transaction of the change,
//! and never changed. Knows no secret: `data` holds names and numbers.

use serde_json::{Value, json};

use crate::{
    base::{
        clock,
        error::{Error, Result},
        ids::{Kind, Scope, Slug, new_id},
        request::RequestMeta,
    },
    storage::store::{AuditRow, StoreError, Tx},
};

/// What was done, and the names that the log knows it by.
macro_rules! actions {
    ($($action:ident => $name:literal,)*) => {
        /// Something that is recorded.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Action {
            $(#[doc = concat!("`", $name, "`")] $action,)*
        }

        impl Action {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$action),*];

            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)*
                }
            }
        }
    };
}

actions! {
    ProjectCreated => "project.created",
    ProjectRenamed => "project.renamed",
    ProjectDeleted => "project.deleted",
    EnvironmentCreated => "environment.created",
    EnvironmentRenamed => "environment.renamed",
    EnvironmentDeleted => "environment.deleted",
    AdminTokenCreated => "admin_token.created",
    AdminTokenRotated => "admin_token.rotated",
    AdminTokenRevoked => "admin_token.revoked",
    AdminAccountCreated => "admin_account.created",
    AdminAccountUpdated => "admin_account.updated",
    AdminAccountDeleted => "admin_account.deleted",
    AdminPasswordChanged => "admin_account.password_changed",
    AdminPasswordResetCreated => "admin_account.password_reset_created",
    AdminPasswordReset => "admin_account.password_reset",
    AdminTotpEnabled => "admin_account.totp_enabled",
    AdminTotpRemoved => "admin_account.totp_removed",
    AdminRecoveryCodesRenewed => "admin_account.recovery_codes_renewed",
    AdminSessionCreated => "admin_session.created",
    AdminSessionConfirmed => "admin_session.confirmed",
    AdminSessionEnded => "admin_session.ended",
    PersonalTokenCreated => "personal_token.created",
    PersonalTokenRevoked => "personal_token.revoked",
    MemberAdded => "member.added",
    MemberChanged => "member.changed",
    MemberRemoved => "member.removed",
    InvitationCreated => "invitation.created",
    InvitationRevoked => "invitation.revoked",
    InvitationAccepted => "invitation.accepted",
    ApiKeyCreated => "api_key.created",
    ApiKeyRotated => "api_key.rotated",
    ApiKeyRevoked => "api_key.revoked",
    DraftCreated => "hook_draft.created",
    DraftUpdated => "hook_draft.updated",
    DraftDeleted => "hook_draft.deleted",
    VersionUploaded => "hook_version.uploaded",
    Deployed => "deployment.created",
    RolledBack => "deployment.rolled_back",
    HookEnabled => "hook.enabled",
    HookDisabled => "hook.disabled",
    BacktestStarted => "backtest.started",
    BacktestStopped => "backtest.stopped",
    BacktestDeleted => "backtest.deleted",
    RolloutStarted => "rollout.started",
    RolloutChanged => "rollout.changed",
    RolloutStopped => "rollout.stopped",
    RolloutEnded => "rollout.ended",
    RolloutDeleted => "rollout.deleted",
    AssistantAsked => "assistant.asked",
    AssistantProposed => "assistant.proposed",
    AssistantTested => "assistant.tested",
    ProposalApplied => "hook_proposal.applied",
    CasePut => "hook_case.put",
    CaseDeleted => "hook_case.deleted",
    RequestTried => "request.tried",
    InvocationExported => "invocation.exported",
    DatabaseQueried => "database.queried",
    JobRequeued => "job.requeued",
    JobDeleted => "job.deleted",
    QueueRequeued => "queue.requeued",
    ScheduleRun => "schedule.run",
    SecretPut => "secret.put",
    SecretDeleted => "secret.deleted",
    SettingPut => "setting.put",
    MailResent => "mail.resent",
    MailTested => "mail.tested",
    MailTemplatePut => "mail_template.put",
    MailTemplateDeleted => "mail_template.deleted",
    SigningKeyRotated => "signing_key.rotated",
    UserCreated => "user.created",
    UserUpdated => "user.updated",
    UserDeleted => "user.deleted",
    UserBanned => "user.banned",
    UserUnbanned => "user.unbanned",
    UserLoggedOut => "user.logged_out",
    UserSessionEnded => "user.session_ended",
    UserPasswordResetSent => "user.password_reset_sent",
    UserExported => "user.exported",
    WebhookCreated => "webhook.created",
    WebhookUpdated => "webhook.updated",
    WebhookDeleted => "webhook.deleted",
    WebhookDisabled => "webhook.disabled",
    WebhookSecretRotated => "webhook.secret_rotated",
    WebhookReplayed => "webhook.replayed",
    AccountLocked => "account.locked",
    PasswordChanged => "password.changed",
    PasswordReset => "password.reset",
    MfaEnrolled => "mfa.enrolled",
    MfaRemoved => "mfa.removed",
    IdentityLinked => "identity.linked",
    IdentityRemoved => "identity.removed",
    RefreshTokenReused => "session.refresh_token_reused",
}

/// Who does something, and in which request.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    /// As in events: `account:<id>`, `admin:<id>`, `key:<scope>`, `user:<id>`, `server`.
    pub(crate) actor: String,
    /// Of an account: its address, and the session or personal token that it used.
    account: Option<(String, String)>,
    ip: String,
    request_id: String,
}

impl Actor {
    pub(crate) fn request(actor: String, request: &RequestMeta) -> Self {
        Self {
            actor,
            account: None,
            ip: request.ip.clone(),
            request_id: request.id.clone(),
        }
    }

    /// Of an account of an admin: its address, and the session or personal token that it used.
    pub(crate) fn account(self, email: &str, via: &str) -> Self {
        Self {
            account: Some((email.to_owned(), via.to_owned())),
            ..self
        }
    }

    /// As the author of what they make: versions, drafts, deployments.
    pub(crate) fn author(&self) -> String {
        self.actor.clone()
    }

    /// The server itself, or whoever sits before it.
    pub(crate) fn server() -> Self {
        Self {
            actor: "server".to_owned(),
            account: None,
            ip: String::new(),
            request_id: String::new(),
        }
    }
}

/// What was done to what.
#[derive(Clone, Debug)]
pub(crate) struct AuditEntry {
    action: Action,
    target: String,
    data: Value,
}

impl AuditEntry {
    /// `target`: the id or the name of what it was done to.
    pub(crate) fn new(action: Action, target: impl Into<String>) -> Self {
        Self {
            action,
            target: target.into(),
            data: json!({}),
        }
    }

    /// With further details: never a secret, a token or a password.
    pub(crate) fn with(self, data: Value) -> Self {
        Self { data, ..self }
    }
}

/// What a line of the audit log is about.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// The server as a whole.
    Server,
    /// All environments of a project.
    Project(Slug),
    Environment(Scope),
}

/// Writes a line.
pub(crate) fn record_at(
    tx: &mut Tx<'_>,
    place: &Place,
    by: &Actor,
    entry: AuditEntry,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    let (project, environment) = match place {
        Place::Server => (None, None),
        Place::Project(project) => (Some(project), None),
        Place::Environment(scope) => (Some(&scope.project), Some(&scope.environment)),
    };
    write(tx, project, environment, by, entry, now_ms)
}

/// Writes a line about an environment. No scope: it is about the server as a whole.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    scope: Option<&Scope>,
    by: &Actor,
    entry: AuditEntry,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    let project = scope.map(|scope| &scope.project);
    write(tx, project, scope.map(|scope| &scope.environment), by, entry, now_ms)
}

fn write(
    tx: &mut Tx<'_>,
    project: Option<&Slug>,
    environment: Option<&Slug>,
    by: &Actor,
    entry: AuditEntry,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    let (actor_email, via) = by.account.clone().unzip();
    tx.insert_audit(&AuditRow {
        actor_email,
        via,
        id: new_id(Kind::Audit),
        project_id: project.map(ToString::to_string),
        environment: environment.map(ToString::to_string),
        time_ms: now_ms,
        actor: by.actor.clone(),
        action: entry.action.as_str().to_owned(),
        target: entry.target,
        ip: by.ip.clone(),
        request_id: by.request_id.clone(),
        data: entry.data.to_string(),
    })
}

/// A line as the admin API shows it.
pub(crate) fn document(row: &AuditRow) -> Result<aerocall_api_types::AuditEntry> {
    let data = serde_json::from_str(&row.data).map_err(|error| Error::unexpected("reading the audit log", error))?;
    Ok(aerocall_api_types::AuditEntry {
        id: row.id.clone(),
        project: row.project_id.clone(),
        environment: row.environment.clone(),
        time: clock::iso(row.time_ms).into(),
        actor: row.actor.clone(),
        actor_email: row.actor_email.clone(),
        via: row.via.clone(),
        action: row.action.clone(),
        target: row.target.clone(),
        ip: row.ip.clone(),
        request_id: row.request_id.clone(),
        data,
    })
}
