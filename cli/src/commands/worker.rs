//! `aerocall worker`: the background of a server as a process of its own.

use aerocall_server::{Config, MAX_INSTANCES, Server, config::Switch};
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    Failed,
    host::{self, ServerSettings},
    telemetry, terminal,
};

#[derive(clap::Args)]
#[command(
    after_help = "Settings are those of `aerocall serve`: the same database, the same master key.\n\
                  SIGTERM and SIGINT stop it: it takes no new jobs, waits for the running ones (AEROCALL_HTTP_SHUTDOWN_SECONDS) and \
                  releases the rest. With AEROCALL_WORKER_LISTEN it serves /healthz, /readyz and /metrics there.\n\n\
                  Examples:\n  AEROCALL_DATABASE_URL=postgres://… AEROCALL_MASTER_KEY=… aerocall worker\n  \
                  AEROCALL_DATA_DIR=./data aerocall worker"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: ServerSettings,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let mut config = arguments.settings.config()?;
    // The setting is about servers: this process works, and says so where it is asked how it is.
    config.worker.state = Switch::On;
    let telemetry = telemetry::start(&config)?;
    let worked = work(config).await;
    telemetry.end().await;
    worked
}

async fn work(config: Config) -> Result<(), Failed> {
    // Before anything is begun that a signal would cut short.
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    host::warn_of_shortages();
    let runtime = host::runtime(host::Artifacts::of_server(&config), MAX_INSTANCES).await?;
    let working = Server::open(config, runtime).await?.work()?;
    match working.addr {
        Some(addr) => terminal::answer(format!("worker started, serving metrics at http://{addr}")),
        None => terminal::answer("worker started"),
    }
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
    working.stop().await;
    Ok(())
}
