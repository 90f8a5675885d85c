//! Mails, their templates and who sends them, through the admin API.

mod trying;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

use crate::{
    logbook,
    site::{Answer, Site, until},
    snapshots::shown,
};

fn path(rest: &str) -> String {
    format!("/projects/a/environments/production/{rest}")
}

fn put(site: &Site, name: &str, body: Value) -> Answer {
    site.admin("PUT", &path(&format!("mail-templates/{name}")), Some(body))
}

fn site() -> Site {
    let site = Site::new();
    site.project("a");
    site
}

#[test]
fn a_template_is_kept_shown_and_deleted() {
    let site = site();
    let body = json!({ "subject": "Hi {{ name }}", "html": "{% if name %}<b>{{ name }}</b>{% endif %}" });
    let made = put(&site, "welcome", body);
    insta::assert_snapshot!(shown(&made), @r#"
    201 {
      "name": "welcome",
      "subject": "Hi {{ name }}",
      "text": null,
      "html": "{% if name %}<b>{{ name }}</b>{% endif %}",
      "updatedAt": "[time]"
    }
    "#);
    let replaced = put(&site, "welcome", json!({ "subject": "Hi", "text": "t" }));
    insta::assert_snapshot!(shown(&replaced), @r#"
    200 {
      "name": "welcome",
      "subject": "Hi",
      "text": "t",
      "html": null,
      "updatedAt": "[time]"
    }
    "#);
    assert_eq!(
        site.admin("GET", &path("mail-templates/welcome"), None).json,
        replaced.json
    );
    let listed = site.admin("GET", &path("mail-templates"), None).json;
    assert_eq!(listed, json!({ "templates": [replaced.json] }));
    let deleted = site.admin("DELETE", &path("mail-templates/welcome"), None);
    assert_eq!((deleted.status, deleted.json), (200, json!({ "deleted": "welcome" })));
    assert_eq!(
        site.admin("GET", &path("mail-templates/welcome"), None).code(),
        "not_found"
    );
}

#[test]
fn a_template_that_does_not_compile_is_refused_with_its_line() {
    let site = site();
    let bad = json!({ "subject": "{{ a", "text": "a\nb\n{% include 'x' %}", "html": "a\n{{ x ~ x }}" });
    let refused = put(&site, "welcome", bad);
    assert_eq!(
        (refused.status, refused.fields()),
        (422, vec!["subject", "text", "html"])
    );
    let problems = refused.json["error"]["details"].as_array().unwrap();
    for (problem, line) in problems.iter().zip(["line 1: ", "line 3: ", "line 2: "]) {
        assert!(problem["problem"].as_str().unwrap().starts_with(line), "{problem}");
    }
    for (body, fields) in [
        (json!({}), vec!["subject", "text"]),
        (json!({ "subject": "s" }), vec!["text"]),
        (json!({ "subject": "", "text": "t" }), vec!["subject"]),
        (json!({ "subject": "s", "text": 7 }), vec!["text"]),
        (json!({ "subject": "s", "text": "\u{0}" }), vec!["text"]),
        (json!({ "subject": "s", "text": "x".repeat(65 << 10) }), vec!["text"]),
        (json!({ "subject": "s", "text": "t", "from": "x@y.z" }), vec!["from"]),
    ] {
        let refused = put(&site, "welcome", body.clone());
        assert_eq!((refused.status, refused.fields()), (422, fields), "{body}");
    }
    let huge = json!({ "subject": "s", "text": "x".repeat(600 << 10) });
    assert_eq!(put(&site, "welcome", huge).code(), "body_too_large");
    for name in [
        "Welcome",
        "1",
        "a.b",
        "aerocall-otp",
        "..%2Fx",
        "a%0d%0a",
        &"a".repeat(65),
    ] {
        let refused = put(&site, name, json!({ "subject": "s", "text": "t" }));
        assert!(matches!(refused.status, 404 | 422), "{name}: {refused:?}");
    }
    assert_eq!(
        site.admin("GET", &path("mail-templates"), None).json,
        json!({ "templates": [] })
    );
}

#[test]
fn who_sends_is_kept_sealed_and_shown_without_the_password() {
    const PASSWORD: &str = "pw-never-shown-71";
    let site = site();
    let setting = path("settings/mail");
    let nothing = json!({ "smtpUrl": null, "from": null, "replyTo": null });
    assert_eq!(site.admin("GET", &setting, None).json, nothing);
    let body = json!({
        "smtpUrl": format!("smtps://me%40x:{PASSWORD}@Mail.Example.com"),
        "from": "Shop <shop@example.com>",
        "replyTo": "help@example.com",
    });
    let put = site.admin("PUT", &setting, Some(body));
    let shown = json!({
        "smtpUrl": "smtps://me%40x@mail.example.com:465",
        "from": "Shop <shop@example.com>",
        "replyTo": "help@example.com",
    });
    assert_eq!((put.status, &put.json), (200, &shown));
    assert_eq!(site.admin("GET", &setting, None).json, shown);
    // What was shown can be saved again: the password of this user of this server stays, and no other gets it.
    let again = site.admin("PUT", &setting, Some(shown.clone()));
    assert_eq!((again.status, &again.json), (200, &shown));
    for other in [
        "smtps://me%40x@mail.example.org:465",
        "smtps://me%40x@mail.example.com:466",
        "smtp://me%40x@mail.example.com:465",
        "smtps://you@mail.example.com:465",
    ] {
        let body = json!({ "smtpUrl": other, "from": "Shop <shop@example.com>" });
        assert_eq!(site.admin("PUT", &setting, Some(body)).fields(), ["smtpUrl"], "{other}");
    }
    let from = |from: &str| json!({ "smtpUrl": "smtp://mail.example.com", "from": from });
    for (body, fields) in [
        (json!({ "from": "a@example.com" }), vec!["from"]),
        (json!({ "smtpUrl": "smtp://mail.example.com" }), vec!["from"]),
        (
            json!({ "smtpUrl": format!("http://me:{PASSWORD}@x.y"), "from": "a@b.c" }),
            vec!["smtpUrl"],
        ),
        (
            json!({ "smtpUrl": format!("smtp+plain://me:{PASSWORD}@x.y"), "from": "a@b.c" }),
            vec!["smtpUrl"],
        ),
        (from("a@b.c, d@e.f"), vec!["from"]),
        (from("a@b.c\r\nBcc: d@e.f"), vec!["from"]),
        (from("nobody"), vec!["from"]),
        (json!({ "replyTo": "a@b.c\nX: y" }), vec!["replyTo"]),
        (json!({ "bcc": "a@b.c" }), vec!["bcc"]),
    ] {
        let refused = site.admin("PUT", &setting, Some(body.clone()));
        assert_eq!(refused.status, 422, "{body}");
        assert!(
            fields.iter().all(|field| refused.fields().contains(field)),
            "{body}: {refused:?}"
        );
        assert!(!format!("{refused:?}").contains(PASSWORD));
    }
    assert_eq!(
        site.admin("GET", &setting, None).json,
        shown,
        "what is refused changes nothing"
    );
    assert_eq!(site.admin("PUT", &setting, Some(json!({}))).json, nothing);
    assert_eq!(logbook::lines_with(PASSWORD), Vec::<String>::new());
}

#[test]
fn the_list_is_asked_for_in_pages() {
    let site = site();
    assert_eq!(
        site.admin(
            "GET",
            &path(&format!("mails?limit=1&before=mail_{}", "0".repeat(32))),
            None
        )
        .json,
        json!({ "mails": [], "next": null })
    );
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e3", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("before=", "before"),
        ("before=%00", "before"),
        ("before=mail_0", "before"),
        ("before=usr_01a22df7f9d87186b969dda39ad45795", "before"),
        ("before=..%2F..%2Fsecrets", "before"),
        ("page=2", "page"),
    ] {
        let refused = site.admin("GET", &path(&format!("mails?{query}")), None);
        assert_eq!((refused.status, refused.fields()), (422, vec![field]), "{query}");
    }
    for id in ["mail_x", "%00", "%F0%9F%92%A9", "..%2F..%2Fsecrets"] {
        assert_eq!(
            site.admin("GET", &path(&format!("mails/{id}")), None).code(),
            "not_found",
            "{id}"
        );
    }
}

/// A mail server that takes everything (RFC 5321, as much as a client needs that sends): its address and the mails it got.
fn mail_server() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, got) = (
        listener.local_addr().unwrap().to_string(),
        Arc::<Mutex<Vec<String>>>::default(),
    );
    let kept = Arc::clone(&got);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let kept = Arc::clone(&kept);
            // A client that goes away is no failure of the test.
            std::thread::spawn(move || drop(take_mails(&stream.unwrap(), &kept)));
        }
    });
    (address, got)
}

fn take_mails(mut stream: &TcpStream, got: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 test\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        if line.eq_ignore_ascii_case("DATA") {
            stream.write_all(b"354 go on\r\n")?;
            let content = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".");
            let content: Vec<String> = content.collect();
            got.lock().unwrap().push(content.join("\n"));
        }
        stream.write_all(b"250 ok\r\n")?;
    }
    Ok(())
}

#[test]
fn what_was_sent_is_kept_without_its_link_and_its_code() {
    let (address, got) = mail_server();
    let site = Site::with(&[("AEROCALL_SMTP_URL", &format!("smtp+plain://{address}"))]);
    let project = site.project("a");
    site.registered(&project.pk, "ada@example.com");
    for (path, body) in [
        (
            "/auth/otp/send",
            json!({ "channel": "email", "email": "ada@example.com" }),
        ),
        ("/auth/password/forgot", json!({ "email": "ada@example.com" })),
    ] {
        let sent = site.post(path, &project.pk, body);
        assert_eq!(sent.status, 202, "{sent:?}");
    }
    let of = |template: &str| {
        until(|| {
            let all = site.admin("GET", &path("mails"), None).json["mails"]
                .as_array()
                .unwrap()
                .clone();
            let sent =
                |mail: &&Value| mail["state"] == "sent" && mail["template"].as_str().unwrap().ends_with(template);
            let id = all.iter().find(sent)?["id"].as_str().unwrap().to_owned();
            Some(site.admin("GET", &path(&format!("mails/{id}")), None).json)
        })
    };
    for (template, subject) in [
        ("otp", "Your code: [code] \u{2013} a"),
        ("reset-password", "Reset your password \u{2013} a"),
    ] {
        let kept = of(template);
        assert_eq!(
            (&kept["to"], &kept["subject"]),
            (&json!("ada@example.com"), &json!(subject))
        );
        assert_eq!((&kept["text"], &kept["html"]), (&Value::Null, &Value::Null), "{kept}");
    }
    // It did go out whole.
    let got = got.lock().unwrap().join("\n");
    assert!(got.contains("Your code for a is ") && got.contains("ot_"), "{got}");
}

/// A mail server that takes connections and never says a word.
#[test]
fn a_mail_server_that_hangs_delays_no_other_project() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let (connected, count) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in silent.incoming() {
            kept.push(stream);
            if connected.send(()).is_err() {
                return;
            }
        }
    });
    let site = Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8")]);
    let projects = ["a", "b"].map(|id| site.project(id));
    let own = json!({ "smtpUrl": format!("smtp+plain://{address}"), "from": "a@example.com" });
    assert_eq!(site.admin("PUT", &path("settings/mail"), Some(own)).status, 200);
    let mail = crate::bundles::hook(
        "afterSignup",
        "await Aerocall.auth.sendEmail({ to: payload.user.email, subject: 's', text: 't' });",
    );
    for project in &projects {
        site.live(&project.id, &[("mail", &mail)]);
    }
    site.registered(&projects[0].pk, "ada@example.com");
    count.recv_timeout(std::time::Duration::from_secs(30)).unwrap();
    let begun = std::time::Instant::now();
    for number in 0..3 {
        site.registered(&projects[1].pk, &format!("bob{number}@example.com"));
    }
    until(|| {
        let mails = site
            .admin("GET", "/projects/b/environments/production/mails", None)
            .json;
        let captured = mails["mails"]
            .as_array()?
            .iter()
            .filter(|mail| mail["state"] == "captured");
        (captured.count() == 3).then_some(())
    });
    assert!(
        begun.elapsed() < std::time::Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    // One at a time of the project whose server hangs.
    assert!(count.try_recv().is_err());
}
