//! Migrations of a hook project: files of SQL with a name, applied once, in the order of their names. Knows no database.

use aerocall_runtime::host::SdkError;

/// Where each database keeps what was applied. Names that start like this are ours.
pub(super) const TABLE: &str = "_aerocall_migrations";

const MAX_NAME_BYTES: usize = 100;
const MAX_SQL_BYTES: usize = 256 << 10;

/// A migration as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Migration {
    /// The file's name without ending: `[a-z0-9][a-z0-9_-]{0,99}`.
    pub(crate) name: String,
    /// Statements with `;` between them.
    pub(crate) sql: String,
}

/// A migration that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    pub(crate) name: String,
    /// `sha256:…` over the SQL.
    pub(crate) digest: String,
    pub(crate) applied_ms: i64,
}

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrationFault {
    /// A migration cannot be applied: whose, where and why, for its author.
    #[error("{name}, statement {statement}: {problem}")]
    Refused {
        name: String,
        /// Which of the file's statements, from 1.
        statement: usize,
        problem: String,
    },
    /// One that was applied has changed since, or comes before one that was applied.
    #[error("{name}: {problem}")]
    Rewritten { name: String, problem: String },
    /// The database cannot be used right now.
    #[error(transparent)]
    Database(#[from] SdkError),
}

/// What a migration may be called.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let starts_well = name.bytes().next().is_some_and(plain);
    if !starts_well || name.len() > MAX_NAME_BYTES || !name.bytes().all(|b| plain(b) || b == b'_' || b == b'-') {
        return Err("must be 1 to 100 of a-z, 0-9, _ and -, starting with a letter or digit".to_owned());
    }
    Ok(())
}

/// How long a migration may be.
pub(crate) fn check_sql(sql: &str) -> Result<(), String> {
    if sql.len() > MAX_SQL_BYTES {
        return Err(format!("must have at most {MAX_SQL_BYTES} bytes"));
    }
    if sql.contains('\0') {
        return Err("must not hold a NUL character".to_owned());
    }
    Ok(())
}

/// What of `sent` is still to be applied. A deployment may send fewer than were applied: an older one is no mistake.
pub(super) fn pending(applied: &[Applied], sent: Vec<Migration>) -> Result<Vec<Migration>, MigrationFault> {
    let last = applied.iter().map(|one| one.name.as_str()).max();
    let mut pending = Vec::new();
    for migration in sent {
        let rewritten = |problem: String| MigrationFault::Rewritten {
            name: migration.name.clone(),
            problem,
        };
        match applied.iter().find(|one| one.name == migration.name) {
            Some(one) if one.digest == digest(&migration.sql) => {}
            Some(_) => {
                return Err(rewritten(
                    "it was changed after it was applied; restore it and add a new migration".to_owned(),
                ));
            }
            None if last.is_some_and(|last| migration.name.as_str() < last) => {
                return Err(rewritten(format!(
                    "it sorts before {}, which is already applied; give it a name that sorts after it",
                    last.unwrap_or_default()
                )));
            }
            None => pending.push(migration),
        }
    }
    Ok(pending)
}

/// `sha256:…`
pub(super) fn digest(sql: &str) -> String {
    aerocall_runtime::digest(sql.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(names: &[(&str, &str)]) -> Vec<Migration> {
        let one = |(name, sql): &(&str, &str)| Migration {
            name: (*name).to_owned(),
            sql: (*sql).to_owned(),
        };
        names.iter().map(one).collect()
    }

    fn applied(names: &[(&str, &str)]) -> Vec<Applied> {
        let one = |migration: Migration| Applied {
            digest: digest(&migration.sql),
            name: migration.name,
            applied_ms: 0,
        };
        sent(names).into_iter().map(one).collect()
    }

    #[test]
    fn only_what_comes_after_is_new_and_nothing_may_change() {
        let done = applied(&[("1", "a"), ("2", "b")]);
        let names = |found: Vec<Migration>| found.into_iter().map(|one| one.name).collect::<Vec<_>>();
        assert_eq!(
            names(pending(&done, sent(&[("1", "a"), ("2", "b"), ("3", "c")])).unwrap()),
            ["3"]
        );
        assert!(pending(&done, Vec::new()).unwrap().is_empty(), "an older deployment");
        for wrong in [&[("2", "changed")], &[("11", "between")], &[("0", "before")]] {
            let fault = pending(&done, sent(wrong)).unwrap_err();
            assert!(matches!(fault, MigrationFault::Rewritten { .. }), "{fault}");
        }
    }

    #[test]
    fn names_are_plain() {
        assert!(check_name("0001_users-a").is_ok());
        let long = "a".repeat(101);
        for wrong in ["", "_a", "A", "a/b", "../a", "a b", long.as_str()] {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
    }
}
