//! What comes back from another host, and what is sent to it, seen by a hook of `aerocall run`: as `fetch` of Node.js shows it.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
};

use crate::support::{Done, SIGNUP, aerocall, project};

/// A host that answers every request with these bytes and keeps what it was sent, head and body.
fn host(answer: &'static [u8]) -> (u16, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, sent) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap_or(0) > 0 {}
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            reader.read_exact(&mut body).unwrap();
            reader.get_mut().write_all(answer).unwrap();
            let _ = sender.send(head + &String::from_utf8_lossy(&body));
        }
    });
    (port, sent)
}

/// The log of a hook with this body, which asks the host at `url`.
fn logged(port: u16, body: &str) -> String {
    let source = format!(
        "export const config = {{ capabilities: {{ http: ['127.0.0.1:{port}'] }} }};\n\
         const url = 'http://127.0.0.1:{port}/';\n\
         export const beforeSignup = async () => {{ {body} }};\n"
    );
    let project = project(&[("hook.js", &source), ("in.json", SIGNUP)]);
    let arguments = [
        "run",
        "hook.js",
        "--hook",
        "beforeSignup",
        "--input",
        "in.json",
        "--json",
    ];
    let done: Done = aerocall(project.path())
        .args(arguments)
        .env("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32")
        .output()
        .unwrap()
        .into();
    let report = done.json();
    assert_eq!(report["reply"]["kind"], "allow", "{report}");
    report["logs"][0]["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_header_of_an_answer_has_one_character_for_each_byte_and_ends_no_call() {
    let answer =
        b"HTTP/1.1 200 OK\r\nx-city: M\xc3\xbcnchen\r\nx-place: \xe6\x9d\xb1\xe4\xba\xac\r\nx-old: caf\xe9\r\n\
        content-length: 2\r\nconnection: close\r\n\r\nok";
    let (port, _sent) = host(answer);
    let said = logged(
        port,
        "const { headers } = await fetch(url); const bytes = (name) => Uint8Array.from(headers.get(name), (c) => c.charCodeAt(0));\n\
         const text = (name) => new TextDecoder().decode(bytes(name));\n\
         console.log(headers.get('x-city'), text('x-city'), text('x-place'), headers.get('x-old'), new Headers([...headers]).has('x-place'));",
    );
    assert_eq!(said, "MÃ¼nchen München 東京 café true");
}

#[test]
fn a_request_that_could_have_a_body_and_has_none_says_so() {
    let (port, sent) = host(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    for (init, length) in [
        ("{ method: 'POST' }", Some("0")),
        ("{ method: 'PUT', body: '' }", Some("0")),
        ("{ method: 'PATCH' }", Some("0")),
        ("{ method: 'POST', body: 'abc' }", Some("3")),
        ("{ method: 'DELETE' }", None),
        ("{}", None),
    ] {
        assert_eq!(
            logged(port, &format!("console.log((await fetch(url, {init})).status);")),
            "200"
        );
        let head = sent.recv().unwrap();
        let said: Vec<&str> = head
            .lines()
            .filter_map(|line| line.strip_prefix("content-length: "))
            .collect();
        assert_eq!(said, length.into_iter().collect::<Vec<_>>(), "{init}\n{head}");
    }
}
