//! Every spelling of `outbound/egress/attacks.json` through the public interface of each sender: webhooks, hooks, identity providers. A
//! canary listens on every address of this machine, and nothing reaches it. Rows that need names of their own are in
//! `server/src/testing/senders.rs`, where a test can say what a name leads to.

mod endless;
mod reopened;

use std::{
    io::Read as _,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};

use crate::{
    bundles::hook,
    http_server,
    peers::{Browser, with},
    site::{Answer, PASSWORD, Project, Site},
    webhooks::receiver::{Receiver, Reply},
};

/// Where people end after a trip to a provider.
const APP: &str = "https://app.example.com/done";
/// The harmless server, which redirects: the one address that is open where a test needs one.
const HARMLESS: &str = "127.0.0.77";

#[derive(serde::Deserialize)]
struct Table {
    literal: Vec<String>,
    redirected: Vec<String>,
}

/// The table, with the canary's port in it.
fn table(canary: &Canary) -> Table {
    let text = include_str!("../src/outbound/egress/attacks.json").replace("{port}", &canary.port.to_string());
    serde_json::from_str(&text).unwrap()
}

/// A server that nobody should ever reach.
struct Canary {
    port: u16,
    hits: Arc<AtomicUsize>,
}

impl Canary {
    /// On every address of this machine, IPv6 as well where it is there.
    fn open() -> Self {
        let listener = TcpListener::bind("[::]:0").or_else(|_| TcpListener::bind("0.0.0.0:0"));
        let hits = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&hits);
        let address = http_server::on(listener.unwrap(), move |mut stream| {
            counted.fetch_add(1, Ordering::SeqCst);
            // Whoever asks gets an answer: a hit must not look like a failure.
            drop(stream.read(&mut [0; 4_096]));
            http_server::answer(&mut stream, 200, "", "{}")
        });
        Self {
            port: address.port(),
            hits,
        }
    }

    fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

/// A server with what each sender needs.
struct Senders {
    site: Site,
    project: Project,
    /// The path of an endpoint.
    endpoint: String,
}

/// Gives a URL to a sender; what it says if that is no clear refusal.
type Give = fn(&Senders, &str) -> Option<String>;

/// The senders that get an address from somebody.
const SENDERS: [(&str, Give); 4] = [
    ("a new webhook endpoint", |senders, url| {
        let body = json!({ "url": url, "events": ["*"] });
        unlike(
            &senders.site.admin("POST", &webhooks(&senders.project), Some(body)),
            "url",
        )
    }),
    ("a changed webhook endpoint", |senders, url| {
        let body = json!({ "url": url });
        unlike(&senders.site.admin("PATCH", &senders.endpoint, Some(body)), "url")
    }),
    ("an identity provider", |senders, url| {
        let put = put_providers(&senders.site, &senders.project, &[url.to_owned()]);
        unlike(&put, "providers[0].issuer")
    }),
    ("a hook's fetch", |senders, url| {
        let reported = fetched(senders, url);
        // A URL that the language's own rules refuse does not get as far as the host.
        let is_refused = ["denied", "invalid_argument", "TypeError"].contains(&reported.as_str());
        (!is_refused).then_some(reported)
    }),
];

impl Senders {
    fn on(site: Site) -> Self {
        let project = site.project("a");
        let made = site.admin(
            "POST",
            &webhooks(&project),
            Some(json!({ "url": "https://example.com/hook", "events": ["webhook.test"] })),
        );
        let source = hook(
            "beforeSignup",
            "let reported; try { reported = String((await fetch(payload.user.metadata.url)).status); } \
             catch (error) { reported = error.code ?? error.name; } throw new Aerocall.Deny(reported, { code: 'reported' });",
        );
        let source = format!("export const config = {{ capabilities: {{ http: ['*'] }} }};\n{source}");
        site.live(&project.id, &[("probe", &source)]);
        Self {
            endpoint: format!("{}/{}", webhooks(&project), made.json["id"].as_str().unwrap()),
            site,
            project,
        }
    }

    /// Gives every URL to every sender; what did not end in a refusal.
    fn give(&self, urls: &[String]) -> Vec<String> {
        let mut passed = Vec::new();
        for (name, given_to) in SENDERS {
            for url in urls {
                passed.extend(given_to(self, url).map(|reported| format!("{name}, {url:?}: {reported}")));
            }
        }
        passed
    }
}

fn webhooks(project: &Project) -> String {
    format!("/projects/{}/environments/production/webhooks", project.id)
}

fn put_providers(site: &Site, project: &Project, issuers: &[String]) -> Answer {
    let provider = |(at, issuer): (usize, &String)| json!({ "name": format!("p{at}"), "issuer": issuer, "clientId": "x", "clientSecret": "hush" });
    let providers: Vec<Value> = issuers.iter().enumerate().map(provider).collect();
    let path = format!("/projects/{}/environments/production/settings/providers", project.id);
    site.admin("PUT", &path, Some(json!({ "providers": providers })))
}

/// A trip to a provider: the status, and what the browser is shown.
fn trip(site: &Site, project: &Project, provider: &str) -> (u16, String) {
    let path = format!("/projects/{}/environments/production/settings/auth", project.id);
    assert_eq!(
        site.admin("PUT", &path, Some(json!({ "redirectUrls": [APP] }))).status,
        200
    );
    let url = format!("{}/auth/oauth/{provider}/authorize", site.base);
    let visit = Browser::default().go(&with(&with(&url, "key", &project.pk), "redirect_to", APP));
    (visit.status, visit.text)
}

/// `None` is 422 with this field and no other.
fn unlike(answer: &Answer, field: &str) -> Option<String> {
    let fields = answer.fields();
    let is_named = !fields.is_empty() && fields.iter().all(|named| *named == field);
    let is_refused = answer.status == 422 && answer.code() == "invalid_input" && is_named;
    (!is_refused).then(|| format!("{answer:?}"))
}

/// What the hook got: a status, or the code of its error.
fn fetched(senders: &Senders, url: &str) -> String {
    let body = json!({ "email": "probe@work.example", "password": PASSWORD, "metadata": { "url": url } });
    let answer = senders.site.register(&senders.project.pk, body);
    assert_eq!(answer.code(), "reported", "{answer:?}");
    answer.json["error"]["message"].as_str().unwrap().to_owned()
}

#[test]
fn no_sender_takes_any_spelling_of_an_address_that_is_not_public() {
    let canary = Canary::open();
    let mut urls = table(&canary).literal;
    assert!(urls.len() >= 120);
    // A webhook has to begin with https: these are refused for what they lead to, and for nothing else.
    let secure: Vec<String> = urls
        .iter()
        .filter_map(|url| url.strip_prefix("http:"))
        .map(|rest| format!("https:{rest}"))
        .collect();
    urls.extend(secure);
    let senders = Senders::on(Site::new());
    assert_eq!(senders.give(&urls), Vec::<String>::new());
    assert_eq!(canary.hits(), 0);
}

#[test]
fn no_sender_follows_a_redirect_to_an_address_that_is_not_public() {
    let canary = Canary::open();
    let open = format!("{HARMLESS}/32");
    let senders = Senders::on(Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", &open)]));
    let (site, project) = (&senders.site, &senders.project);
    let receiver = |location: &String| {
        let location: &'static str = format!("location: {location}\r\n").leak();
        Receiver::at(HARMLESS, move |_| Reply::With(307, location, String::new()))
    };
    let here = |url: &&String| !url.contains(".test");
    let receivers: Vec<Receiver> = table(&canary).redirected.iter().filter(here).map(receiver).collect();
    assert!(receivers.len() >= 20);
    let issuers: Vec<String> = receivers.iter().map(Receiver::origin).collect();
    for (at, receiver) in receivers.iter().enumerate() {
        assert_eq!(fetched(&senders, &receiver.url()), "denied", "{at}");
        let made = site.admin(
            "POST",
            &webhooks(project),
            Some(json!({ "url": receiver.url(), "events": ["auth.login.failed"] })),
        );
        assert_eq!(made.status, 201, "{made:?}");
    }
    for issuers in issuers.chunks(20) {
        assert_eq!(put_providers(site, project, issuers).status, 200);
        for (at, issuer) in issuers.iter().enumerate() {
            let (status, text) = trip(site, project, &format!("p{at}"));
            assert!(
                status == 503 && text.contains("provider_unavailable"),
                "{issuer}: {text}"
            );
        }
    }
    assert_eq!(site.login(&project.pk, "nobody@example.com", PASSWORD).status, 401);
    for receiver in &receivers {
        // The hook's, the provider's, and the webhook.
        receiver.until(3);
    }
    for (path, log) in reopened::logs(site, project, "auth.login.failed") {
        assert_eq!(
            (&log["status"], log["error"].is_string()),
            (&json!(307), true),
            "{path}: {log}"
        );
    }
    assert_eq!(canary.hits(), 0);
}

/// Whoever answers for a provider says where its keys are.
#[test]
fn no_provider_leads_to_an_address_that_is_not_public() {
    let canary = Canary::open();
    let site = Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", &format!("{HARMLESS}/32"))]);
    let project = site.project("a");
    let provider = Receiver::at(HARMLESS, |_| Reply::With(404, "", String::new()));
    let issuer = provider.origin();
    assert_eq!(
        put_providers(&site, &project, std::slice::from_ref(&issuer)).status,
        200
    );
    let urls = table(&canary).literal;
    for url in &urls {
        let about = json!({
            "issuer": issuer, "jwks_uri": url, "authorization_endpoint": url, "token_endpoint": url,
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        provider.now(move |_| Reply::With(200, "content-type: application/json\r\n", about.to_string()));
        let (status, text) = trip(&site, &project, "p0");
        assert!(status == 503 && text.contains("provider_unavailable"), "{url}: {text}");
    }
    assert!(provider.received().len() >= urls.len());
    assert_eq!(canary.hits(), 0);
}

/// The table can fail: what is open is reached by each sender.
#[test]
fn what_is_open_is_reached_by_every_sender() {
    let senders = Senders::on(Site::with(&[(
        "AEROCALL_EGRESS_PRIVATE_NETWORKS",
        "127.0.0.0/8,0.0.0.0/8,::/127,::ffff:0:0/96",
    )]));
    let (site, project) = (&senders.site, &senders.project);
    let canary = Canary::open();
    let url = format!("http://127.0.0.1:{}", canary.port);
    assert_eq!(fetched(&senders, &url), "200");
    assert_eq!(canary.hits(), 1);
    assert_eq!(
        site.admin("PATCH", &senders.endpoint, Some(json!({ "url": url })))
            .status,
        200
    );
    assert_eq!(
        site.admin("POST", &format!("{}/test", senders.endpoint), Some(json!({})))
            .status,
        202
    );
    crate::site::until(|| (canary.hits() == 2).then_some(()));
    // It is asked when it is stored and when somebody logs in. `{}` is no document of a provider.
    assert_eq!(put_providers(site, project, &[url]).status, 200);
    assert_eq!(canary.hits(), 3);
    assert_eq!(trip(site, project, "p0").0, 503);
    assert_eq!(canary.hits(), 4);
}
