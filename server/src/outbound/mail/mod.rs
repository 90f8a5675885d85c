//! Mails: made and checked when a flow or a hook wants one, kept in the same transaction as what it is about, sent later by
//! a worker. Knows no hook and no HTTP.
//!
//! In the order a mail goes through them:
//!
//! - `compose`: what is asked for to a mail that can be sent; `template`: the project's templates
//! - `postman`: claims what is due, sends it, keeps what became of it; `provider`: the mail server that sends it; `known`: what
//!   that server has said of itself
//! - [`MailTransport`]: how it leaves: `captured` keeps it, `smtp` sends it

mod captured;
mod compose;
mod known;
mod postman;
mod provider;
mod smtp;
mod template;

pub(crate) use compose::Composer;
pub(crate) use known::offers_smtputf8;
pub(crate) use postman::{Batch, Postman};
#[cfg(test)]
pub(crate) use postman::{claim_all, due_scopes};
pub(crate) use provider::{MailSetting, SentMailSetting};
pub(crate) use template::{Parts, TemplateName};

use async_trait::async_trait;

use crate::base::{
    config::MailConfig,
    error::{Error, Result as Checked},
};

/// Refuses settings with which no mail could leave, when a server starts.
pub(crate) fn check(config: &MailConfig) -> Checked<()> {
    problem(config).map_or(Ok(()), |problem| {
        Err(Error::unexpected("reading the settings", problem))
    })
}

/// What is wrong with the settings of the mail server, which setting it is, and how to put it right. An address may hold a
/// password and is not repeated.
fn problem(config: &MailConfig) -> Option<String> {
    let url = config
        .smtp
        .as_ref()
        .and_then(|url| provider::SmtpUrl::parse(url.reveal()).err());
    if let Some(problem) = url {
        return Some(format!("`smtp.url` (AEROCALL_SMTP_URL) {problem}"));
    }
    provider::sender(config.from.as_str().into())
        .err()
        .map(|problem| format!("`smtp.from` (AEROCALL_SMTP_FROM) {problem}"))
}

/// Whether the server's own mail server lets it in; `None` where the settings name none. The error is for who runs the
/// server.
pub(crate) async fn ping(config: &MailConfig) -> Option<Result<(), String>> {
    if let Some(problem) = problem(config) {
        return Some(Err(problem));
    }
    Some(match own(config)? {
        Ok(smtp) => smtp.ping().await.map_err(|undelivered| undelivered.problem),
        Err(problem) => Err(problem),
    })
}

/// The server's own mail server; `None` where the settings name none.
fn own(config: &MailConfig) -> Option<Result<smtp::Smtp, String>> {
    let url = provider::SmtpUrl::parse(config.smtp.as_ref()?.reveal());
    let smtp = url.map_err(|problem| format!("smtp.url {problem}")).and_then(|url| {
        let smtp = smtp::Smtp::new(url, smtp::Owner::Server, &config.from, None);
        smtp.map_err(|undelivered| undelivered.problem)
    });
    Some(smtp)
}

/// Sends a mail of the installation itself by the server's own mail server. The error is for who runs the server.
pub(crate) async fn send(config: &MailConfig, mail: &OutgoingMail<'_>) -> Result<(), String> {
    let smtp = own(config).ok_or("the settings name no mail server")??;
    let sent = smtp.carry(mail).await;
    smtp.finish().await;
    sent.map(drop).map_err(|undelivered| undelivered.problem)
}

/// A way for mails to leave.
#[async_trait]
pub(crate) trait MailTransport: Send + Sync {
    /// Sends one mail to its one recipient.
    async fn carry(&self, mail: &OutgoingMail<'_>) -> Result<Handover, Undelivered>;

    /// Whether the mail server offered SMTPUTF8, if there is one and it was connected to.
    fn offers_smtputf8(&self) -> Option<(&provider::SmtpUrl, bool)> {
        None
    }

    /// No more mails for now.
    async fn finish(&self) {}
}

/// A mail as it leaves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutgoingMail<'a> {
    /// The same at every attempt.
    pub(crate) id: &'a str,
    pub(crate) recipient: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) text: Option<&'a str>,
    pub(crate) html: Option<&'a str>,
}

/// What a transport did with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handover {
    /// A mail server has it.
    Sent,
    /// It stays here and is shown.
    Captured,
}

/// A mail that did not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Undelivered {
    /// For the project's admin.
    pub(crate) problem: String,
    pub(crate) again: Again,
}

/// Whether the same mail may leave later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    Later,
    Never,
}
