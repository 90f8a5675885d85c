//! Sockets, threads, and the end: signals, and what happens to requests in flight.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_http::{HttpService, Protocol};
use actix_server::Server;
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::{
    App as Site,
    dev::{AppConfig, ServerHandle},
    middleware::from_fn,
    rt::net::TcpStream,
    web,
};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::JoinHandle,
};

use super::{
    connection::{self, Admissions, Connection, Deadlines, RESERVE},
    routes,
};
use crate::{
    app::App,
    base::{config::HttpConfig, descriptors},
    http::{
        site::admin::Pages,
        wire::{answer::Flows, envelope, path},
    },
};

/// How long the head of a request may take.
const REQUEST_HEAD: Duration = Duration::from_secs(10);
/// How long a connection may take to end.
const DISCONNECT: Duration = Duration::from_secs(1);
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Those that end a server.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The running edge.
pub(crate) struct Edge {
    handle: ServerHandle,
    task: JoinHandle<io::Result<()>>,
    closing: watch::Sender<bool>,
}

/// What is answered, and what ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Served {
    /// Everything, until a signal.
    Everything,
    /// How the process is, as long as it is.
    Watched,
}

/// Binds the address and starts to answer, with these pages for browsers. SIGTERM and SIGINT end it gracefully, after a time in which it still answers.
pub(crate) fn listen(app: Arc<App>, pages: Pages) -> io::Result<(Edge, SocketAddr)> {
    let address = app.config.listen;
    serve(app, address, Served::Everything, pages)
}

/// Answers whoever watches a process that is no server. It is still answered while its last jobs end.
pub(crate) fn listen_to_watchers(app: Arc<App>, address: SocketAddr) -> io::Result<(Edge, SocketAddr)> {
    serve(app, address, Served::Watched, Pages::default())
}

fn serve(app: Arc<App>, address: SocketAddr, served: Served, pages: Pages) -> io::Result<(Edge, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    let addr = listener.local_addr()?;
    let http = app.config.http.clone();
    let (closing, closes) = watch::channel(false);
    let flows = web::Data::new(Flows::new(app, tokio::runtime::Handle::current(), closes));
    let pages = web::Data::new(pages);
    let (routes, threads): (fn(&mut web::ServiceConfig), usize) = match served {
        Served::Everything => (routes::all, http.workers),
        Served::Watched => (routes::watched, 1),
    };
    let most = most_connections(&http);
    let admissions = Arc::new(Admissions::new(&http, most));
    let admitted = Arc::clone(&admissions);
    let deadlines = Deadlines {
        // The first head of a connection is answered 408 before that.
        head: REQUEST_HEAD + DISCONNECT,
        answer: http.response,
    };
    let server = Server::build()
        .workers(threads)
        // A thread that has more than its share waits until it has closed those that are too many.
        .max_concurrent_connections((most + RESERVE).div_ceil(threads) + RESERVE)
        .shutdown_timeout(http.shutdown_seconds);
    let ending = server.graceful_shutdown_signal();
    let site = move || {
        let site = Site::new()
            .app_data(flows.clone())
            .app_data(pages.clone())
            .app_data(web::Data::from(Arc::clone(&admitted)))
            .configure(routes)
            .default_service(web::to(routes::not_found))
            .wrap(from_fn(path::answer_head))
            .wrap(from_fn(path::refuse_nul))
            .wrap(from_fn(connection::accompany))
            .wrap(from_fn(envelope::wrap));
        let site = site.into_factory().map_err(|error| error.error_response());
        let (ending, admissions) = (ending.clone(), Arc::clone(&admissions));
        let service = HttpService::build()
            .graceful_shutdown_signal(move || {
                let ending = ending.clone();
                async move { ending.notified().await }
            })
            .client_request_timeout(REQUEST_HEAD)
            .client_disconnect_timeout(DISCONNECT)
            .keep_alive(KEEP_ALIVE)
            .local_addr(addr)
            .on_connect_ext(|connection: &Connection, data| {
                data.insert(connection.progress());
            })
            .finish(map_config(site, |()| AppConfig::default()));
        fn_service(move |stream: TcpStream| {
            let (connection, peer) = Connection::admit(stream, &admissions, deadlines);
            std::future::ready(Ok((connection, Protocol::Http1, peer)))
        })
        .and_then(service)
    };
    let server = match served {
        Served::Everything => server.shutdown_signal(signaled(closing.clone(), http.drain)?),
        Served::Watched => server.disable_signals(),
    };
    let server = server.listen("aerocall", listener, site)?.run();
    Ok((
        Edge {
            handle: server.handle(),
            task: tokio::spawn(server),
            closing,
        },
        addr,
    ))
}

/// As many connections as the settings say, or as the process can have.
fn most_connections(http: &HttpConfig) -> usize {
    descriptors::raise();
    let most = descriptors::for_connections(http.connections);
    if most < http.connections {
        tracing::warn!(
            connections = most,
            wanted = http.connections,
            "fewer connections than http.connections: the limit of open files of this process (ulimit -n) is too low"
        );
    }
    most
}

/// Until SIGTERM or SIGINT, and as long as it takes those who do not know yet to notice it; a second signal ends that.
fn signaled(closing: watch::Sender<bool>, drain: Duration) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut signals = Signals::new()?;
    Ok(async move {
        signals.any().await;
        // Answers that would go on for ever end here, and new requests are sent elsewhere.
        closing.send_replace(true);
        tokio::select! {
            () = tokio::time::sleep(drain) => {}
            () = signals.any() => {}
        }
    })
}

impl Edge {
    /// From now on the process says that it is stopping; it still answers.
    pub(crate) fn announce_stop(&self) {
        self.closing.send_replace(true);
    }

    pub(crate) async fn stop(&self) {
        self.announce_stop();
        self.handle.stop(true).await;
    }

    pub(crate) async fn finished(self) -> io::Result<()> {
        self.task.await.map_err(io::Error::other)?
    }
}
