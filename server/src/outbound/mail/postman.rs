//! Sends what is due: claims mails under a lease, gives them to the transport of their project, keeps what became of them.
//!
//! A mail may leave twice when a worker dies between the mail server's yes and the commit; its Message-Id is the same
//! both times, by which receivers know it.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};

use super::{
    Again, Handover, MailSetting, MailTransport, OutgoingMail, Undelivered,
    captured::Captured,
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
    },
    observability::metrics::{Metrics, Retried},
    outbound::egress::Egress,
    storage::store::{MailFate, MailRow, Store},
};

const ATTEMPTS: i32 = 5;
/// Before each attempt after the first: 10 s, 1 min, 6 min, 36 min.
const RETRY: Backoff = Backoff::new(Duration::from_secs(10), 6, Duration::from_secs(3_600));
/// Longer than a round of one scope can take.
const LEASE: Duration = Duration::from_secs(300);
/// In one round, so that no project's mails keep another's waiting for long.
const SCOPES_AT_ONCE: usize = 16;
const MAILS_PER_SCOPE: i64 = 4;

/// Of a one-time code.
const CODE_DIGITS: usize = 6;

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

    /// One round; answers how many mails it tried. Nothing left to do when it is 0.
    pub(crate) async fn deliver_due(&self) -> Result<usize> {
        let now_ms = self.clock.now_ms();
        let most = i64::try_from(SCOPES_AT_ONCE).unwrap_or(i64::MAX);
        let scopes = self.store.read(move |tx| tx.scopes_with_mail(now_ms, most)).await?;
        let rounds = scopes.into_iter().map(|scope| self.deliver_of(scope));
        let tried: Vec<Result<usize>> = stream::iter(rounds).buffer_unordered(SCOPES_AT_ONCE).collect().await;
        tried.into_iter().sum()
    }

    async fn deliver_of(&self, scope: Scope) -> Result<usize> {
        let mails = self.claim(&scope).await?;
        if mails.is_empty() {
            return Ok(0);
        }
        let transport = self.transport(&scope).await;
        for mail in &mails {
            self.metrics.attempted(Retried::Mail, mail.attempts - 1);
            let carried = match &transport {
                _ if mail.attempts > ATTEMPTS => Err(lost()),
                Ok(transport) => transport.carry(&outgoing(mail)).await,
                Err(problem) => Err(problem.clone()),
            };
            self.mark(&scope, mail, carried).await?;
        }
        if let Ok(transport) = &transport {
            transport.finish().await;
        }
        Ok(mails.len())
    }

    async fn claim(&self, scope: &Scope) -> Result<Vec<MailRow>> {
        let (scope, now_ms) = (scope.clone(), self.clock.now_ms());
        let lease_until_ms = now_ms.saturating_add(millis(LEASE));
        let claim = self
            .store
            .write(move |tx| tx.claim_mails(&scope, now_ms, lease_until_ms, MAILS_PER_SCOPE));
        Ok(claim.await?)
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
                tracing::info!(scope = %scope, mail = mail.id, attempt = mail.attempts, problem, "a mail was not sent");
                fate(mail.attempts, problem, again, now_ms)
            }
        };
        let mut mail = mail.clone();
        if matches!(fate, MailFate::Sent | MailFate::Failed { .. }) {
            mail.subject = without_code(&mail.subject);
        }
        self.store.write(move |tx| tx.mark_mail(&mail, &fate, now_ms)).await?;
        Ok(())
    }
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
