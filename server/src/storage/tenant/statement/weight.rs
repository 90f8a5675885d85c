//! How much a statement makes of itself before it runs. Both databases put the text of a view, or of a part of a `WITH`, in
//! the place of its name, and look at no clock meanwhile: a chain of twenty-four that each name the last one twice takes
//! all memory of the machine. So the tables that a statement reads are counted as they will be then.

use std::collections::HashMap;

use aerocall_runtime::host::{ErrorCode, SdkError};

use super::{
    super::fault,
    lexer::{Placed, Token},
};

/// Tables that one statement, or one view, may read, each mention counted.
const MAX_TABLES: usize = 100;

/// Words and signs of a statement, with those of what it names.
const MAX_TOKENS: usize = 100_000;

/// Parts of a `WITH`.
const MAX_PARTS: usize = 100;

/// Longer names are cut by the database, so two of them could be one.
const MAX_NAME_BYTES: usize = 63;

/// Words that end a list of tables.
const ENDS: [&str; 15] = [
    "where",
    "group",
    "having",
    "window",
    "order",
    "limit",
    "offset",
    "fetch",
    "for",
    "union",
    "intersect",
    "except",
    "returning",
    "set",
    "select",
];

/// Refuses a statement that would grow.
pub(super) fn check(tokens: &[Placed]) -> Result<(), SdkError> {
    let not_kept = |pair: &[Placed]| is_word(&pair[0], "not") && is_word(&pair[1], "materialized");
    if tokens.windows(2).any(not_kept) {
        return Err(fault::denied("`NOT MATERIALIZED` is not for hooks; leave it out"));
    }
    let mut library = Library::default();
    library.add_parts(tokens)?;
    library
        .weigh(&library.outside_of_parts(tokens))
        .check("the statement")?;
    let long = |placed: &&Placed| name(placed).is_some_and(|name| name.len() > MAX_NAME_BYTES);
    match tokens.iter().find(long) {
        Some(_) => Err(fault::invalid(format!("a name has at most {MAX_NAME_BYTES} bytes"))),
        None => Ok(()),
    }
}

/// Refuses views and triggers of which one would grow. `objects`: name and text of each.
pub(super) fn check_views(objects: &[(&str, &[Placed])]) -> Result<(), SdkError> {
    let mut library = Library::default();
    for (name, tokens) in objects {
        library.add_parts(tokens)?;
        let body = library
            .outside_of_parts(tokens)
            .into_iter()
            .skip(definition_end(tokens))
            .collect();
        library.add(name.to_ascii_lowercase(), body);
    }
    objects.iter().try_for_each(|(name, _)| {
        library
            .weigh_name(&name.to_ascii_lowercase(), &mut HashMap::new())
            .check(&format!("`{name}`"))
    })
}

/// `CREATE VIEW name`, `CREATE TRIGGER IF NOT EXISTS name`: up to the name, which is no mention.
fn definition_end(tokens: &[Placed]) -> usize {
    let is_kind = |placed: &Placed| is_word(placed, "view") || is_word(placed, "trigger");
    let kind = tokens.iter().take(4).position(is_kind).unwrap_or(0);
    match tokens.get(kind + 1) {
        Some(next) if is_word(next, "if") => kind + 5,
        _ => kind + 2,
    }
}

/// Named texts: views, triggers, and parts of a `WITH`. One name may have several; all count.
#[derive(Default)]
struct Library<'t> {
    parts: HashMap<String, Vec<Vec<&'t Placed>>>,
}

#[derive(Clone, Copy, Default)]
struct Weight {
    tables: usize,
    tokens: usize,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.tables = self.tables.saturating_add(other.tables);
        self.tokens = self.tokens.saturating_add(other.tokens);
    }

    fn check(self, what: &str) -> Result<(), SdkError> {
        if self.tables <= MAX_TABLES && self.tokens <= MAX_TOKENS {
            return Ok(());
        }
        let message = format!(
            "db: {what} reads more than {MAX_TABLES} tables, or is too long, when every view and every part of a WITH in it \
             is counted where it is named"
        );
        Err(SdkError::new(ErrorCode::LimitExceeded, message))
    }
}

impl<'t> Library<'t> {
    /// Finds `name AS (…)` and `name (columns) AS (…)`.
    fn add_parts(&mut self, tokens: &'t [Placed]) -> Result<(), SdkError> {
        let found = parts(tokens);
        if found.len() > MAX_PARTS {
            let message = format!("db: a WITH has at most {MAX_PARTS} parts");
            return Err(SdkError::new(ErrorCode::LimitExceeded, message));
        }
        for part in found {
            self.add(part.name, self.outside_of_parts(&tokens[part.start..part.end]));
        }
        Ok(())
    }

    fn add(&mut self, name: String, body: Vec<&'t Placed>) {
        self.parts.entry(name).or_default().push(body);
    }

    /// The tokens that are in no part of a `WITH`.
    fn outside_of_parts(&self, tokens: &'t [Placed]) -> Vec<&'t Placed> {
        let mut outside = Vec::with_capacity(tokens.len());
        let mut at = 0;
        for part in parts(tokens) {
            // A part inside of the last one went with it.
            if part.at >= at {
                outside.extend(&tokens[at..part.at]);
                at = part.end;
            }
        }
        outside.extend(&tokens[at..]);
        outside
    }

    fn weigh(&self, body: &[&'t Placed]) -> Weight {
        self.weigh_body(body, &mut HashMap::new())
    }

    fn weigh_body(&self, body: &[&'t Placed], known: &mut HashMap<String, Weight>) -> Weight {
        let mut weight = Weight {
            tables: tables(body),
            tokens: body.len(),
        };
        for name in body.iter().filter_map(|placed| name(placed)) {
            weight.add(self.weigh_name(&name.to_ascii_lowercase(), known));
        }
        weight
    }

    /// Each name is weighed once; within itself it weighs nothing, so that a circle ends.
    fn weigh_name(&self, name: &str, known: &mut HashMap<String, Weight>) -> Weight {
        let Some(bodies) = self.parts.get(name) else {
            return Weight::default();
        };
        if let Some(weight) = known.get(name) {
            return *weight;
        }
        known.insert(name.to_owned(), Weight::default());
        let mut weight = Weight::default();
        for body in bodies {
            weight.add(self.weigh_body(body, known));
        }
        known.insert(name.to_owned(), weight);
        weight
    }
}

/// A part of a `WITH`.
struct Part {
    name: String,
    /// Where its name stands, which is no mention.
    at: usize,
    /// Its text, between the parentheses.
    start: usize,
    end: usize,
}

/// In the order in which they start.
fn parts(tokens: &[Placed]) -> Vec<Part> {
    let closing = closings(tokens);
    let mut parts = Vec::new();
    for (at, placed) in tokens.iter().enumerate() {
        let Some(name) = name(placed) else { continue };
        let mut next = at + 1;
        if is_symbol(tokens, next, '(') {
            next = closing[next] + 1;
        }
        if !tokens.get(next).is_some_and(|placed| is_word(placed, "as")) {
            continue;
        }
        next += 1;
        while tokens
            .get(next)
            .is_some_and(|placed| is_word(placed, "not") || is_word(placed, "materialized"))
        {
            next += 1;
        }
        if is_symbol(tokens, next, '(') {
            parts.push(Part {
                name: name.to_ascii_lowercase(),
                at,
                start: next + 1,
                end: closing[next],
            });
        }
    }
    parts
}

/// For each parenthesis that opens, where it is closed, or the end.
fn closings(tokens: &[Placed]) -> Vec<usize> {
    let mut closings = vec![tokens.len(); tokens.len()];
    let mut open = Vec::new();
    for (at, placed) in tokens.iter().enumerate() {
        match placed.token {
            Token::Symbol('(') => open.push(at),
            Token::Symbol(')') => {
                if let Some(start) = open.pop() {
                    closings[start] = at;
                }
            }
            _ => {}
        }
    }
    closings
}

fn is_symbol(tokens: &[Placed], at: usize, symbol: char) -> bool {
    tokens
        .get(at)
        .is_some_and(|placed| placed.token == Token::Symbol(symbol))
}

/// Mentions of tables, a few too many rather than one too few.
fn tables(tokens: &[&Placed]) -> usize {
    let mut count = 0;
    // For each open parenthesis, whether a list of tables is being read in it.
    let mut lists = vec![List::None];
    for placed in tokens {
        match &placed.token {
            // A join in parentheses is a list of its own.
            Token::Symbol('(') => lists.push(List::None),
            Token::Symbol(')') if lists.len() > 1 => drop(lists.pop()),
            Token::Symbol(',') if lists.last() == Some(&List::Tables) => count += 1,
            Token::Word(word) if ["from", "join", "using", "into", "update", "table"].contains(&word.as_str()) => {
                count += 1;
                if ["from", "using", "join"].contains(&word.as_str()) {
                    set(&mut lists, List::Tables);
                }
            }
            Token::Word(word) if ENDS.contains(&word.as_str()) => set(&mut lists, List::None),
            _ => {}
        }
    }
    count
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    None,
    Tables,
}

fn set(lists: &mut [List], list: List) {
    if let Some(last) = lists.last_mut() {
        *last = list;
    }
}

/// The view that a statement makes, if it makes one.
pub(super) fn made_view(tokens: &[Placed]) -> Option<&str> {
    if !tokens.first().is_some_and(|first| is_word(first, "create")) {
        return None;
    }
    let at = tokens.iter().take(4).position(|placed| is_word(placed, "view"))?;
    // The last part of a name with points in it.
    let mut name = name(tokens.get(at + 1)?)?;
    let mut rest = &tokens[at + 2..];
    while let [point, part, more @ ..] = rest
        && point.token == Token::Symbol('.')
    {
        name = self::name(part)?;
        rest = more;
    }
    Some(name)
}

/// The first of these views that is named beside `own`.
pub(super) fn named<'t>(tokens: &'t [Placed], views: &[String], own: Option<&str>) -> Option<&'t str> {
    tokens
        .iter()
        .filter_map(name)
        .find(|name| Some(*name) != own && views.iter().any(|view| view == name))
}

fn name(placed: &Placed) -> Option<&str> {
    match &placed.token {
        Token::Word(name) | Token::Quoted(name) => Some(name),
        _ => None,
    }
}

fn is_word(placed: &Placed, word: &str) -> bool {
    matches!(&placed.token, Token::Word(is) if is == word)
}

#[cfg(test)]
mod tests {
    use super::{super::lexer::tokens as lexed, *};

    #[test]
    fn mentions_of_tables_are_counted() {
        for (sql, most) in [
            ("select a, b, c from t where x in (1, 2, 3)", 1),
            ("select * from a, b join c on true, (select 1, 2 from d, e) f", 6),
            ("insert into t (a, b) values (1, 2), (3, 4)", 1),
            ("update t set a = 1, b = 2 from u, v where true", 3),
        ] {
            assert_eq!(tables(&lexed(sql).unwrap().iter().collect::<Vec<_>>()), most, "{sql}");
        }
        let many = format!("select 1 from t{}", ", t".repeat(100));
        assert_eq!(
            check(&lexed(&many).unwrap()).unwrap_err().code,
            ErrorCode::LimitExceeded
        );
        assert!(check(&lexed("with a as not /* */ materialized (select 1) select 1").unwrap()).is_err());
        assert!(check(&lexed("with a as materialized (select 1) select 1 where not true").unwrap()).is_ok());
    }

    #[test]
    fn a_view_is_known_by_its_name() {
        let made = |sql| made_view(&lexed(sql).unwrap()).map(str::to_owned);
        assert_eq!(made("create view V as select 1").as_deref(), Some("v"));
        assert_eq!(
            made("create or replace view s.\"V\" (a) as select 1").as_deref(),
            Some("V")
        );
        assert_eq!(made("create table t (view int)"), None);
    }

    #[test]
    fn parts_of_a_with_count_where_they_are_named() {
        let levels = |count: usize| {
            let level = |n| format!(", a{} as (select * from a{n} union all select * from A{n})", n + 1);
            let all: String = (0..count).map(level).collect();
            format!("with a0 (x) as (select 1 from t){all} select * from a{count}")
        };
        assert!(check(&lexed(&levels(3)).unwrap()).is_ok());
        for count in [6, 24, 90] {
            let error = check(&lexed(&levels(count)).unwrap()).unwrap_err();
            assert_eq!(error.code, ErrorCode::LimitExceeded, "{count}");
        }
        let nested = "with a as (with b as (select * from t, t) select * from b, b, b) select * from a, a, a";
        let (tokens, mut library) = (lexed(nested).unwrap(), Library::default());
        library.add_parts(&tokens).unwrap();
        assert_eq!(
            library.weigh(&library.outside_of_parts(&tokens)).tables,
            3 + 3 * (3 + 3 * 2)
        );
        let chain: String = (0..60)
            .map(|n| format!(", a{} as (select * from a{n} where x > 0)", n + 1))
            .collect();
        let chain = format!("with a0 (x) as (select 1 from t){chain} select * from a60");
        assert!(check(&lexed(&chain).unwrap()).is_ok(), "each names the last one once");
        let recursive = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 9) select n from c";
        assert!(check(&lexed(recursive).unwrap()).is_ok());
    }

    #[test]
    fn reading_takes_time_in_proportion() {
        let started = std::time::Instant::now();
        for sql in [
            format!("with {}", "a(".repeat(40_000)),
            format!("with a as {}", "(".repeat(90_000)),
            format!("with a as (select 1) select {}", "a,".repeat(40_000)),
            "a as(".repeat(18_000),
        ] {
            let _ = check(&lexed(&sql).unwrap());
        }
        assert!(started.elapsed() < std::time::Duration::from_secs(10));
    }
}
