//! The server as its embedder sees it: open, seed, listen, stop.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use aerocall_api_types::{NewAdminToken, NewInvitation, NewPasswordReset};
use aerocall_runtime::Runtime;

use crate::{
    app::{self, App},
    base::{
        clock::Clock,
        config::Config,
        error::{Error, Result},
    },
    demo::{self, Demo},
    flows::{
        admin::{admin_tokens, invitations, password_resets},
        steps::lifespan::Rotation,
    },
    http::{self, PageFile, Pages},
    storage::store::Store,
    worker::{Worker, nodes::Nodes},
};

/// The server could not be started or failed while it ran. For the person who starts it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ServeError {
    /// What failed and why.
    pub message: String,
}

/// How long the code for the first admin is good.
pub const SETUP_LIFE: Duration = admin_tokens::SETUP_LIFE;

/// An opened server: its database is up to date and its hooks are loaded, but it does not listen yet.
pub struct Server {
    app: Arc<App>,
    pages: Vec<PageFile>,
}

/// A worker without a server: it runs jobs, sends mails and passes events on.
pub struct RunningWorker {
    /// The address of its health endpoints, if the settings ask for them; the port is real even if 0 was asked for.
    pub addr: Option<SocketAddr>,
    app: Arc<App>,
    edge: Option<http::Edge>,
    worker: Worker,
    _nodes: Nodes,
}

/// A server that answers requests.
pub struct Running {
    /// Where it listens; the port is real even if 0 was asked for.
    pub addr: SocketAddr,
    app: Arc<App>,
    edge: http::Edge,
    worker: Option<Worker>,
    _nodes: Nodes,
}

/// Opens the server and answers requests until SIGTERM or SIGINT; requests in flight are finished first.
///
/// # Errors
/// The data directory, the database or the address cannot be used.
pub async fn serve(config: Config, runtime: Arc<Runtime>) -> std::result::Result<(), ServeError> {
    Server::open(config, runtime).await?.listen()?.finished().await
}

/// Opens the server, makes the demo project as [`Server::seed_demo`] does, and closes it again.
///
/// # Errors
/// As [`Server::open`] and [`Server::seed_demo`].
pub async fn seed_demo(
    config: &Config,
    runtime: Arc<Runtime>,
    bundles: Vec<(String, Vec<u8>)>,
) -> std::result::Result<Demo, ServeError> {
    Server::open(config.clone(), runtime).await?.seed_demo(bundles).await
}

/// Brings the tables of the core database up to date, as [`Server::open`] does. The names of what was applied.
///
/// # Errors
/// The database cannot be reached or brought up to date.
pub async fn migrate(config: &Config) -> std::result::Result<Vec<String>, ServeError> {
    serve_error(app::make_data_dir(config))?;
    let migrated = Store::migrate(&config.database, &config.store).await;
    serve_error(migrated.map_err(Error::from))
}

/// Makes an admin of the server with a token, in the database that the settings name. `None`: a valid token has this name.
///
/// # Errors
/// The database cannot be reached or brought up to date.
pub async fn create_admin(config: &Config, name: &str) -> std::result::Result<Option<NewAdminToken>, ServeError> {
    let (store, now_ms) = operated(config).await?;
    serve_error(admin_tokens::create_by_operator(&store, name, now_ms).await)
}

/// Makes a link that makes an administrator of the server with an account of this address, once, in the database that the
/// settings name.
///
/// # Errors
/// The address is none, or as [`create_admin`].
pub async fn invite_administrator(config: &Config, email: &str) -> std::result::Result<NewInvitation, ServeError> {
    let (store, now_ms) = operated(config).await?;
    serve_error(invitations::invite_by_operator(&store, &config.public_url, email, now_ms).await)
}

/// Makes a link with which the holder of an account chooses a new password, once, in the database that the settings name. `None`: no
/// account has this address.
///
/// # Errors
/// As [`create_admin`].
pub async fn reset_admin_password(
    config: &Config,
    email: &str,
) -> std::result::Result<Option<NewPasswordReset>, ServeError> {
    let (store, now_ms) = operated(config).await?;
    serve_error(password_resets::reset_by_operator(&store, &config.public_url, email, now_ms).await)
}

/// Makes a token for an admin of the server in place of those that they have, which stay valid for so many seconds. `None`: no
/// valid token has this name.
///
/// # Errors
/// As [`create_admin`].
pub async fn renew_admin(
    config: &Config,
    name: &str,
    overlap_seconds: u32,
) -> std::result::Result<Option<NewAdminToken>, ServeError> {
    let (store, now_ms) = operated(config).await?;
    let rotation = Rotation::overlapping(overlap_seconds);
    serve_error(admin_tokens::renew_by_operator(&store, name, rotation, now_ms).await)
}

/// The core database, for somebody at the server's machine, and the time that its nodes go by.
async fn operated(config: &Config) -> std::result::Result<(Store, i64), ServeError> {
    serve_error(app::make_data_dir(config))?;
    let store = Store::open(&config.database, &config.store).await;
    let store = serve_error(store.map_err(Error::from))?;
    let theirs = store.read(|tx| tx.clock_ms()).await;
    let theirs = serve_error(theirs.map_err(Error::from))?;
    Ok((store, theirs.unwrap_or_else(|| Clock::default().now_ms())))
}

impl Server {
    /// Opens data directory and database (both are made if they are not there) and loads the live hooks.
    ///
    /// # Errors
    /// The data directory, the database or the master key cannot be used.
    pub async fn open(config: Config, runtime: Arc<Runtime>) -> std::result::Result<Self, ServeError> {
        Ok(Self {
            app: serve_error(App::open(config, runtime).await)?,
            pages: Vec::new(),
        })
    }

    /// With the admin in the browser, which is served at `/admin`; without one, a page there says so.
    #[must_use]
    pub fn with_pages(mut self, pages: Vec<PageFile>) -> Self {
        self.pages = pages;
        self
    }

    /// [`Server::open`] and [`Server::listen`] in one.
    ///
    /// # Errors
    /// As both.
    pub async fn start(config: Config, runtime: Arc<Runtime>) -> std::result::Result<Running, ServeError> {
        Self::open(config, runtime).await?.listen()
    }

    /// Makes the demo project with these bundles (hook name, component) as its first deployment, in this order, unless it is
    /// there: what was deployed since then stays. The keys are the same every time, as long as the data directory stays.
    ///
    /// # Errors
    /// A bundle is refused, or the database cannot be used.
    pub async fn seed_demo(&self, bundles: Vec<(String, Vec<u8>)>) -> std::result::Result<Demo, ServeError> {
        serve_error(demo::seed(&self.app, bundles).await)
    }

    /// A new token for the admin API of the whole server. It is not kept in a readable form.
    ///
    /// # Errors
    /// The database cannot be used.
    pub async fn create_admin_token(&self, name: &str) -> std::result::Result<String, ServeError> {
        serve_error(admin_tokens::create(&self.app, name).await)
    }

    /// A code for the first admin, if the server has none: it opens `POST /admin/api/v1/setup` once, at every node, within
    /// [`SETUP_LIFE`]. For whoever starts the server, and for no log.
    ///
    /// # Errors
    /// The database cannot be used.
    pub async fn setup_code(&self) -> std::result::Result<Option<String>, ServeError> {
        serve_error(admin_tokens::setup_code(&self.app).await)
    }

    /// Binds the address and answers requests. Must be called inside a tokio runtime with several threads: flows run
    /// there, so that a client that hangs up leaves no half-done work behind.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub fn listen(self) -> std::result::Result<Running, ServeError> {
        let listens = self.app.config.listen;
        let (edge, addr) = http::listen(Arc::clone(&self.app), Pages::new(self.pages))
            .map_err(|error| cannot_listen(listens, &error))?;
        let works = self.app.config.worker.state.is_on();
        let worker = works.then(|| Worker::start(Arc::clone(&self.app)));
        tracing::info!(%addr, background_work = works, "listening");
        Ok(Running {
            addr,
            _nodes: Nodes::start(Arc::clone(&self.app)),
            app: self.app,
            edge,
            worker,
        })
    }

    /// Does the work of the background and answers no requests but those about itself, whatever the settings say of servers.
    /// Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The address for whoever watches it cannot be bound.
    pub fn work(self) -> std::result::Result<RunningWorker, ServeError> {
        let listen = |address| {
            http::listen_to_watchers(Arc::clone(&self.app), address).map_err(|error| cannot_listen(address, &error))
        };
        let (edge, addr) = self.app.config.worker.listen.map(listen).transpose()?.unzip();
        Ok(RunningWorker {
            addr,
            edge,
            _nodes: Nodes::start(Arc::clone(&self.app)),
            worker: Worker::start(Arc::clone(&self.app)),
            app: self.app,
        })
    }
}

impl RunningWorker {
    /// Takes no more jobs, waits for those that run as long as a server waits for its requests, gives back what is left,
    /// and ends.
    pub async fn stop(self) {
        if let Some(edge) = &self.edge {
            edge.announce_stop();
        }
        end(&self.app, Some(self.worker)).await;
        if let Some(edge) = self.edge {
            edge.stop().await;
        }
    }
}

impl Running {
    /// Stops taking requests, finishes those in flight and ends.
    ///
    /// # Errors
    /// As [`Running::finished`].
    pub async fn stop(self) -> std::result::Result<(), ServeError> {
        self.edge.stop().await;
        self.finished().await
    }

    /// Waits until the server has ended, by a signal or otherwise.
    ///
    /// # Errors
    /// The server failed while it ran.
    pub async fn finished(self) -> std::result::Result<(), ServeError> {
        let ended = self.edge.finished().await;
        // After the last request: it may have left a job, and its record.
        end(&self.app, self.worker).await;
        ended.map_err(|error| ServeError {
            message: format!("the server failed: {error}"),
        })
    }

    /// The server's clock, for tests of what expires.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }

    /// Waits until its background has nothing to do: no event, job, schedule, webhook or mail that is due by [`Running::clock`],
    /// and none under way. For tests of what does not happen.
    #[doc(hidden)]
    pub async fn idle(&self) {
        if let Some(worker) = &self.worker {
            worker.idle().await;
        }
    }

    /// Waits until every invocation so far is recorded. For tests.
    #[doc(hidden)]
    pub async fn recorded(&self) {
        self.app.records.flush().await;
    }

    /// Password hashes made or checked so far: what an observer of the answers' times could see.
    #[must_use]
    pub fn password_work(&self) -> u64 {
        self.app.passwords.done()
    }
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> ServeError {
    ServeError {
        message: format!("cannot listen on {address}: {error}"),
    }
}

async fn end(app: &App, worker: Option<Worker>) {
    if let Some(worker) = worker {
        worker.stop(Duration::from_secs(app.config.http.shutdown_seconds)).await;
    }
    app.records.flush().await;
    if let Err(error) = app.hooks.write_counts().await {
        tracing::warn!(?error, "figures of rollouts are lost");
    }
}

/// An internal error for the person who starts the server, with its causes.
fn serve_error<T>(result: Result<T>) -> std::result::Result<T, ServeError> {
    result.map_err(|error| ServeError {
        message: match error {
            Error::Refused(refusal) => format!("{}: {}", refusal.code, refusal.message),
            Error::Unexpected(error) => crate::base::error::chain(&error),
        },
    })
}
