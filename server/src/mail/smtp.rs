//! SMTP. The only place that names lettre. A project's own server is checked like every other host that a project names,
//! and connected to at the address that was checked.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, SinglePart},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};

use super::{
    Again, Carried, Carrier, Letter, Undelivered,
    provider::{Security, SmtpUrl},
};
use crate::egress::Egress;

/// For one command.
const COMMAND: Duration = Duration::from_secs(15);
/// For one mail with everything that belongs to it.
const LETTER: Duration = Duration::from_secs(45);
const MOST_PROBLEM_CHARS: usize = 300;

/// Whose server it is: decides where it may be and what is told of its errors.
#[derive(Clone)]
pub(super) enum Owner {
    /// The project's: on the public internet, its errors are the project's to read.
    Project(Arc<Egress>),
    /// The server's: anywhere, and its errors may name what only its owner should know.
    Server,
}

/// Sends through one mail server.
pub(super) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    owner: Owner,
}

/// Whether the text is one sender, such as `Example <no-reply@example.com>`.
pub(super) fn is_mailbox(text: &str) -> bool {
    text.parse::<Mailbox>().is_ok()
}

impl Smtp {
    /// A carrier that keeps its connection between mails.
    pub(super) async fn connect(
        url: &SmtpUrl,
        owner: Owner,
        from: &str,
        reply_to: Option<&str>,
    ) -> Result<Self, Undelivered> {
        let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|_| later("the sender is no mailbox"));
        let from = mailbox(from)?;
        let name = url.host.trim_matches(['[', ']']).to_owned();
        let target = match &owner {
            Owner::Server => name.clone(),
            Owner::Project(egress) => {
                let addresses = egress.addresses(&url.host).await;
                let addresses = addresses.map_err(|error| later(&format!("the mail server: {error}")))?;
                addresses
                    .first()
                    .ok_or_else(|| later("the mail server is not known"))?
                    .to_string()
            }
        };
        let tls = TlsParameters::new(name).map_err(|_| later("TLS cannot be set up"))?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(target)
            .port(url.port)
            .timeout(Some(COMMAND))
            .hello_name(ClientId::Domain(from.email.domain().to_owned()))
            .tls(match url.security {
                Security::StartTls => Tls::Required(tls),
                Security::Tls => Tls::Wrapper(tls),
                Security::Plain => Tls::None,
            });
        if let Some((user, password)) = &url.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.to_string()));
        }
        Ok(Self {
            transport: builder.build(),
            reply_to: reply_to.map(mailbox).transpose()?,
            from,
            owner,
        })
    }

    fn message(&self, letter: &Letter<'_>) -> Result<Message, Undelivered> {
        let recipient = letter
            .recipient
            .parse()
            .map_err(|_| never("the recipient is no address"))?;
        let domain = self.from.email.domain();
        let mut message = Message::builder()
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .from(self.from.clone())
            .to(Mailbox::new(None, recipient))
            .subject(letter.subject)
            .date_now();
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        let built = match (letter.text, letter.html) {
            (Some(text), Some(html)) => {
                message.multipart(MultiPart::alternative_plain_html(text.to_owned(), html.to_owned()))
            }
            (Some(text), None) => message.singlepart(SinglePart::plain(text.to_owned())),
            (None, html) => message.singlepart(SinglePart::html(html.unwrap_or_default().to_owned())),
        };
        built.map_err(|_| never("the mail cannot be written"))
    }

    fn failed(&self, error: &lettre::transport::smtp::Error) -> Undelivered {
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
                .take(MOST_PROBLEM_CHARS)
                .collect(),
            again,
        }
    }
}

#[async_trait]
impl Carrier for Smtp {
    async fn carry(&self, letter: &Letter<'_>) -> Result<Carried, Undelivered> {
        let message = self.message(letter)?;
        match tokio::time::timeout(LETTER, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(Carried::Sent),
            Ok(Err(error)) => {
                if matches!(self.owner, Owner::Server) {
                    tracing::warn!(mail = letter.id, error = %error, "the server's mail server refused a mail");
                }
                Err(self.failed(&error))
            }
            Err(_) => Err(later("the mail server takes too long")),
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
