//! Transactions of both databases, without the type of their result: connections and threads are compiled once for all of them, and not
//! for each of several hundred.

use diesel::{
    SqliteConnection,
    connection::SimpleConnection as _,
    r2d2::{ConnectionManager, Pool, R2D2Connection as _},
};

use super::{
    StoreError, Tx,
    pool::connection,
    postgres::{Manager, PostgresConnection, is_lost},
};
use crate::{
    base::erased::{self, Erased},
    storage::{opened_file::OpenedFile, write_fault::WriteFault},
};

/// What is done in a transaction.
pub(super) type Work = Box<dyn FnOnce(&mut Tx<'_>) -> Result<Erased, StoreError> + Send>;

pub(super) fn erase<T: Send + 'static>(
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Work {
    Box::new(|tx| work(tx).map(|done| Box::new(done) as Erased))
}

/// The result of work that had this type.
pub(super) fn result<T: 'static>(done: Erased) -> Result<T, StoreError> {
    erased::restored(done).ok_or(StoreError::Inconsistent("a transaction has a result of another type"))
}

/// What is acknowledged can be relied on: the file was there after the commit.
pub(super) fn write_sqlite(
    pool: &Pool<ConnectionManager<SqliteConnection>>,
    file: &OpenedFile,
    work: impl FnOnce(&mut Tx<'_>) -> Result<Erased, StoreError>,
) -> Result<Erased, StoreError> {
    let gone = || StoreError::Refuses(WriteFault::FileGone, None);
    if !file.is_there() {
        return Err(gone());
    }
    let mut connection = connection(pool)?;
    let done = connection.immediate_transaction(|connection| work(&mut Tx::sqlite(connection)))?;
    file.holds_commits().then_some(done).ok_or_else(gone)
}

/// On a connection that works. One that broke since it was last used is found out by its first statement, when nothing has
/// been done yet: then on another one.
pub(super) fn on_postgres(
    pool: &Pool<Manager>,
    transaction: impl Fn(&mut PostgresConnection, Once<'_>) -> Result<Erased, StoreError>,
    work: impl FnOnce(&mut Tx<'_>) -> Result<Erased, StoreError>,
) -> Result<Erased, StoreError> {
    let mut work = Some(work);
    for _ in 0..=pool.max_size() {
        let mut connection = connection(pool)?;
        let ended = transaction(
            &mut connection,
            Box::new(|connection| {
                let work = work.take().ok_or(StoreError::Inconsistent("a transaction ran twice"))?;
                work(&mut Tx::postgres(connection))
            }),
        );
        match ended {
            Err(StoreError::Database(error)) if connection.is_broken() || is_lost(&error) => {
                if work.is_none() {
                    return Err(StoreError::Connection(error.into()));
                }
            }
            ended => return ended,
        }
    }
    Err(StoreError::Connection("every connection is broken".into()))
}

/// What is done in a transaction.
pub(super) type Once<'w> = Box<dyn FnOnce(&mut PostgresConnection) -> Result<Erased, StoreError> + 'w>;

/// Begins with the one statement that says all of it: each is a round trip. A connection whose thread panics in here is not
/// used again.
pub(super) fn read_postgres(connection: &mut PostgresConnection, work: Once<'_>) -> Result<Erased, StoreError> {
    connection.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
    let done = work(connection);
    let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    connection.batch_execute(end)?;
    done
}
