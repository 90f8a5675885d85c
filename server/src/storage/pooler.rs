//! Whether an address of PostgreSQL leads to sessions, or to a pooler that gives them out anew for each transaction, as PgBouncer
//! does with `pool_mode = transaction`. There, what a connection has set, locked, prepared or begun to listen to is somebody
//! else's with the next transaction, and no error says so.

use tokio_postgres::{Client, Error, SimpleQueryMessage};

/// One session on all servers that an address may lead to. By the protocol that prepares nothing.
const WHICH: &str = "SELECT pg_catalog.pg_backend_pid()::text || ' ' || pg_catalog.pg_postmaster_start_time()::text";

/// Which of the two connections asks. Not in turns: a pooler that gives out two sessions in turns would hide behind that.
const ORDER: [usize; 10] = [0, 1, 1, 0, 0, 0, 1, 0, 1, 1];

/// The address cannot be used. Names the setting that holds it.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0} leads to a pooler in transaction mode, where a connection has no session of its own: set its mode to session \
     (PgBouncer: pool_mode = session), or connect to PostgreSQL directly"
)]
pub(crate) struct SharedSessions(pub(crate) &'static str);

/// What two connections that are open at the same time have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sessions {
    /// Each has its own.
    Kept,
    /// They were seen in one session, or one of them in two.
    Shared,
}

/// Looks where each of two connections of one login is, again and again.
pub(crate) async fn sessions(connections: [&Client; 2]) -> Result<Sessions, Error> {
    let mut seen: [Option<String>; 2] = [None, None];
    for at in ORDER {
        let now = session(connections[at]).await?;
        let other_is_there = seen[1 - at].as_ref() == Some(&now);
        let has_moved = seen[at].replace(now.clone()).is_some_and(|before| before != now);
        if other_is_there || has_moved {
            return Ok(Sessions::Shared);
        }
    }
    Ok(Sessions::Kept)
}

async fn session(connection: &Client) -> Result<String, Error> {
    let messages = connection.simple_query(WHICH).await?;
    let notice = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    Ok(notice.unwrap_or_default().to_owned())
}
