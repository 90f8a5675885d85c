//! A mail server on this machine: takes mails and remembers for whom, or hangs: connections stay open, and nobody says anything.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

#[derive(Clone)]
pub(crate) struct Mailbox {
    port: u16,
    hangs: Arc<AtomicBool>,
    mails: Arc<Mutex<HashMap<String, usize>>>,
}

impl Mailbox {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mailbox = Self {
            port: listener.local_addr().unwrap().port(),
            hangs: Arc::default(),
            mails: Arc::default(),
        };
        let shared = mailbox.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, mailbox) = (stream.unwrap(), shared.clone());
                std::thread::spawn(move || drop(mailbox.speaks(stream)));
            }
        });
        mailbox
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp+plain://127.0.0.1:{}", self.port)
    }

    pub(crate) fn hang(&self, hangs: bool) {
        self.hangs.store(hangs, Ordering::SeqCst);
    }

    /// How many came for this address.
    pub(crate) fn mails(&self, address: &str) -> usize {
        self.mails.lock().unwrap().get(address).copied().unwrap_or(0)
    }

    /// RFC 5321, as far as a client that is well needs it.
    fn speaks(&self, stream: TcpStream) -> std::io::Result<()> {
        let (mut output, mut input) = (stream.try_clone()?, BufReader::new(stream));
        let mut says = |line: &str| {
            while self.hangs.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(20));
            }
            output.write_all(format!("{line}\r\n").as_bytes())
        };
        let (mut line, mut recipients) = (String::new(), Vec::new());
        says("220 here")?;
        while input.read_line(&mut line)? > 0 {
            let command = line.trim().to_owned();
            line.clear();
            match command.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
                "RCPT" => {
                    let address = command.split(['<', '>']).nth(1).unwrap_or_default();
                    recipients.push(address.to_owned());
                    says("250 known")?;
                }
                "DATA" => {
                    says("354 go on")?;
                    while input.read_line(&mut line)? > 0 && line != ".\r\n" {
                        line.clear();
                    }
                    line.clear();
                    for recipient in recipients.drain(..) {
                        *self.mails.lock().unwrap().entry(recipient).or_default() += 1;
                    }
                    says("250 taken")?;
                }
                "QUIT" => return says("221 bye"),
                _ => says("250 well")?,
            }
        }
        Ok(())
    }
}
