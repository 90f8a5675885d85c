//! What the tables of API keys and of admin tokens have in common: a row is valid until it is revoked or expires, and is kept
//! for a while afterwards. Macros, because each column of diesel is a type of its own table.

/// The rows that are valid at a time.
macro_rules! valid {
    ($table:ident, $now_ms:expr) => {
        $table::table
            .filter($table::revoked_ms.is_null())
            .filter($table::expires_ms.is_null().or($table::expires_ms.gt($now_ms)))
    };
}

/// Ends a row: now, or at that time if it does not end sooner by itself.
macro_rules! end {
    ($table:ident, $tx:expr, $row:expr, $at_ms:expr, $now_ms:expr) => {{
        let one = $table::table.filter($table::id.eq(&$row.id));
        if $at_ms <= $now_ms {
            diesel::update(one).set($table::revoked_ms.eq($now_ms)).execute($tx)?;
        } else {
            let ends_ms = $row.expires_ms.map_or($at_ms, |own| own.min($at_ms));
            diesel::update(one).set($table::expires_ms.eq(ends_ms)).execute($tx)?;
        }
        Ok(())
    }};
}

/// Records when a row was used.
macro_rules! mark_used {
    ($table:ident, $tx:expr, $id:expr, $now_ms:expr) => {{
        diesel::update($table::table.filter($table::id.eq($id)))
            .set($table::last_used_ms.eq($now_ms))
            .execute($tx)?;
        Ok(())
    }};
}

/// Deletes the rows that ended before then.
macro_rules! delete_ended {
    ($table:ident, $tx:expr, $before_ms:expr) => {{
        let ended = $table::revoked_ms.lt($before_ms).or($table::expires_ms.lt($before_ms));
        let ids: Vec<String> = $table::table.filter(ended).select($table::id).lock_free().load($tx)?;
        Ok(diesel::delete($table::table.filter($table::id.eq_any(ids))).execute($tx)?)
    }};
}

pub(super) use {delete_ended, end, mark_used, valid};
