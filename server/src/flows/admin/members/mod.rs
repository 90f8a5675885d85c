//! The members of a project.

mod add;
mod change;
mod list;
mod remove;

use aerocall_api_types::{Member, Role};
use aerocall_contract::errors;
use serde_json::Value;

pub(crate) use add::AddMember;
pub(crate) use change::ChangeMember;
pub(crate) use list::ListMembers;
pub(crate) use remove::RemoveMember;

use crate::{
    base::{clock, error::Refusal, ids::Slug, input::Parsed},
    flows::steps::endpoint::{Field, FieldKind},
    storage::store::{MemberRow, StoreError, Tx},
};

/// Of a project.
pub(super) const MAX_MEMBERS: usize = 200;

/// What a member may do.
pub(super) const ROLE: Field = Field::required(
    "role",
    FieldKind::OneOf(&["viewer", "developer", "owner"]),
    "What they may do: a `viewer` sees everything, a `developer` also changes hooks, data and settings, an `owner` also manages keys, tokens and members.",
);

/// For the reference.
const MEMBER: &str = r#"{"id": "acc_0198f2c6b1d87c3d9f1e5a7b6c4d3e2f", "email": "ada@example.com", "role": "developer", "since": "2026-01-31T12:00:00.000Z"}"#;

pub(super) fn role(value: Value) -> Parsed<Role> {
    let mut all = Role::ALL.iter().copied();
    let named = value.as_str().and_then(|name| all.find(|role| role.as_str() == name));
    named.ok_or_else(|| "must be \"viewer\", \"developer\" or \"owner\"".to_owned())
}

fn document(row: MemberRow) -> Member {
    Member {
        id: row.account_id,
        email: row.email,
        role: row.role,
        since: clock::iso(row.created_ms).into(),
    }
}

fn member(tx: &mut Tx<'_>, project: &Slug, id: &str) -> std::result::Result<Option<MemberRow>, StoreError> {
    let members = tx.members(project)?;
    Ok(members.into_iter().find(|member| member.account_id == id))
}

/// The answer to what would leave a project without an owner.
pub(super) fn is_last_owner(
    tx: &mut Tx<'_>,
    project: &Slug,
    account_id: &str,
) -> std::result::Result<Option<Refusal>, StoreError> {
    let members = tx.members(project)?;
    let mut owners = members.iter().filter(|member| member.role == Role::Owner);
    let is_one = owners.clone().any(|owner| owner.account_id == account_id);
    let is_last = is_one && owners.all(|owner| owner.account_id == account_id);
    Ok(is_last.then(|| {
        let message = format!("This is the last owner of the project {project}: make somebody else an owner first");
        Refusal::new(errors::LAST_OWNER, message)
    }))
}
