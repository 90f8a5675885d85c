//! The server that tests are talked to by: reads requests of HTTP/1.1 and writes answers. Shared by the test programs of several
//! crates.
#![allow(dead_code, reason = "not every test program uses all of it")]

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
};

/// A request, read to the end.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// By name in small letters.
    pub(crate) headers: HashMap<String, String>,
    /// First line and headers as they were sent.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The next request on a connection; `None` if there is none.
    pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let (mut head, mut headers) = (String::new(), HashMap::new());
        while reader.read_line(&mut head)? > 2 {
            let line = head.lines().next_back().unwrap_or_default();
            if let Some((name, value)) = line.split_once(':') {
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
        }
        let mut first = head.split(' ').map(str::to_owned);
        let (Some(method), Some(path)) = (first.next(), first.next()) else {
            return Ok(None);
        };
        let length = headers.get("content-length").and_then(|length| length.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body)?;
        Ok(Some(Self {
            method,
            path,
            headers,
            head,
            body,
        }))
    }

    /// A header; empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Head and body as they were sent.
    pub(crate) fn text(&self) -> String {
        self.head.clone() + &String::from_utf8_lossy(&self.body)
    }
}

/// Writes the last answer on a connection. `headers`: lines as they are sent.
pub(crate) fn answer(stream: &mut impl Write, status: u16, headers: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

/// Handles each connection in a thread of its own. A client that goes away early is no failure.
pub(crate) fn on(
    listener: TcpListener,
    handle: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static,
) -> SocketAddr {
    let address = listener.local_addr().unwrap();
    let handle = std::sync::Arc::new(handle);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let handle = std::sync::Arc::clone(&handle);
            std::thread::spawn(move || drop(handle(stream)));
        }
    });
    address
}

/// Answers every request, one on a connection, on loopback. `answers`: headers as they are sent, and the body of a 200.
pub(crate) fn answering(answers: impl Fn(&Request) -> (&'static str, String) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    on(listener, move |mut stream| {
        let Some(request) = Request::read(&mut BufReader::new(stream.try_clone()?))? else {
            return Ok(());
        };
        let (headers, body) = answers(&request);
        answer(&mut stream, 200, headers, &body)
    })
}
