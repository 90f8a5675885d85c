//! SMTP. The only place that names lettre. A project's own server is checked like every other host that a project names,
//! and connected to at the address that was checked.

mod stream;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use lettre::{
    Message,
    message::{Mailbox, MultiPart, SinglePart},
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use tokio::{net::TcpStream, sync::Mutex};

use self::stream::Counted;
use super::{
    Again, Handover, MailTransport, OutgoingMail, Undelivered,
    provider::{Security, SmtpUrl},
};
use crate::outbound::egress::{Egress, EgressError};

/// To reach the server.
const CONNECT: Duration = Duration::from_secs(10);
/// For one mail with everything that belongs to it.
const LETTER: Duration = Duration::from_secs(45);
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
    from: Mailbox,
    reply_to: Option<Mailbox>,
    /// Kept between the mails of one round.
    connection: Mutex<Option<AsyncSmtpConnection>>,
}

/// Whether the text is one sender, such as `Example <no-reply@example.com>`.
pub(super) fn is_mailbox(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

impl Smtp {
    pub(super) fn new(url: SmtpUrl, owner: Owner, from: &str, reply_to: Option<&str>) -> Result<Self, Undelivered> {
        let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|_| later("the sender is no mailbox"));
        Ok(Self {
            url,
            owner,
            from: mailbox(from)?,
            reply_to: reply_to.map(mailbox).transpose()?,
            connection: Mutex::default(),
        })
    }

    /// Whether the server lets this one in: as far as a mail goes before it is sent.
    pub(super) async fn ping(&self) -> Result<(), Undelivered> {
        self.open().await?.quit().await.ok();
        Ok(())
    }

    async fn send(&self, message: &Message) -> Result<(), Undelivered> {
        let mut kept = self.connection.lock().await;
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => self.open().await?,
        };
        // After an error the connection is in an unknown state and goes.
        let sent = connection.send(message.envelope(), &message.formatted()).await;
        sent.map_err(|error| self.failed(&error))?;
        *kept = Some(connection);
        Ok(())
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Undelivered> {
        let stream = Counted::new(self.connect().await?);
        self.greet(stream).await.map_err(|error| self.failed(&error))
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

    async fn greet(&self, stream: Counted) -> Result<AsyncSmtpConnection, SmtpError> {
        let tls = || TlsParameters::new(self.host().to_owned());
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let mut connection = match self.url.security {
            Security::Plain => AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello).await?,
            Security::StartTls => {
                let mut plain = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello).await?;
                plain.starttls(tls()?, &hello).await?;
                plain
            }
            Security::Tls => {
                let secured = stream.secured(tls()?).await?;
                AsyncSmtpConnection::connect_with_transport(Box::new(secured), &hello).await?
            }
        };
        if let Some((user, password)) = &self.url.credentials {
            let credentials = Credentials::new(user.clone(), password.to_string());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }

    /// The host without the brackets of an IPv6 address.
    fn host(&self) -> &str {
        self.url.host.trim_matches(['[', ']'])
    }

    fn message(&self, mail: &OutgoingMail<'_>) -> Result<Message, Undelivered> {
        let recipient = mail
            .recipient
            .parse()
            .map_err(|_| never("the recipient is no address"))?;
        let domain = self.from.email.domain();
        let mut message = Message::builder()
            .message_id(Some(format!("<{}@{domain}>", mail.id)))
            .from(self.from.clone())
            .to(Mailbox::new(None, recipient))
            .subject(mail.subject)
            .date_now();
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        let built = match (mail.text, mail.html) {
            (Some(text), Some(html)) => {
                message.multipart(MultiPart::alternative_plain_html(text.to_owned(), html.to_owned()))
            }
            (Some(text), None) => message.singlepart(SinglePart::plain(text.to_owned())),
            (None, html) => message.singlepart(SinglePart::html(html.unwrap_or_default().to_owned())),
        };
        built.map_err(|_| never("the mail cannot be written"))
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
        let message = self.message(mail)?;
        match tokio::time::timeout(LETTER, self.send(&message)).await {
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
