//! The SDK as hooks call it, and what a test's host notes of it.

use std::time::Duration;

use aerocall_hooks::{
    AerocallError, Context, ErrorCode, Event, Result, Timestamp, UserPatch, auth, cache, clock,
    db::{self, Rows, Value as Sql},
    http, log, on, params, queue, random,
    secrets::{self, MacHash},
    testing::{Call, Host, Outcome, affected, response},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// One handler for each part of the SDK; the message says which.
#[on("queue.sdk")]
fn use_sdk(_context: &Context, job: Event<String>) -> Result<()> {
    match job.data.as_str() {
        "auth" => use_auth(),
        "cache" => use_cache(),
        "clock" => use_clock(),
        "commit" | "rollback" => use_db(job.data == "commit"),
        "http" => use_http(),
        "queue" => use_queue(),
        "rows" => read_rows(),
        "secrets" => use_secrets(),
        "tracing" => {
            let span = tracing::info_span!("order", id = 7);
            let _entered = span.enter();
            tracing::warn!(amount = 3, "refused");
            Ok(())
        }
        other => aerocall_hooks::bail!("nothing to do with {other}"),
    }
}

fn run(host: &Host, part: &str) -> Outcome {
    let event =
        json!({ "id": "job_1", "type": "queue.sdk", "version": 1, "time": "2026-01-31T12:00:00Z", "data": part });
    host.run(&Call::new("queue.sdk", event))
}

fn use_auth() -> Result<()> {
    let user = auth::get_user_by_email("ADA@example.com")?.ok_or(AerocallError::new(ErrorCode::NotFound, "no Ada"))?;
    assert_eq!(auth::get_user("usr_2")?, None);
    let patch = UserPatch::new()
        .name("Ada L.")
        .metadata(json!({ "plan": null, "seen": 1 }));
    let user = auth::update_user(&user.id, &patch)?;
    assert_eq!(
        (user.name.as_deref(), &user.metadata["seen"]),
        (Some("Ada L."), &json!(1))
    );
    auth::Email::new(&user.email, "Hello")
        .text("Text")
        .html("<p>Text</p>")
        .send()?;
    auth::Email::from_template(&user.email, "welcome", &json!({ "n": 1 }))?.send()?;
    auth::update_user("usr_2", &patch)?;
    Ok(())
}

#[test]
fn users_are_found_changed_and_written_to() {
    let host = Host::new().user(json!({ "id": "usr_1", "email": "ada@example.com", "metadata": { "plan": "team" } }));
    let Outcome::Failed(exception) = run(&host, "auth") else {
        panic!()
    };
    assert_eq!(exception.code.as_deref(), Some("not_found"));
    assert_eq!(host.user_now("usr_1").unwrap()["metadata"], json!({ "seen": 1 }));
    let mails = host.mails();
    assert_eq!(
        (mails[0].subject.as_str(), mails[0].text.as_deref()),
        ("Hello", Some("Text"))
    );
    assert_eq!(mails[1].template, Some(("welcome".to_owned(), json!({ "n": 1 }))));
}

fn use_cache() -> Result<()> {
    assert_eq!(cache::get::<Vec<u8>>("list")?, None);
    cache::set("list", &[1, 2], Duration::from_millis(1_500))?;
    assert_eq!(cache::get::<Vec<u8>>("list")?, Some(vec![1, 2]));
    assert_eq!(cache::increment("n", 2, None)?, 2);
    assert!(!cache::set_if_absent("n", "text", None)?);
    assert!(cache::delete("n")? && !cache::delete("n")?);
    cache::increment("list", 1, None)?;
    Ok(())
}

#[test]
fn the_cache_keeps_values_of_any_type() {
    let host = Host::new();
    let Outcome::Failed(exception) = run(&host, "cache") else {
        panic!()
    };
    assert_eq!(
        (exception.name.as_str(), exception.code.as_deref()),
        ("AerocallError", Some("conflict"))
    );
    assert_eq!((host.cached("list"), host.cached("n")), (Some(json!([1, 2])), None));
}

fn use_clock() -> Result<()> {
    let begin = clock::now();
    clock::sleep(Duration::from_secs(5));
    log::info!("{} {}", begin, clock::now().since(begin).as_secs());
    log::trace!(
        "{}",
        random::number() != random::number() && random::bytes(70_000).len() == 70_000
    );
    Ok(())
}

#[test]
fn time_and_chance_are_the_same_in_every_test() {
    let host = Host::new();
    assert_eq!(run(&host, "clock"), Outcome::Allow);
    let lines = [
        (log::Level::Info, "2026-01-31T12:00:00.000Z 5".to_owned()),
        (log::Level::Trace, "true".to_owned()),
    ];
    assert_eq!(host.logs(), lines);
}

fn use_db(commits: bool) -> Result<()> {
    db::transaction(|tx| {
        let rows = tx.execute("INSERT INTO t VALUES ($1)", params![Timestamp::from_unix_ms(0)])?;
        match commits {
            true => Ok(rows),
            false => Err(AerocallError::new(ErrorCode::Conflict, "taken").into()),
        }
    })?;
    Ok(())
}

#[test]
fn a_transaction_ends_as_its_work_does() {
    let host = || Host::new().on_db(|_, _| Ok(affected(1)));
    let statements = |host: &Host| {
        host.statements()
            .into_iter()
            .map(|statement| statement.sql)
            .collect::<Vec<_>>()
    };
    let kept = host();
    assert_eq!(run(&kept, "commit"), Outcome::Allow);
    assert_eq!(statements(&kept), ["BEGIN", "INSERT INTO t VALUES ($1)", "COMMIT"]);
    assert_eq!(
        kept.statements()[1].parameters,
        [Sql::Timestamp("1970-01-01T00:00:00.000Z".to_owned())]
    );
    let dropped = host();
    assert!(matches!(run(&dropped, "rollback"), Outcome::Failed(exception) if exception.message == "taken"));
    assert_eq!(statements(&dropped), ["BEGIN", "INSERT INTO t VALUES ($1)", "ROLLBACK"]);
}

#[derive(Debug, Deserialize, PartialEq)]
struct Row {
    id: i64,
    name: Option<String>,
    ratio: f64,
    data: Vec<u8>,
    at: Timestamp,
    tags: Vec<String>,
    is_open: bool,
}

fn read_rows() -> Result<()> {
    let parameters = params![1_u32, "a", None::<String>, json!({ "a": [1] }), vec![0_u8], 1.5, true];
    let rows = db::query_as::<Row>("SELECT 1", parameters)?;
    let row = Row {
        id: i64::MAX,
        name: None,
        ratio: 0.5,
        data: vec![1, 255],
        at: Timestamp::from_unix_ms(0),
        tags: vec!["x".to_owned()],
        is_open: true,
    };
    assert_eq!(rows, [row]);
    #[derive(Debug, Deserialize)]
    struct Other {
        #[expect(dead_code, reason = "the column is missing")]
        missing: i64,
    }
    db::query_as::<Other>("SELECT 1", &[])?;
    Ok(())
}

#[test]
fn rows_are_read_as_types() {
    let host = Host::new().on_db(|_, _| {
        let columns = ["id", "name", "ratio", "data", "at", "tags", "is_open"]
            .map(str::to_owned)
            .to_vec();
        let row = vec![
            Sql::Integer(i64::MAX),
            Sql::Null,
            Sql::Real(0.5),
            Sql::Blob(vec![1, 255]),
            Sql::Timestamp("1970-01-01T00:00:00Z".to_owned()),
            Sql::Json(r#"["x"]"#.to_owned()),
            Sql::Boolean(true),
        ];
        Ok(Rows {
            columns,
            rows: vec![row],
        })
    });
    let Outcome::Failed(exception) = run(&host, "rows") else {
        panic!()
    };
    assert!(
        exception.message.starts_with("a row: missing field `missing`"),
        "{exception:?}"
    );
    assert_eq!(exception.code.as_deref(), Some("invalid_argument"));
}

fn use_http() -> Result<()> {
    let request = http::post("https://a.example/")
        .json(&json!({ "n": 1 }))?
        .timeout(Duration::from_secs(1));
    let answer: Value = request.send()?.error_for_status()?.json()?;
    assert_eq!(answer, json!({ "ok": true }));
    let answers = http::send_all(["https://a.example/", "https://b.example/"].map(http::get));
    assert_eq!(answers[0].as_ref().unwrap().status(), 200);
    assert_eq!(answers[1].as_ref().unwrap_err().code, ErrorCode::Timeout);
    assert!(http::send_all([]).is_empty());
    http::delete("https://c.example/").send()?.error_for_status()?;
    Ok(())
}

#[test]
fn requests_are_answered_by_the_test() {
    let host = Host::new().on_http(|request| match request.url() {
        "https://a.example/" => Ok(response(200, &json!({ "ok": true }))),
        "https://b.example/" => Err(AerocallError::new(ErrorCode::Timeout, "too late")),
        _ => Ok(response(503, &Value::Null)),
    });
    let Outcome::Failed(exception) = run(&host, "http") else {
        panic!()
    };
    assert_eq!(exception.code.as_deref(), Some("backend_unavailable"));
    let requests = host.requests();
    assert_eq!(requests.len(), 4);
    assert_eq!(
        requests[0].headers("Content-Type").collect::<Vec<_>>(),
        ["application/json"]
    );
    assert_eq!(requests[0].bytes(), br#"{"n":1}"#);
}

fn use_queue() -> Result<()> {
    let one = queue::Job::new("mails", &7)?
        .delay(Duration::from_secs(60))
        .idempotency_key("k")
        .enqueue()?;
    let same = queue::Job::new("mails", &8)?.idempotency_key("k").enqueue()?;
    let other = queue::enqueue("mails", "text")?;
    assert!(one == same && one != other);
    Ok(())
}

#[test]
fn jobs_are_noted_and_the_same_key_is_the_same_job() {
    let host = Host::new();
    assert_eq!(run(&host, "queue"), Outcome::Allow);
    let jobs = host.jobs();
    let seen: Vec<_> = jobs.iter().map(|job| (&job.message, job.delay.as_secs())).collect();
    assert_eq!(seen, [(&json!(7), 60), (&json!("text"), 0)]);
}

fn use_secrets() -> Result<()> {
    let secret = secrets::get("key")?;
    assert_eq!(
        (secret.bearer(), secrets::bearer("key")?),
        ("Bearer [secret key]".to_owned(), secret.bearer())
    );
    assert!(secret.verify(MacHash::Sha256, b"data", b"mac of data")?);
    assert!(!secret.verify(MacHash::Sha256, b"data", b"mac of dat")?);
    assert!(!secret.verify(MacHash::Sha256, b"data", b"mac of datb")?);
    secrets::get("other")?;
    Ok(())
}

#[test]
fn secrets_are_placeholders() {
    let host = Host::new()
        .secret("key")
        .on_hmac(|_, _, data| Ok([b"mac of ", data].concat()));
    let Outcome::Failed(exception) = run(&host, "secrets") else {
        panic!()
    };
    assert_eq!(exception.code.as_deref(), Some("not_found"));
}

#[test]
fn events_of_tracing_are_lines_of_the_log() {
    let host = Host::new();
    assert_eq!(run(&host, "tracing"), Outcome::Allow);
    assert_eq!(
        host.logs(),
        [(log::Level::Warn, "order{id=7}: refused amount=3".to_owned())]
    );
}

#[test]
fn without_an_answer_the_test_is_told_how() {
    let outcome = run(&Host::new(), "commit");
    assert!(matches!(outcome, Outcome::Failed(exception) if exception.message.contains("`Host::on_db`")));
    let error = cache::get::<u8>("outside").unwrap_err();
    assert!(error.message.contains("in a test, run the hook with"), "{error}");
}
