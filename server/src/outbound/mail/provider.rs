//! Whose mail server sends a project's mails: its own, the server's, or nobody's.

use std::fmt;

use aerocall_api_types::MailSettings;
use serde_json::{Map, Value, json};
use url::{Host, Url};
use zeroize::Zeroizing;

use super::smtp;
use crate::{
    base::{
        crypto::MasterKey,
        error::{Error, Refusal, Result},
        ids::Scope,
        input::{Fields, Parsed},
    },
    storage::store::{Setting, SettingName, Store},
};

const MAX_URL_BYTES: usize = 1_000;
const MAX_SENDER_BYTES: usize = 320;

/// How the connection to a mail server is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// `smtp://`: STARTTLS, and nothing without it.
    StartTls,
    /// `smtps://`: TLS from the first byte.
    Tls,
    /// `smtp+plain://`: for servers on this machine and for tests.
    Plain,
}

/// A mail server, as `smtp://user:password@host:587`.
#[derive(Clone)]
pub(crate) struct SmtpUrl {
    pub(crate) security: Security,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// User and password.
    pub(crate) credentials: Option<(String, Zeroizing<String>)>,
}

/// A mail server as an admin writes it.
pub(crate) enum SentSmtpUrl {
    /// Everything that a connection needs.
    Complete(SmtpUrl),
    /// A user without a password: the one that is stored for this user of this server. `server` is without credentials.
    StoredPassword { server: SmtpUrl, user: String },
}

/// The setting `mail` as an admin sends it.
pub(crate) struct SentMailSetting {
    smtp: Option<SentSmtpUrl>,
    from: Option<String>,
    reply_to: Option<String>,
}

/// The setting `mail` of a project.
#[derive(Clone, Debug, Default)]
pub(crate) struct MailSetting {
    pub(crate) smtp: Option<SmtpUrl>,
    /// The sender; of the project's own mail server only.
    pub(crate) from: Option<String>,
    pub(crate) reply_to: Option<String>,
}

impl SentSmtpUrl {
    fn parse(text: &str) -> Parsed<Self> {
        let unlike = || "must be a URL like smtp://user:password@mail.example.com:587".to_owned();
        if text.len() > MAX_URL_BYTES {
            return Err(format!("must have at most {MAX_URL_BYTES} bytes"));
        }
        let url = Url::parse(text).map_err(|_| unlike())?;
        let (security, port) = match url.scheme() {
            "smtp" => (Security::StartTls, 587),
            "smtps" => (Security::Tls, 465),
            "smtp+plain" => (Security::Plain, 25),
            _ => return Err("must start with smtp:// (STARTTLS) or smtps://".to_owned()),
        };
        let host = Host::parse(url.host_str().unwrap_or_default()).map_err(|_| unlike())?;
        let more = !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some();
        let port = url.port().unwrap_or(port);
        if more || port == 0 {
            return Err(unlike());
        }
        let user = decoded(url.username()).ok_or_else(unlike)?;
        let password = url
            .password()
            .map(|password| decoded(password).ok_or_else(unlike))
            .transpose()?;
        let server = SmtpUrl {
            security,
            host: host.to_string(),
            port,
            credentials: None,
        };
        let sent = match (user.is_empty(), password) {
            (true, None) => return Ok(Self::Complete(server)),
            (true, Some(_)) => return Err("must have a user with the password, or neither".to_owned()),
            (false, None) => Self::StoredPassword {
                server,
                user: user.to_string(),
            },
            (false, Some(password)) => Self::Complete(SmtpUrl {
                credentials: Some((user.to_string(), password)),
                ..server
            }),
        };
        match security {
            Security::Plain => Err("must not send a password without TLS; use smtp:// or smtps://".to_owned()),
            Security::StartTls | Security::Tls => Ok(sent),
        }
    }

    /// With the stored password, if it is the same user of the same server.
    fn complete(self, stored: Option<&SmtpUrl>) -> Parsed<SmtpUrl> {
        let (server, user) = match self {
            Self::Complete(url) => return Ok(url),
            Self::StoredPassword { server, user } => (server, user),
        };
        let credentials = stored
            .filter(|stored| stored.server() == server.server())
            .and_then(|stored| stored.credentials.clone())
            .filter(|(of_user, _)| *of_user == user);
        match credentials {
            Some(_) => Ok(SmtpUrl { credentials, ..server }),
            None => Err("must have a password: none is stored for this user of this mail server".to_owned()),
        }
    }
}

impl SmtpUrl {
    /// A mail server with its password, if it has a user.
    pub(crate) fn parse(text: &str) -> Parsed<Self> {
        SentSmtpUrl::parse(text)?.complete(None)
    }

    fn scheme(&self) -> &'static str {
        match self.security {
            Security::StartTls => "smtp",
            Security::Tls => "smtps",
            Security::Plain => "smtp+plain",
        }
    }

    /// Which server it is, without user and password.
    pub(super) fn server(&self) -> String {
        format!("{}://{}:{}", self.scheme(), self.host, self.port)
    }

    /// The whole address, for the seal.
    fn reveal(&self) -> Zeroizing<String> {
        let credentials = self
            .credentials
            .as_ref()
            .map_or_else(Zeroizing::default, |(user, password)| {
                Zeroizing::new(format!("{}:{}@", encoded(user), encoded(password)))
            });
        Zeroizing::new(format!(
            "{}://{}{}:{}",
            self.scheme(),
            *credentials,
            self.host,
            self.port
        ))
    }
}

/// Without the password.
impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme())?;
        if let Some((user, _)) = &self.credentials {
            write!(f, "{}@", encoded(user))?;
        }
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl SentMailSetting {
    /// `{ smtpUrl?, from?, replyTo? }`
    pub(crate) fn read(fields: &mut Fields) -> Self {
        let own = fields.has("smtpUrl");
        let smtp = fields.optional("smtpUrl", |value| {
            SentSmtpUrl::parse(value.as_str().ok_or("must be a string")?)
        });
        let from = fields.optional("from", sender);
        let reply_to = fields.optional("replyTo", sender);
        // The server's own mail server vouches for the server's own sender.
        if !own && from.is_some() {
            fields.problem(
                "from",
                "requires smtpUrl: the server's own mail server sends with the server's own sender address",
            );
        }
        if smtp.is_some() && from.is_none() {
            fields.missing(&["from"], "with smtpUrl, a sender address is required");
        }
        Self { smtp, from, reply_to }
    }

    /// The setting that replaces `stored`, whose password stays if none is sent for the same user of the same server.
    pub(crate) fn complete(self, stored: &MailSetting) -> std::result::Result<MailSetting, Refusal> {
        let smtp = self.smtp.map(|smtp| smtp.complete(stored.smtp.as_ref())).transpose();
        Ok(MailSetting {
            smtp: smtp.map_err(|problem| Refusal::invalid_field("smtpUrl", problem))?,
            from: self.from,
            reply_to: self.reply_to,
        })
    }
}

impl MailSetting {
    /// A whole setting, with its password.
    pub(crate) fn read(body: Map<String, Value>) -> std::result::Result<Self, Refusal> {
        let mut fields = Fields::new(body);
        let sent = SentMailSetting::read(&mut fields);
        fields.finish(Some(sent))?.complete(&Self::default())
    }

    /// What the project's admin sees: everything but the password.
    pub(crate) fn document(&self) -> MailSettings {
        MailSettings {
            smtp_url: self.smtp.as_ref().map(ToString::to_string),
            from: self.from.clone(),
            reply_to: self.reply_to.clone(),
        }
    }

    pub(crate) async fn load(store: &Store, master: &MasterKey, scope: &Scope) -> Result<Self> {
        let wanted = scope.clone();
        let broken = |problem: String| Error::unexpected("reading a mail setting", problem);
        match store.read(move |tx| tx.setting(&wanted, SettingName::Mail)).await? {
            None => Ok(Self::default()),
            Some(Setting::Open(_)) => Err(broken("it is not sealed".to_owned())),
            Some(Setting::Sealed(sealed)) => {
                let opened = master.open(&sealed, &bound_to(scope))?;
                let body = serde_json::from_slice(&opened).map_err(|error| broken(error.to_string()))?;
                Self::read(body).map_err(|_| broken("it is not what was written".to_owned()))
            }
        }
    }

    /// As it is kept.
    pub(crate) fn sealed(&self, master: &MasterKey, scope: &Scope) -> Result<Setting> {
        let document = json!({
            "smtpUrl": self.smtp.as_ref().map(|url| url.reveal().to_string()),
            "from": self.from,
            "replyTo": self.reply_to,
        });
        let document = Zeroizing::new(document.to_string());
        Ok(Setting::Sealed(master.seal(document.as_bytes(), &bound_to(scope))?))
    }
}

/// One sender, as mails name it.
pub(super) fn sender(value: Value) -> Parsed<String> {
    let text = value.as_str().ok_or("must be a string")?.trim();
    if text.len() > MAX_SENDER_BYTES || text.contains(char::is_control) || !smtp::is_mailbox(text) {
        return Err("must be one sender, like Example <no-reply@example.com>".to_owned());
    }
    Ok(text.to_owned())
}

fn bound_to(scope: &Scope) -> String {
    format!("setting {scope}/mail")
}

/// Percent-decoded UTF-8 without control characters.
fn decoded(text: &str) -> Option<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                let byte = digit(high)? << 4 | digit(low)?;
                bytes.push(u8::try_from(byte).ok()?);
                after
            }
            (byte, after) => {
                bytes.push(*byte);
                after
            }
        };
    }
    let text = Zeroizing::new(String::from_utf8(bytes.to_vec()).ok()?);
    (!text.contains(char::is_control)).then_some(text)
}

fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    #[test]
    fn addresses_of_mail_servers() {
        let url = SmtpUrl::parse("smtps://us%40er:p%3A%2f@Mail.Example.com").unwrap();
        assert_eq!(
            (url.security, url.host.as_str(), url.port),
            (Security::Tls, "mail.example.com", 465)
        );
        let (user, password) = url.credentials.clone().unwrap();
        assert_eq!((user.as_str(), password.as_str()), ("us@er", "p:/"));
        assert_eq!(url.to_string(), "smtps://us%40er@mail.example.com:465");
        assert_eq!(format!("{url:?}"), "smtps://us%40er@mail.example.com:465");
        assert_eq!(SmtpUrl::parse("smtp://[::1]").unwrap().host, "[::1]");
        for bad in [
            "",
            "smtp://",
            "smtp:///x",
            "http://example.com",
            "smtp://user@example.com",
            "smtp://:password@example.com",
            "smtp+plain://a:b@example.com",
            "smtp://example.com/x",
            "smtp://example.com?tls=none",
            "smtp://example.com:0",
            "smtp://a%0d%0ab:c@example.com",
            "smtp://a:%ff@example.com",
            "smtp://a b",
        ] {
            assert!(SmtpUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_stays_for_the_same_user_of_the_same_server() {
        let read = |url: &str| {
            let mut fields = Fields::new(
                json!({ "smtpUrl": url, "from": "a@example.com" })
                    .as_object()
                    .unwrap()
                    .clone(),
            );
            let sent = SentMailSetting::read(&mut fields);
            fields.finish(Some(sent)).unwrap()
        };
        let stored = read("smtp://me:hunter2@mail.example.com").complete(&MailSetting::default());
        let stored = stored.unwrap();
        let after = read("smtp://me@Mail.Example.com:587").complete(&stored).unwrap();
        let (user, password) = after.smtp.unwrap().credentials.unwrap();
        assert_eq!((user.as_str(), password.as_str()), ("me", "hunter2"));
        for other in [
            "smtp://me@mail.example.org",
            "smtps://me@mail.example.com",
            "smtp://you@mail.example.com",
        ] {
            assert!(read(other).complete(&stored).is_err(), "{other}");
        }
    }

    #[tokio::test]
    async fn the_setting_is_kept_sealed_and_shown_without_its_password() {
        let world = World::new().await;
        let body =
            json!({ "smtpUrl": "smtp://me:hunter2@mail.example.com", "from": "A <a@example.com>", "replyTo": null });
        let setting = MailSetting::read(body.as_object().unwrap().clone()).unwrap();
        world.keep_mail_setting(&world.scope, &setting).await;
        let loaded = MailSetting::load(&world.store, &world.master, &world.scope)
            .await
            .unwrap();
        assert_eq!(
            loaded.smtp.as_ref().unwrap().credentials.as_ref().unwrap().1.as_str(),
            "hunter2"
        );
        assert_eq!(
            json!(loaded.document()),
            json!({ "smtpUrl": "smtp://me@mail.example.com:587", "from": "A <a@example.com>", "replyTo": null })
        );
        assert!(!format!("{loaded:?}").contains("hunter2"));
        let other = MailSetting::load(&world.store, &world.master, &world.other)
            .await
            .unwrap();
        assert!(other.smtp.is_none());
    }
}
