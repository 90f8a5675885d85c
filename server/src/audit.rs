//! The audit log: what admins did, and what happened to accounts. A row is written in the transaction of what it tells of,
//! so there is neither one without the other. Nothing in it may be a secret.

use serde_json::{Value, json};

use crate::{
    access::Admin,
    clock,
    error::{Error, Result},
    ids::{Kind, Scope, Slug, new_id},
    request::RequestMeta,
    store::{AuditRow, StoreError, Tx},
};

/// The actions, and the names that the log shows.
macro_rules! actions {
    ($($action:ident => $name:literal,)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Action {
            $(#[doc = concat!("`", $name, "`")] $action,)*
        }

        impl Action {
            pub(crate) const ALL: &[Self] = &[$(Self::$action,)*];

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
    EnvironmentCreated => "environment.created",
    AdminTokenCreated => "admin_token.created",
    HookUploaded => "hook.uploaded",
    Deployed => "deployment.created",
    SettingChanged => "setting.changed",
    SecretPut => "secret.put",
    SecretDeleted => "secret.deleted",
    MailTemplatePut => "mail_template.put",
    MailTemplateDeleted => "mail_template.deleted",
    JobRequeued => "job.requeued",
    SigningKeyRotated => "signing_key.rotated",
    UserCreated => "user.created",
    UserUpdated => "user.updated",
    UserDeleted => "user.deleted",
    UserBanned => "user.banned",
    UserUnbanned => "user.unbanned",
    UserLoggedOut => "user.logged_out",
    UserExported => "user.exported",
    AccountLocked => "account.locked",
    PasswordChanged => "password.changed",
    PasswordReset => "password.reset",
    EmailChanged => "email.changed",
    MfaEnrolled => "mfa.enrolled",
    MfaRemoved => "mfa.removed",
    MfaRecoveryUsed => "mfa.recovery_used",
    RefreshTokenReused => "refresh_token.reused",
}

/// Where it was done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    Server,
    /// In all environments of it.
    Project(&'a Slug),
    Environment(&'a Scope),
}

impl<'a> From<&'a Scope> for Place<'a> {
    fn from(scope: &'a Scope) -> Self {
        Self::Environment(scope)
    }
}

/// Who did it, from where, in which request.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// `admin:<id>`, `key:<scope>`, `user:<id>`, `server`, `anonymous`
    pub(crate) actor: String,
    ip: String,
    request_id: String,
}

impl Origin {
    pub(crate) fn new(actor: String, request: &RequestMeta) -> Self {
        Self {
            actor,
            ip: request.ip.clone(),
            request_id: request.id.clone(),
        }
    }

    pub(crate) fn admin(admin: &Admin, request: &RequestMeta) -> Self {
        Self::new(admin.actor(), request)
    }

    /// The server by itself: at its start, or on the command line.
    pub(crate) fn server() -> Self {
        Self::named("server")
    }

    /// Somebody who sent no request.
    pub(crate) fn named(actor: &str) -> Self {
        Self {
            actor: actor.to_owned(),
            ip: String::new(),
            request_id: String::new(),
        }
    }
}

/// Writes a row. `target`: the id or name of what it was done to. `data`: what else is worth knowing, without secrets;
/// of a change the names of what changed, not the values.
pub(crate) fn note<'a>(
    tx: &mut Tx<'_>,
    place: impl Into<Place<'a>>,
    origin: &Origin,
    action: Action,
    target: &str,
    data: &Value,
    now_ms: i64,
) -> std::result::Result<(), StoreError> {
    let (project, environment) = match place.into() {
        Place::Server => (None, None),
        Place::Project(project) => (Some(project), None),
        Place::Environment(scope) => (Some(&scope.project), Some(&scope.environment)),
    };
    tx.insert_audit(&AuditRow {
        id: new_id(Kind::Audit),
        project_id: project.map(Slug::to_string),
        environment: environment.map(Slug::to_string),
        time_ms: now_ms,
        actor: origin.actor.clone(),
        action: action.as_str().to_owned(),
        target: target.to_owned(),
        ip: origin.ip.clone(),
        request_id: origin.request_id.clone(),
        data: data.to_string(),
    })
}

/// A row as the admin API shows it.
pub(crate) fn document(row: &AuditRow) -> Result<Value> {
    let data: Value =
        serde_json::from_str(&row.data).map_err(|error| Error::unexpected("reading the audit log", error))?;
    Ok(json!({
        "id": row.id,
        "time": clock::iso(row.time_ms),
        "project": row.project_id,
        "environment": row.environment,
        "actor": row.actor,
        "action": row.action,
        "target": row.target,
        "ip": row.ip,
        "requestId": row.request_id,
        "data": data,
    }))
}
