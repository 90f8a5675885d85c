//! Servers that want to harm whoever asks them: bombs, drips, floods, header tricks, redirects without end. Each ends as a
//! typed error, in time and in little memory.

use std::time::{Duration, Instant};

use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use super::{
    Egress, EgressError, Following, Request,
    testing::{self, Names, Open, egress, get, read, response, serve, serve_with},
};

const MAX: u64 = 1 << 20;

fn way_out() -> Egress {
    egress(&["127.0.0.77/32", "127.0.0.78/32"], Names::of(&[]))
}

async fn ask(request: Request) -> Result<super::Answer, EgressError> {
    way_out().send(request, &Open(MAX)).await
}

/// Bytes of memory that the process holds.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

/// Gzip that becomes two thousand zeros per 13 bytes: fixed Huffman codes (RFC 1951, 3.2.6), one literal and then
/// copies of length 258 and distance 1.
fn gzip_bomb(copies: usize) -> Vec<u8> {
    let mut bits = vec![true, true, false];
    let code =
        |bits: &mut Vec<bool>, code: u32, length: u32| bits.extend((0..length).rev().map(|bit| code >> bit & 1 == 1));
    code(&mut bits, 0b0011_0000, 8);
    for _ in 0..copies {
        code(&mut bits, 0b1100_0101, 8);
        code(&mut bits, 0, 5);
    }
    let byte = |chunk: &[bool]| (0..).zip(chunk).fold(0, |byte, (at, bit)| byte | u8::from(*bit) << at);
    let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    gzip.extend(bits.chunks(8).map(byte));
    gzip
}

/// 128 MiB of zeros.
const BROTLI_BOMB: &[u8] = &[
    0xcf, 0xff, 0xff, 0x7f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x9f, 0xff, 0xff, 0xff, 0xf0, 0x4f,
    0x00, 0xc4, 0x61, 0x01, 0x80, 0xee, 0xfd, 0x3f, 0xff, 0xff, 0xff, 0xe1, 0x9f, 0x00, 0x88, 0xc3, 0x22, 0x00, 0xdd,
    0xfb, 0x7f, 0xfe, 0xff, 0xff, 0xc3, 0x3f, 0x01, 0x10, 0x87, 0x05, 0x00, 0xba, 0xf7, 0xff, 0xfc, 0xff, 0xff, 0x87,
    0x7f, 0x02, 0x20, 0x0e, 0x0b, 0x00, 0x74, 0xef, 0xff, 0xf9, 0xff, 0xff, 0x0f, 0xff, 0x04, 0x40, 0x1c, 0x16, 0x00,
    0xe8, 0xde, 0xff, 0xf3, 0xff, 0xff, 0x1f, 0xfe, 0x09, 0x80, 0x38, 0x2c, 0x00, 0xd0, 0xbd, 0xff, 0xcf, 0xff, 0xff,
    0x7f, 0xfc, 0x13, 0x00, 0x71, 0x58, 0x00, 0xa0, 0x7b, 0xff, 0x0f,
];

#[tokio::test]
async fn bombs_end_at_the_cap() {
    let bombs = [
        ("gzip", gzip_bomb(250_000)),
        ("br", BROTLI_BOMB.to_vec()),
        ("deflate", [&[0x78, 0x01], &gzip_bomb(250_000)[10..]].concat()),
    ];
    for (encoding, bomb) in bombs {
        let answer = response("200 OK", &format!("content-encoding: {encoding}\r\n"), &bomb);
        let server = serve("127.0.0.77:0", move |_| answer.clone()).await;
        let before = resident();
        let refused = ask(get(format!("http://{server}/"))).await;
        assert!(
            matches!(refused, Err(EgressError::TooLarge(_))),
            "{encoding}: {refused:?}"
        );
        let grown = resident().saturating_sub(before);
        assert!(grown < 64 << 20, "{encoding}: {grown} bytes");
    }
}

#[tokio::test]
async fn what_is_compressed_arrives_decoded() {
    let answer = response("200 OK", "content-encoding: gzip\r\n", &gzip_small());
    let server = serve("127.0.0.77:0", move |_| answer.clone()).await;
    let answer = ask(get(format!("http://{server}/"))).await.unwrap();
    assert_eq!(answer.body, b"hello hello");
    assert!(answer.headers.iter().all(|(name, _)| name != "content-encoding"));
}

fn gzip_small() -> Vec<u8> {
    vec![
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8, 0x00,
        0x91, 0x00, 0x40, 0xa6, 0x2d, 0x01, 0x0b, 0x00, 0x00, 0x00,
    ]
}

#[tokio::test]
async fn a_body_without_end_ends_at_the_cap() {
    let flood = |mut stream: TcpStream| async move {
        read(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            .await;
        let chunk = [b"4000\r\n".as_slice(), &[b'x'; 0x4000], b"\r\n"].concat();
        while stream.write_all(&chunk).await.is_ok() {}
    };
    let server = serve_with("127.0.0.77:0", flood).await;
    let before = resident();
    let refused = ask(get(format!("http://{server}/"))).await;
    assert!(matches!(refused, Err(EgressError::TooLarge(_))), "{refused:?}");
    assert!(resident().saturating_sub(before) < 32 << 20);

    let announced = serve("127.0.0.77:0", |_| {
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx".to_vec()
    })
    .await;
    let started = Instant::now();
    let refused = ask(get(format!("http://{announced}/"))).await;
    assert!(matches!(refused, Err(EgressError::TooLarge(_))), "{refused:?}");
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "refused by what it announces"
    );
}

#[tokio::test]
async fn one_byte_at_a_time_ends_at_the_deadline() {
    for head in [
        "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx-slow: ",
    ] {
        let drip = move |mut stream: TcpStream| async move {
            read(&mut stream).await;
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let server = serve_with("127.0.0.77:0", drip).await;
        let started = Instant::now();
        let mut request = get(format!("http://{server}/"));
        request.timeout = Some(Duration::from_millis(300));
        let late = ask(request).await;
        assert!(matches!(late, Err(EgressError::Timeout(_))), "{late:?}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn headers_without_end_are_too_large() {
    let many: String = (0..5_000).map(|line| format!("x-{line}: y\r\n")).collect();
    let long = format!("x-long: {}\r\n", "y".repeat(4 << 20));
    let large = format!("x-large: {}\r\n", "y".repeat(70 << 10));
    for headers in [many, long, large] {
        let answer = response("200 OK", &headers, b"");
        let server = serve("127.0.0.77:0", move |_| answer.clone()).await;
        let refused = ask(get(format!("http://{server}/"))).await;
        assert!(matches!(refused, Err(EgressError::TooLarge(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn redirects_without_end_and_secrets_on_the_way() {
    let around = serve("127.0.0.77:0", |_| {
        response("307 Temporary Redirect", "location: /again\r\n", b"")
    })
    .await;
    let refused = ask(get(format!("http://{around}/"))).await;
    assert!(
        matches!(&refused, Err(EgressError::Refused(text)) if text.contains("more than 5 times")),
        "{refused:?}"
    );

    let echo = serve("127.0.0.78:0", |request| response("200 OK", "", request.as_bytes())).await;
    let location = format!("location: http://{echo}/landed\r\n");
    let first = serve("127.0.0.77:0", move |_| response("302 Found", &location, b"")).await;
    let mut request = get(format!("http://{first}/"));
    request.method = "post".to_owned();
    request.body = Some(b"body".to_vec());
    request.headers = [
        ("Authorization", "Bearer x"),
        ("Cookie", "a=b"),
        ("Content-Type", "text/plain"),
        ("X-Own", "1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let landed = ask(request.clone()).await.unwrap();
    let seen = String::from_utf8(landed.body).unwrap();
    assert!(
        seen.starts_with("GET /landed HTTP/1.1\r\n") && seen.contains("x-own: 1"),
        "{seen}"
    );
    for gone in ["authorization", "cookie", "content-type", "body", "referer"] {
        assert!(!seen.contains(gone), "{gone} in {seen}");
    }
    assert_eq!(landed.url, format!("http://{echo}/landed"));

    request.following = Following::Manual;
    assert_eq!(ask(request.clone()).await.unwrap().status, 302);
    request.following = Following::Error;
    assert!(matches!(ask(request).await, Err(EgressError::Refused(_))));
}

#[tokio::test]
async fn what_is_sent_is_what_was_asked_and_nothing_of_ours() {
    let echo = serve("127.0.0.77:0", |request| response("200 OK", "", request.as_bytes())).await;
    let mut request = get(format!("http://{echo}/a?b=c#d"));
    request.method = "PUT".to_owned();
    request.body = Some(b"12345".to_vec());
    request.headers = [
        ("Content-Length", "999"),
        ("Connection", "upgrade"),
        ("X-Two", "1"),
        ("x-two", "2"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let seen = String::from_utf8(ask(request).await.unwrap().body).unwrap();
    assert!(seen.starts_with("PUT /a?b=c HTTP/1.1\r\n"), "{seen}");
    for there in [
        "content-length: 5",
        &format!("host: {echo}"),
        "x-two: 1",
        "x-two: 2",
        "user-agent: Aerocall-Hooks/",
    ] {
        assert!(seen.contains(there), "{there} in {seen}");
    }
    assert!(
        !seen.contains("999") && !seen.contains("upgrade") && seen.ends_with("\r\n\r\n12345"),
        "{seen}"
    );
}

#[tokio::test]
async fn odd_methods_and_headers_do_not_leave() {
    let hits = testing::Canary::open().await;
    let egress = egress(&["127.0.0.0/8"], Names::of(&[]));
    let url = format!("http://127.0.0.1:{}/", hits.port);
    for method in [
        "CONNECT",
        "trace",
        "TRACK",
        "",
        "GE T",
        "GET / HTTP/1.1\r\nx: y\r\n\r\n",
        &"X".repeat(33),
    ] {
        let mut request = get(url.clone());
        request.method = method.to_owned();
        assert!(egress.send(request, &Open(MAX)).await.is_err(), "{method}");
    }
    for (name, value) in [
        ("a\r\nb", "c"),
        ("a", "b\r\nc: d"),
        ("a", "b\0"),
        ("host", "x"),
        ("transfer-encoding", "chunked"),
    ] {
        let mut request = get(url.clone());
        request.headers = vec![(name.to_owned(), value.to_owned())];
        let refused = egress.send(request, &Open(MAX)).await;
        assert!(matches!(refused, Err(EgressError::Invalid(_))), "{name:?}: {refused:?}");
    }
    assert_eq!(hits.hits(), 0);
}

#[tokio::test]
async fn what_is_no_http_or_not_there_is_unreachable() {
    for garbage in [
        "SSH-2.0-OpenSSH_9.6\r\n",
        "",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour",
        "HTTP/9.9 x\r\n\r\n",
    ] {
        let server = serve("127.0.0.77:0", move |_| garbage.as_bytes().to_vec()).await;
        let answer = ask(get(format!("http://{server}/"))).await;
        assert!(
            matches!(answer, Err(EgressError::Unreachable(_))),
            "{garbage}: {answer:?}"
        );
    }
    let closed = serve("127.0.0.77:0", |_| Vec::new()).await.port() - 1;
    let names = egress(&["127.0.0.77/32"], Names::of(&[("down.test", &[&["127.0.0.77"]])]));
    for url in [format!("http://down.test:{closed}/"), "http://nowhere.test/".to_owned()] {
        let answer = names.send(get(url), &Open(MAX)).await;
        let Err(EgressError::Unreachable(text)) = answer else {
            panic!("{answer:?}");
        };
        assert!(!text.contains("127.0.0"), "{text}");
    }
}

/// What is read as it arrives is held to the same limits, piece by piece.
#[tokio::test]
async fn an_answer_that_arrives_in_pieces_ends_at_the_cap_and_at_the_deadline() {
    let answer = response("200 OK", "", &vec![b'x'; 3 << 20]);
    let server = serve("127.0.0.77:0", move |_| answer.clone()).await;
    let mut incoming = way_out()
        .open(get(format!("http://{server}/")), Open(MAX))
        .await
        .unwrap();
    let mut bytes = 0;
    let ended = loop {
        match incoming.next().await {
            Ok(Some(piece)) => bytes += piece.len(),
            other => break other,
        }
    };
    assert!(matches!(ended, Err(EgressError::TooLarge(_))), "{ended:?}");
    assert!(bytes as u64 <= MAX, "{bytes}");

    let server = serve_with("127.0.0.77:0", begin).await;
    let request = Request {
        timeout: Some(Duration::from_millis(300)),
        ..get(format!("http://{server}/"))
    };
    let begun = Instant::now();
    let mut incoming = way_out().open(request, Open(MAX)).await.unwrap();
    assert_eq!(incoming.next().await.unwrap().as_deref(), Some(b"begun".as_slice()));
    assert!(matches!(incoming.next().await, Err(EgressError::Timeout(_))));
    assert!(begun.elapsed() < Duration::from_secs(5));
    let refused = way_out().open(get("http://10.0.0.1/".to_owned()), Open(MAX)).await;
    assert!(matches!(refused, Err(EgressError::Refused(_))));
}

/// Begins an answer, and never ends it.
async fn begin(mut stream: TcpStream) {
    read(&mut stream).await;
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegun";
    stream.write_all(head).await.ok();
    std::future::pending::<()>().await;
}
