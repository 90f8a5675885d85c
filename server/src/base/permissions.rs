//! Sets of permissions: what a caller of the admin API may do.

use aerocall_api_types::{Permission, Role};
use aerocall_contract::errors;

use super::error::{Refusal, Result};

/// A set of permissions. Whoever may change something may also read it; whoever manages keys and tokens could make one that may
/// do everything, and so may do it themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Permissions(u16);

impl Permissions {
    /// Of an admin token without limits.
    pub(crate) const ALL: Self = {
        let mut bits = 0;
        let mut at = 0;
        while at < Permission::ALL.len() {
            bits |= bit(Permission::ALL[at]);
            at += 1;
        }
        Self(bits)
    };

    /// Of an admin token of a project without limits.
    pub(crate) const OF_PROJECT: Self = Self(Self::ALL.0 & !bit(Permission::ServerManage));

    /// Of a secret key: everything in its environment, but no key or token.
    pub(crate) const OF_SECRET_KEY: Self = Self(Self::OF_PROJECT.0 & !bit(Permission::ProjectManage));

    /// Of a stranger.
    pub(crate) const NONE: Self = Self(0);

    /// Of everybody with an account, where no project is named.
    pub(crate) const OF_ACCOUNT: Self = Self(bit(Permission::ProjectRead));

    /// Of a member of a project.
    pub(crate) fn of_role(role: Role) -> Self {
        Self::of(role.permissions().iter().copied())
    }

    /// These, with what they include.
    pub(crate) fn of(permissions: impl IntoIterator<Item = Permission>) -> Self {
        let included = |permission: Permission| {
            let all = Permission::ALL.iter().copied();
            all.filter(move |one| permission.includes(*one))
        };
        let all = permissions.into_iter().flat_map(included);
        Self(all.fold(0, |bits, permission| bits | bit(permission)))
    }

    pub(crate) const fn has(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    /// Refuses whoever lacks it.
    pub(crate) fn require(self, needed: Permission) -> Result<()> {
        if self.has(needed) {
            return Ok(());
        }
        let message = format!(
            "This needs the permission {}, which the account, token or key does not have",
            needed.as_str()
        );
        Err(Refusal::new(errors::FORBIDDEN, message).into())
    }

    /// What is in both.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether each of these is in the other set.
    pub(crate) const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// In the order of the documentation.
    pub(crate) fn list(self) -> Vec<Permission> {
        let all = Permission::ALL.iter().copied();
        all.filter(|permission| self.has(*permission)).collect()
    }

    /// As stored: names with a blank between them.
    pub(crate) fn stored(self) -> String {
        let names: Vec<&str> = self.list().into_iter().map(Permission::as_str).collect();
        names.join(" ")
    }

    /// What was stored. A name that this version does not know gives nothing.
    pub(crate) fn read(stored: &str) -> Self {
        Self::of(stored.split(' ').filter_map(permission))
    }
}

/// The permission with this name.
pub(crate) fn permission(name: &str) -> Option<Permission> {
    let mut all = Permission::ALL.iter().copied();
    all.find(|permission| permission.as_str() == name)
}

const fn bit(permission: Permission) -> u16 {
    1 << permission as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_is_read_as_it_was_stored_and_holds_what_its_members_include() {
        for bits in 0..1_u16 << Permission::ALL.len() {
            let chosen = Permission::ALL.iter().copied().filter(|one| bits & bit(*one) != 0);
            let set = Permissions::of(chosen.clone());
            assert_eq!(Permissions::read(&set.stored()), set);
            assert!(set.is_within(Permissions::ALL) && set.and(Permissions::ALL) == set);
            for permission in chosen {
                assert!(set.has(permission) && set.has(Permission::ProjectRead));
                let mut included = Permission::ALL.iter().filter(|one| permission.includes(**one));
                assert!(included.all(|one| set.has(*one)));
            }
        }
    }

    #[test]
    fn an_unknown_name_gives_nothing() {
        assert_eq!(Permissions::read("hooks:all"), Permissions(0));
        assert_eq!(Permissions::read(""), Permissions(0));
        assert_eq!(
            Permissions::read("data:read hooks:all").list(),
            [Permission::ProjectRead, Permission::DataRead]
        );
    }

    #[test]
    fn a_role_permits_what_its_list_says_and_each_more_than_the_one_before() {
        for role in Role::ALL {
            assert_eq!(Permissions::of_role(*role).list(), role.permissions(), "{role:?}");
        }
        let roles: Vec<Permissions> = Role::ALL.iter().map(|role| Permissions::of_role(*role)).collect();
        assert!(
            roles
                .windows(2)
                .all(|pair| pair[0].is_within(pair[1]) && pair[0] != pair[1])
        );
        assert_eq!(roles.last(), Some(&Permissions::OF_PROJECT));
    }

    #[test]
    fn a_secret_key_manages_nothing() {
        let lacks = [Permission::ProjectManage, Permission::ServerManage];
        let all = Permission::ALL.iter().copied();
        let expected: Vec<Permission> = all.filter(|one| !lacks.contains(one)).collect();
        assert_eq!(Permissions::OF_SECRET_KEY.list(), expected);
    }
}
