//! Which tables of the project's database statements read and write, as far as a statement is written out and its table stands
//! where one stands in SQL. For a sentence to people: what a statement may do is decided by the database.

use std::collections::{BTreeMap, BTreeSet};

use super::words::codes;

/// What is read and written.
#[derive(Default)]
struct Tables {
    read: BTreeSet<String>,
    written: BTreeSet<String>,
    /// Statements that only a call knows, or in which no table was found.
    unknown: bool,
}

/// What the calls of `db` do.
pub(super) fn clauses(calls: &BTreeMap<String, Vec<Option<BTreeSet<String>>>>) -> Vec<String> {
    let statements = |name: &str| calls.get(name).into_iter().flatten();
    let mut tables = Tables::default();
    let mut any = false;
    for statement in statements("db.query").chain(statements("db.execute")) {
        any = true;
        match statement {
            Some(texts) => texts.iter().for_each(|text| tables.add(text)),
            None => tables.unknown = true,
        }
    }
    let mut clauses = Vec::new();
    if !tables.read.is_empty() {
        clauses.push(format!("reads {}", named(&tables.read)));
    }
    if !tables.written.is_empty() {
        clauses.push(format!("writes to {}", named(&tables.written)));
    }
    if (any && tables.unknown) || (!any && calls.contains_key("db.transaction")) {
        clauses.push("uses the project's database".to_owned());
    }
    clauses
}

fn named(tables: &BTreeSet<String>) -> String {
    let word = if tables.len() == 1 { "the table" } else { "the tables" };
    format!("{word} {}", codes(tables.iter().map(String::as_str)))
}

impl Tables {
    fn add(&mut self, statement: &str) {
        let words = words(statement);
        let mut found = false;
        // Names that a statement defines for itself: `WITH recent AS (…)`.
        let own: BTreeSet<String> = words
            .windows(3)
            .filter(|three| three[1].eq_ignore_ascii_case("as") && three[2] == "(")
            .map(|three| three[0].to_lowercase())
            .collect();
        for (index, word) in words.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| words[before].to_uppercase());
            let name = |at: usize| {
                let name = words.get(at).filter(|name| is_name(name))?;
                Some(name.trim_matches('"').to_owned()).filter(|name| !own.contains(&name.to_lowercase()))
            };
            let (written, name) = match (word.to_uppercase().as_str(), before.as_deref()) {
                ("INTO", _) => (true, name(index + 1)),
                ("UPDATE", None | Some(";" | "(")) => (true, name(index + 1)),
                ("FROM", Some("DELETE")) => (true, name(index + 1)),
                ("FROM" | "JOIN", _) => (false, name(index + 1)),
                _ => continue,
            };
            if let Some(name) = name {
                found = true;
                match written {
                    true => self.written.insert(name),
                    false => self.read.insert(name),
                };
            }
        }
        self.unknown |= !found;
    }
}

/// Words and marks, without texts and comments.
fn words(statement: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut letters = statement.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => while letters.next().is_some_and(|next| next != '\'') {},
            '-' if letters.peek() == Some(&'-') => while letters.next().is_some_and(|next| next != '\n') {},
            c if c.is_alphanumeric() || c == '_' || c == '"' => {
                let mut word = String::from(c);
                while let Some(next) = letters.next_if(|next| next.is_alphanumeric() || matches!(next, '_' | '"' | '.'))
                {
                    word.push(next);
                }
                words.push(word);
            }
            c if c.is_whitespace() => {}
            c => words.push(c.to_string()),
        }
    }
    words
}

fn is_name(word: &str) -> bool {
    let is_keyword = ["SELECT", "LATERAL", "ONLY", "SET"]
        .iter()
        .any(|keyword| word.eq_ignore_ascii_case(keyword));
    !is_keyword && word.starts_with(|first: char| first.is_alphabetic() || first == '_' || first == '"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(statement: &str) -> String {
        let calls = BTreeMap::from([(
            "db.query".to_owned(),
            vec![Some(BTreeSet::from([statement.to_owned()]))],
        )]);
        clauses(&calls).join("; ")
    }

    #[test]
    fn tables_stand_where_sql_has_them() {
        for (statement, expected) in [
            ("SELECT a FROM users WHERE x = 'from secret'", "reads the table `users`"),
            ("select * from a join b on a.id = b.id", "reads the tables `a` and `b`"),
            (
                "INSERT INTO audit (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET n = n + 1",
                "writes to the table `audit`",
            ),
            ("UPDATE \"Plans\" SET n = 1 RETURNING n", "writes to the table `Plans`"),
            (
                "DELETE FROM carts WHERE id IN (SELECT id FROM old)",
                "reads the table `old`; writes to the table `carts`",
            ),
            (
                "WITH recent AS (SELECT * FROM logins) SELECT count(*) FROM recent",
                "reads the table `logins`",
            ),
            (
                "INSERT INTO a SELECT * FROM b -- from c",
                "reads the table `b`; writes to the table `a`",
            ),
            ("SELECT 1", "uses the project's database"),
        ] {
            assert_eq!(says(statement), expected, "{statement}");
        }
    }
}
