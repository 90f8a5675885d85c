//! Connections to the cluster: as the admin, as the owner of a schema, as its hooks.

use std::{sync::Arc, time::Duration};

use tokio::net::TcpStream;
use tokio_postgres::{
    CancelToken, Client, Config, NoTls,
    config::{Host, SslMode},
    error::SqlState,
    tls::MakeTlsConnect,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    bounded,
    meter::{Meter, Metered},
    names::Names,
    password,
};
use crate::{
    base::crypto::MasterKey,
    storage::pooler::{self, Sessions, SharedSessions},
};

/// To connect and log in.
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// Settings of every connection. Times are in UTC, strings are read as the reader of statements reads them, and what a
/// name means does not depend on temporary tables. Set when connected: a pooler takes no options from a connection that
/// begins.
const COMMON: &str = "SET TimeZone = 'UTC'; SET standard_conforming_strings = on; SET client_encoding = 'UTF8'; \
                      SET DateStyle = 'ISO'; SET jit = off; SET max_parallel_workers_per_gather = 0";

/// Settings of hooks. They begin to write by asking for it; `statement_timeout` is set for each statement.
const HOOKS: &str = "SET default_transaction_read_only = on; SET work_mem = '4MB'; SET statement_timeout = '30s'; \
                     SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = '60s'";

const OWNER: &str = "SET statement_timeout = '60s'; SET lock_timeout = '10s'; \
                     SET idle_in_transaction_session_timeout = '60s'";

const SERVER: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET search_path = pg_catalog, pg_temp";

/// Where the cluster is, and how to get in.
pub(super) struct Connector {
    config: Config,
    host: String,
    port: u16,
    tls: Option<MakeRustlsConnect>,
}

/// Who logs in.
pub(super) struct Login {
    /// Role and password; `None`: those of the address.
    role: Option<(String, String)>,
    /// Statements that make a new session one of this login.
    settings: String,
}

/// A connection.
pub(super) struct Link {
    pub(super) client: Client,
    pub(super) meter: Arc<Meter>,
    /// What `statement_timeout` is, if it is known.
    pub(super) timeout_ms: Option<u64>,
    settings: String,
}

impl Link {
    /// Makes it what it was when it was opened. Both halves are alone: the first is refused inside of a transaction.
    pub(super) async fn begin_anew(&mut self) -> Result<(), tokio_postgres::Error> {
        self.client.batch_execute("DISCARD ALL").await?;
        self.client.batch_execute(&self.settings).await?;
        self.timeout_ms = None;
        Ok(())
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("the database did not answer in time")]
    Timeout,
    #[error("the database cannot be reached")]
    Socket(#[from] std::io::Error),
    #[error("the database refused the connection")]
    Refused(#[from] tokio_postgres::Error),
    #[error(transparent)]
    Shared(SharedSessions),
}

impl ConnectError {
    /// Whether role or password are not what the database knows.
    pub(super) fn is_login(&self) -> bool {
        let codes = [
            SqlState::INVALID_PASSWORD,
            SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
        ];
        matches!(self, Self::Refused(error) if error.code().is_some_and(|code| codes.contains(code)))
    }
}

impl Login {
    /// The address's own login.
    pub(super) fn server() -> Self {
        Self {
            role: None,
            settings: format!("{COMMON}; {SERVER}"),
        }
    }

    /// The address's own login in a tenant's schema: what a test gets that takes the roles away.
    pub(super) fn admin(names: &Names) -> Self {
        Self {
            role: None,
            settings: format!("{COMMON}; {HOOKS}; SET search_path = {}, pg_temp", names.schema),
        }
    }

    pub(super) fn owner(names: &Names, master: &MasterKey) -> Self {
        Self {
            role: Some((names.owner.clone(), password::of(&names.owner, master))),
            // Its schema is first, because that is where it makes tables.
            settings: format!(
                "{COMMON}; {OWNER}; SET search_path = {}, {}, pg_catalog, pg_temp",
                names.schema,
                bounded::SCHEMA
            ),
        }
    }

    pub(super) fn hooks(names: &Names, master: &MasterKey) -> Self {
        Self {
            role: Some((names.hooks.clone(), password::of(&names.hooks, master))),
            settings: format!(
                "{COMMON}; {HOOKS}; SET search_path = {}, pg_catalog, {}, pg_temp",
                bounded::SCHEMA,
                names.schema
            ),
        }
    }
}

impl Connector {
    /// Reads `postgres://…`. The message of an error never repeats the address, which holds a password.
    pub(super) fn new(url: &str) -> Result<Self, String> {
        let mut config: Config = url
            .parse()
            .map_err(|error: tokio_postgres::Error| crate::base::error::chain(&error))?;
        config.application_name("aerocall");
        let host = match config.get_hosts() {
            [Host::Tcp(host)] => host.clone(),
            _ => return Err("the address must name one host; sockets of this machine are not taken".to_owned()),
        };
        let port = config.get_ports().first().copied().unwrap_or(5432);
        if config.get_dbname().is_none() {
            return Err("the address must name a database: postgres://user:password@host/database".to_owned());
        }
        let tls = match config.get_ssl_mode() {
            SslMode::Require => Some(native_tls()?),
            _ => None,
        };
        Ok(Self {
            config,
            host,
            port,
            tls,
        })
    }

    pub(super) fn address(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    pub(super) fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or_default()
    }

    pub(super) async fn connect(&self, login: &Login) -> Result<Link, ConnectError> {
        let connecting = async {
            let mut link = self.connect_now(login).await?;
            link.client.batch_execute(&login.settings).await?;
            link.settings.clone_from(&login.settings);
            Ok(link)
        };
        tokio::time::timeout(CONNECT_TIME, connecting)
            .await
            .map_err(|_| ConnectError::Timeout)?
    }

    /// Refuses an address whose connections have no session of their own, before anything is set on one.
    pub(super) async fn check_sessions(&self) -> Result<(), ConnectError> {
        let login = Login::server();
        let looking = async {
            let (one, two) = (self.connect_now(&login).await?, self.connect_now(&login).await?);
            match pooler::sessions([&one.client, &two.client]).await? {
                Sessions::Kept => Ok(()),
                Sessions::Shared => Err(ConnectError::Shared(SharedSessions("AEROCALL_TENANT_DATABASE_URL"))),
            }
        };
        tokio::time::timeout(CONNECT_TIME, looking)
            .await
            .map_err(|_| ConnectError::Timeout)?
    }

    /// A connection on which nothing is set.
    async fn connect_now(&self, login: &Login) -> Result<Link, ConnectError> {
        let mut config = self.config.clone();
        if let Some((role, password)) = &login.role {
            config.user(role).password(password);
        }
        let meter = Meter::open();
        let stream = Metered::new(self.socket().await?, Arc::clone(&meter));
        // The other half of a connection moves bytes until the client is dropped; its errors reach the client.
        let client = if let Some(tls) = &self.tls {
            let tls = MakeTlsConnect::<Metered>::make_tls_connect(&mut tls.clone(), &self.host).map_err(never)?;
            let (client, connection) = config.connect_raw(stream, tls).await?;
            tokio::spawn(connection);
            client
        } else {
            let (client, connection) = config.connect_raw(stream, NoTls).await?;
            tokio::spawn(connection);
            client
        };
        Ok(Link {
            client,
            meter,
            timeout_ms: None,
            settings: String::new(),
        })
    }

    /// Asks the cluster to stop what a connection runs.
    pub(super) async fn cancel(&self, token: CancelToken) {
        let cancel = async {
            let socket = self.socket().await?.into_std()?;
            let mut answer = TcpStream::from_std(socket.try_clone()?)?;
            let stream = Metered::new(TcpStream::from_std(socket)?, Meter::open());
            if let Some(tls) = &self.tls {
                let tls = MakeTlsConnect::<Metered>::make_tls_connect(&mut tls.clone(), &self.host).map_err(never)?;
                token.cancel_query_raw(stream, tls).await?;
            } else {
                token.cancel_query_raw(stream, NoTls).await?;
            }
            // The cluster hangs up once it has passed it on. Before that, it could still meet the next statement.
            tokio::io::copy(&mut answer, &mut tokio::io::sink()).await?;
            Ok::<(), ConnectError>(())
        };
        match tokio::time::timeout(CONNECT_TIME, cancel).await {
            Ok(Ok(())) => {}
            // The statement's own time limit in the database still holds.
            Ok(Err(error)) => tracing::warn!(error = crate::base::error::chain(&error), "cancelling a statement"),
            Err(_) => tracing::warn!("cancelling a statement: no answer"),
        }
    }

    /// Asked in the background whether the other end is there: a slot must not wait for a host that has gone.
    async fn socket(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        socket2::SockRef::from(&stream).set_tcp_keepalive(
            &socket2::TcpKeepalive::new()
                .with_time(Duration::from_secs(30))
                .with_interval(Duration::from_secs(10)),
        )?;
        Ok(stream)
    }
}

fn never(error: impl std::error::Error + Send + Sync + 'static) -> ConnectError {
    ConnectError::Socket(std::io::Error::other(error))
}

fn native_tls() -> Result<MakeRustlsConnect, String> {
    match MakeRustlsConnect::with_native_certs() {
        Ok((tls, _unreadable)) => Ok(tls),
        Err(errors) => Err(format!("no certificates of authorities can be read: {errors:?}")),
    }
}
