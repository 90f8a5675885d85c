//! Mails under TLS: STARTTLS, a certificate that the server trusts or does not, and a password that nobody else gets to see.

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use serde_json::{Value, json};

use crate::{
    http_client,
    relay::{Offers, Relay},
    server::{Site, until},
};

const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/ca.pem");
const FROM: (&str, &str) = ("AEROCALL_SMTP_FROM", "Bücher <no-reply@bücher.example>");

/// For `localhost`.
fn certificate() -> Arc<rustls::ServerConfig> {
    let chain = CertificateDer::from_pem_slice(include_bytes!("tls/cert.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key);
    Arc::new(config.unwrap())
}

/// A mail of the demo project, once it is not new any more.
fn outcome(site: &Site) -> Value {
    until(|| {
        let mail = site.admin("/mails")["mails"][0].clone();
        (mail["attempts"] == 1).then_some(mail)
    })
}

#[test]
fn a_mail_leaves_under_tls_with_a_password_or_not_at_all() {
    let starttls = Some(certificate());
    let all = Offers {
        auth: true,
        starttls: starttls.clone(),
        ..Offers::default()
    };
    let trusted = ("SSL_CERT_FILE", AUTHORITY);
    let untrusted = (
        "SSL_CERT_FILE",
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/cert.pem"),
    );
    for (offers, trust, scheme, host, problem) in [
        (all.clone(), trusted, "smtp", "localhost", None),
        (
            all.clone(),
            untrusted,
            "smtp",
            "localhost",
            Some("TLS with the mail server failed"),
        ),
        (
            all.clone(),
            trusted,
            "smtp",
            "127.0.0.1",
            Some("TLS with the mail server failed"),
        ),
        (
            Offers {
                auth: true,
                ..Offers::default()
            },
            trusted,
            "smtp",
            "localhost",
            Some("does not offer STARTTLS"),
        ),
        (
            Offers {
                starttls,
                ..Offers::default()
            },
            trusted,
            "smtp",
            "localhost",
            Some("offers neither AUTH PLAIN nor AUTH LOGIN"),
        ),
    ] {
        let relay = Relay::start(&offers);
        let url = format!("{scheme}://me:hunter2@{host}:{}", relay.address.port());
        let site = Site::new(&[("AEROCALL_SMTP_URL", &url), FROM, trust]);
        assert_eq!(site.register("jane@bücher.example").0, 201);
        let headers = [
            ("x-aerocall-key", site.key.as_str()),
            ("content-type", "application/json"),
        ];
        let body = json!({ "email": "jane@xn--bcher-kva.example" }).to_string();
        let asked = format!("{}/auth/password/forgot", site.url);
        assert_eq!(
            http_client::send("POST", &asked, &headers, body.as_bytes())
                .unwrap()
                .status,
            202
        );
        let mail = outcome(&site);
        let delivered = relay.delivered();
        assert_eq!(relay.refused(), [""; 0]);
        match problem {
            None => {
                assert_eq!(mail["state"], "sent", "{mail}");
                let sent = &delivered[0];
                assert!(sent.encrypted);
                assert_eq!(
                    (sent.ehlo.as_str(), sent.mail.as_str(), sent.rcpt.as_str()),
                    (
                        "EHLO xn--bcher-kva.example",
                        "MAIL FROM:<no-reply@xn--bcher-kva.example>",
                        "RCPT TO:<jane@xn--bcher-kva.example>"
                    )
                );
            }
            Some(problem) => {
                let error = mail["error"].as_str().unwrap();
                assert!(
                    mail["state"] == "waiting" && error.contains(problem),
                    "{problem}: {mail}"
                );
                assert!(delivered.is_empty() && !error.contains("hunter2"), "{problem}");
            }
        }
    }
}
