//! SMTP. The only place that names lettre. A project's own server is checked like every other host that a project names,
//! and connected to at the address that was checked.

mod message;
mod stream;

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_trait::async_trait;
use lettre::{
    message::Mailbox,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{Extension, MailBodyParameter, MailParameter},
    },
};
use tokio::{net::TcpStream, sync::Mutex};

use self::{
    message::{Outgoing, Sender},
    stream::Counted,
};
use super::{
    Again, Handover, MailTransport, OutgoingMail, Undelivered,
    provider::{Security, SmtpUrl},
};
use crate::outbound::egress::{Egress, EgressError};

/// To reach the server.
const CONNECT: Duration = Duration::from_secs(10);
/// For one mail with everything that belongs to it.
const MAIL_TIME: Duration = Duration::from_secs(45);
const MAX_PROBLEM_CHARS: usize = 300;

/// Who runs the server: decides where it may be and what its errors show.
#[derive(Clone)]
pub(super) enum Owner {
    /// The project's: on the public internet, its errors are the project's to read.
    Project(Arc<Egress>),
    /// The server's: anywhere, and its errors may name what only its owner should know.
    Server,
}

/// Sends through one mail server.
pub(super) struct Smtp {
    url: SmtpUrl,
    owner: Owner,
    sender: Sender,
    /// Kept between the mails of one round.
    connection: Mutex<Option<AsyncSmtpConnection>>,
    /// Whether the server offers SMTPUTF8 (RFC 6531), once it has been asked.
    smtputf8: OnceLock<bool>,
}

/// Whether the text is one sender, such as `Example <no-reply@example.com>`.
pub(super) fn is_mailbox(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

impl Smtp {
    pub(super) fn new(url: SmtpUrl, owner: Owner, from: &str, reply_to: Option<&str>) -> Result<Self, Undelivered> {
        Ok(Self {
            url,
            owner,
            sender: Sender::parse(from, reply_to).ok_or_else(|| later("the sender is no mailbox"))?,
            connection: Mutex::default(),
            smtputf8: OnceLock::new(),
        })
    }

    /// Whether the server lets this one in: as far as a mail goes before it is sent.
    pub(super) async fn ping(&self) -> Result<(), Undelivered> {
        self.open().await?.quit().await.ok();
        Ok(())
    }

    async fn send(&self, mail: &Outgoing) -> Result<(), Undelivered> {
        let mut kept = self.connection.lock().await;
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => self.open().await?,
        };
        let offers_smtputf8 = connection.server_info().supports_feature(Extension::SmtpUtfEight);
        if !offers_smtputf8 && let Some(problem) = mail.unsendable() {
            *kept = Some(connection);
            return Err(problem);
        }
        if let Err(error) = transmit(&mut connection, mail).await {
            // After an error the connection is in an unknown state and goes.
            connection.abort().await;
            return Err(self.failed(&error));
        }
        *kept = Some(connection);
        Ok(())
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Undelivered> {
        let connection = self.greet(Counted::new(self.connect().await?)).await?;
        let offers_smtputf8 = connection.server_info().supports_feature(Extension::SmtpUtfEight);
        self.smtputf8.get_or_init(|| offers_smtputf8);
        Ok(connection)
    }

    /// A connection to the host itself: for a project's server, to an address that was checked.
    async fn connect(&self) -> Result<TcpStream, Undelivered> {
        let connecting = async {
            match &self.owner {
                Owner::Server => TcpStream::connect((self.host(), self.url.port)).await,
                Owner::Project(egress) => {
                    let addresses = egress.addresses(&self.url.host).await.map_err(std::io::Error::other)?;
                    let port = self.url.port;
                    let addresses: Vec<_> = addresses.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
                    TcpStream::connect(addresses.as_slice()).await
                }
            }
        };
        let connected = tokio::time::timeout(CONNECT, connecting).await;
        let refused = |error: &std::io::Error| match error.get_ref().and_then(|inside| inside.downcast_ref()) {
            Some(error @ (EgressError::Refused(_) | EgressError::Unreachable(_))) => later(&error.to_string()),
            _ => later("the mail server cannot be reached"),
        };
        connected
            .map_err(|_| later("the mail server cannot be reached in time"))?
            .map_err(|error| refused(&error))
    }

    /// What goes wrong here says nothing of the mail: it is sent later.
    async fn greet(&self, stream: Counted) -> Result<AsyncSmtpConnection, Undelivered> {
        let failed = |error: SmtpError| Undelivered {
            again: Again::Later,
            ..self.failed(&error)
        };
        let tls = || TlsParameters::new(self.host().to_owned()).map_err(failed);
        let hello = self.sender.hello();
        let connect = |stream| AsyncSmtpConnection::connect_with_transport(stream, &hello);
        let mut connection = match self.url.security {
            Security::Plain => connect(Box::new(stream)).await.map_err(failed)?,
            Security::StartTls => {
                let mut plain = connect(Box::new(stream)).await.map_err(failed)?;
                if !plain.can_starttls() {
                    return Err(later(
                        "the mail server does not offer STARTTLS; if it expects TLS from the first byte, its URL begins with smtps://",
                    ));
                }
                plain
                    .starttls(tls()?, &hello)
                    .await
                    .map_err(|error| self.insecure(&error))?;
                plain
            }
            Security::Tls => {
                let secured = stream.secured(tls()?).await.map_err(|error| self.insecure(&error))?;
                connect(Box::new(secured)).await.map_err(failed)?
            }
        };
        if let Some((user, password)) = &self.url.credentials {
            if connection
                .server_info()
                .get_auth_mechanism(DEFAULT_MECHANISMS)
                .is_none()
            {
                return Err(later("the mail server offers neither AUTH PLAIN nor AUTH LOGIN"));
            }
            let credentials = Credentials::new(user.clone(), password.to_string());
            connection
                .auth(DEFAULT_MECHANISMS, &credentials)
                .await
                .map_err(failed)?;
        }
        Ok(connection)
    }

    /// TLS that did not come about.
    fn insecure(&self, error: &SmtpError) -> Undelivered {
        let failed = self.failed(error);
        match (&self.owner, error.status()) {
            (Owner::Server, None) => later(
                "TLS with the mail server failed; its certificate must be trusted here and valid for the host in its URL",
            ),
            _ => Undelivered {
                again: Again::Later,
                ..failed
            },
        }
    }

    /// The host without the brackets of an IPv6 address.
    fn host(&self) -> &str {
        self.url.host.trim_matches(['[', ']'])
    }

    fn failed(&self, error: &SmtpError) -> Undelivered {
        if matches!(self.owner, Owner::Server) {
            tracing::warn!(error = %error, "the server's mail server refused a mail");
        }
        let again = match error.is_permanent() {
            true => Again::Never,
            false => Again::Later,
        };
        let problem = match (&self.owner, error.status()) {
            (Owner::Project(_), _) => format!("the mail server: {error}"),
            (Owner::Server, Some(status)) => format!("the mail server answered {status}"),
            (Owner::Server, None) => "the mail server cannot be reached".to_owned(),
        };
        Undelivered {
            problem: problem
                .chars()
                .filter(|c| !c.is_control())
                .take(MAX_PROBLEM_CHARS)
                .collect(),
            again,
        }
    }
}

#[async_trait]
impl MailTransport for Smtp {
    async fn carry(&self, mail: &OutgoingMail<'_>) -> Result<Handover, Undelivered> {
        let mail = self.sender.message(mail)?;
        match tokio::time::timeout(MAIL_TIME, self.send(&mail)).await {
            Ok(sent) => sent.map(|()| Handover::Sent),
            Err(_) => Err(later("the mail server takes too long")),
        }
    }

    async fn finish(&self) {
        if let Some(mut connection) = self.connection.lock().await.take() {
            // A goodbye that nobody hears is none.
            let _ = tokio::time::timeout(CONNECT, connection.quit()).await;
        }
    }

    fn offers_smtputf8(&self) -> Option<(&SmtpUrl, bool)> {
        Some((&self.url, *self.smtputf8.get()?))
    }
}

/// One mail to its one recipient, over a server that can send it ([`Outgoing::unsendable`]). The library's own sending asks
/// for 8BITMIME where no 8-bit content needs it, and looks for SMTPUTF8 in the envelope alone.
async fn transmit(connection: &mut AsyncSmtpConnection, mail: &Outgoing) -> Result<(), SmtpError> {
    let mut parameters = Vec::new();
    if mail.needs_smtputf8() {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !mail.content.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    connection
        .command(Mail::new(Some(mail.from.clone()), parameters))
        .await?;
    connection.command(Rcpt::new(mail.to.clone(), Vec::new())).await?;
    connection.command(Data).await?;
    connection.message(&mail.content).await?;
    Ok(())
}

fn later(problem: &str) -> Undelivered {
    Undelivered {
        problem: problem.to_owned(),
        again: Again::Later,
    }
}

fn never(problem: &str) -> Undelivered {
    Undelivered {
        again: Again::Never,
        ..later(problem)
    }
}
