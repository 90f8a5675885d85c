//! A look for damage in the core database.

use diesel::{QueryableByName, sql_query, sql_types::Text};

use super::{Store, StoreError, Tx, pool::Connection, query::prelude::*};
use crate::{
    base::error::chain,
    storage::{
        soundness::{AMCHECK, CHECKSUMS, Soundness, looked_on_postgres},
        write_fault::WriteFault,
    },
};

/// Whatever reads as one text.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// A part of the database and how to look at it.
#[derive(QueryableByName)]
struct Part {
    #[diesel(sql_type = Text)]
    statement: String,
    #[diesel(sql_type = Text)]
    name: String,
}

impl Store {
    /// Reads all of it; nobody who writes waits for that.
    pub(crate) async fn soundness(&self) -> Result<Soundness, StoreError> {
        let parts = self.read(|tx| tx.parts()).await?;
        let Some(parts) = parts else {
            let lines = self.read(|tx| tx.lines("SELECT integrity_check AS line FROM pragma_integrity_check LIMIT 20"));
            let mut sound = Soundness::new("every page and index");
            match lines.await {
                Ok(lines) => sound.found("", lines),
                // Damage can be such that nothing more can be looked at.
                Err(StoreError::Refuses(WriteFault::Damaged | WriteFault::Disk, error)) => {
                    sound.found("", error.map(|error| chain(&error)));
                }
                Err(error) => return Err(error),
            }
            return Ok(sound);
        };
        let mut sound = Soundness::new(looked_on_postgres(parts.len()));
        sound.found("", self.read(|tx| tx.lines(CHECKSUMS)).await?);
        for Part { statement, name } in parts {
            // Each on its own: damage is an error for some, and ends the transaction.
            let statement = format!("SELECT coalesce(msg, '') AS line FROM ({statement}) AS looked (msg)");
            match self.read(move |tx| tx.lines(&statement)).await {
                Ok(lines) => sound.found(&name, lines),
                Err(StoreError::Database(error)) if !is_refused(&error) => sound.found(&name, [chain(&error)]),
                Err(StoreError::Refuses(WriteFault::Damaged | WriteFault::Disk, error)) => {
                    sound.found(&name, error.map(|error| chain(&error)));
                }
                // Takes too long, or is not for this user to look at.
                Err(StoreError::Database(_) | StoreError::Refuses(..)) => sound.skipped(&name),
                Err(error) => return Err(error),
            }
        }
        Ok(sound)
    }
}

/// What the user of the address may not look at is not damaged.
fn is_refused(error: &diesel::result::Error) -> bool {
    matches!(error, diesel::result::Error::DatabaseError(_, details) if details.message().starts_with("permission denied"))
}

impl Tx<'_> {
    /// What can be looked at one by one; `None` where one statement looks at everything.
    fn parts(&mut self) -> Result<Option<Vec<Part>>, StoreError> {
        match self.connection {
            Connection::Sqlite(_) => Ok(None),
            Connection::Postgres(_) => Ok(Some(sql_query(AMCHECK).load(self)?)),
        }
    }

    fn lines(&mut self, sql: &str) -> Result<Vec<String>, StoreError> {
        let rows: Vec<Line> = sql_query(sql).load(self)?;
        Ok(rows.into_iter().map(|row| row.line).collect())
    }
}
