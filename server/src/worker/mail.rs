//! Sends mails: when this process is woken because some wait, and at intervals.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{Part, Phase, WorkerContext, stopping};
use crate::outbound::mail::Postman;

/// How often the store is asked when nobody said anything.
const INTERVAL: Duration = Duration::from_secs(1);

/// Until the worker stops.
pub(super) async fn run(context: &WorkerContext, mut phase: watch::Receiver<Phase>) {
    let app = &context.app;
    let platform = &app.hooks.platform;
    let postman = Postman::new(
        app.store.clone(),
        app.clock.clone(),
        Arc::clone(&app.master),
        app.config.mail.clone(),
        Arc::clone(&platform.egress),
        Arc::clone(&app.metrics),
    );
    loop {
        let woken = platform.mails.notified();
        let delivered = postman.deliver_due().await;
        context
            .idle
            .looked(Part::Mails, delivered.as_ref().map_or(1, |count| *count));
        match delivered {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(?error, "mails could not be sent right now"),
        }
        tokio::select! {
            () = stopping(&mut phase) => return,
            () = woken => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}
