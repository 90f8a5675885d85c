//! Sends mails: when this process is woken because some wait, and at intervals. Each scope's mails leave in a task of their own,
//! and no round waits for those of an earlier one.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{Crew, Part, Phase, Ticket, WorkerContext, stopping};
use crate::{
    base::error::Result,
    outbound::mail::{Batch, Postman},
};

/// How often the store is asked when nobody said anything.
const INTERVAL: Duration = Duration::from_secs(1);

/// Until the worker stops and what is on its way has left.
pub(super) async fn run(context: &WorkerContext, mut phase: watch::Receiver<Phase>) {
    let app = &context.app;
    let platform = &app.hooks.platform;
    let postman = Arc::new(Postman::new(
        app.store.clone(),
        app.clock.clone(),
        Arc::clone(&app.master),
        app.config.mail.clone(),
        Arc::clone(&platform.egress),
        Arc::clone(&app.metrics),
    ));
    let mut crew = Crew::new(Postman::places());
    while *phase.borrow() != Phase::Stopping {
        let woken = platform.mails.notified();
        drop(crew.all_over());
        let under_way = crew.len();
        let begun = round(&postman, &mut crew).await;
        context
            .idle
            .looked(Part::Mails, under_way + begun.as_ref().map_or(1, |count| *count));
        match begun {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(?error, "mails could not be sent right now"),
        }
        tokio::select! {
            () = stopping(&mut phase) => break,
            _ = crew.one_over() => {}
            () = woken => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
    crew.finish().await;
}

/// How many batches began.
async fn round(postman: &Arc<Postman>, crew: &mut Crew<()>) -> Result<usize> {
    let batches = postman.claim(crew.places()).await?;
    let count = batches.len();
    for batch in batches {
        let ticket = Ticket {
            what: format!("mails of {}", batch.scope),
            project: batch.scope.project.to_string(),
            lane: batch.scope.to_string(),
            most: 1,
        };
        crew.begin(ticket, deliver(Arc::clone(postman), batch));
    }
    Ok(count)
}

async fn deliver(postman: Arc<Postman>, batch: Batch) {
    if let Err(error) = postman.deliver(&batch).await {
        // Their leases run out, and they are sent again.
        tracing::warn!(scope = %batch.scope, ?error, "what became of mails could not be recorded");
    }
}
