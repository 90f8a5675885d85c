//! Mails through mail servers that offer different things, to addresses of every kind: what is sent, command by command, and
//! what cannot be.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    bundles::hook,
    relay::{Delivered, Offers, Relay},
    site::{PASSWORD, Site},
};

/// Projects may use mail servers of this machine.
const LOOPBACK: (&str, &str) = ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32");
const HINDI: &str = "ई-मेल-परीक्षण@सार्वभौमिक-स्वीकृति-परीक्षण.संगठन";
const FINAL: &str = "the recipient's address is not ASCII before the @, and the mail server does not offer SMTPUTF8";

/// An address, and how commands and headers have it.
const ADDRESSES: [(&str, &str); 6] = [
    ("ada@example.com", "ada@example.com"),
    ("Jane@Bücher.example", "Jane@xn--bcher-kva.example"),
    ("jane@xn--bcher-kva.example", "jane@xn--bcher-kva.example"),
    ("taro..yamada@docomo.example", "\"taro..yamada\"@docomo.example"),
    ("用户.@Example.com", "\"用户.\"@example.com"),
    (HINDI, HINDI_SENT),
];
const HINDI_SENT: &str = "ई-मेल-परीक्षण@xn-----lnfbb8fe3cvkui0de0bcg5hxagsg7d5lwail.xn--i1b6b1a6a2e";

const LONG: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Text and HTML.
fn bodies() -> [(Option<String>, Option<String>); 4] {
    [
        (Some("plain\n.\nend".to_owned()), None),
        (
            Some("Grüße from here, and nothing else that is not ASCII".to_owned()),
            None,
        ),
        (
            Some("Приветствую вас".to_owned()),
            Some("<p>Приветствую вас</p>".to_owned()),
        ),
        (Some(LONG.repeat(40)), None),
    ]
}

fn setting(relay: &Relay) -> Value {
    json!({
        "smtpUrl": format!("smtp+plain://{}", relay.address),
        "from": "Bücher Größe <no-reply@Bücher.example>",
        "replyTo": "help@BÜCHER.example",
    })
}

/// The mails of a project, by recipient: state and error.
fn outcomes(site: &Site, project: &str) -> Vec<(String, String, String)> {
    let path = format!("/projects/{project}/environments/production/mails?limit=100");
    let mails = site.admin("GET", &path, None).json["mails"].clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let outcome = |mail: &Value| (text(&mail["to"]), text(&mail["state"]), text(&mail["error"]));
    mails.as_array().unwrap().iter().map(outcome).collect()
}

#[test]
fn every_mail_is_sent_as_the_mail_server_can_take_it_or_fails_in_words() {
    let site = Site::with(&[LOOPBACK]);
    let send = hook("afterSignup", "await Aerocall.auth.sendEmail(payload.user.metadata);");
    for (eight_bit, smtputf8) in [(false, false), (true, false), (false, true), (true, true)] {
        let relay = Relay::start(&Offers {
            eight_bit,
            smtputf8,
            ..Offers::default()
        });
        let project = site.project(&format!("p-{eight_bit}-{smtputf8}"));
        let of = |rest: &str| format!("/projects/{}/environments/production/{rest}", project.id);
        assert_eq!(
            site.admin("PUT", &of("settings/mail"), Some(setting(&relay))).status,
            200
        );
        site.live(&project.id, &[("send", &send)]);
        let mut number = 0;
        for (to, _) in ADDRESSES {
            for (text, html) in bodies() {
                number += 1;
                let mut mail = json!({ "to": to, "subject": "Grüße – привет", "text": text });
                if let Some(html) = html {
                    mail["html"] = json!(html);
                }
                let user = json!({ "email": format!("u{number}@example.com"), "metadata": mail });
                assert_eq!(site.admin("POST", &of("users"), Some(user)).status, 201);
            }
        }
        site.idle();
        assert_eq!(relay.refused(), [""; 0], "8BITMIME {eight_bit}, SMTPUTF8 {smtputf8}");
        let delivered = relay.delivered();
        for (to, sent) in ADDRESSES {
            let needs = !sent.is_ascii();
            let got: Vec<&Delivered> = delivered
                .iter()
                .filter(|mail| mail.rcpt == format!("RCPT TO:<{sent}>"))
                .collect();
            let outcomes = outcomes(&site, &project.id);
            let kept = sent.replace('"', "");
            let outcomes: Vec<_> = outcomes.iter().filter(|(recipient, ..)| *recipient == kept).collect();
            assert_eq!(outcomes.len(), bodies().len(), "{to}");
            if needs && !smtputf8 {
                assert!(got.is_empty(), "{to}");
                for (_, state, error) in outcomes {
                    assert!(state == "failed" && error.starts_with(FINAL), "{to}: {state} {error}");
                }
                continue;
            }
            assert!(
                outcomes.iter().all(|(_, state, _)| state == "sent"),
                "{to}: {outcomes:?}"
            );
            assert_eq!(got.len(), bodies().len(), "{to}");
            let parameters = match (needs, eight_bit) {
                (false, _) => "",
                (true, false) => " SMTPUTF8",
                (true, true) => " SMTPUTF8 BODY=8BITMIME",
            };
            for mail in &got {
                assert_eq!(mail.ehlo, "EHLO xn--bcher-kva.example");
                assert_eq!(
                    mail.mail,
                    format!("MAIL FROM:<no-reply@xn--bcher-kva.example>{parameters}")
                );
                assert_eq!(mail.content.is_ascii(), !needs, "{}", mail.content);
                check_headers(&mail.content, sent);
            }
            for (text, html) in bodies() {
                let parts = [text, html];
                let is_there = |mail: &&&Delivered| {
                    parts
                        .iter()
                        .flatten()
                        .all(|part| parts_of(&mail.content).contains(part))
                };
                assert!(got.iter().find(is_there).is_some(), "{to}: {parts:?} in {got:#?}");
            }
        }
    }
}

fn check_headers(content: &str, to: &str) {
    let (headers, _) = content.split_once("\n\n").unwrap();
    for header in [
        "From: =?utf-8?b?QsO8Y2hlciBHcsO2w59l?= <no-reply@xn--bcher-kva.example>",
        "Reply-To: help@xn--bcher-kva.example",
        &format!("To: {to}"),
        "Subject: =?utf-8?b?R3LDvMOfZSDigJMg0L/RgNC40LLQtdGC?=",
    ] {
        assert!(headers.lines().any(|line| line == header), "{header} in {headers}");
    }
    assert!(headers.contains("@xn--bcher-kva.example>\n"), "Message-ID in {headers}");
}

/// The texts of a mail, decoded, without the line breaks at their ends.
fn parts_of(content: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = content;
    while let Some(at) = rest.find("Content-Transfer-Encoding: ") {
        let (headers, after) = rest[at + 27..].split_once("\n\n").unwrap();
        let (encoding, body) = (headers.lines().next().unwrap(), after.split("\n--").next().unwrap());
        let bytes = match encoding {
            "7bit" => body.as_bytes().to_vec(),
            "base64" => STANDARD.decode(body.replace('\n', "")).unwrap(),
            "quoted-printable" => unquoted(body),
            other => panic!("{other}"),
        };
        parts.push(
            String::from_utf8(bytes)
                .unwrap()
                .replace("\r\n", "\n")
                .trim_end()
                .to_owned(),
        );
        rest = after;
    }
    parts
}

fn unquoted(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'=', [b'\n', after @ ..]) => after,
            (b'=', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
                after
            }
            (byte, after) => {
                bytes.push(*byte);
                after
            }
        };
    }
    bytes
}

#[test]
fn a_sender_that_cannot_be_sent_waits_for_another_setting() {
    let site = Site::with(&[LOOPBACK]);
    let send = hook(
        "afterSignup",
        "await Aerocall.auth.sendEmail({ to: 'a@b.example', subject: 's', text: 't' });",
    );
    let cases = [
        (
            true,
            "почта@пример.example",
            "MAIL FROM:<почта@xn--e1afmkfd.example> SMTPUTF8",
            "xn--e1afmkfd.example",
        ),
        (false, "почта@пример.example", "", ""),
        (false, "a@127.0.0.1", "MAIL FROM:<a@127.0.0.1>", "[127.0.0.1]"),
    ];
    for (number, (smtputf8, from, mail, hello)) in cases.into_iter().enumerate() {
        let relay = Relay::start(&Offers {
            smtputf8,
            ..Offers::default()
        });
        let project = site.project(&format!("p{number}"));
        let of = |rest: &str| format!("/projects/{}/environments/production/{rest}", project.id);
        let own = json!({ "smtpUrl": format!("smtp+plain://{}", relay.address), "from": from });
        assert_eq!(site.admin("PUT", &of("settings/mail"), Some(own)).status, 200);
        site.live(&project.id, &[("send", &send)]);
        assert_eq!(
            site.admin("POST", &of("users"), Some(json!({ "email": "u@example.com" })))
                .status,
            201
        );
        site.idle();
        let (_, state, error) = outcomes(&site, &project.id).remove(0);
        match relay.delivered().first() {
            Some(sent) => assert_eq!(
                (sent.mail.as_str(), sent.ehlo.as_str()),
                (mail, format!("EHLO {hello}").as_str())
            ),
            None => assert!(
                mail.is_empty() && state == "waiting" && error.contains("set another sender"),
                "{from}: {error}"
            ),
        }
        assert_eq!(relay.refused(), [""; 0]);
    }
}

#[test]
fn an_address_that_the_mail_server_is_known_not_to_send_to_is_refused() {
    let relay = Relay::start(&Offers::default());
    let site = Site::with(&[("AEROCALL_SMTP_URL", &format!("smtp+plain://{}", relay.address))]);
    let project = site.project("a");
    let of = |rest: &str| format!("/projects/a/environments/production/{rest}");
    crate::proofs::settings(&site, &project, json!({ "confirmEmail": true }));
    let sign_up = |email: &str| site.register(&project.pk, json!({ "email": email, "password": PASSWORD }));
    // Nobody knows the mail server yet.
    assert_eq!(sign_up(HINDI).status, 202);
    site.idle();
    let (_, state, error) = outcomes(&site, "a").remove(0);
    assert!(state == "failed" && error.starts_with(FINAL), "{state} {error}");
    // Whether somebody has the address or not.
    for email in [HINDI, "用户@example.com"] {
        let refused = sign_up(email);
        assert_eq!((refused.status, refused.fields()), (422, vec!["email"]), "{email}");
        let why = refused.json["error"]["details"][0]["problem"].as_str().unwrap();
        assert!(why.contains("does not offer SMTPUTF8"), "{why}");
        let admin = site.admin("POST", &of("users"), Some(json!({ "email": email })));
        assert_eq!(admin.fields(), ["email"]);
    }
    let verified = json!({ "email": "用户@example.com", "emailVerified": true });
    assert_eq!(
        site.admin("POST", &of("users"), Some(verified)).status,
        201,
        "an admin knows it"
    );
    assert_eq!(sign_up("jane@bücher.example").status, 202);
    let plain = site.admin(
        "POST",
        &of("users"),
        Some(json!({ "email": "ada@example.com", "password": PASSWORD, "emailVerified": true })),
    );
    let path = of(&format!("users/{}", plain.json["user"]["id"].as_str().unwrap()));
    let changed = site.admin("PATCH", &path, Some(json!({ "email": "почта@example.com" })));
    assert_eq!(changed.fields(), ["email"]);
    let session = site.login(&project.pk, "ada@example.com", PASSWORD);
    let body = json!({ "email": "почта@example.com" });
    let change = crate::proofs::as_user(
        &site,
        &project,
        session.token(),
        "POST",
        "/auth/email/change",
        Some(body),
    );
    assert_eq!(change.fields(), ["email"]);
    // Another mail server is not known, whatever the one before could do.
    let other = Relay::start(&Offers {
        smtputf8: true,
        ..Offers::default()
    });
    let stopped = site.stop();
    let site = Site::on(
        stopped,
        &[("AEROCALL_SMTP_URL", &format!("smtp+plain://{}", other.address))],
    );
    let again = site.register(
        &project.pk,
        json!({ "email": "почта@example.com", "password": PASSWORD }),
    );
    assert_eq!(again.status, 202, "{again:?}");
    site.idle();
    assert!(
        other
            .delivered()
            .iter()
            .any(|mail| mail.rcpt == "RCPT TO:<почта@example.com>")
    );
}
