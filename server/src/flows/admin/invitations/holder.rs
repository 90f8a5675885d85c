//! What somebody is invited to: the server, or a project. What differs between the two.

use aerocall_api_types::{Permission, Role};

use crate::{
    base::{ids::Slug, input::Fields},
    flows::{
        admin::members::{self, ROLE},
        steps::endpoint::{AdminWho, Endpoint, Field, FieldKind, Method, ProjectOwner, ServerAdmin, Who},
    },
    storage::store::InvitedTo,
};

/// The server or a project, with its endpoints: paths and descriptions.
pub(crate) trait InvitationHolder: 'static {
    /// Who may list, create and revoke its invitations.
    type Who: AdminWho;
    /// What they need.
    const NEEDS: Permission;
    /// What somebody is to become there.
    type Role: Copy + Send + Sync + 'static;

    const LIST: Endpoint;
    const CREATE: Endpoint;
    const REVOKE: Endpoint;

    fn read_role(fields: &mut Fields) -> Option<Self::Role>;

    fn invited_to(scope: &<Self::Who as Who>::Scope, role: Self::Role) -> InvitedTo;

    fn project(scope: &<Self::Who as Who>::Scope) -> Option<&Slug>;
}

const EMAIL: Field = Field::required(
    "email",
    FieldKind::Email,
    "Whom the invitation is for: what they will sign in with.",
);

const MAIL: Field = Field::optional(
    "mail",
    FieldKind::Flag,
    "Whether the server mails the link to the address, by the mail server of the installation; `false` if omitted.",
);

/// As an administrator.
pub(crate) struct InvitedToServer;

impl InvitationHolder for InvitedToServer {
    type Who = ServerAdmin;
    const NEEDS: Permission = Permission::ServerManage;
    type Role = ();

    const LIST: Endpoint = Endpoint::get("/admin/api/v1/invitations", "List invitations of administrators")
        .about("Those that wait to be accepted, without their links. Requires an admin of the server.");
    const CREATE: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/invitations", "Invite an administrator")
        .about("The link makes an administrator of the server, once, within seven days; it is returned only here, so that you send it yourself, or have it mailed with `mail`. A new one for the same address ends the one before. Requires an admin of the server.")
        .fields(&[EMAIL, MAIL])
        .example(r#"{"email":"ada@example.com"}"#);
    const REVOKE: Endpoint = Endpoint::plain(
        Method::Delete,
        "/admin/api/v1/invitations/{invitation}",
        "Revoke an invitation of an administrator",
    )
    .about("Its link stops working at once. Requires an admin of the server.");

    fn read_role(_: &mut Fields) -> Option<()> {
        Some(())
    }

    fn invited_to((): &(), (): ()) -> InvitedTo {
        InvitedTo::Server
    }

    fn project((): &()) -> Option<&Slug> {
        None
    }
}

/// As a member.
pub(crate) struct InvitedToProject;

impl InvitationHolder for InvitedToProject {
    type Who = ProjectOwner;
    const NEEDS: Permission = Permission::ProjectManage;
    type Role = Role;

    const LIST: Endpoint = Endpoint::get("/admin/api/v1/projects/{project}/invitations", "List invitations")
        .about("Those that wait to be accepted, without their links.");
    const CREATE: Endpoint = Endpoint::plain(Method::Post, "/admin/api/v1/projects/{project}/invitations", "Invite a member")
        .about("The link makes a member of the project, once, within seven days, with a new account if there is none of the address; it is returned only here, so that you send it yourself, or have it mailed with `mail`. A new one for the same address ends the one before.")
        .fields(&[EMAIL, ROLE, MAIL])
        .example(r#"{"email":"ada@example.com","role":"developer"}"#);
    const REVOKE: Endpoint = Endpoint::plain(
        Method::Delete,
        "/admin/api/v1/projects/{project}/invitations/{invitation}",
        "Revoke an invitation",
    )
    .about("Its link stops working at once.");

    fn read_role(fields: &mut Fields) -> Option<Role> {
        fields.required("role", members::role)
    }

    fn invited_to(project: &Slug, role: Role) -> InvitedTo {
        InvitedTo::Project(project.clone(), role)
    }

    fn project(project: &Slug) -> Option<&Slug> {
        Some(project)
    }
}
