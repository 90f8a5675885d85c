//! The reader of statements beside PostgreSQL itself: both read the same text, and where one sees a string the other must.
//!
//! PostgreSQL says where a token starts and what it is when nothing may stand there: behind words that only one other word can
//! follow, its error repeats the token. Asked again behind that token, it tells the next one.

use serde::Deserialize;
use tokio_postgres::{Client, NoTls, error::ErrorPosition};

use super::{
    super::statement::{
        read_statement,
        testing::{Kind, Piece, pieces},
    },
    testing::Database,
};

/// How many statements are made up. A night's run has more: `tests/soak.sh`.
const SEEDS: u64 = 2_000;

/// What statements are made of, with all that changes what the rest means.
const PARTS: [&str; 54] = [
    "'",
    "''",
    "\"",
    "\"\"",
    "$",
    "$$",
    "$a$",
    "$b$",
    "?",
    "?",
    "?",
    "1",
    "23",
    ".",
    ".5",
    "e",
    "e5",
    "E'",
    "N'",
    "b'",
    "x'",
    "U&'",
    "U&\"",
    "--",
    "\n",
    "\r",
    " ",
    "\t",
    "\x0c",
    "\x0b",
    "/*",
    "*/",
    "a",
    "_",
    "é",
    "\u{a0}",
    "$1",
    "$2",
    ";",
    "(",
    ")",
    ",",
    "::",
    "\\",
    "|",
    "@",
    "+",
    "-",
    "*",
    "<",
    "=",
    "current_user",
    " current_user ",
    "\\'",
];

/// Behind each, only the second word may follow.
const PROBES: [(&str, &str); 2] = [
    ("BEGIN ISOLATION ", "level"),
    ("SET SESSION CHARACTERISTICS AS ", "transaction"),
];

/// PostgreSQL, asked for its reading.
struct Oracle(Client);

/// What PostgreSQL reads next: bytes of the text.
enum Next {
    Token(std::ops::Range<usize>),
    End,
    /// It refuses the text altogether.
    Refused,
}

impl Oracle {
    async fn new(database: &Database) -> Self {
        // What it refuses is what it is asked for; the server's log need not have it.
        let mut config: tokio_postgres::Config = database.url.parse().unwrap();
        config.options("-c log_min_messages=panic -c standard_conforming_strings=on");
        let (client, connection) = config.connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        Self(client)
    }

    async fn next(&self, text: &str) -> Next {
        let legal = |word: &&(&str, &str)| !text.to_ascii_lowercase().contains(word.1);
        let Some((before, _)) = PROBES.iter().find(legal) else {
            return Next::Refused;
        };
        let sent = format!("{before}{text}");
        let error = self.0.batch_execute(&sent).await.unwrap_err();
        let error = error.as_db_error().unwrap();
        let message = error.message();
        if message == "syntax error at end of input" {
            return Next::End;
        }
        let token = message
            .strip_prefix("syntax error at or near \"")
            .and_then(|rest| rest.strip_suffix('"'));
        let (Some(token), Some(ErrorPosition::Original(at))) = (token, error.position()) else {
            return Next::Refused;
        };
        let start: usize = sent.chars().take(*at as usize - 1).map(char::len_utf8).sum();
        let start = start - before.len();
        Next::Token(start..start + token.len())
    }

    /// The tokens of a text, or `None` where PostgreSQL refuses it.
    async fn read(&self, text: &str) -> Option<Vec<std::ops::Range<usize>>> {
        let (mut read, mut at) = (Vec::new(), 0);
        loop {
            match self.next(&text[at..]).await {
                Next::Token(token) => {
                    read.push(at + token.start..at + token.end);
                    at += token.end;
                }
                Next::End => return Some(read),
                Next::Refused => return None,
            }
        }
    }
}

/// Whether both read the same. `N'a'` is a string to us and a word before a string to PostgreSQL.
fn same(text: &str, ours: &[Piece], theirs: &[std::ops::Range<usize>]) -> bool {
    let mut ours = ours.iter();
    let mut theirs = theirs.iter().peekable();
    while let Some(token) = theirs.next() {
        let Some(first) = ours.next() else { return false };
        if first.at != token.start {
            return false;
        }
        match first.kind {
            Kind::Whole => {
                let national = text[token.start..].to_ascii_lowercase().starts_with("n'");
                if national && theirs.next_if(|next| next.start == token.end).is_none() {
                    return false;
                }
            }
            // An operator is several signs.
            Kind::Sign | Kind::Question => {
                for at in token.start + 1..token.end {
                    if ours.next().is_none_or(|next| next.at != at || next.kind == Kind::Whole) {
                        return false;
                    }
                }
            }
        }
    }
    ours.next().is_none()
}

/// Whether the role's name is asked for, in PostgreSQL's own reading.
fn asks_for_the_role(text: &str, theirs: &[std::ops::Range<usize>]) -> bool {
    let word = |index: usize| text[theirs[index].clone()].to_ascii_lowercase();
    let asked = |index: usize| {
        let before = index.checked_sub(1).map(word);
        word(index) == "current_user" && !matches!(before.as_deref(), Some("." | "as"))
    };
    (0..theirs.len()).any(asked)
}

/// What is wrong with how a hook's statement is read, if anything is.
async fn wrong(oracle: &Oracle, written: &str) -> Option<String> {
    let questions = |pieces: &[Piece]| pieces.iter().filter(|piece| piece.kind == Kind::Question).count();
    let count = pieces(written).map_or(0, |pieces| questions(&pieces));
    for params in [0, 1, 2, count] {
        let Ok(read) = read_statement(written, params) else {
            continue;
        };
        let (ours, theirs) = (pieces(read.sql()), oracle.read(read.sql()).await);
        let (Ok(ours), Some(theirs)) = (ours, theirs) else {
            continue;
        };
        if !same(read.sql(), &ours, &theirs) {
            return Some(format!(
                "{written:?}, sent as {:?}: {ours:?} and {theirs:?}",
                read.sql()
            ));
        }
        if asks_for_the_role(read.sql(), &theirs) {
            return Some(format!("{written:?} asks for the role"));
        }
    }
    let (Ok(ours), Some(theirs)) = (pieces(written), oracle.read(written).await) else {
        return None;
    };
    (!same(written, &ours, &theirs)).then(|| format!("{written:?}: {ours:?} and {theirs:?}"))
}

/// The same statement for the same seed (SplitMix64).
fn made_up(seed: u64) -> String {
    let mut state = seed;
    let mut next = |below: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).unwrap()
    };
    let length = 1 + next(12);
    let parts: String = (0..length).map(|_| PARTS[next(PARTS.len())]).collect();
    format!("select {parts}")
}

async fn none_is_wrong(statements: impl Iterator<Item = String>) {
    let Some(database) = Database::new().await else { return };
    let oracle = Oracle::new(&database).await;
    for statement in statements {
        let wrong = wrong(&oracle, &statement).await;
        assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    }
}

#[derive(Deserialize)]
struct Table {
    postgres: Vec<toml::Table>,
}

#[tokio::test]
async fn postgres_reads_attacks_as_the_reader_does() {
    let table: Table = toml::from_str(include_str!("../attacks.toml")).unwrap();
    let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
    let of = |attack: &toml::Table| match &attack["sql"] {
        toml::Value::Array(list) => list.iter().map(text).collect(),
        one => vec![text(one)],
    };
    none_is_wrong(table.postgres.iter().flat_map(of)).await;
}

#[tokio::test]
async fn postgres_reads_statements_as_the_reader_does() {
    let own = [
        "select 1 as a?$b$, $1::text, current_user::text --$b$",
        "select a?$b$ from t where c = ? --$b$",
        "select 1?, current_user",
        "select '?' ? '?'",
        "select $$?$$, ?",
        "select e'\\'?', ?, n'a', b'1', x'f'",
        "select a[1:?], b::text, c <> all(?), d @? ?, -1.5e-10, .5, 1., \"a\"\"b\" from t",
        "select /* ? /* ? */ */ ? -- ?\n, a$1, é?é",
        "select not a, with_b from t where x is null order by a nulls first",
    ];
    let seeds = std::env::var("STATEMENT_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    none_is_wrong(own.into_iter().map(str::to_owned).chain((0..seeds).map(made_up))).await;
}

/// The comparison itself: with a lexer that took `a?` for a name and a number, it would say so.
#[tokio::test]
async fn the_comparison_notices_another_reading() {
    let Some(database) = Database::new().await else { return };
    let oracle = Oracle::new(&database).await;
    let sent = "select 1 as a$1$b$, $1::text, current_user::text --$b$";
    let judged = pieces("select 1 as a?$b$, $1::text, current_user::text --$b$").unwrap();
    let theirs = oracle.read(sent).await.unwrap();
    assert!(!same(sent, &judged, &theirs));
    assert!(asks_for_the_role(sent, &theirs));
}
