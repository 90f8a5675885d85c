//! JavaScript engines, by the digest of the module.

use diesel::dsl::exists;

use super::{StoreError, Tx, query::prelude::*, schema::engines};

/// An engine, kept or to keep.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = engines)]
pub(crate) struct EngineRow {
    pub(crate) digest: String,
    pub(crate) name: String,
    /// A core WebAssembly module.
    pub(crate) module: Vec<u8>,
    pub(crate) created_ms: i64,
}

impl Tx<'_> {
    pub(crate) fn engine(&mut self, digest: &str) -> Result<Option<EngineRow>, StoreError> {
        Ok(engines::table
            .find(digest)
            .select(EngineRow::columns())
            .first(self)
            .optional()?)
    }

    pub(crate) fn has_engine(&mut self, digest: &str) -> Result<bool, StoreError> {
        Ok(diesel::select(exists(engines::table.find(digest))).get_result(self)?)
    }

    /// Keeps an engine, unless it is kept already.
    pub(crate) fn put_engine(&mut self, row: &EngineRow) -> Result<(), StoreError> {
        diesel::insert_into(engines::table)
            .values((
                engines::digest.eq(&row.digest),
                engines::name.eq(&row.name),
                engines::module.eq(&row.module),
                engines::created_ms.eq(row.created_ms),
            ))
            .on_conflict_do_nothing()
            .execute(self)?;
        Ok(())
    }
}
