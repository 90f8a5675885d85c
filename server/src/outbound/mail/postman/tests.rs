//! Delivery over real connections: a mail server that speaks the protocol on a port of its own.

use std::{
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use aerocall_runtime::host::EmailBody;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::{
    base::config::{Config, ConfigSources, PerProject},
    outbound::{
        egress::testing::{Names, egress, serve_with},
        mail::Composer,
    },
    testing::World,
};

/// What a mail server got: envelope and content of each mail, and how many said hello.
#[derive(Default)]
struct Mailbox {
    mails: Mutex<Vec<(String, String, String)>>,
    hellos: AtomicUsize,
}

/// Answers `RCPT TO` with the given line.
async fn server(address: &str, rcpt: &'static str) -> (SocketAddr, Arc<Mailbox>) {
    let listener = TcpListener::bind(address).await.unwrap();
    let bound = listener.local_addr().unwrap();
    let mailbox = Arc::new(Mailbox::default());
    let kept = Arc::clone(&mailbox);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, rcpt, Arc::clone(&kept)));
        }
    });
    (bound, mailbox)
}

/// RFC 5321, as much as a client needs that sends.
async fn talk(stream: TcpStream, rcpt: &'static str, mailbox: Arc<Mailbox>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 test\r\n").await.ok()?;
    let (mut from, mut to) = (String::new(), String::new());
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => {
                mailbox.hellos.fetch_add(1, Ordering::SeqCst);
                "250-test\r\n250 8BITMIME"
            }
            "MAIL" => {
                from = line;
                "250 ok"
            }
            "RCPT" => {
                to = line;
                rcpt
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut content = String::new();
                while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                    content.push_str(&line);
                    content.push('\n');
                }
                mailbox.mails.lock().unwrap().push((from.clone(), to.clone(), content));
                "250 kept"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}

fn postman(world: &World, smtp_url: &str) -> Postman {
    let env = [("AEROCALL_SMTP_URL".to_owned(), smtp_url.to_owned())].into();
    let config = Config::load(&ConfigSources {
        env,
        ..ConfigSources::default()
    });
    let names = Names::of(&[("mail.test", &[&["127.0.0.79"]]), ("inside.test", &[&["127.0.0.1"]])]);
    Postman::new(
        world.store.clone(),
        world.clock.clone(),
        Arc::clone(&world.master),
        config.unwrap().mail,
        Arc::new(egress(&["127.0.0.79/32"], names)),
        Arc::new(Metrics::new(PerProject::Left)),
    )
}

impl Postman {
    /// One round, to its end. How many mails it tried.
    async fn deliver_due(&self) -> Result<usize> {
        let batches = self.claim(&Places::new(Self::places())).await?;
        for batch in &batches {
            self.deliver(batch).await?;
        }
        Ok(batches.iter().map(|batch| batch.mails.len()).sum())
    }
}

async fn write(world: &World, scope: &Scope, to: &str) -> String {
    let body = EmailBody::Content {
        subject: "Grüße".to_owned(),
        text: Some("hello\n.\nend".to_owned()),
        html: Some("<p>hello</p>".to_owned()),
    };
    let composer = Composer::new(world.store.clone(), world.clock.clone());
    let mail = composer.compose(scope, to, body).await.unwrap();
    let (id, scope) = (mail.id.clone(), scope.clone());
    world
        .store
        .write(move |tx| tx.insert_mail(&scope, &mail))
        .await
        .unwrap();
    id
}

async fn state(world: &World, scope: &Scope, id: &str) -> (String, i32, String) {
    let (scope, id) = (scope.clone(), id.to_owned());
    let mail = world.store.read(move |tx| tx.mail(&scope, &id)).await.unwrap().unwrap();
    (mail.state, mail.attempts, mail.error.unwrap_or_default())
}

async fn use_own(world: &World, scope: &Scope, url: &str) {
    let body = json!({ "smtpUrl": url, "from": "Own <own@example.com>", "replyTo": "help@example.com" });
    let setting = MailSetting::read(body.as_object().unwrap().clone()).unwrap();
    world.keep_mail_setting(scope, &setting).await;
}

#[tokio::test]
async fn without_a_mail_server_mails_are_kept_and_forgotten_in_time() {
    let world = World::new().await;
    let postman = postman(&world, "");
    let id = write(&world, &world.scope, "a@b.c").await;
    assert_eq!(postman.deliver_due().await.unwrap(), 1);
    assert_eq!(
        state(&world, &world.scope, &id).await,
        ("captured".to_owned(), 1, String::new())
    );
    assert_eq!(postman.deliver_due().await.unwrap(), 0);
    let before_ms = world.clock.now_ms();
    let forget = |before_ms| world.store.write(move |tx| tx.delete_old_mails(before_ms, 100));
    assert_eq!(forget(before_ms - 60_000).await.unwrap(), 0);
    assert_eq!(forget(before_ms + 60_000).await.unwrap(), 1);
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let world = World::new().await;
    let (address, mailbox) = server("127.0.0.1:0", "250 ok").await;
    let postman = postman(&world, &format!("smtp+plain://{address}"));
    let ids = [
        write(&world, &world.scope, "ada@example.com").await,
        write(&world, &world.scope, "b@example.com").await,
    ];
    assert_eq!(postman.deliver_due().await.unwrap(), 2);
    assert_eq!(state(&world, &world.scope, &ids[0]).await.0, "sent");
    let mails = mailbox.mails.lock().unwrap();
    let (from, to, content) = &mails[0];
    assert!(
        from.contains("<no-reply@localhost>") && to.contains("<ada@example.com>"),
        "{from} {to}"
    );
    for part in [
        &format!("Message-ID: <{}@localhost>", ids[0]),
        "From: Aerocall <no-reply@localhost>",
        "To: ada@example.com",
        "Subject: =?utf-8?b?",
        "multipart/alternative",
        "\n..\n",
        "<p>hello</p>",
    ] {
        assert!(content.contains(part), "{part} in {content}");
    }
    assert!(!content.to_lowercase().contains("bcc:"));
    assert_eq!(
        (mails.len(), mailbox.hellos.load(Ordering::SeqCst)),
        (2, 1),
        "one connection for both"
    );
}

#[tokio::test]
async fn a_mail_server_that_is_down_at_first_gets_the_mail_later() {
    let world = World::new().await;
    let reserved = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = reserved.local_addr().unwrap().to_string();
    drop(reserved);
    let postman = postman(&world, &format!("smtp+plain://{address}"));
    let id = write(&world, &world.scope, "a@b.c").await;
    assert_eq!(postman.deliver_due().await.unwrap(), 1);
    let problem = "the mail server cannot be reached".to_owned();
    assert_eq!(
        state(&world, &world.scope, &id).await,
        ("waiting".to_owned(), 1, problem)
    );
    assert_eq!(postman.deliver_due().await.unwrap(), 0, "not before its time");
    let (_, mailbox) = server(&address, "250 ok").await;
    world.clock.advance_ms(10_001);
    assert_eq!(postman.deliver_due().await.unwrap(), 1);
    assert_eq!(
        state(&world, &world.scope, &id).await,
        ("sent".to_owned(), 2, String::new())
    );
    assert_eq!(mailbox.mails.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_mail_is_tried_five_times_and_a_final_no_is_final() {
    let world = World::new().await;
    let (busy, _) = server("127.0.0.1:0", "451 try later at mx7.internal").await;
    let waiting = postman(&world, &format!("smtp+plain://{busy}"));
    let id = write(&world, &world.scope, "a@b.c").await;
    for attempt in 1..=5 {
        assert_eq!(waiting.deliver_due().await.unwrap(), 1, "attempt {attempt}");
        world.clock.advance_ms(3_600_000);
    }
    let (state_now, attempts, error) = state(&world, &world.scope, &id).await;
    assert_eq!((state_now.as_str(), attempts), ("failed", 5));
    assert_eq!(
        error, "the mail server answered 451",
        "what the server's own mail server says is not the project's"
    );
    assert_eq!(waiting.deliver_due().await.unwrap(), 0);

    let (refusing, _) = server("127.0.0.79:0", "550 no such user").await;
    use_own(
        &world,
        &world.scope,
        &format!("smtp+plain://mail.test:{}", refusing.port()),
    )
    .await;
    let id = write(&world, &world.scope, "a@b.c").await;
    assert_eq!(waiting.deliver_due().await.unwrap(), 1);
    let (state_now, attempts, error) = state(&world, &world.scope, &id).await;
    assert_eq!((state_now.as_str(), attempts), ("failed", 1));
    assert!(error.contains("no such user"), "{error}");
}

#[tokio::test]
async fn a_project_sends_through_its_own_server_and_reaches_no_inner_one() {
    let world = World::new().await;
    let (own, mailbox) = server("127.0.0.79:0", "250 ok").await;
    let (inner, untouched) = server("127.0.0.1:0", "250 ok").await;
    let postman = postman(&world, &format!("smtp+plain://{inner}"));
    use_own(&world, &world.scope, &format!("smtp+plain://mail.test:{}", own.port())).await;
    write(&world, &world.scope, "a@b.c").await;
    assert_eq!(postman.deliver_due().await.unwrap(), 1);
    let content = mailbox.mails.lock().unwrap()[0].2.clone();
    assert!(
        content.contains("From: Own <own@example.com>") && content.contains("Reply-To: help@example.com"),
        "{content}"
    );

    for host in ["127.0.0.1", "inside.test", "2130706433", "[::1]", "nowhere.test"] {
        use_own(&world, &world.other, &format!("smtp+plain://{host}:{}", inner.port())).await;
        let id = write(&world, &world.other, "a@b.c").await;
        assert_eq!(postman.deliver_due().await.unwrap(), 1);
        let (state_now, _, error) = state(&world, &world.other, &id).await;
        assert_eq!(state_now, "waiting", "{host}");
        assert!(
            error.contains("not on the public internet") || error.contains("cannot be resolved"),
            "{host}: {error}"
        );
    }
    // A password never leaves over a connection without TLS: this server offers none.
    use_own(
        &world,
        &world.other,
        &format!("smtp://me:hunter2@mail.test:{}", own.port()),
    )
    .await;
    let id = write(&world, &world.other, "a@b.c").await;
    postman.deliver_due().await.unwrap();
    assert_eq!(state(&world, &world.other, &id).await.0, "waiting");
    assert_eq!(untouched.hellos.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn two_workers_never_send_the_same_mail() {
    let world = World::new().await;
    let (address, mailbox) = server("127.0.0.1:0", "250 ok").await;
    let (one, two) = (
        postman(&world, &format!("smtp+plain://{address}")),
        postman(&world, &format!("smtp+plain://{address}")),
    );
    for number in 0..10 {
        write(&world, &world.scope, &format!("u{number}@b.c")).await;
    }
    let work = async |postman: &Postman| while postman.deliver_due().await.unwrap() > 0 {};
    tokio::join!(work(&one), work(&two));
    let mut to: Vec<String> = mailbox
        .mails
        .lock()
        .unwrap()
        .iter()
        .map(|mail| mail.1.clone())
        .collect();
    to.sort();
    to.dedup();
    assert_eq!((to.len(), mailbox.mails.lock().unwrap().len()), (10, 10));
}

#[tokio::test]
async fn a_worker_that_dies_keeps_no_mail_and_a_lease_that_ended_marks_nothing() {
    let world = World::new().await;
    let postman = postman(&world, "");
    let id = write(&world, &world.scope, "a@b.c").await;
    let claimed = postman.claim(&Places::new(Postman::places())).await.unwrap();
    assert_eq!(postman.deliver_due().await.unwrap(), 0, "somebody has it");
    world.clock.advance_ms(300_001);
    assert_eq!(postman.deliver_due().await.unwrap(), 1);
    postman
        .mark(&world.scope, &claimed[0].mails[0], Ok(Handover::Sent))
        .await
        .unwrap();
    assert_eq!(
        state(&world, &world.scope, &id).await,
        ("captured".to_owned(), 2, String::new())
    );

    let id = write(&world, &world.scope, "a@b.c").await;
    for _ in 0..5 {
        postman.claim(&Places::new(Postman::places())).await.unwrap();
        world.clock.advance_ms(300_001);
    }
    assert_eq!(postman.deliver_due().await.unwrap(), 1);
    let (state_now, attempts, error) = state(&world, &world.scope, &id).await;
    assert_eq!((state_now.as_str(), attempts), ("failed", 6));
    assert!(error.contains("in every attempt"), "{error}");
}

#[tokio::test]
async fn a_mail_server_that_never_stops_talking_is_left() {
    let world = World::new().await;
    let flood = |mut stream: TcpStream| async move {
        let line = vec![b'x'; 64 << 10];
        while stream.write_all(&line).await.is_ok() {}
    };
    let address = serve_with("127.0.0.79:0", flood).await;
    let postman = postman(&world, "");
    for scheme in ["smtp+plain", "smtp", "smtps"] {
        use_own(
            &world,
            &world.scope,
            &format!("{scheme}://mail.test:{}", address.port()),
        )
        .await;
        let id = write(&world, &world.scope, "a@b.c").await;
        let started = std::time::Instant::now();
        postman.deliver_due().await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(15), "{scheme}");
        let (state_now, attempts, error) = state(&world, &world.scope, &id).await;
        assert_eq!((state_now.as_str(), attempts), ("waiting", 1), "{scheme}: {error}");
    }
}

#[test]
fn a_code_does_not_stay_in_a_subject_and_other_numbers_do() {
    for (subject, kept) in [
        ("Your code: 123456 \u{2013} shop", "Your code: [code] \u{2013} shop"),
        ("123456", "[code]"),
        ("Order 1234567 of 2026", "Order 1234567 of 2026"),
        ("Gr\u{fc}\u{df}e", "Gr\u{fc}\u{df}e"),
        ("", ""),
    ] {
        assert_eq!(without_code(subject), kept);
    }
}

#[tokio::test]
async fn what_was_sent_is_kept_without_what_it_said() {
    let world = World::new().await;
    let (address, mailbox) = server("127.0.0.1:0", "250 ok").await;
    let (refusing, _) = server("127.0.0.1:0", "550 nobody").await;
    for (url, state) in [
        (format!("smtp+plain://{address}"), "sent"),
        (format!("smtp+plain://{refusing}"), "failed"),
        (String::new(), "captured"),
    ] {
        let id = write(&world, &world.scope, "ada@example.com").await;
        postman(&world, &url).deliver_due().await.unwrap();
        let scope = world.scope.clone();
        let mail = world.store.read(move |tx| tx.mail(&scope, &id)).await.unwrap().unwrap();
        assert_eq!((mail.state.as_str(), mail.subject.as_str()), (state, "Gr\u{fc}\u{df}e"));
        let is_there = state == "captured";
        assert_eq!(
            (mail.body_text.is_some(), mail.body_html.is_some()),
            (is_there, is_there),
            "{state}"
        );
    }
    assert_eq!(mailbox.mails.lock().unwrap().len(), 1);
}
