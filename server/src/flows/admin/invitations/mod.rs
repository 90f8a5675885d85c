//! Invitations: a link with which somebody gets a role in a project, or becomes an administrator of the server, and an account
//! if they have none. The link is shown once; the hash of its token is kept.

mod accept;
mod create;
mod holder;
mod list;
mod mail;
mod operator;
mod revoke;

use aerocall_api_types::NewInvitation;
use serde_json::{Value, json};

pub(crate) use accept::AcceptInvitation;
pub(crate) use create::CreateInvitation;
pub(crate) use holder::{InvitationHolder, InvitedToProject, InvitedToServer};
pub(crate) use list::ListInvitations;
pub(crate) use operator::invite_by_operator;
pub(crate) use revoke::RevokeInvitation;

use crate::{
    base::{
        clock,
        crypto::secret,
        error::Result,
        ids::{Kind, new_id},
        input::Email,
    },
    storage::store::{self, InvitedTo, StoreError, Tx},
};

/// How long a link is good.
const LIFE_MS: i64 = 7 * 86_400_000;
/// Of a project, and of the server.
const MAX_INVITATIONS: usize = 100;

/// An invitation that nobody has yet.
struct Drawn {
    token: String,
    row: store::NewInvitation,
}

impl Drawn {
    fn new(email: &Email, to: InvitedTo, created_by: String, now_ms: i64) -> Result<Self> {
        let token = secret::new_key("ivt")?;
        Ok(Self {
            row: store::NewInvitation {
                id: new_id(Kind::Invitation),
                hash: secret::fingerprint(&token),
                email: email.as_str().to_owned(),
                email_normal: email.normal().to_owned(),
                to,
                created_by,
                created_ms: now_ms,
                expires_ms: now_ms + LIFE_MS,
            },
            token,
        })
    }

    /// Kept, in place of the one that the address has there.
    fn keep(self, tx: &mut Tx<'_>, public_url: &str) -> std::result::Result<NewInvitation, StoreError> {
        let Self { token, row } = self;
        tx.insert_invitation(&row)?;
        Ok(NewInvitation {
            id: row.id,
            email: row.email,
            role: match row.to {
                InvitedTo::Server => None,
                InvitedTo::Project(_, role) => Some(role),
            },
            link: format!("{public_url}/admin/invitation#{token}"),
            token,
            expires_at: clock::iso(row.expires_ms).into(),
            is_mailed: false,
            mail_problem: None,
        })
    }

    /// For the audit log.
    fn data(&self) -> Value {
        let role = match &self.row.to {
            InvitedTo::Server => Value::from("administrator"),
            InvitedTo::Project(_, role) => json!(role),
        };
        json!({ "email": self.row.email, "role": role, "expiresAt": clock::iso(self.row.expires_ms) })
    }
}
