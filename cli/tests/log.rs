//! What a server writes to its log by itself: a line per request, in the format that was asked for, and nothing that lets
//! somebody in.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    http_client,
    server::{Site, until},
    support::project,
};

/// In every secret of these tests that a test can choose.
const MARK: &str = "hunter2";
const HOOK: &str = "
export const beforeSignup = async (_c: any, payload: any, { log, Deny }: any) => {
  log.info('signing up', payload);
  if (payload.user.email.startsWith('refused')) throw new Deny('not you', { code: 'not_you', status: 422 });
  if (payload.user.email.startsWith('broken')) throw new TypeError(JSON.stringify(payload));
};
export const afterSignup = async () => {};
";
const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";

/// A server on the data of a site, whose log goes into a file.
struct Logged {
    site: Site,
    process: Child,
    log: PathBuf,
}

impl Drop for Logged {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Logged {
    fn new(env: &[(&str, &str)]) -> Self {
        let mut site = Site::new(&[]);
        site.kill();
        let log = site.path("log");
        let mut command = site.on_its_data(&["serve"], env);
        command.stdout(Stdio::piped()).stderr(File::create(&log).unwrap());
        let mut process = command.spawn().unwrap();
        site.url = first_line(&mut process);
        Self { site, process, log }
    }

    /// An answer, whatever it is: its text.
    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> String {
        let headers = [headers, &[("content-type", "application/json")]].concat();
        let body = body.map(Value::to_string).unwrap_or_default();
        let url = format!("{}{path}", self.site.url);
        let answer = http_client::send(method, &url, &headers, body.as_bytes());
        answer.unwrap().text
    }

    fn auth(&self, path: &str, body: Value) -> Value {
        let text = self.send("POST", path, &[("x-aerocall-key", &self.site.key)], Some(&body));
        serde_json::from_str(&text).unwrap()
    }

    fn admin(&self, method: &str, path: &str, body: Value) -> Value {
        let bearer = format!("Bearer {}", self.site.token);
        let path = format!("/admin/api/v1/projects{path}");
        let text = self.send(method, &path, &[("authorization", &bearer)], Some(&body));
        serde_json::from_str(&text).unwrap()
    }

    /// Ends the server and reads what it has logged.
    fn ended(mut self) -> String {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        until(|| self.process.try_wait().unwrap());
        std::fs::read_to_string(&self.log).unwrap()
    }
}

/// Where it listens.
fn first_line(process: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    line.trim_end().strip_prefix("listening on ").unwrap().to_owned()
}

/// Requests that carry secrets in every place where one can be, also where it does not belong; the secrets that answers hold.
fn secrets_everywhere(server: &Logged) -> Vec<String> {
    let here = project(&[("aerocall.toml", TOML), ("hooks/gate.ts", HOOK)]);
    server.site.deploy(here.path(), &[]).expect(0);
    let mut given = Vec::new();
    let mut keep = |answer: &Value, names: &[&str]| {
        for name in names {
            given.push(
                answer[name]
                    .as_str()
                    .unwrap_or_else(|| panic!("{name}: {answer}"))
                    .to_owned(),
            );
        }
    };
    let password = format!("{MARK} correct horse battery");
    let account = |name: &str| json!({ "email": format!("{name}@work.example"), "password": password });
    keep(
        &server.auth("/auth/register", account("jane")),
        &["access_token", "refresh_token"],
    );
    server.auth("/auth/register", account("refused"));
    server.auth("/auth/register", account("broken"));
    let login = server.auth("/auth/login", account("jane"));
    keep(&login, &["access_token", "refresh_token"]);
    server.auth(
        "/auth/login",
        json!({ "email": "jane@work.example", "password": "hunter2 wrong" }),
    );
    let refresh = json!({ "refresh_token": login["refresh_token"] });
    keep(
        &server.auth("/auth/refresh", refresh.clone()),
        &["access_token", "refresh_token"],
    );
    server.auth("/auth/refresh", refresh);
    for path in [
        "/auth/password/reset",
        "/auth/email/verify",
        "/auth/magic-link/verify",
        "/auth/mfa/verify",
    ] {
        server.auth(
            path,
            json!({ "token": "hunter2-token", "password": password, "code": "hunter2", "method": "totp" }),
        );
    }
    server.auth("/auth/password/forgot", json!({ "email": "jane@work.example" }));
    server.auth("/auth/otp/send", json!({ "email": "jane@work.example" }));
    server.auth(
        "/auth/otp/verify",
        json!({ "email": "jane@work.example", "code": "hunter2" }),
    );
    misplaced(server);
    let environment = "/demo/environments/development";
    server.admin(
        "PUT",
        &format!("{environment}/secrets/crm"),
        json!({ "value": "hunter2-secret" }),
    );
    let mail = json!({ "smtpUrl": "smtp://user:hunter2-smtp@127.0.0.1:1", "from": "x" });
    server.admin("PUT", &format!("{environment}/settings/mail"), mail);
    let provider =
        json!({ "name": "corp", "issuer": "https://127.0.0.1", "clientId": "x", "clientSecret": "hunter2-client" });
    server.admin(
        "PUT",
        &format!("{environment}/settings/providers"),
        json!({ "providers": [provider] }),
    );
    let webhook = json!({ "url": "https://example.com/hunter2-url", "events": ["auth.signup"] });
    keep(
        &server.admin("POST", &format!("{environment}/webhooks"), webhook),
        &["secret"],
    );
    keep(&server.admin("POST", "", json!({ "id": "other" })), &["secret_key"]);
    given.push(server.site.token.clone());
    given
}

/// Where secrets do not belong.
fn misplaced(server: &Logged) {
    for path in [
        "/auth/login/hunter2-path",
        "/hunter2-path/auth",
        "/auth/me?access_token=hunter2-query",
        "/auth/oauth/callback?state=demo.development.hunter2&code=hunter2-code&error=hunter2",
        "/.well-known/jwks.json?key=sk_hunter2",
        "/%00hunter2",
        "/admin/api/v1/projects/hunter2-project/environments/hunter2",
    ] {
        let headers = [
            ("x-aerocall-key", "sk_hunter2"),
            ("authorization", "Bearer at_hunter2"),
            ("cookie", "session=hunter2"),
            ("user-agent", "hunter2"),
            ("traceparent", "hunter2"),
        ];
        for method in ["GET", "POST", "HUNTER2"] {
            server.send(method, path, &headers, None);
        }
    }
}

const BEHIND: [(&str, &str); 4] = [
    ("AEROCALL_METRICS_TOKEN", "hunter2-metrics-token"),
    // Nobody is there: what is said of it must not say how to get in.
    ("AEROCALL_SMTP_URL", "smtp://user:hunter2-smtp@127.0.0.1:1"),
    ("AEROCALL_REDIS_URL", "redis://:hunter2-redis@127.0.0.1:1/0"),
    ("AEROCALL_AMQP_URL", "amqp://user:hunter2-amqp@127.0.0.1:1/%2f"),
];

#[test]
fn no_secret_is_in_the_log_at_any_level() {
    for (level, format) in [("trace", "json"), ("info", "text")] {
        let server = Logged::new(
            &[
                &BEHIND[..],
                &[("AEROCALL_LOG_LEVEL", level), ("AEROCALL_LOG_FORMAT", format)],
            ]
            .concat(),
        );
        let secrets = secrets_everywhere(&server);
        let log = server.ended();
        assert!(log.contains("answered"), "{level}: {log}");
        assert_eq!(
            log.contains("signing up"),
            level == "trace",
            "what hooks log is detail: {log}"
        );
        for secret in secrets.iter().map(String::as_str).chain([MARK, "HUNTER2"]) {
            let line = log.lines().find(|line| line.contains(secret));
            assert!(secret.len() > 6 && line.is_none(), "{level}: {secret} is in {line:?}");
        }
    }
}

#[test]
fn every_request_has_a_line_of_text_without_colours() {
    let server = Logged::new(&[]);
    let here = project(&[("aerocall.toml", TOML), ("hooks/gate.ts", HOOK)]);
    server.site.deploy(here.path(), &[]).expect(0);
    for email in ["jane@work.example", "refused@work.example", "broken@work.example"] {
        server.site.register(email);
    }
    let log = server.ended();
    assert!(!log.contains('\u{1b}'), "{log}");
    let of = |status: &str| {
        let is_it = |line: &&str| line.contains("path=\"/auth/register\"") && line.contains(status);
        log.lines().find(is_it).unwrap_or_else(|| panic!("{status}: {log}"))
    };
    let done = of("status=201");
    for part in [
        " INFO ",
        "request_id=\"req_",
        "method=\"POST\"",
        " ms=",
        "project=\"demo\" environment=\"development\"",
        "hooks=\"beforeSignup/gate=allow afterSignup/gate=allow\"",
    ] {
        assert!(done.contains(part), "{part}: {done}");
    }
    let refused = of("status=422");
    assert!(
        refused.contains(" INFO ") && refused.contains("code=\"not_you\" hooks=\"beforeSignup/gate=deny\""),
        "{refused}"
    );
    let broken = of("status=502");
    assert!(
        broken.contains(" WARN ") && broken.contains("hooks=\"beforeSignup/gate=hook_failed\""),
        "{broken}"
    );
}

#[test]
fn json_is_one_object_a_line() {
    let server = Logged::new(&[("AEROCALL_LOG_FORMAT", "json"), ("AEROCALL_PORT", "tcp://10.96.0.7:80")]);
    server.site.register("jane@work.example");
    let log = server.ended();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["path"] == "/auth/register").unwrap();
    assert!(line["timestamp"].is_string() && line["ms"].is_number(), "{line}");
    let members = [
        &line["level"],
        &line["message"],
        &line["method"],
        &line["status"],
        &line["project"],
    ];
    let wanted = [
        json!("INFO"),
        json!("answered"),
        json!("POST"),
        json!(201),
        json!("demo"),
    ];
    assert_eq!(members, wanted.each_ref(), "{line}");
    // A cluster that has a Service called `aerocall` sets this.
    let ignored = lines.iter().find(|line| line["name"] == "AEROCALL_PORT").unwrap();
    assert_eq!(ignored["level"], "WARN", "{ignored}");
}

#[test]
fn the_level_is_a_setting() {
    for (level, lines) in [("warn", false), ("off", false), ("debug", true)] {
        let server = Logged::new(&[("AEROCALL_LOG_LEVEL", level)]);
        assert_eq!(server.site.register("jane@work.example").0, 201);
        let log = server.ended();
        assert_eq!(log.contains("answered"), lines, "{level}: {log}");
        assert_eq!(log.contains("hook called"), level == "debug", "{level}: {log}");
    }
}

#[test]
fn a_log_that_nobody_reads_ends_nothing() {
    let mut site = Site::new(&[]);
    site.kill();
    let mut command = site.on_its_data(&["serve"], &[]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    site.url = first_line(&mut process);
    drop(process.stderr.take());
    for name in ["jane", "john"] {
        assert_eq!(site.register(&format!("{name}@work.example")).0, 201);
    }
    drop(process.kill());
    drop(process.wait());
}
