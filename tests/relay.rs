//! A mail server that keeps what it gets, for tests of those who send: it offers what a test says, and is strict about the
//! rest. What a client says without having been offered it is refused (RFC 5321, 6152, 6531), so what arrives was sent by the
//! rules.

use std::{
    io::{BufRead as _, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    thread,
};

/// What the server offers after EHLO.
#[derive(Clone, Default)]
pub(crate) struct Offers {
    pub(crate) eight_bit: bool,
    pub(crate) smtputf8: bool,
    /// Nobody sends without it.
    pub(crate) auth: bool,
    /// With the server's certificate.
    pub(crate) starttls: Option<Arc<rustls::ServerConfig>>,
}

/// A mail as it came: command lines and content.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delivered {
    pub(crate) ehlo: String,
    pub(crate) mail: String,
    pub(crate) rcpt: String,
    pub(crate) content: String,
    pub(crate) encrypted: bool,
}

/// A running server; it runs as long as the test.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    delivered: Arc<Mutex<Vec<Delivered>>>,
    refused: Arc<Mutex<Vec<String>>>,
}

trait Channel: Read + Write + Send {}
impl<T: Read + Write + Send> Channel for T {}

impl Relay {
    pub(crate) fn start(offers: &Offers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let relay = Self {
            address: listener.local_addr().unwrap(),
            delivered: Arc::default(),
            refused: Arc::default(),
        };
        let (offers, delivered, refused) = (offers.clone(), relay.delivered.clone(), relay.refused.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let talk = Talk {
                    offers: offers.clone(),
                    channel: BufReader::new(Box::new(stream.unwrap())),
                    now: Delivered::default(),
                    known: false,
                    delivered: delivered.clone(),
                    refused: refused.clone(),
                };
                // A client that goes away is no failure of the test.
                thread::spawn(move || drop(talk.run()));
            }
        });
        relay
    }

    pub(crate) fn delivered(&self) -> Vec<Delivered> {
        self.delivered.lock().unwrap().clone()
    }

    /// Commands that were against the rules, and how they were answered.
    pub(crate) fn refused(&self) -> Vec<String> {
        self.refused.lock().unwrap().clone()
    }
}

/// One connection.
struct Talk {
    offers: Offers,
    channel: BufReader<Box<dyn Channel>>,
    now: Delivered,
    /// Whether the client has authenticated.
    known: bool,
    delivered: Arc<Mutex<Vec<Delivered>>>,
    refused: Arc<Mutex<Vec<String>>>,
}

impl Talk {
    fn run(mut self) -> std::io::Result<()> {
        self.say("220 relay.example ESMTP")?;
        while let Some(line) = self.line()? {
            let line = String::from_utf8_lossy(&line).into_owned();
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => self.ehlo(&line),
                "STARTTLS" => {
                    let Some(config) = self.offers.starttls.clone() else {
                        break;
                    };
                    self.say("220 go on")?;
                    self = self.encrypted(config)?;
                    continue;
                }
                "AUTH" => {
                    self.known = true;
                    "235 welcome".to_owned()
                }
                "MAIL" => self.mail(&line),
                "RCPT" => self.rcpt(&line),
                "DATA" => self.data()?,
                "QUIT" => "221 bye".to_owned(),
                _ => "500 unknown".to_owned(),
            };
            if answer.starts_with('5') {
                self.refused.lock().unwrap().push(format!("{line}: {answer}"));
            }
            self.say(&answer)?;
        }
        Ok(())
    }

    fn say(&mut self, answer: &str) -> std::io::Result<()> {
        let channel = self.channel.get_mut();
        channel.write_all(format!("{answer}\r\n").as_bytes())?;
        channel.flush()
    }

    /// Without its line break, of at most 1,000 bytes with it (RFC 5321, 4.5.3.1.6).
    fn line(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        if self.channel.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        assert!(line.len() <= 1_000 && line.ends_with(b"\r\n"), "{line:?}");
        line.truncate(line.len() - 2);
        Ok(Some(line))
    }

    fn ehlo(&mut self, line: &str) -> String {
        self.now.ehlo = line.to_owned();
        if !line.is_ascii() {
            return "501 not a domain".to_owned();
        }
        let offered = [
            (self.offers.eight_bit, "8BITMIME"),
            (self.offers.smtputf8, "SMTPUTF8"),
            (self.offers.auth, "AUTH PLAIN"),
            (self.offers.starttls.is_some() && !self.now.encrypted, "STARTTLS"),
        ];
        let names = offered.iter().filter(|(is_offered, _)| *is_offered);
        names.fold("250-relay.example".to_owned(), |answer, (_, name)| {
            format!("{answer}\r\n250-{name}")
        }) + "\r\n250 HELP"
    }

    fn mail(&mut self, line: &str) -> String {
        self.now.mail = line.to_owned();
        let parameters: Vec<&str> = line.split('>').nth(1).unwrap_or_default().split_whitespace().collect();
        let utf8 = parameters.contains(&"SMTPUTF8");
        let offered = |parameter: &&str| match *parameter {
            "SMTPUTF8" => self.offers.smtputf8,
            "BODY=8BITMIME" => self.offers.eight_bit,
            _ => false,
        };
        if self.offers.auth && !self.known {
            return "530 who are you".to_owned();
        }
        match parameters.iter().all(offered) && (utf8 || line.is_ascii()) {
            true => "250 ok".to_owned(),
            false => "555 not offered".to_owned(),
        }
    }

    /// The local part is a row of words with dots between them, or in quotes (RFC 5321, 4.1.2).
    fn rcpt(&mut self, line: &str) -> String {
        self.now.rcpt = line.to_owned();
        let path = line.strip_prefix("RCPT TO:<").and_then(|rest| rest.strip_suffix('>'));
        let Some((local, domain)) = path.and_then(|path| path.rsplit_once('@')) else {
            return "501 not a path".to_owned();
        };
        let is_quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
        if !(is_quoted || local.split('.').all(|word| !word.is_empty())) || !domain.is_ascii() {
            return "553 not a mailbox".to_owned();
        }
        match local.is_ascii() || self.now.mail.contains(" SMTPUTF8") {
            true => "250 ok".to_owned(),
            false => "553 not ASCII".to_owned(),
        }
    }

    fn data(&mut self) -> std::io::Result<String> {
        self.say("354 go on")?;
        let mut content = Vec::new();
        while let Some(line) = self.line()?.filter(|line| line != b".") {
            // Dots at the beginning of a line are doubled (4.5.2).
            content.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            content.push(b'\n');
        }
        let parameters = &self.now.mail;
        if !content.is_ascii() && !parameters.contains("BODY=8BITMIME") && !parameters.contains("SMTPUTF8") {
            return Ok("554 not 7-bit".to_owned());
        }
        self.now.content = String::from_utf8(content).unwrap();
        self.delivered.lock().unwrap().push(self.now.clone());
        Ok("250 kept".to_owned())
    }

    fn encrypted(self, config: Arc<rustls::ServerConfig>) -> std::io::Result<Self> {
        let session = rustls::ServerConnection::new(config).map_err(std::io::Error::other)?;
        let stream = rustls::StreamOwned::new(session, self.channel.into_inner());
        Ok(Self {
            channel: BufReader::new(Box::new(stream)),
            // What was said before TLS is forgotten (RFC 3207, 4.2).
            now: Delivered {
                encrypted: true,
                ..Delivered::default()
            },
            ..self
        })
    }
}
