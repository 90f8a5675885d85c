//! Traces leave in the format of OpenTelemetry: a collector of this test takes them and reads what it needs of them.

use std::{
    io::{BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use crate::{
    http_server::{self, Request},
    server::{Site, until},
    support::project,
};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// A span as it came.
#[derive(Clone, Debug, Default)]
struct Span {
    name: String,
    trace: String,
    parent: String,
    /// Attributes that are texts.
    texts: Vec<(String, String)>,
}

impl Span {
    fn text(&self, name: &str) -> &str {
        let found = self.texts.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

/// The fields of a protobuf message that have a length: number and bytes.
fn fields(mut message: &[u8]) -> Vec<(u64, &[u8])> {
    fn number(message: &mut &[u8]) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let (first, rest) = message.split_first().unwrap();
            *message = rest;
            value |= u64::from(first & 0x7f) << shift;
            if first & 0x80 == 0 {
                break;
            }
        }
        value
    }
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = number(&mut message);
        let length = match key & 7 {
            0 => {
                number(&mut message);
                continue;
            }
            1 => 8,
            2 => number(&mut message) as usize,
            5 => 4,
            other => panic!("no wire type: {other}"),
        };
        let (bytes, rest) = message.split_at(length);
        if key & 7 == 2 {
            found.push((key >> 3, bytes));
        }
        message = rest;
    }
    found
}

fn parts(message: &[u8], number: u64) -> Vec<&[u8]> {
    let found = fields(message).into_iter().filter(|(found, _)| *found == number);
    found.map(|(_, bytes)| bytes).collect()
}

fn text(message: &[u8], number: u64) -> String {
    let found = parts(message, number);
    found
        .first()
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .unwrap_or_default()
}

fn hex(message: &[u8], number: u64) -> String {
    parts(message, number)
        .concat()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// `ExportTraceServiceRequest` (opentelemetry-proto 1.x).
fn spans(request: &[u8]) -> Vec<Span> {
    let scopes = parts(request, 1).into_iter().flat_map(|resource| parts(resource, 2));
    let spans = scopes.flat_map(|scope| parts(scope, 2));
    let read = |span: &[u8]| Span {
        trace: hex(span, 1),
        parent: hex(span, 4),
        name: text(span, 5),
        texts: parts(span, 9)
            .into_iter()
            .filter_map(|pair| Some((text(pair, 1), text(parts(pair, 2).first()?, 1))))
            .collect(),
    };
    spans.map(read).collect()
}

/// Takes one request after another on a connection.
fn collect(stream: TcpStream, collected: &Mutex<Vec<Span>>) -> std::io::Result<()> {
    let mut answers = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader)? {
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v1/traces"));
        collected.lock().unwrap().extend(spans(&request.body));
        answers.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n")?;
    }
    Ok(())
}

fn collector() -> (String, Arc<Mutex<Vec<Span>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let collected: Arc<Mutex<Vec<Span>>> = Arc::default();
    let spans = Arc::clone(&collected);
    let address = http_server::on(listener, move |stream| collect(stream, &spans));
    (format!("http://{address}"), collected)
}

/// Notes the `traceparent` of whatever asks it.
fn asked() -> (std::net::SocketAddr, Arc<Mutex<Vec<String>>>) {
    let noted: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = Arc::clone(&noted);
    let address = http_server::answering(move |request| {
        notes
            .lock()
            .unwrap()
            .extend(request.headers.get("traceparent").cloned());
        ("", String::new())
    });
    (address, noted)
}

#[test]
fn requests_of_hooks_carry_the_trace() {
    let ((collector, _), (other, noted)) = (collector(), asked());
    let site = Site::new(&[
        ("AEROCALL_TELEMETRY_OTLP_ENDPOINT", &collector),
        ("AEROCALL_HTTP_TRUSTED_PROXIES", "127.0.0.1"),
        ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32"),
    ]);
    let asks = format!(
        "export const beforeSignup = async () => {{ await fetch('http://{other}/'); }};
        export const config = {{ capabilities: {{ http: ['{other}'] }} }};"
    );
    let toml = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
    let here = project(&[("aerocall.toml", toml), ("hooks/asks.ts", &asks)]);
    site.deploy(here.path(), &[]).expect(0);
    site.traced("jane@work.example", PARENT);
    let noted = noted.lock().unwrap().clone();
    assert_eq!(noted.len(), 1, "{noted:?}");
    assert!(
        noted[0].starts_with(&format!("00-{TRACE}-")) && !noted[0].contains("00f067aa0ba902b7"),
        "{noted:?}"
    );
}

#[test]
fn spans_of_a_request_and_its_hook_arrive_in_the_trace_of_the_proxy() {
    let (address, collected) = collector();
    let mut site = Site::new(&[
        ("AEROCALL_TELEMETRY_OTLP_ENDPOINT", &address),
        ("AEROCALL_HTTP_TRUSTED_PROXIES", "127.0.0.1"),
    ]);
    let id = site.traced("jane@work.example", PARENT);
    // What was not sent yet is sent when the server ends.
    site.terminate();
    let arrived = until(|| {
        let spans = collected.lock().unwrap().clone();
        spans.iter().any(|span| span.text("request_id") == id).then_some(spans)
    });
    let request = arrived.iter().find(|span| span.text("request_id") == id).unwrap();
    assert_eq!(
        (request.name.as_str(), request.text("endpoint")),
        ("request", "/auth/register"),
        "{request:?}"
    );
    assert_eq!(
        (request.trace.as_str(), request.parent.as_str()),
        (TRACE, "00f067aa0ba902b7")
    );
    assert_eq!(request.text("scope"), "demo/development");
    let hook = arrived.iter().find(|span| span.name == "hook" && span.trace == TRACE);
    let hook = hook.unwrap_or_else(|| panic!("no hook in {arrived:#?}"));
    assert!(
        hook.text("invocation_id").starts_with("inv_") && hook.text("point") == "beforeSignup",
        "{hook:?}"
    );
    let all = format!("{arrived:?}");
    assert!(
        !all.contains("jane@work.example") && !all.contains("correct horse"),
        "{all}"
    );
}
