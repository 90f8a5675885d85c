//! A client of Server-Sent Events.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use crate::site::{Project, Site};

/// A stream as a browser opens it.
pub(crate) struct Stream(BufReader<TcpStream>);

impl Stream {
    /// Of a path of the admin API, after what was seen last.
    pub(crate) fn open(site: &Site, project: &Project, path: &str, last: Option<&str>) -> Self {
        let address = site.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let last = last.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        write!(
            stream,
            "GET /admin/api/v1{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n{last}\r\n",
            project.sk
        )
        .unwrap();
        Self(BufReader::new(stream))
    }

    /// The next line that begins so, without its beginning.
    pub(crate) fn line(&mut self, begins: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the stream ended");
            if let Some(rest) = line.strip_prefix(begins) {
                return rest.trim_end().to_owned();
            }
        }
    }

    /// The next one: its id and its data.
    pub(crate) fn event(&mut self) -> (String, Value) {
        let id = self.line("id: ");
        (id, serde_json::from_str(&self.line("data: ")).unwrap())
    }
}
