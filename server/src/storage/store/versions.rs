//! Hook versions: immutable (a trigger sees to it), named by the digest of their bytes.

use diesel::dsl::max;

use super::{StoreError, Tx, query::prelude::*, schema::hook_versions};
use crate::base::ids::{HookName, Slug};

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
}

impl Tx<'_> {
    /// Keeps the bytes as the next version of the hook.
    pub(crate) fn insert_version(&mut self, project: &Slug, new: &NewVersion) -> Result<VersionRow, StoreError> {
        self.advisory_lock(&format!("versions {project}"))?;
        let last: Option<i32> = hook_versions::table
            .filter(hook_versions::project_id.eq(project.as_str()))
            .filter(hook_versions::name.eq(new.name.as_str()))
            .select(max(hook_versions::number))
            .first(self)?;
        Ok(diesel::insert_into(hook_versions::table)
            .values((
                hook_versions::id.eq(&new.id),
                hook_versions::project_id.eq(project.as_str()),
                hook_versions::name.eq(new.name.as_str()),
                hook_versions::number.eq(last.unwrap_or(0) + 1),
                hook_versions::digest.eq(&new.digest),
                hook_versions::manifest.eq(&new.manifest),
                hook_versions::component_bytes.eq(i64::try_from(new.component.len()).unwrap_or(i64::MAX)),
                (
                    hook_versions::component.eq(&new.component),
                    hook_versions::created_ms.eq(new.created_ms),
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
