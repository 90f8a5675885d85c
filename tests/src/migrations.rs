//! Migrations of the core database: both databases have the same ones, and each has a number of its own. Of two with one number
//! only the first is ever applied, and nobody says so.

use std::collections::{BTreeMap, BTreeSet};

use crate::Tree;

const FOLDERS: [&str; 2] = ["server/migrations/sqlite/", "server/migrations/postgres/"];

/// Two migrations with one number, and migrations that one of the databases lacks.
#[must_use]
pub fn migrations(tree: &Tree) -> Vec<String> {
    let [sqlite, postgres] = FOLDERS.map(|folder| names(tree, folder));
    // PostgreSQL came later, and began with what there was then.
    let begin = sqlite.intersection(&postgres).next().copied().unwrap_or_default();
    let one_sided = sqlite.symmetric_difference(&postgres);
    let mut broken: Vec<String> = one_sided
        .filter(|name| **name > begin)
        .map(|name| format!("server/migrations: {name} is there for one of the two databases only"))
        .collect();
    let twice = [twice(&sqlite), twice(&postgres)].concat();
    broken.extend(BTreeSet::from_iter(twice));
    broken
}

fn twice(names: &BTreeSet<&str>) -> Vec<String> {
    let mut numbers = BTreeMap::new();
    let twice = names.iter().filter_map(|name| {
        let number = name.split('_').next().unwrap_or(name);
        let first = numbers.insert(number, name)?;
        Some(format!(
            "server/migrations: {first} and {name} have one number: give the later one another"
        ))
    });
    twice.collect()
}

fn names<'t>(tree: &'t Tree, folder: &str) -> BTreeSet<&'t str> {
    let below = tree.files().filter_map(|(path, _)| path.strip_prefix(folder));
    below
        .filter_map(|path| path.split_once('/'))
        .map(|(name, _)| name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::migrations;
    use crate::{assert_found, assert_kept};

    #[test]
    fn each_migration_is_there_for_both_databases_and_has_its_number() {
        assert_kept(migrations);
    }

    #[test]
    fn one_number_twice_and_a_missing_side_are_found() {
        let files = [
            ("server/migrations/sqlite/2026-01-01-100000_a/up.sql", ""),
            ("server/migrations/postgres/2026-01-01-100000_a/up.sql", ""),
            ("server/migrations/sqlite/2026-01-01-100000_b/up.sql", ""),
            ("server/migrations/postgres/2026-01-01-100000_b/up.sql", ""),
            ("server/migrations/sqlite/2026-01-01-110000_c/up.sql", ""),
        ];
        let expected = [
            "2026-01-01-100000_a and 2026-01-01-100000_b have one number",
            "2026-01-01-110000_c is there for one",
        ];
        assert_found(migrations, &files, &expected);
    }
}
