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

use super::{answer::Flows, envelope, path, routes};
use crate::app::App;

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

/// Binds the address and starts to answer. SIGTERM and SIGINT end it gracefully, after a time in which it still answers.
pub(crate) fn listen(app: Arc<App>) -> io::Result<(Edge, SocketAddr)> {
    let listener = TcpListener::bind(app.config.listen)?;
    let addr = listener.local_addr()?;
    let http = app.config.http.clone();
    let (closing, closes) = watch::channel(false);
    let flows = web::Data::new(Flows::new(app, tokio::runtime::Handle::current(), closes));
    let mut signals = Signals::new()?;
    let told = closing.clone();
    let site = move || {
        Site::new()
            .app_data(flows.clone())
            .configure(routes::all)
            .default_service(web::to(routes::not_found))
            .wrap(from_fn(path::refuse_nul))
            .wrap(from_fn(envelope::wrap))
    };
    let server = HttpServer::new(site)
        .workers(http.workers)
        .client_request_timeout(REQUEST_HEAD)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(http.shutdown_seconds)
        .shutdown_signal(async move {
            signals.any().await;
            // Answers that would go on for ever end here, and whoever asks is told to go elsewhere.
            told.send_replace(true);
            tokio::select! {
                () = tokio::time::sleep(http.drain) => {}
                () = signals.any() => {}
            }
        })
        .listen(listener)?
        .run();
    Ok((
        Edge {
            handle: server.handle(),
            task: tokio::spawn(server),
            closing,
        },
        addr,
    ))
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
