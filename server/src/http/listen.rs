//! Sockets, threads, and the end: signals, and what happens to requests in flight.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{App as Site, HttpServer, dev::ServerHandle, middleware::from_fn, web};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::JoinHandle,
};

use super::routes;
use crate::{
    app::App,
    http::wire::{answer::Flows, envelope, path},
};

/// A slow client holds a socket for so long before its request is complete.
const REQUEST_HEAD: Duration = Duration::from_secs(10);
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

/// Binds the address and starts to answer. SIGTERM and SIGINT end it gracefully, after a time in which it still answers.
pub(crate) fn listen(app: Arc<App>) -> io::Result<(Edge, SocketAddr)> {
    let address = app.config.listen;
    serve(app, address, Served::Everything)
}

/// Answers whoever watches a process that is no server. It is still answered while its last jobs end.
pub(crate) fn listen_to_watchers(app: Arc<App>, address: SocketAddr) -> io::Result<(Edge, SocketAddr)> {
    serve(app, address, Served::Watched)
}

fn serve(app: Arc<App>, address: SocketAddr, served: Served) -> io::Result<(Edge, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    let addr = listener.local_addr()?;
    let http = app.config.http.clone();
    let (closing, closes) = watch::channel(false);
    let flows = web::Data::new(Flows::new(app, tokio::runtime::Handle::current(), closes));
    let (routes, threads): (fn(&mut web::ServiceConfig), usize) = match served {
        Served::Everything => (routes::all, http.workers),
        Served::Watched => (routes::watched, 1),
    };
    let site = move || {
        Site::new()
            .app_data(flows.clone())
            .configure(routes)
            .default_service(web::to(routes::not_found))
            .wrap(from_fn(path::refuse_nul))
            .wrap(from_fn(envelope::wrap))
    };
    let server = HttpServer::new(site)
        .workers(threads)
        .client_request_timeout(REQUEST_HEAD)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(http.shutdown_seconds);
    let server = match served {
        Served::Everything => server.shutdown_signal(signaled(closing.clone(), http.drain)?),
        Served::Watched => server.disable_signals(),
    };
    let server = server.listen(listener)?.run();
    Ok((
        Edge {
            handle: server.handle(),
            task: tokio::spawn(server),
            closing,
        },
        addr,
    ))
}

/// Until SIGTERM or SIGINT, and as long as it takes those who do not know yet to hear of it; a second signal ends that.
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
    pub(crate) async fn stop(&self) {
        self.closing.send_replace(true);
        self.handle.stop(true).await;
    }

    pub(crate) async fn finished(self) -> io::Result<()> {
        self.task.await.map_err(io::Error::other)?
    }
}
