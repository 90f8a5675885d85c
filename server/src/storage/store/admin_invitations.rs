//! Invitations to a project or to the server. Knows no token of a link, only its fingerprint.

use aerocall_api_types::Role;
use diesel::{IntoSql as _, sql_types::Bool};

use super::{StoreError, Tx, query::prelude::*, schema::admin_invitations};
use crate::base::ids::Slug;

/// What somebody is invited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InvitedTo {
    /// To the server, as an administrator.
    Server,
    /// To a project, with a role.
    Project(Slug, Role),
}

/// An invitation as kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = admin_invitations)]
pub(crate) struct InvitationRow {
    pub(crate) id: String,
    pub(crate) email: String,
    project_id: Option<String>,
    role: Option<String>,
    pub(crate) created_by: String,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
}

/// An invitation to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewInvitation {
    pub(crate) id: String,
    pub(crate) hash: String,
    pub(crate) email: String,
    pub(crate) email_normal: String,
    pub(crate) to: InvitedTo,
    pub(crate) created_by: String,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
}

impl InvitationRow {
    /// The role in the project; none if it is for an administrator.
    pub(crate) fn role(&self) -> Option<Role> {
        let stored = self.role.as_deref()?;
        Role::ALL.iter().copied().find(|role| role.as_str() == stored)
    }

    /// What it is for; nothing if this version does not know it.
    pub(crate) fn to(&self) -> Option<InvitedTo> {
        match self.project_id.as_deref() {
            None => Some(InvitedTo::Server),
            Some(project) => Some(InvitedTo::Project(Slug::parse(project).ok()?, self.role()?)),
        }
    }
}

/// The invitations to a place that have not ended. Nothing equals NULL, which is what those to the server have.
macro_rules! open {
    ($project:expr, $now_ms:expr) => {{
        let is_server = $project.is_none().into_sql::<Bool>();
        let project: Option<&Slug> = $project;
        admin_invitations::table
            .filter(admin_invitations::expires_ms.gt($now_ms))
            .filter(
                admin_invitations::project_id
                    .eq(project.map(Slug::as_str))
                    .or(admin_invitations::project_id.is_null().and(is_server)),
            )
    }};
}

impl Tx<'_> {
    /// In place of the one that the address has there.
    pub(crate) fn insert_invitation(&mut self, invitation: &NewInvitation) -> Result<(), StoreError> {
        let (project, role) = match &invitation.to {
            InvitedTo::Server => (None, None),
            InvitedTo::Project(project, role) => (Some(project), Some(role.as_str())),
        };
        let before: Vec<String> = open!(project, 0)
            .filter(admin_invitations::email_normal.eq(&invitation.email_normal))
            .select(admin_invitations::id)
            .load(self)?;
        diesel::delete(admin_invitations::table.filter(admin_invitations::id.eq_any(before))).execute(self)?;
        diesel::insert_into(admin_invitations::table)
            .values((
                admin_invitations::id.eq(&invitation.id),
                admin_invitations::hash.eq(&invitation.hash),
                admin_invitations::email.eq(&invitation.email),
                admin_invitations::email_normal.eq(&invitation.email_normal),
                admin_invitations::project_id.eq(project.map(Slug::as_str)),
                admin_invitations::role.eq(role),
                admin_invitations::created_by.eq(&invitation.created_by),
                (
                    admin_invitations::created_ms.eq(invitation.created_ms),
                    admin_invitations::expires_ms.eq(invitation.expires_ms),
                ),
            ))
            .execute(self)?;
        Ok(())
    }

    /// The invitations to a project, or to the server, that have not ended; newest first.
    pub(crate) fn invitations(
        &mut self,
        project: Option<&Slug>,
        now_ms: i64,
    ) -> Result<Vec<InvitationRow>, StoreError> {
        Ok(open!(project, now_ms)
            .order(admin_invitations::id.desc())
            .select(InvitationRow::columns())
            .load(self)?)
    }

    /// The invitation with this fingerprint, if it has not ended.
    pub(crate) fn invitation_by(&mut self, hash: &str, now_ms: i64) -> Result<Option<InvitationRow>, StoreError> {
        Ok(admin_invitations::table
            .filter(admin_invitations::hash.eq(hash))
            .filter(admin_invitations::expires_ms.gt(now_ms))
            .select(InvitationRow::columns())
            .first(self)
            .optional()?)
    }

    /// Takes an invitation, in one statement. Whether it was there.
    pub(crate) fn take_invitation(&mut self, id: &str) -> Result<bool, StoreError> {
        let one = admin_invitations::table.filter(admin_invitations::id.eq(id));
        Ok(diesel::delete(one).execute(self)? == 1)
    }

    /// Deletes invitations that have ended.
    pub(crate) fn delete_old_invitations(&mut self, now_ms: i64) -> Result<usize, StoreError> {
        let ended = admin_invitations::table.filter(admin_invitations::expires_ms.le(now_ms));
        let ids: Vec<String> = ended.select(admin_invitations::id).lock_free().load(self)?;
        Ok(diesel::delete(admin_invitations::table.filter(admin_invitations::id.eq_any(ids))).execute(self)?)
    }
}
