//! Connections to the core database on PostgreSQL: opened over TLS where the address asks for it, kept in the pool, used
//! as diesel uses any connection; and one of its own that hears what other nodes say. Knows no table.

use std::{
    future::poll_fn,
    time::{Duration, Instant},
};

use diesel::{
    connection::SimpleConnection as _,
    r2d2::{ManageConnection, R2D2Connection as _},
};
use diesel_async::{AsyncPgConnection, async_connection_wrapper::AsyncConnectionWrapper};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    runtime::Handle,
    sync::Notify,
};
use tokio_postgres::{AsyncMessage, Config, Connection, NoTls, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::StoreError;
use crate::{
    base::{config::SecretUrl, error::chain},
    storage::pooler::{self, Sessions, SharedSessions},
};

/// A connection as the blocking threads of the store use it.
pub(super) type PostgresConnection = AsyncConnectionWrapper<AsyncPgConnection>;

/// A statement that takes longer is a mistake or an attack; a lock that is waited for longer, too. What was forgotten in
/// a transaction is aborted. Set when connected: a pooler takes no options from a connection that begins.
const SESSION: &str = "SET TimeZone = 'UTC'; SET client_encoding = 'UTF8'; SET jit = off; SET statement_timeout = '30s'; \
                       SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'";

/// Between two attempts to reach a database that is not there yet.
const AGAIN: Duration = Duration::from_millis(250);

/// To connect to one address of the server.
const CONNECT: Duration = Duration::from_secs(5);
/// A machine that is gone without a word is noticed after so long, by who waits for an answer and by who only listens.
const SILENCE: Duration = Duration::from_secs(20);

/// On which nodes notify each other that something was changed. Nothing is said but that: what it is, is in the tables.
const LISTEN: &str = "LISTEN aerocall_changes";
const NOTIFY: &str = "SELECT pg_notify('aerocall_changes', '')";

/// Whatever can be in the way of a restore.
const SOMETHING: &str = "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p')
          AND c.relname <> '__diesel_schema_migrations' LIMIT 1";
const NO_MIGRATIONS: &str = "DROP TABLE IF EXISTS __diesel_schema_migrations";

/// Notifies the other nodes with the commit.
pub(super) fn notify(connection: &mut PostgresConnection) -> diesel::QueryResult<()> {
    connection.batch_execute(NOTIFY)
}

/// The server has ended the connection, or is about to: it stops, or has only just begun. What the statement was sent for
/// may or may not have been done if it was a COMMIT.
pub(super) fn is_lost(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind, Error};
    match error {
        Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _) | Error::BrokenTransactionManager => true,
        // Class 57P of the error codes, and a socket that is gone; neither has a kind of its own here.
        // The last is what PgBouncer says when its own connection is gone.
        Error::DatabaseError(_, details) => [
            "terminating connection",
            "the database system is",
            "connection closed",
            "server conn crashed",
        ]
        .iter()
        .any(|start| details.message().starts_with(start)),
        Error::RollbackErrorOnCommit { commit_error, .. } => is_lost(commit_error),
        _ => false,
    }
}

/// Opens connections for the pool.
#[derive(Clone)]
pub(super) struct Manager {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    /// The pool opens connections on threads of its own; their sockets live here.
    tokio: Handle,
}

impl Manager {
    /// Reads `postgres://…`. The message of an error never repeats the address, which holds a password.
    pub(super) fn new(url: &SecretUrl) -> Result<Self, StoreError> {
        let setup = |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Setup(error);
        let mut config: Config = url
            .reveal()
            .parse()
            .map_err(|error: tokio_postgres::Error| setup(chain(&error).into()))?;
        config
            .application_name("aerocall")
            .connect_timeout(CONNECT)
            .keepalives_idle(SILENCE)
            .tcp_user_timeout(SILENCE);
        let tls = match config.get_ssl_mode() {
            SslMode::Require => {
                let native = MakeRustlsConnect::with_native_certs();
                let unreadable =
                    |errors| setup(format!("no certificates of authorities can be read: {errors:?}").into());
                Some(native.map_err(unreadable)?.0)
            }
            _ => None,
        };
        Ok(Self {
            config,
            tls,
            tokio: Handle::current(),
        })
    }

    async fn open(&self) -> Result<AsyncPgConnection, diesel::ConnectionError> {
        let refused = |error: tokio_postgres::Error| diesel::ConnectionError::BadConnection(chain(&error));
        let client = self.connected().await.map_err(refused)?;
        client.batch_execute(SESSION).await.map_err(refused)?;
        AsyncPgConnection::try_from(client).await
    }

    /// A connection on which nothing is set.
    async fn connected(&self) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
        // The other half of a connection moves bytes until the client is dropped; its errors reach the client.
        if let Some(tls) = &self.tls {
            let (client, connection) = self.config.connect(tls.clone()).await?;
            tokio::spawn(connection);
            Ok(client)
        } else {
            let (client, connection) = self.config.connect(NoTls).await?;
            tokio::spawn(connection);
            Ok(client)
        }
    }

    /// Refuses an address whose connections have no session of their own, before anything is set on one. Waits for a database
    /// that is about to start.
    pub(super) fn check_sessions(&self, patience: Duration) -> Result<(), StoreError> {
        let refused = |error: tokio_postgres::Error| StoreError::Setup(error.into());
        let looked = async || {
            let (one, two) = tokio::try_join!(self.connected(), self.connected())?;
            pooler::sessions([&one, &two]).await
        };
        let deadline = Instant::now() + patience;
        loop {
            match self.tokio.block_on(looked()) {
                Ok(Sessions::Kept) => return Ok(()),
                Ok(Sessions::Shared) => return Err(StoreError::Setup(SharedSessions("AEROCALL_DATABASE_URL").into())),
                Err(error) if Instant::now() >= deadline => return Err(refused(error)),
                Err(_) => std::thread::sleep(AGAIN),
            }
        }
    }

    /// Notifies `notified` of every change of any node, and once when it begins to listen, until the connection breaks. Nothing
    /// that the pool does waits for it: the connection is one more.
    pub(super) async fn listen(&self, notified: &Notify) -> Result<(), StoreError> {
        let mut config = self.config.clone();
        config.application_name("aerocall listener");
        let broken = |error: tokio_postgres::Error| StoreError::Connection(error.into());
        let ended = if let Some(tls) = &self.tls {
            let (client, connection) = config.connect(tls.clone()).await.map_err(broken)?;
            hear(client, connection, notified).await
        } else {
            let (client, connection) = config.connect(NoTls).await.map_err(broken)?;
            hear(client, connection, notified).await
        };
        ended.map_err(broken)
    }
}

/// The client does nothing after its one statement, and is held: the connection ends with it.
async fn hear<S, T>(
    client: tokio_postgres::Client,
    mut connection: Connection<S, T>,
    notified: &Notify,
) -> Result<(), tokio_postgres::Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    let listens = async {
        client.batch_execute(LISTEN).await?;
        notified.notify_one();
        std::future::pending().await
    };
    let hears = async {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message? {
                notified.notify_one();
            }
        }
        Ok(())
    };
    tokio::select! {
        ended = listens => ended,
        ended = hears => ended,
    }
}

impl Manager {
    /// See [`super::Store::is_empty`].
    pub(super) async fn is_empty(&self) -> Result<bool, StoreError> {
        let refused = |error: tokio_postgres::Error| StoreError::Connection(error.into());
        let client = if let Some(tls) = &self.tls {
            let (client, connection) = self.config.connect(tls.clone()).await.map_err(refused)?;
            tokio::spawn(connection);
            client
        } else {
            let (client, connection) = self.config.connect(NoTls).await.map_err(refused)?;
            tokio::spawn(connection);
            client
        };
        let found = client.query_opt(SOMETHING, &[]).await.map_err(refused)?;
        if found.is_none() {
            client.batch_execute(NO_MIGRATIONS).await.map_err(refused)?;
        }
        Ok(found.is_none())
    }
}

/// The password of an address, which programs that are started for it get apart from the rest.
pub(crate) fn password(url: &SecretUrl) -> Option<Vec<u8>> {
    let config: Config = url.reveal().parse().ok()?;
    config.get_password().map(<[u8]>::to_vec)
}

impl ManageConnection for Manager {
    type Connection = PostgresConnection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Self::Connection, Self::Error> {
        let _entered = self.tokio.enter();
        let opened = self.tokio.block_on(self.open());
        opened
            .map(PostgresConnection::from)
            .map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, connection: &mut Self::Connection) -> Result<(), Self::Error> {
        connection
            .batch_execute("SELECT 1")
            .map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, connection: &mut Self::Connection) -> bool {
        std::thread::panicking() || connection.is_broken()
    }
}
