//! A mail as SMTP sends it: envelope, headers and content. Domains are in ASCII everywhere, names and subjects are encoded
//! (RFC 2047), and so are bodies: only a local part beyond ASCII needs a mail server with SMTPUTF8 (RFC 6531).

use std::net::IpAddr;

use lettre::{
    Address, Message,
    address::Envelope,
    message::{Mailbox, MultiPart, SinglePart},
    transport::smtp::extension::ClientId,
};

use super::{OutgoingMail, Undelivered, later, never};
use crate::base::input::{Email, domain};

/// Whose mails they are, and where answers go.
pub(super) struct Sender {
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

/// A mail that is ready.
pub(super) struct Outgoing {
    pub(super) from: Address,
    pub(super) to: Address,
    /// Headers and body.
    pub(super) content: Vec<u8>,
    sender_needs_smtputf8: bool,
}

impl Sender {
    /// `None` if one of them is no mailbox.
    pub(super) fn parse(from: &str, reply_to: Option<&str>) -> Option<Self> {
        let mailbox = |text: &str| text.parse().ok().map(in_ascii);
        Some(Self {
            from: mailbox(from)?,
            reply_to: match reply_to {
                Some(text) => Some(mailbox(text)?),
                None => None,
            },
        })
    }

    /// What the server is greeted with: the sender's domain, or its address literal (RFC 5321, 4.1.4).
    pub(super) fn hello(&self) -> ClientId {
        let domain = self.from.email.domain();
        match domain::address_literal(domain) {
            Some(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
            Some(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
            None => ClientId::Domain(domain.to_owned()),
        }
    }

    pub(super) fn message(&self, mail: &OutgoingMail<'_>) -> Result<Outgoing, Undelivered> {
        let unusable = |problem: String| never(&format!("the recipient's address {problem}"));
        let recipient = Email::parse(mail.recipient.into()).map_err(unusable)?;
        let (local, domain) = recipient.mailbox();
        // The library would refuse local parts that are in quotes, and has nothing to add to what was checked.
        let (from, to) = (self.from.email.clone(), Address::new_dangerous(local, domain));
        let unwritable = || never("the mail cannot be written");
        let envelope = Envelope::new(Some(from.clone()), vec![to.clone()]).map_err(|_| unwritable())?;
        let mut message = Message::builder()
            .message_id(Some(format!("<{}@{}>", mail.id, from.domain())))
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(mail.subject)
            .date_now()
            .envelope(envelope);
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
        let mailboxes = [Some(&self.from), self.reply_to.as_ref()];
        Ok(Outgoing {
            from,
            to,
            content: built.map_err(|_| unwritable())?.formatted(),
            sender_needs_smtputf8: mailboxes.iter().flatten().any(|one| !is_ascii(&one.email)),
        })
    }
}

impl Outgoing {
    pub(super) fn needs_smtputf8(&self) -> bool {
        self.sender_needs_smtputf8 || !is_ascii(&self.to)
    }

    /// Why a server without SMTPUTF8 cannot send it. Another recipient is another mail; a sender can be set right.
    pub(super) fn unsendable(&self) -> Option<Undelivered> {
        if !is_ascii(&self.to) {
            return Some(never(
                "the recipient's address is not ASCII before the @, and the mail server does not offer SMTPUTF8 (RFC 6531): it \
                 cannot send to this address",
            ));
        }
        self.sender_needs_smtputf8.then(|| {
            later(
                "the sender or the address for replies is not ASCII before the @, and the mail server does not offer SMTPUTF8 \
                 (RFC 6531): set another sender",
            )
        })
    }
}

fn is_ascii(address: &Address) -> bool {
    let text: &str = address.as_ref();
    text.is_ascii()
}

/// The same mailbox, its domain in ASCII.
fn in_ascii(mailbox: Mailbox) -> Mailbox {
    let address = &mailbox.email;
    match domain::to_ascii(address.domain()) {
        Some(ascii) => Mailbox::new(mailbox.name, Address::new_dangerous(address.user(), ascii)),
        // An address literal.
        None => mailbox,
    }
}
