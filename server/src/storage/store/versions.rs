//! Hook versions: immutable (a trigger sees to it), named by the digest of their bytes. A project has so many: the oldest
//! that no recent deployment points at make room for new ones.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{count_star, exists, max, not};

use super::{
    StoreError, Tx,
    query::prelude::*,
    schema::{deleted_versions, deployment_hooks, deployments, hook_rollouts, hook_versions},
};
use crate::base::ids::{HookName, Slug};

/// The last deployments of an environment, whose versions stay: to any of them one can go back.
pub(crate) const RECENT_DEPLOYMENTS: usize = 10;
/// Hooks of a project without versions whose numbers are known; beyond, those that went first begin again.
const MAX_DELETED: usize = 1_000;

/// A version to keep.
#[derive(Clone, Debug)]
pub(crate) struct NewVersion {
    pub(crate) id: String,
    pub(crate) name: HookName,
    pub(crate) digest: String,
    /// The bundle's own manifest, JSON.
    pub(crate) manifest: String,
    pub(crate) component: Vec<u8>,
    pub(crate) created_ms: i64,
    /// Who made it.
    pub(crate) created_by: String,
    /// What they said of it.
    pub(crate) message: Option<String>,
    /// The version that its draft had begun from.
    pub(crate) base_number: Option<i32>,
}

/// A kept version without its bytes.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = hook_versions)]
pub(crate) struct VersionRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) number: i32,
    pub(crate) digest: String,
    pub(crate) manifest: String,
    pub(crate) component_bytes: i64,
    pub(crate) created_ms: i64,
    pub(crate) created_by: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) base_number: Option<i32>,
}

/// Whether the project can have one more version.
#[derive(Clone, Debug)]
pub(crate) enum VersionQuota {
    /// Once these are deleted, oldest first.
    FreeAfter(Vec<VersionRow>),
    /// No: recent deployments point at too many.
    Full,
}

impl Tx<'_> {
    /// Until the transaction ends, no version of the project comes or goes.
    pub(crate) fn lock_versions(&mut self, project: &Slug) -> Result<(), StoreError> {
        self.advisory_lock(&format!("versions {project}"))
    }

    /// Whether one more version fits into the maximum, and which of the old ones have to be deleted for it.
    pub(crate) fn version_quota(&mut self, project: &Slug, most: i64) -> Result<VersionQuota, StoreError> {
        let all: i64 = hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .select(count_star())
            .get_result(self)?;
        let excess = usize::try_from(all + 1 - most).unwrap_or(0);
        if excess == 0 {
            return Ok(VersionQuota::FreeAfter(Vec::new()));
        }
        let recent = self.versions_in_use(project)?;
        let rows: Vec<VersionRow> = hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .order((hook_versions::created_ms, hook_versions::id))
            .select(VersionRow::columns())
            .load(self)?;
        let mut newest = HashMap::new();
        for row in &rows {
            let number: &mut i32 = newest.entry(row.name.clone()).or_default();
            *number = row.number.max(*number);
        }
        let mut old: Vec<_> = rows.into_iter().filter(|row| !recent.contains(&row.id)).collect();
        // The newest of a hook last: whoever looks for the hook finds it.
        old.sort_by_key(|row| newest.get(&row.name) == Some(&row.number));
        old.truncate(excess);
        Ok(match old.len() == excess {
            true => VersionQuota::FreeAfter(old),
            false => VersionQuota::Full,
        })
    }

    /// The newest version of each hook of a project, by hook.
    pub(crate) fn newest_versions(&mut self, project: &Slug) -> Result<Vec<VersionRow>, StoreError> {
        let newer = diesel::alias!(hook_versions as newer);
        let after = newer
            .filter(newer.field(hook_versions::project_id).eq(project.as_str()))
            .filter(newer.field(hook_versions::name).eq(hook_versions::name))
            .filter(newer.field(hook_versions::number).gt(hook_versions::number));
        Ok(hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .filter(not(exists(after)))
            .order(hook_versions::name)
            .select(VersionRow::columns())
            .load(self)?)
    }

    /// Those that recent deployments point at, and those of rollouts that go on.
    fn versions_in_use(&mut self, project: &Slug) -> Result<HashSet<String>, StoreError> {
        let rows: Vec<(String, String)> = deployments::table
            .filter(deployments::project_id.eq(project.as_str()))
            .order(deployments::number.desc())
            .select((deployments::environment, deployments::id))
            .load(self)?;
        let mut of_environment: HashMap<String, usize> = HashMap::new();
        let mut recent = Vec::new();
        for (environment, id) in rows {
            let count = of_environment.entry(environment).or_default();
            *count += 1;
            if *count <= RECENT_DEPLOYMENTS {
                recent.push(id);
            }
        }
        let versions: Vec<String> = deployment_hooks::table
            .filter(deployment_hooks::deployment_id.eq_any(recent))
            .select(deployment_hooks::version_id)
            .load(self)?;
        let tried: Vec<String> = hook_rollouts::table
            .filter(hook_rollouts::project_id.eq(project.as_str()))
            .filter(hook_rollouts::state.eq("running"))
            .select(hook_rollouts::version_id)
            .load(self)?;
        Ok(versions.into_iter().chain(tried).collect())
    }

    /// Deletes versions, and the lines of old deployments that point at them. Their numbers are not given again.
    pub(crate) fn delete_versions(
        &mut self,
        project: &Slug,
        versions: &[VersionRow],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let ids: Vec<&str> = versions.iter().map(|row| row.id.as_str()).collect();
        diesel::delete(deployment_hooks::table.filter(deployment_hooks::version_id.eq_any(ids.clone())))
            .execute(self)?;
        diesel::delete(hook_versions::table.filter(hook_versions::id.eq_any(ids))).execute(self)?;
        let mut last = HashMap::new();
        for row in versions {
            let number: &mut i32 = last.entry(row.name.as_str()).or_default();
            *number = row.number.max(*number);
        }
        for (hook, number) in last {
            self.keep_number(project, hook, number, now_ms)?;
        }
        Ok(())
    }

    /// Notes the number of a version that was deleted, if no later one of its hook is there.
    fn keep_number(&mut self, project: &Slug, hook: &str, number: i32, now_ms: i64) -> Result<(), StoreError> {
        if self.last_number(project, hook)? >= number {
            return Ok(());
        }
        self.forget_number(project, hook)?;
        diesel::insert_into(deleted_versions::table)
            .values((
                deleted_versions::project_id.eq(project.as_str()),
                deleted_versions::hook.eq(hook),
                deleted_versions::number.eq(number),
                deleted_versions::deleted_ms.eq(now_ms),
            ))
            .execute(self)?;
        let hooks: Vec<String> = deleted_versions::table
            .filter(deleted_versions::project_id.eq(project.as_str()))
            .order((deleted_versions::deleted_ms.desc(), deleted_versions::hook))
            .select(deleted_versions::hook)
            .load(self)?;
        for hook in hooks.into_iter().skip(MAX_DELETED) {
            self.forget_number(project, &hook)?;
        }
        Ok(())
    }

    fn forget_number(&mut self, project: &Slug, hook: &str) -> Result<(), StoreError> {
        let kept = deleted_versions::table
            .filter(deleted_versions::project_id.eq(project.as_str()))
            .filter(deleted_versions::hook.eq(hook));
        diesel::delete(kept).execute(self)?;
        Ok(())
    }

    /// The highest number that a version of the hook has or had; 0 if it never had one.
    fn last_number(&mut self, project: &Slug, hook: &str) -> Result<i32, StoreError> {
        let there: Option<i32> = hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .filter(hook_versions::name.eq(hook))
            .select(max(hook_versions::number))
            .first(self)?;
        let deleted: Option<i32> = deleted_versions::table
            .filter(deleted_versions::project_id.eq(project.as_str()))
            .filter(deleted_versions::hook.eq(hook))
            .select(deleted_versions::number)
            .first(self)
            .optional()?;
        Ok(there.max(deleted).unwrap_or(0))
    }

    /// Whether all of these are still there. Until the transaction ends, none goes.
    pub(crate) fn keep_versions(&mut self, project: &Slug, ids: &[String]) -> Result<bool, StoreError> {
        self.lock_versions(project)?;
        let there: i64 = hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .filter(hook_versions::id.eq_any(ids.to_vec()))
            .select(count_star())
            .get_result(self)?;
        let wanted: HashSet<&String> = ids.iter().collect();
        Ok(usize::try_from(there) == Ok(wanted.len()))
    }

    /// Keeps the bytes as the next version of the hook.
    pub(crate) fn insert_version(&mut self, project: &Slug, new: &NewVersion) -> Result<VersionRow, StoreError> {
        self.lock_versions(project)?;
        let number = self.last_number(project, new.name.as_str())? + 1;
        self.forget_number(project, new.name.as_str())?;
        Ok(diesel::insert_into(hook_versions::table)
            .values((
                hook_versions::id.eq(&new.id),
                hook_versions::project_id.eq(project.as_str()),
                hook_versions::name.eq(new.name.as_str()),
                hook_versions::number.eq(number),
                hook_versions::digest.eq(&new.digest),
                hook_versions::manifest.eq(&new.manifest),
                hook_versions::component_bytes.eq(i64::try_from(new.component.len()).unwrap_or(i64::MAX)),
                (
                    hook_versions::component.eq(&new.component),
                    hook_versions::created_ms.eq(new.created_ms),
                    hook_versions::created_by.eq(&new.created_by),
                    hook_versions::message.eq(new.message.as_deref()),
                    hook_versions::base_number.eq(new.base_number),
                ),
            ))
            .returning(VersionRow::columns())
            .get_result(self)?)
    }

    /// The versions of one hook, newest first.
    pub(crate) fn versions(&mut self, project: &Slug, name: &HookName) -> Result<Vec<VersionRow>, StoreError> {
        Ok(hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .filter(hook_versions::name.eq(name.as_str()))
            .order(hook_versions::number.desc())
            .select(VersionRow::columns())
            .load(self)?)
    }

    pub(crate) fn version_by_digest(
        &mut self,
        project: &Slug,
        name: &HookName,
        digest: &str,
    ) -> Result<Option<VersionRow>, StoreError> {
        Ok(hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .filter(hook_versions::name.eq(name.as_str()))
            .filter(hook_versions::digest.eq(digest))
            .select(VersionRow::columns())
            .first(self)
            .optional()?)
    }

    pub(crate) fn version_by_number(
        &mut self,
        project: &Slug,
        name: &HookName,
        number: i32,
    ) -> Result<Option<VersionRow>, StoreError> {
        Ok(hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .filter(hook_versions::name.eq(name.as_str()))
            .filter(hook_versions::number.eq(number))
            .select(VersionRow::columns())
            .first(self)
            .optional()?)
    }

    pub(crate) fn version(&mut self, project: &Slug, version_id: &str) -> Result<Option<VersionRow>, StoreError> {
        Ok(hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .filter(hook_versions::id.eq(version_id))
            .select(VersionRow::columns())
            .first(self)
            .optional()?)
    }

    /// The bytes of a version of the project.
    pub(crate) fn component(&mut self, project: &Slug, version_id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(hook_versions::table
            .filter(hook_versions::id.eq(version_id))
            .filter(hook_versions::project_id.eq(project.as_str()))
            .select(hook_versions::component)
            .first(self)
            .optional()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{
            config::{DatabaseUrl, StoreConfig},
            ids::{Kind, new_id},
        },
        storage::store::Store,
    };

    #[tokio::test]
    async fn a_version_never_changes_and_numbers_count_per_hook() {
        let dir = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(dir.path().join("db"));
        let store = Store::open(&url, &StoreConfig { connections: 2 }).await.unwrap();
        let new = |name: &str, digest: &str| NewVersion {
            id: new_id(Kind::Version),
            name: HookName::parse(name).unwrap(),
            digest: digest.to_owned(),
            manifest: "{}".to_owned(),
            component: vec![1, 2, 3],
            created_ms: 1,
            created_by: "server".to_owned(),
            message: None,
            base_number: None,
        };
        let versions = [new("a", "1"), new("a", "2"), new("b", "1")];
        let numbers = store.write(move |tx| {
            let project = Slug::production();
            tx.insert_project(&project, "A", 1)?;
            versions
                .iter()
                .map(|version| Ok(tx.insert_version(&project, version)?.number))
                .collect::<Result<Vec<_>, StoreError>>()
        });
        assert_eq!(numbers.await.unwrap(), vec![1, 2, 1]);
        let changed = store.write(|tx| {
            let changed = diesel::update(hook_versions::table).set(hook_versions::manifest.eq("[]"));
            Ok(changed.execute(tx)?)
        });
        assert!(changed.await.is_err());
    }
}
