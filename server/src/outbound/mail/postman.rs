//! Sends what is due: claims mails under a lease, gives them to the transport of their project, keeps what became of them.
//! Each scope has a place of its own, so a mail server that hangs delays the mails of nobody else.
//!
//! A mail may leave twice when a worker dies between the mail server's yes and the commit; its Message-Id is the same
//! both times, by which receivers know it.

use std::{collections::HashSet, sync::Arc, time::Duration};

use super::{
    Again, Handover, MailSetting, MailTransport, OutgoingMail, Undelivered,
    captured::Captured,
    known,
    provider::SmtpUrl,
    smtp::{Owner, Smtp},
};
use crate::{
    base::{
        backoff::Backoff,
        clock::{Clock, millis},
        config::MailConfig,
        crypto::MasterKey,
        error::{Error, Result, chain},
        ids::Scope,
        places::{PlaceLimits, Places},
    },
    observability::metrics::{Metrics, Retried},
    outbound::egress::Egress,
    storage::store::{MailFate, MailRow, Store, StoreError, Tx},
};

const ATTEMPTS: i32 = 5;
/// Before each attempt after the first: 10 s, 1 min, 6 min, 36 min.
const RETRY: Backoff = Backoff::new(Duration::from_secs(10), 6, Duration::from_secs(3_600));
/// Longer than a round of one scope can take.
const LEASE: Duration = Duration::from_secs(300);
/// Over one connection; more of them wait for the next.
const MAILS_PER_BATCH: i64 = 4;
/// Scopes that one round serves.
const SCOPES_PER_ROUND: usize = 64;
/// Each takes a connection to a mail server, and a minute or more where that hangs.
const SCOPES_AT_ONCE: usize = 256;
const SCOPES_AT_ONCE_PER_PROJECT: usize = 16;

/// Of a one-time code.
const CODE_DIGITS: usize = 6;

/// Mails of one scope that this process has claimed.
pub(crate) struct Batch {
    pub(crate) scope: Scope,
    pub(crate) mails: Vec<MailRow>,
}

/// Sends mails; any number of them work side by side.
pub(crate) struct Postman {
    store: Store,
    clock: Clock,
    master: Arc<MasterKey>,
    config: MailConfig,
    egress: Arc<Egress>,
    metrics: Arc<Metrics>,
}

impl Postman {
    pub(crate) fn new(
        store: Store,
        clock: Clock,
        master: Arc<MasterKey>,
        config: MailConfig,
        egress: Arc<Egress>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            store,
            clock,
            master,
            config,
            egress,
            metrics,
        }
    }

    /// A scope is a lane with one place.
    pub(crate) fn places() -> PlaceLimits {
        PlaceLimits {
            shared: 0,
            shared_per_project: 0,
            per_lane: 1,
            own: SCOPES_AT_ONCE,
            own_per_project: SCOPES_AT_ONCE_PER_PROJECT,
        }
    }

    /// Claims mails that are due, for scopes that have room; those that wait longest are first.
    pub(crate) async fn claim(&self, places: &Places) -> Result<Vec<Batch>> {
        if !places.has_room() {
            return Ok(Vec::new());
        }
        let full: HashSet<String> = places.full_lanes().map(str::to_owned).collect();
        let now_ms = self.clock.now_ms();
        let scopes = self.store.read(move |tx| due_scopes(tx, &full, now_ms)).await?;
        if scopes.is_empty() {
            return Ok(Vec::new());
        }
        let (places, until_ms) = (places.clone(), now_ms.saturating_add(millis(LEASE)));
        let claimed = self
            .store
            .write_again(move |tx| claim_all(tx, scopes.clone(), places.clone(), now_ms, until_ms));
        Ok(claimed.await?)
    }

    /// Sends the mails over one connection, and keeps what became of each.
    pub(crate) async fn deliver(&self, batch: &Batch) -> Result<()> {
        let Batch { scope, mails } = batch;
        let transport = self.transport(scope).await;
        for mail in mails {
            self.metrics.attempted(Retried::Mail, mail.attempts - 1);
            let carried = match &transport {
                _ if mail.attempts > ATTEMPTS => Err(lost()),
                Ok(transport) => transport.carry(&outgoing(mail)).await,
                Err(problem) => Err(problem.clone()),
            };
            self.mark(scope, mail, carried).await?;
        }
        if let Ok(transport) = &transport {
            self.learn(scope, transport.as_ref()).await;
            transport.finish().await;
        }
        Ok(())
    }

    /// Sends a mail that is kept nowhere, by the settings of the scope as they are now.
    pub(crate) async fn try_out(
        &self,
        scope: &Scope,
        mail: &OutgoingMail<'_>,
    ) -> std::result::Result<Handover, Undelivered> {
        let transport = self.transport(scope).await?;
        let carried = transport.carry(mail).await;
        self.learn(scope, transport.as_ref()).await;
        transport.finish().await;
        carried
    }

    /// Keeps what the mail server has said of itself: sign-ups go by it.
    async fn learn(&self, scope: &Scope, transport: &dyn MailTransport) {
        let Some((url, smtputf8)) = transport.offers_smtputf8() else {
            return;
        };
        if let Err(error) = known::learn(&self.store, scope, url, smtputf8, self.clock.now_ms()).await {
            // It is said again at the next connection.
            tracing::warn!(%scope, ?error, "what a mail server offers could not be recorded");
        }
    }

    /// The one choice of who carries a project's mails.
    async fn transport(&self, scope: &Scope) -> std::result::Result<Box<dyn MailTransport>, Undelivered> {
        let setting = MailSetting::load(&self.store, &self.master, scope)
            .await
            .map_err(|error| {
                if let Error::Unexpected(error) = &error {
                    tracing::error!(scope = %scope, error = chain(error), "a project's mail setting");
                }
                unreadable()
            })?;
        let reply_to = setting.reply_to.as_deref();
        match (&setting.smtp, &self.config.smtp) {
            (Some(own), _) => {
                let from = setting.from.as_deref().unwrap_or(&self.config.from);
                let owner = Owner::Project(Arc::clone(&self.egress));
                Ok(Box::new(Smtp::new(own.clone(), owner, from, reply_to)?))
            }
            (None, Some(servers)) => {
                let url = SmtpUrl::parse(servers.reveal()).map_err(|problem| {
                    tracing::error!("setting `smtp.url` {problem}");
                    unreadable()
                })?;
                Ok(Box::new(Smtp::new(url, Owner::Server, &self.config.from, reply_to)?))
            }
            (None, None) => Ok(Box::new(Captured)),
        }
    }

    async fn mark(
        &self,
        scope: &Scope,
        mail: &MailRow,
        carried: std::result::Result<Handover, Undelivered>,
    ) -> Result<()> {
        let now_ms = self.clock.now_ms();
        let fate = match carried {
            Ok(Handover::Sent) => MailFate::Sent,
            Ok(Handover::Captured) => MailFate::Captured,
            Err(Undelivered { problem, again }) => {
                tracing::warn!(scope = %scope, mail = mail.id, attempt = mail.attempts, problem, "a mail was not sent");
                fate(mail.attempts, problem, again, now_ms)
            }
        };
        let mut mail = mail.clone();
        if matches!(fate, MailFate::Sent | MailFate::Failed { .. }) {
            mail.subject = without_code(&mail.subject);
        }
        self.store
            .write_again(move |tx| tx.mark_mail(&mail, &fate, now_ms))
            .await?;
        Ok(())
    }
}

/// Scopes that mails are due for and that are not full, those that wait longest first.
pub(crate) fn due_scopes(
    tx: &mut Tx<'_>,
    full: &HashSet<String>,
    now_ms: i64,
) -> std::result::Result<Vec<Scope>, StoreError> {
    let most = i64::try_from(SCOPES_PER_ROUND + full.len()).unwrap_or(i64::MAX);
    let due = tx.scopes_with_mail(now_ms, most)?.into_iter();
    Ok(due.filter(|scope| !full.contains(&scope.to_string())).collect())
}

/// Claims for these scopes what there are places for.
pub(crate) fn claim_all(
    tx: &mut Tx<'_>,
    scopes: Vec<Scope>,
    mut places: Places,
    now_ms: i64,
    until_ms: i64,
) -> std::result::Result<Vec<Batch>, StoreError> {
    let mut batches = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let (project, lane) = (scope.project.as_str(), scope.to_string());
        if places.free(project, &lane, 1) == 0 {
            continue;
        }
        let mails = tx.claim_mails(&scope, now_ms, until_ms, MAILS_PER_BATCH)?;
        if !mails.is_empty() {
            places.take(project, &lane, 1);
            batches.push(Batch { scope, mails });
        }
    }
    Ok(batches)
}

/// A subject may have a one-time code in it, to be read on a locked screen: six digits, neither more nor less.
fn without_code(subject: &str) -> String {
    let mut kept = String::with_capacity(subject.len());
    let mut rest = subject;
    while let Some(begin) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at(begin);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        kept.push_str(before);
        kept.push_str(if end == CODE_DIGITS { "[code]" } else { &digits[..end] });
        rest = &digits[end..];
    }
    kept + rest
}

fn fate(attempts: i32, error: String, again: Again, now_ms: i64) -> MailFate {
    if again == Again::Never || attempts >= ATTEMPTS {
        return MailFate::Failed { error };
    }
    MailFate::Waiting {
        run_at_ms: now_ms.saturating_add(millis(RETRY.after(attempts.into()))),
        error,
    }
}

fn outgoing(mail: &MailRow) -> OutgoingMail<'_> {
    OutgoingMail {
        id: &mail.id,
        recipient: &mail.recipient,
        subject: &mail.subject,
        text: mail.body_text.as_deref(),
        html: mail.body_html.as_deref(),
    }
}

fn lost() -> Undelivered {
    Undelivered {
        problem: "the server stopped while sending this mail, in every attempt".to_owned(),
        again: Again::Never,
    }
}

fn unreadable() -> Undelivered {
    Undelivered {
        problem: "the mail setting cannot be read".to_owned(),
        again: Again::Later,
    }
}

#[cfg(test)]
mod tests;
