//! Accounts of admins: people, their sessions and personal tokens, their roles in projects, invitations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{NewAdminToken, Object, Permission, Timestamp, common::read};

/// What a member may do in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// `project:read`, `hooks:read`, `data:read`, `settings:read`.
    Viewer,
    /// Also `hooks:deploy`, `data:write`, `settings:write`.
    Developer,
    /// Also `project:manage`.
    Owner,
}

impl Role {
    /// From the least to the most.
    pub const ALL: &[Self] = &[Self::Viewer, Self::Developer, Self::Owner];

    /// As in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::Owner => "owner",
        }
    }

    /// What it permits, in the order of the documentation.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission::{
            DataRead, DataWrite, HooksDeploy, HooksRead, ProjectManage, ProjectRead, SettingsRead, SettingsWrite,
        };
        match self {
            Self::Viewer => &[ProjectRead, HooksRead, DataRead, SettingsRead],
            Self::Developer => &[
                ProjectRead,
                HooksRead,
                HooksDeploy,
                DataRead,
                DataWrite,
                SettingsRead,
                SettingsWrite,
            ],
            Self::Owner => &[
                ProjectRead,
                HooksRead,
                HooksDeploy,
                DataRead,
                DataWrite,
                SettingsRead,
                SettingsWrite,
                ProjectManage,
            ],
        }
    }
}

/// A person who uses the admin API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdminAccount {
    /// As in the audit log.
    pub id: String,
    /// What they sign in with.
    pub email: String,
    /// Whether they may do everything on the server.
    pub is_administrator: bool,
    /// Whether they sign in with an authenticator app as well.
    pub has_totp: bool,
    /// When the account was created.
    pub created_at: Timestamp,
}

/// The accounts of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdminAccountList {
    /// Oldest first.
    pub accounts: Vec<AdminAccount>,
}

/// How far a sign-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdminSignInState {
    /// The cookie of the session was set.
    SignedIn,
    /// A code of the authenticator app, or a recovery code, is missing.
    Totp,
}

/// The answer to a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdminSignIn {
    /// Whether a code is missing.
    pub state: AdminSignInState,
    /// For `POST /admin/api/v1/session/totp`, good for five minutes and once; `null` if no code is missing.
    pub ticket: Option<String>,
    /// For the header `X-CSRF-Token` of every request that changes something; `null` if a code is missing.
    pub csrf_token: Option<String>,
    /// When the session ends at the latest; `null` if a code is missing.
    pub expires_at: Option<Timestamp>,
}

/// How a caller of the admin API is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallerKind {
    /// By the cookie of a session.
    Session,
    /// By a personal token.
    PersonalToken,
    /// By an admin token of the server or of a project.
    AdminToken,
    /// By the secret key of an environment.
    SecretKey,
}

/// A role of an account in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProjectRole {
    /// The project's id.
    pub project: String,
    /// What the account may do there.
    pub role: Role,
}

/// Who sends a request, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CurrentAdmin {
    /// How they are known.
    pub by: CallerKind,
    /// Id of the session or token; of a secret key, its project and environment.
    pub id: String,
    /// The person; `null` if it is an admin token or a secret key.
    pub account: Option<AdminAccount>,
    /// The roles of the person; empty if it is an admin token or a secret key. Administrators need none.
    pub roles: Vec<ProjectRole>,
    /// What the token is limited to, or may do; what an account may do depends on the project, so `null` without limits.
    pub scopes: Option<Vec<Permission>>,
    /// The only project that the token or key opens; `null` if it opens all that its holder may see.
    pub project: Option<String>,
    /// The only environment that the token or key opens; `null` if it opens all.
    pub environment: Option<String>,
    /// For the header `X-CSRF-Token`; `null` without a session, as tokens need none.
    pub csrf_token: Option<String>,
    /// Until when what needs a fresh proof can be done; `null` without a session, or if it is over.
    pub fresh_until: Option<Timestamp>,
    /// When the session or token ends; `null` if it does not end by itself.
    pub expires_at: Option<Timestamp>,
}

/// A session of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdminSession {
    /// Identifies the session.
    pub id: String,
    /// Whether it is the session of this request.
    pub is_current: bool,
    /// The IP address that signed in.
    pub ip: String,
    /// What the browser called itself.
    pub user_agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to about ten minutes.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// The sessions of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdminSessionList {
    /// Newest first.
    pub sessions: Vec<AdminSession>,
}

/// Sessions were ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndedSessions {
    /// How many.
    pub ended: u64,
}

/// Until when what needs a fresh proof can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FreshProof {
    /// Then it has to be confirmed again.
    pub fresh_until: Timestamp,
}

/// An authenticator app that waits for its first code, with its secret, which is returned only here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TotpEnrollment {
    /// The secret for the app, in base32.
    pub secret: String,
    /// The same as an `otpauth` URL, for a QR code.
    pub otpauth_url: String,
}

/// Recovery codes of an account, which are returned only here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdminRecoveryCodes {
    /// Ten codes, each usable once instead of a code from the app.
    pub recovery_codes: Vec<String>,
}

/// A member of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The account's id.
    pub id: String,
    /// The account's address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Since when they are a member.
    pub since: Timestamp,
}

/// The members of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberList {
    /// In the order of their accounts, oldest first. Administrators of the server are not listed unless they have a role.
    pub members: Vec<Member>,
}

/// An invitation that waits to be accepted, without its link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Identifies the invitation.
    pub id: String,
    /// Whom it is for.
    pub email: String,
    /// The role in the project; `null` if it is for an administrator of the server.
    pub role: Option<Role>,
    /// Who created it, as in the audit log.
    pub created_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The invitations that wait to be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvitationList {
    /// Newest first.
    pub invitations: Vec<Invitation>,
}

/// A new invitation. Link and token are returned only here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewInvitation {
    /// Identifies the invitation.
    pub id: String,
    /// Whom it is for.
    pub email: String,
    /// The role in the project; `null` if it is for an administrator of the server.
    pub role: Option<Role>,
    /// For the person who is invited. The token is behind a `#`, which browsers send to nobody.
    pub link: String,
    /// The token in the link, for `POST /admin/api/v1/invitations/accept`.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether the link was mailed to the address; only if the request asked for it.
    pub is_mailed: bool,
    /// Why the mail was not sent although the request asked for it; else `null`.
    pub mail_problem: Option<String>,
}

/// A link with which the holder of an account chooses a new password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPasswordReset {
    /// The account's address.
    pub email: String,
    /// For the holder of the account. The token is behind a `#`, which browsers send to nobody.
    pub link: String,
    /// The token in the link, for `POST /admin/api/v1/password-reset/confirm`.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// An invitation was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedInvitation {
    /// The account, which was created if there was none.
    pub account: AdminAccount,
    /// The project; `null` if it was for an administrator of the server.
    pub project: Option<String>,
    /// The role there; `null` if it was for an administrator of the server.
    pub role: Option<Role>,
}

/// A personal token that is valid, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonalToken {
    /// As in the audit log.
    pub id: String,
    /// What it was named.
    pub name: String,
    /// What it is limited to; `null` if it may do whatever its person may do.
    pub scopes: Option<Vec<Permission>>,
    /// The only project that it opens; `null` if it opens all that its person may see.
    pub project: Option<String>,
    /// The only environment that it opens; `null` if it opens all.
    pub environment: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last used, to about ten minutes; `null` if it never was.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working; `null` if it works until it is revoked.
    pub expires_at: Option<Timestamp>,
}

/// Personal tokens that are valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonalTokenList {
    /// Newest first.
    pub tokens: Vec<PersonalToken>,
}

/// A new personal token. The token is returned only here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPersonalToken {
    /// As in the audit log.
    pub id: String,
    /// What it was named.
    pub name: String,
    /// The token, for `Authorization: Bearer`. Only its hash is stored.
    pub token: String,
    /// What it is limited to; `null` if it may do whatever its person may do.
    pub scopes: Option<Vec<Permission>>,
    /// The only project that it opens; `null` if it opens all that its person may see.
    pub project: Option<String>,
    /// The only environment that it opens; `null` if it opens all.
    pub environment: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it stops working; `null` if it works until it is revoked.
    pub expires_at: Option<Timestamp>,
}

/// The first admin of a server: a token, or the account of an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum FirstAdmin {
    /// No address was sent.
    Token(NewAdminToken),
    /// An address and a password were sent.
    Account(FirstAccount),
}

impl<'de> Deserialize<'de> for FirstAdmin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Object::deserialize(deserializer)?;
        match object.contains_key("account") {
            true => read(object).map(Self::Account),
            false => read(object).map(Self::Token),
        }
    }
}

/// The first administrator of a server, who can sign in now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FirstAccount {
    /// The account.
    pub account: AdminAccount,
}
