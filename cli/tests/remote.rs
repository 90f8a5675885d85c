//! `aerocall secrets` and `aerocall logs`: what they send, and what they make of the answers. The other side is a few
//! lines that speak HTTP and the admin API's contract, so that it can fall silent at the right moment.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Done, aerocall, project};

type Answer = fn(&Asked) -> (u16, Value);

#[derive(Clone, Debug)]
struct Asked {
    /// `PUT /admin/api/v1/…`
    line: String,
    token: String,
    body: Value,
}

struct Remote {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// Answers so many requests, or all there ever are.
fn serve(listener: TcpListener, answer: Answer, most: usize) -> Remote {
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming().take(most) {
            let mut stream = stream.unwrap();
            let request = read(&stream);
            let (status, document) = answer(&request);
            kept.lock().unwrap().push(request);
            let body = document.to_string();
            let head = format!(
                "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all((head + &body).as_bytes()).unwrap();
        }
    });
    Remote { url, asked }
}

fn remote(answer: Answer) -> Remote {
    serve(TcpListener::bind("127.0.0.1:0").unwrap(), answer, usize::MAX)
}

fn read(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length, mut token) = (String::new(), 0, String::new());
    reader.read_line(&mut head).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "authorization" => value.clone_into(&mut token),
            "transfer-encoding" => panic!("a body of unknown length"),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Asked {
        line: head.rsplit_once(' ').unwrap().0.to_owned(),
        token,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}

impl Remote {
    fn command(&self, directory: &Path, arguments: &[&str]) -> Command {
        let mut command = aerocall(directory);
        command.env("AEROCALL_SERVER", &self.url).env("AEROCALL_TOKEN", "sk_1");
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, directory: &Path, arguments: &[&str], input: &str) -> Done {
        let mut child = self.command(directory, arguments).spawn().unwrap();
        // A command that does not read its input may be gone already.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        child.wait_with_output().unwrap().into()
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn here() -> TempDir {
    project(&[
        ("aerocall.toml", "[project]\nid = \"demo\"\nenvironment = \"staging\"\n"),
        ("value.txt", "from a file\r\n"),
    ])
}

const BASE: &str = "/admin/api/v1/projects/demo/environments/staging";

fn secrets(asked: &Asked) -> (u16, Value) {
    let secret = json!({ "name": "crm_token", "hosts": asked.body["hosts"], "updatedAt": "2026-01-31T12:00:00.000Z" });
    match asked.line.split_once(' ').unwrap().0 {
        "GET" => (
            200,
            json!({ "secrets": [{ "name": "a\u{1b}[2J", "hosts": ["api.crm.example"], "updatedAt": "2026-01-31T12:00:00.000Z" }] }),
        ),
        "PUT" => (201, secret),
        _ => (
            404,
            json!({ "error": { "code": "not_found", "message": "There is nothing here", "request_id": "req_1" } }),
        ),
    }
}

#[test]
fn secrets_come_from_standard_input_or_a_file_and_are_never_shown() {
    let (remote, here) = (remote(secrets), here());
    let set = ["secrets", "set", "crm_token", "--hosts", "API.crm.example,*.stripe.com"];
    let done = remote.run(here.path(), &set, "s3cret value\n").expect(0);
    assert_eq!(done.stdout, "kept crm_token, for api.crm.example, *.stripe.com\n");
    assert!(!(done.stdout + &done.stderr).contains("s3cret"));
    let set = ["secrets", "set", "crm_token", "--value-file", "value.txt", "--json"];
    assert_eq!(remote.run(here.path(), &set, "").expect(0).json()["hosts"], json!([]));
    let asked = remote.asked();
    assert_eq!(asked[0].line, format!("PUT {BASE}/secrets/crm_token"));
    assert_eq!(asked[0].token, "Bearer sk_1");
    assert_eq!(
        asked[0].body,
        json!({ "value": "s3cret value", "hosts": ["api.crm.example", "*.stripe.com"] })
    );
    assert_eq!(asked[1].body, json!({ "value": "from a file", "hosts": [] }));
    let list = remote.run(here.path(), &["secrets", "list"], "").expect(0).stdout;
    assert_eq!(
        list,
        "a\\u{1b}[2J  for api.crm.example  since 2026-01-31T12:00:00.000Z\n"
    );
    let gone = remote
        .run(
            here.path(),
            &["secrets", "delete", "crm_token", "--environment", "../x"],
            "",
        )
        .expect(1);
    assert!(gone.stderr.contains("error[not_found]"), "{}", gone.stderr);
    let last = remote.asked().pop().unwrap();
    assert_eq!(
        last.line,
        "DELETE /admin/api/v1/projects/demo/environments/%2E%2E%2Fx/secrets/crm_token"
    );
}

#[test]
fn secrets_that_make_no_sense_are_not_sent() {
    let (remote, here) = (remote(secrets), here());
    for (arguments, input, says) in [
        (&["set", "crm-token"][..], "x", "no secret's name"),
        (
            &["set", "a", "--hosts", "https://a.b/x"],
            "x",
            "give the host alone, `a.b`",
        ),
        (&["set", "a"], "\n", "empty"),
        (&["set", "a", "x"], "x", "unexpected argument"),
        (&["delete", "../a"], "", "no secret's name"),
    ] {
        let done = remote
            .run(here.path(), &[&["secrets"], arguments].concat(), input)
            .expect(2);
        assert!(done.stderr.contains(says), "{says}: {}", done.stderr);
    }
    assert!(remote.asked().is_empty());
}

fn call(id: usize) -> Value {
    json!({
        "id": format!("inv_{id}"), "requestId": "req_1", "hook": "gate", "point": "beforeSignup", "version": 2,
        "digest": "sha256:1", "outcome": "deny", "durationUs": 840, "fuel": 5, "memoryPeakBytes": 1 << 20,
        "createdAt": "2026-01-31T12:00:00.000Z", "logs": [{ "level": "info", "message": format!("line {id}") }],
        "logsDropped": 0,
    })
}

/// The calls 1, 2 and 3; after 2 there is 3, after 3 nothing.
fn invocations(asked: &Asked) -> (u16, Value) {
    let calls = match asked.line.split_once('?') {
        None => {
            let mut whole = call(1);
            whole["payload"] = json!({ "user": { "email": "a@b.c" } });
            return (200, whole);
        }
        Some((_, query)) if query.contains("after=inv_3") => vec![],
        Some((_, query)) if query.contains("after=inv_2") => vec![call(3)],
        Some((_, query)) if query.contains("outcome=odd") => {
            return (
                422,
                json!({ "error": { "code": "invalid_input", "message": "see details", "request_id": "req_1",
                "details": [{ "field": "outcome", "problem": "is none" }] } }),
            );
        }
        Some(_) => vec![call(2), call(1)],
    };
    (200, json!({ "invocations": calls }))
}

#[test]
fn logs_read_downwards_and_ask_for_what_is_wanted() {
    let (remote, here) = (remote(invocations), here());
    let filtered = ["logs", "--hook", "gate", "--request", "req 1", "--limit", "5"];
    let shown = remote.run(here.path(), &filtered, "").expect(0).stdout;
    assert_eq!(
        shown.lines().collect::<Vec<_>>(),
        [
            "2026-01-31T12:00:00.000Z beforeSignup of gate v2 deny 0.84 ms inv_1 req_1",
            "    info  line 1",
            "2026-01-31T12:00:00.000Z beforeSignup of gate v2 deny 0.84 ms inv_2 req_1",
            "    info  line 2",
        ]
    );
    assert_eq!(
        remote.asked()[0].line,
        format!("GET {BASE}/invocations?limit=5&hook=gate&requestId=req%201")
    );
    let listed = remote.run(here.path(), &["logs", "--json"], "").expect(0).json();
    assert_eq!(listed["invocations"][0]["id"], "inv_2", "as the server sends it");
    let whole = remote.run(here.path(), &["logs", "inv_1"], "").expect(0).stdout;
    assert!(
        whole.contains("payload\n") && whole.contains("\"email\": \"a@b.c\""),
        "{whole}"
    );
    let refused = remote.run(here.path(), &["logs", "--outcome", "odd"], "").expect(1);
    assert!(refused.stderr.contains("outcome: is none"), "{}", refused.stderr);
}

#[test]
fn following_survives_a_server_that_goes_away() {
    let here = here();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let first = serve(listener, invocations, 1);
    let mut child = first
        .command(here.path(), &["logs", "--follow", "--json"])
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut id = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap()["id"].clone();
    assert_eq!([id(), id()], ["inv_1", "inv_2"]);
    let mut notes = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut note = || loop {
        let line = notes.next().unwrap().unwrap();
        if line.starts_with("note: ") {
            break line;
        }
    };
    assert!(note().ends_with("still trying"), "it says once that nobody answers");
    let second = serve(TcpListener::bind(address).unwrap(), invocations, usize::MAX);
    assert_eq!(id(), "inv_3", "nothing is shown twice, nothing is left out");
    assert_eq!(note(), "note: the server answers again");
    std::thread::sleep(Duration::from_millis(700));
    child.kill().unwrap();
    child.wait().unwrap();
    let asked = second.asked();
    assert!(asked[0].line.contains("limit=100&after=inv_2"), "{asked:?}");
    assert!(
        asked.iter().skip(1).all(|one| one.line.contains("after=inv_3")),
        "{asked:?}"
    );
}
