//! Reads the text of statements before a database does: where one ends, what kind it is, what it names. PostgreSQL has no
//! authorizer, so its statements are read in full; of SQLite's only the end matters here.

mod forbidden;
mod lexer;
mod migration;
mod reader;
mod sqlite;
#[cfg(test)]
pub(super) mod testing;
mod weight;

pub(super) use migration::{Part, read_migration};
pub(super) use reader::{Effect, Read, read_statement};
pub(super) use sqlite::{check_schema, check_weight, first_statement};
