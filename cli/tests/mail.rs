//! Mails under TLS: STARTTLS, a certificate that the server trusts or does not, and a password that nobody else gets to see.

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use serde_json::{Value, json};

use crate::{
    http_client,
    relay::{Offers, Relay},
    server::{Site, until},
};

const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/ca.crt");
const FROM: (&str, &str) = ("AEROCALL_SMTP_FROM", "Bücher <no-reply@bücher.example>");

/// For `localhost`.
fn certificate() -> Arc<rustls::ServerConfig> {
    let chain = CertificateDer::from_pem_slice(include_bytes!("tls/server.crt")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key);
    Arc::new(config.unwrap())
}

/// The newest mail of the demo project, once it was sent or it is known why not.
fn outcome(site: &Site) -> Value {
    until(|| {
        let mail = site.admin("/mails")["mails"][0].clone();
        (mail["state"] == "sent" || mail["error"].is_string()).then_some(mail)
    })
}

/// Somebody who has forgotten the password of the demo's user asks for a mail.
fn ask_for_a_mail(site: &Site) {
    let headers = [
        ("x-aerocall-key", site.key.as_str()),
        ("content-type", "application/json"),
    ];
    let body = json!({ "email": "jane@xn--bcher-kva.example" }).to_string();
    let path = format!("{}/auth/password/forgot", site.url);
    let asked = http_client::send("POST", &path, &headers, body.as_bytes()).unwrap();
    assert_eq!(asked.status, 202);
}

#[test]
fn a_mail_leaves_under_tls_with_a_password_or_not_at_all() {
    let starttls = Some(certificate());
    let all = Offers {
        auth: true,
        starttls: starttls.clone(),
        ..Offers::default()
    };
    let without_tls = Offers {
        starttls: None,
        ..all.clone()
    };
    let without_auth = Offers {
        auth: false,
        ..all.clone()
    };
    // The certificate of the mail server itself is no authority.
    let leaf = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/server.crt");
    let insecure = Some("TLS with the mail server failed");
    let mut site = Site::new(&[]);
    assert_eq!(site.register("jane@bücher.example").0, 201);
    for (offers, trusted, host, problem) in [
        (&without_tls, AUTHORITY, "localhost", Some("does not offer STARTTLS")),
        (
            &without_auth,
            AUTHORITY,
            "localhost",
            Some("offers neither AUTH PLAIN nor AUTH LOGIN"),
        ),
        (&all, leaf, "localhost", insecure),
        (&all, AUTHORITY, "127.0.0.1", insecure),
        (&all, AUTHORITY, "localhost", None),
    ] {
        let relay = Relay::start(offers);
        let url = format!("smtp://me:hunter2@{host}:{}", relay.address.port());
        site.start(&[("AEROCALL_SMTP_URL", &url), FROM, ("SSL_CERT_FILE", trusted)]);
        ask_for_a_mail(&site);
        let mail = outcome(&site);
        assert_eq!(relay.refused(), [""; 0]);
        let Some(problem) = problem else {
            assert_eq!(mail["state"], "sent", "{mail}");
            let sent = &relay.delivered()[0];
            assert!(sent.encrypted);
            assert_eq!(
                [&sent.ehlo, &sent.mail, &sent.rcpt],
                [
                    "EHLO xn--bcher-kva.example",
                    "MAIL FROM:<no-reply@xn--bcher-kva.example>",
                    "RCPT TO:<jane@xn--bcher-kva.example>"
                ]
            );
            continue;
        };
        let error = mail["error"].as_str().unwrap();
        assert!(
            mail["state"] == "waiting" && error.contains(problem),
            "{problem}: {mail}"
        );
        assert!(relay.delivered().is_empty() && !error.contains("hunter2"), "{problem}");
    }
}
