//! Clients that send or read slowly, and many of them: real sockets, from several addresses of this machine.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use tokio::net::TcpSocket;

use crate::site::{Site, until};

/// What has not ended by then never does.
const FOR_EVER: Duration = Duration::from_secs(25);
/// Between two bytes of somebody slow.
const DRIP: Duration = Duration::from_millis(100);

/// A connection from an address of this machine; with so many bytes for what comes in.
fn connect(site: &Site, from: &str, receives: Option<u32>) -> TcpStream {
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let server: SocketAddr = site.running().addr;
    tokio.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        if let Some(bytes) = receives {
            socket.set_recv_buffer_size(bytes).unwrap();
        }
        socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
        let stream = socket.connect(server).await.unwrap().into_std().unwrap();
        stream.set_nonblocking(false).unwrap();
        stream
    })
}

/// Sends something, then a byte now and then, until the server hangs up: what came back, and how long that took.
fn drip(stream: &mut TcpStream, first: &str, piece: &[u8]) -> (String, Duration) {
    let began = Instant::now();
    stream.write_all(first.as_bytes()).unwrap();
    stream.set_read_timeout(Some(DRIP)).unwrap();
    let mut answer = Vec::new();
    let mut buffer = [0; 4_096];
    while began.elapsed() < FOR_EVER {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(bytes) => answer.extend_from_slice(&buffer[..bytes]),
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) =>
            {
                // Once the server has hung up, the next read says so.
                stream.write_all(piece).ok();
            }
            Err(_) => break,
        }
    }
    (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
}

/// Asks, and reads the whole answer of a connection that ends with it.
fn ask(site: &Site, from: &str, path: &str) -> String {
    let mut stream = connect(site, from, None);
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut answer = Vec::new();
    // An answer to a request that is not read to its end may be followed by a reset.
    stream.read_to_end(&mut answer).ok();
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

#[test]
fn a_body_that_trickles_in_is_refused_at_its_deadline() {
    let site = Site::with(&[
        ("AEROCALL_HTTP_BODY_SECONDS", "1"),
        ("AEROCALL_HTTP_COMPONENT_BODY_SECONDS", "1"),
    ]);
    let project = site.project("a");
    let key = format!("x-aerocall-key: {}", project.pk);
    let admin = format!("authorization: Bearer {}", site.admin_token);
    let json = "content-type: application/json";
    let rows = [
        ("POST /auth/login", &key, json, "content-length: 2000"),
        ("POST /auth/register", &key, json, "transfer-encoding: chunked"),
        (
            "POST /auth/oauth/callback",
            &key,
            "content-type: application/x-www-form-urlencoded",
            "content-length: 2000",
        ),
        ("POST /admin/api/v1/projects", &admin, json, "content-length: 2000"),
        (
            "POST /admin/api/v1/projects/a/environments/production/deployments",
            &admin,
            json,
            "content-length: 2000",
        ),
        (
            "POST /admin/api/v1/projects/a/hooks/x/versions",
            &admin,
            "content-type: application/wasm",
            "content-length: 2000",
        ),
    ];
    std::thread::scope(|scope| {
        for (line, auth, kind, length) in rows {
            let site = &site;
            scope.spawn(move || {
                let head =
                    format!("{line} HTTP/1.1\r\nhost: x\r\n{auth}\r\n{kind}\r\n{length}\r\nconnection: close\r\n\r\n");
                let piece: &[u8] = if length.contains("chunked") {
                    b"1\r\n \r\n"
                } else {
                    b" "
                };
                let (answer, took) = drip(&mut connect(site, "127.0.0.1", None), &head, piece);
                assert!(answer.contains("\"body_timeout\""), "{line}: {answer:?}");
                assert_eq!(status(&answer), 408, "{line}");
                assert!(
                    took < Duration::from_secs(14),
                    "{line}: the connection ended after {took:?}"
                );
            });
        }
    });
    assert_eq!(site.registered(&project.pk, "ada@example.com").status, 201);
}

/// The deadline of a head is ten seconds, of the first on a connection and of every other.
#[test]
fn a_head_that_trickles_in_and_a_body_that_nobody_reads_end_their_connection() {
    let site = Site::new();
    let whole = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let rows = [
        ("the first head", "GET /healthz HTTP/1.1\r\nx: ".to_owned(), &b"y"[..]),
        (
            "a later head",
            format!("{whole}GET /healthz HTTP/1.1\r\nx: "),
            &b"y"[..],
        ),
        (
            "a body that nobody reads",
            "GET /healthz HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_owned(),
            &b"1\r\n \r\n"[..],
        ),
        (
            "a body that is refused unread",
            "POST /auth/login HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_owned(),
            &b"1\r\n \r\n"[..],
        ),
    ];
    std::thread::scope(|scope| {
        for (what, first, piece) in rows {
            let site = &site;
            scope.spawn(move || {
                let (_, took) = drip(&mut connect(site, "127.0.0.1", None), &first, piece);
                assert!(took < Duration::from_secs(15), "{what}: {took:?}");
            });
        }
    });
}

#[test]
fn one_address_has_so_many_connections_and_hears_that_the_server_is_alive() {
    let site = Site::with(&[
        ("AEROCALL_HTTP_CONNECTIONS_PER_ADDRESS", "4"),
        ("AEROCALL_HTTP_TRUSTED_PROXIES", "127.0.0.7/32"),
    ]);
    let held: Vec<_> = (0..4).map(|_| connect(&site, "127.0.0.5", None)).collect();
    until(|| (status(&ask(&site, "127.0.0.5", "/auth/me")) == 503).then_some(()));
    let refused = ask(&site, "127.0.0.5", "/auth/me");
    let lower = refused.to_lowercase();
    assert!(
        lower.contains("\"busy\"") && lower.contains("retry-after: 1"),
        "{refused}"
    );
    assert!(
        lower.contains("connection: close") && lower.contains("x-request-id: req_"),
        "{refused}"
    );
    assert_eq!(status(&ask(&site, "127.0.0.5", "/healthz")), 200);
    assert_eq!(
        status(&ask(&site, "127.0.0.6", "/auth/me")),
        401,
        "another address has its own"
    );
    let proxied: Vec<_> = (0..20).map(|_| connect(&site, "127.0.0.7", None)).collect();
    assert_eq!(
        status(&ask(&site, "127.0.0.7", "/auth/me")),
        401,
        "a proxy speaks for many"
    );
    let metrics = ask(&site, "127.0.0.6", "/metrics");
    let sample = |name: &str| -> u64 {
        let line = metrics
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap().trim().parse().unwrap()
    };
    let refused = |setting: &str| sample(&format!("aerocall_connections_refused_total{{setting=\"{setting}\"}}"));
    assert!(refused("connections_per_address") >= 3, "{metrics}");
    assert_eq!(refused("connections"), 0);
    assert!(sample("aerocall_connections_open") >= 24, "{metrics}");
    drop((held, proxied));
    until(|| (status(&ask(&site, "127.0.0.5", "/auth/me")) == 401).then_some(()));
}

#[test]
fn with_all_connections_taken_the_server_says_that_it_lives_and_is_busy() {
    let site = Site::with(&[("AEROCALL_HTTP_CONNECTIONS", "20")]);
    let address = |n: usize| format!("127.0.1.{}", n % 10 + 1);
    let mut held: Vec<_> = (0..20).map(|n| connect(&site, &address(n), None)).collect();
    until(|| (status(&ask(&site, "127.0.0.1", "/auth/me")) == 503).then_some(()));
    // However many more there are that say nothing.
    for round in 0..10 {
        held.extend((0..20).map(|n| connect(&site, &address(n), None)));
        let began = Instant::now();
        assert_eq!(status(&ask(&site, "127.0.0.1", "/healthz")), 200, "round {round}");
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
        assert_eq!(status(&ask(&site, "127.0.0.1", "/auth/me")), 503);
    }
    drop(held);
    until(|| (status(&ask(&site, "127.0.0.1", "/auth/me")) == 401).then_some(()));
}

#[test]
fn who_does_not_read_an_answer_makes_room() {
    let site = Site::with(&[
        ("AEROCALL_HTTP_RESPONSE_SECONDS", "1"),
        ("AEROCALL_HTTP_CONNECTIONS_PER_ADDRESS", "2"),
    ]);
    // More than the buffers of both sides hold.
    let requests = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(40);
    let mut held: Vec<_> = (0..2).map(|_| connect(&site, "127.0.0.5", Some(4_096))).collect();
    for stream in &mut held {
        stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
        stream.write_all(requests.as_bytes()).ok();
    }
    let began = Instant::now();
    let mut taken = 0;
    until(|| {
        // One that reads a byte now and then is no better.
        for stream in &mut held {
            stream.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
            stream.read_exact(&mut [0]).ok();
        }
        let there = status(&ask(&site, "127.0.0.5", "/auth/me"));
        taken += usize::from(there == 503);
        (there == 401).then_some(())
    });
    assert!(taken > 0, "the two took all the places of their address");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}
