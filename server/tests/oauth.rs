//! Social login: a whole trip to a real provider, and trips that somebody has tampered with.

mod by_admins;
mod forged;
mod link;
mod shapes;
mod test_provider;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    logbook,
    peers::{Browser, Peer, parameter, with},
    site::{Answer, PASSWORD, Project, Site},
};

const APP: &str = "https://app.example.com/done";
/// Where the provider sends people: the public address of the configuration, not the port of the test.
const CALLBACK: &str = "http://127.0.0.1:8080/auth/oauth/callback";
/// Without it a provider of this machine is refused.
const LOOPBACK: (&str, &str) = ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32");

struct Trip<'a> {
    site: &'a Site,
    peer: &'a Peer,
    project: &'a Project,
    browser: Browser,
}

impl<'a> Trip<'a> {
    fn new(site: &'a Site, peer: &'a Peer, project: &'a Project) -> Self {
        Self {
            site,
            peer,
            project,
            browser: Browser::default(),
        }
    }

    fn authorize(&self) -> String {
        let path = format!("{}/auth/oauth/peer/authorize", self.site.base);
        with(&with(&path, "key", &self.project.pk), "redirect_to", APP)
    }

    /// To the provider and back to the server's callback.
    fn go_to_the_callback(&mut self, account: Option<&str>) -> String {
        let sent = self.browser.go(&self.authorize());
        assert_eq!(sent.status, 302, "{sent:?}");
        let back = self.browser.through(&self.peer.base, &sent.location, account);
        assert!(back.starts_with(CALLBACK), "{back}");
        self.here(&back)
    }

    /// The callback at this server's port.
    fn here(&self, url: &str) -> String {
        url.replacen("http://127.0.0.1:8080", &self.site.base, 1)
    }

    /// The whole way, as this account, to the code for the app.
    fn code(&mut self, account: &str) -> String {
        let callback = self.go_to_the_callback(Some(account));
        let done = self.browser.go(&callback);
        assert!(done.location.starts_with(APP), "{done:?}");
        let why = || logbook::lines_with("vouch");
        parameter(&done.location, "code").unwrap_or_else(|| panic!("no code: {done:?} {:#?}", why()))
    }

    fn session(&self, code: &str) -> Answer {
        self.site
            .post("/auth/oauth/token", &self.project.pk, json!({ "code": code }))
    }
}

pub(crate) fn settings(site: &Site, project: &Project, peer: &str) {
    let of = |name: &str| format!("/projects/{}/environments/production/settings/{name}", project.id);
    let provider = json!({
        "name": "peer", "issuer": peer, "clientId": "aerocall", "clientSecret": "a-secret-of-the-client",
    });
    let put = site.admin("PUT", &of("providers"), Some(json!({ "providers": [provider] })));
    assert_eq!(put.status, 200, "{put:?}");
    assert!(!put.json.to_string().contains("a-secret"), "{put:?}");
    redirect_urls(site, project);
}

fn redirect_urls(site: &Site, project: &Project) {
    let path = format!("/projects/{}/environments/production/settings/auth", project.id);
    let put = site.admin("PUT", &path, Some(json!({ "redirectUrls": [APP] })));
    assert_eq!(put.status, 200, "{put:?}");
}

fn provider() -> Option<Peer> {
    Peer::start("oidc.mjs", &[CALLBACK])
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[test]
fn a_stranger_gets_an_account_and_comes_back_to_it() {
    let Some(peer) = provider() else { return };
    let site = Site::with(&[LOOPBACK]);
    let project = site.project("a");
    settings(&site, &project, &peer.base);
    let mut trip = Trip::new(&site, &peer, &project);
    let sent = trip.browser.go(&trip.authorize());
    let cookie = &sent.set_cookies[0];
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert_eq!(parameter(&sent.location, "code_challenge_method").unwrap(), "S256");
    let code = trip.code("ada|ada@example.com|yes");
    let first = trip.session(&code);
    assert_eq!(first.status, 200, "{first:?}");
    let user = &first.json["user"];
    assert_eq!(
        (&user["email"], &user["emailVerified"], &user["name"]),
        (&"ada@example.com".into(), &true.into(), &"ada of tests".into())
    );
    assert_eq!(claims(first.token())["amr"], json!(["fed"]));
    assert_eq!(trip.session(&code).code(), "invalid_code", "a code works once");
    let again = Trip::new(&site, &peer, &project).code("ada|ada@example.com|yes");
    assert_eq!(trip.session(&again).json["user"]["id"], user["id"]);
    let bearer = format!("Bearer {}", first.token());
    let headers = [
        ("x-aerocall-key", project.pk.as_str()),
        ("authorization", bearer.as_str()),
    ];
    let listed = site.send("GET", "/auth/identities", &headers, b"");
    assert_eq!(listed.json["identities"][0]["provider"], "peer", "{listed:?}");
    let parted = site.send("DELETE", "/auth/identities/peer", &headers, b"");
    assert_eq!(parted.code(), "last_way_in");
}

#[test]
fn an_account_is_linked_only_if_both_sides_have_proved_the_address() {
    let Some(peer) = provider() else { return };
    let site = Site::with(&[LOOPBACK]);
    let project = site.project("a");
    settings(&site, &project, &peer.base);
    site.registered(&project.pk, "ada@example.com");
    let trip = |account: &str| {
        let mut trip = Trip::new(&site, &peer, &project);
        let code = trip.code(account);
        trip.session(&code)
    };
    // Somebody typed her address and waits for her to come.
    assert_eq!(trip("ada|ada@example.com|yes").code(), "account_exists");
    let mine = trip("bob|bob@example.com|yes");
    assert_eq!(mine.status, 200, "{mine:?}");
    // The provider has not asked whose the address is.
    assert_eq!(trip("eve|bob@example.com|no").code(), "account_exists");
    let linked = trip("bob2|bob@example.com|yes");
    assert_eq!(linked.json["user"]["id"], mine.json["user"]["id"], "{linked:?}");
    // Two spellings of one mailbox are one address.
    let first = trip("zoe|zoe@bücher.example|yes");
    let other = trip("zoe2|zoe@XN--bcher-kva.example|yes");
    assert_eq!(first.json["user"]["email"], "zoe@xn--bcher-kva.example", "{first:?}");
    assert_eq!(other.json["user"]["id"], first.json["user"]["id"], "{other:?}");
    assert_eq!(trip("nobody||").code(), "email_missing");
    assert_eq!(site.login(&project.pk, "ada@example.com", PASSWORD).status, 200);
}

#[test]
fn a_state_belongs_to_one_browser_one_project_and_one_trip() {
    let Some(peer) = provider() else { return };
    let site = Site::with(&[LOOPBACK]);
    let (project, other) = (site.project("a"), site.project("b"));
    settings(&site, &project, &peer.base);
    settings(&site, &other, &peer.base);
    let refused = |browser: &mut Browser, url: &str| {
        let visit = browser.go(url);
        assert_eq!(visit.status, 401, "{visit:?}");
        assert!(visit.text.contains("invalid_code"), "{visit:?}");
    };
    let account = Some("ada|ada@example.com|yes");
    let mut trip = Trip::new(&site, &peer, &project);
    let callback = trip.go_to_the_callback(account);
    assert_eq!(trip.browser.go(&callback).status, 302);
    refused(&mut trip.browser, &callback);

    let callback = Trip::new(&site, &peer, &project).go_to_the_callback(account);
    refused(&mut Browser::default(), &callback);

    let mut trip = Trip::new(&site, &peer, &project);
    let callback = trip.go_to_the_callback(account);
    refused(&mut trip.browser, &callback.replacen("state=a.", "state=b.", 1));
    refused(&mut trip.browser, &callback.replacen("state=a.", "state=nobody.", 1));
    refused(&mut trip.browser, &format!("{}/auth/oauth/callback?code=x", site.base));

    // The code of one trip with the state of another: its PKCE verifier does not fit.
    let mut trip = Trip::new(&site, &peer, &project);
    let (first, second) = (trip.go_to_the_callback(account), trip.go_to_the_callback(account));
    let code = |url: &str| parameter(url, "code").unwrap();
    let mixed = first.replacen(&code(&first), &code(&second), 1);
    let done = trip.browser.go(&mixed);
    assert_eq!(
        parameter(&done.location, "error").as_deref(),
        Some("provider_error"),
        "{done:?}"
    );

    // Who says no at the provider comes back to the app and hears it.
    let mut trip = Trip::new(&site, &peer, &project);
    let callback = trip.go_to_the_callback(None);
    let done = trip.browser.go(&callback);
    assert_eq!(
        parameter(&done.location, "error").as_deref(),
        Some("access_denied"),
        "{done:?}"
    );

    // A code of one project is none of another.
    let code = Trip::new(&site, &peer, &project).code("ada|ada@example.com|yes");
    assert_eq!(Trip::new(&site, &peer, &other).session(&code).code(), "invalid_code");
    assert_eq!(Trip::new(&site, &peer, &project).session(&code).status, 200);
}

#[test]
fn a_code_with_a_challenge_needs_its_verifier() {
    let Some(peer) = provider() else { return };
    let site = Site::with(&[LOOPBACK]);
    let project = site.project("a");
    settings(&site, &project, &peer.base);
    // RFC 7636, appendix B.
    let (verifier, challenge) = (
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    );
    let mut trip = Trip::new(&site, &peer, &project);
    let sent = trip.browser.go(&with(&trip.authorize(), "code_challenge", challenge));
    let back = trip
        .browser
        .through(&peer.base, &sent.location, Some("ada|ada@example.com|yes"));
    let callback = trip.here(&back);
    let code = parameter(&trip.browser.go(&callback).location, "code").unwrap();
    let token = |body: Value| site.post("/auth/oauth/token", &project.pk, body);
    assert_eq!(token(json!({ "code": code })).code(), "invalid_code");
    let wrong = "x".repeat(43);
    assert_eq!(
        token(json!({ "code": code, "code_verifier": wrong })).code(),
        "invalid_code"
    );
    assert_eq!(token(json!({ "code": code, "code_verifier": verifier })).status, 200);
}

#[test]
fn what_leads_elsewhere_is_refused_before_the_trip() {
    let site = Site::with(&[LOOPBACK]);
    let project = site.project("a");
    settings(&site, &project, "http://127.0.0.1:2");
    let go = |query: &[(&str, &str)], provider: &str| {
        let url = format!("{}/auth/oauth/{provider}/authorize", site.base);
        let url = query.iter().fold(url, |url, (name, value)| with(&url, name, value));
        let visit = Browser::default().go(&url);
        (visit.status, visit.location, visit.text)
    };
    let key = ("key", project.pk.as_str());
    for elsewhere in [
        "https://evil.io/done",
        "https://app.example.com.evil.io/done",
        "https://app.example.com@evil.io/done",
        "//evil.io",
        "javascript:alert(1)",
    ] {
        let (status, location, text) = go(&[key, ("redirect_to", elsewhere)], "peer");
        assert_eq!((status, location.as_str()), (422, ""), "{elsewhere}");
        assert!(text.contains("redirect_to"), "{text}");
    }
    assert_eq!(go(&[key], "unknown").0, 404);
    assert_eq!(
        go(&[("key", &project.sk)], "peer").0,
        401,
        "a secret key is not for addresses"
    );
    assert_eq!(go(&[], "peer").0, 401);
    // Nobody answers there.
    let (status, _, text) = go(&[key], "peer");
    assert_eq!(status, 503, "{text}");
    assert!(
        text.contains("provider_unavailable") && !text.contains("127.0.0.1"),
        "{text}"
    );
}

#[test]
fn an_id_token_that_is_not_as_it_must_be_vouches_for_nobody() {
    let Some(peer) = Peer::start("forger.mjs", &[]) else {
        return;
    };
    let site = Site::with(&[LOOPBACK]);
    let project = site.project("a");
    settings(&site, &project, &peer.base);
    let email = json!({ "email": "ada@example.com", "email_verified": true });
    let back = |change: &dyn Fn(&mut Value, &str)| {
        let mut trip = Trip::new(&site, &peer, &project);
        let sent = trip.browser.go(&trip.authorize());
        let (state, nonce) = (
            parameter(&sent.location, "state").unwrap(),
            parameter(&sent.location, "nonce").unwrap(),
        );
        let mut said = json!({ "claims": email });
        change(&mut said, &nonce);
        let code = URL_SAFE_NO_PAD.encode(said.to_string());
        let url = with(&format!("{}/auth/oauth/callback", site.base), "state", &state);
        trip.browser.go(&with(&url, "code", &code)).location
    };
    let good = back(&|said, nonce| said["claims"]["nonce"] = nonce.into());
    assert!(parameter(&good, "code").is_some(), "{good}");
    type Change = fn(&mut Value);
    let tampered: [(&str, Change); 9] = [
        ("another key", |said| said["key"] = "other".into()),
        ("no signature", |said| said["key"] = "none".into()),
        ("the client's secret as key", |said| said["key"] = "shared".into()),
        ("another access token", |said| said["hashOf"] = "another".into()),
        ("another issuer", |said| {
            said["claims"]["iss"] = "https://evil.io".into()
        }),
        ("another client", |said| said["claims"]["aud"] = "evil".into()),
        ("one client more", |said| {
            said["claims"]["aud"] = json!(["aerocall", "evil"]);
        }),
        ("expired", |said| said["claims"]["exp"] = 1.into()),
        ("another nonce", |said| said["claims"]["nonce"] = "x".into()),
    ];
    for (what, change) in tampered {
        let bad = back(&|said, nonce| {
            said["claims"]["nonce"] = nonce.into();
            change(said);
        });
        assert_eq!(
            parameter(&bad, "error").as_deref(),
            Some("provider_error"),
            "{what}: {bad}"
        );
    }
    let none = back(&|_, _| {});
    assert_eq!(parameter(&none, "error").as_deref(), Some("provider_error"), "no nonce");
}

#[test]
fn a_secret_that_is_left_out_stays_with_its_issuer() {
    let site = Site::new();
    let project = site.project("a");
    let path = format!("/projects/{}/environments/production/settings/providers", project.id);
    let put = |providers: Value| site.admin("PUT", &path, Some(json!({ "providers": providers })));
    let google = json!({ "name": "google", "preset": "google", "clientId": "x", "clientSecret": "hush-hush" });
    assert_eq!(put(json!([google])).status, 200);
    let shown = site.admin("GET", &path, None);
    assert_eq!(shown.json["providers"][0]["issuer"], "https://accounts.google.com");
    assert!(!shown.json.to_string().contains("hush"), "{shown:?}");
    assert_eq!(put(shown.json["providers"].clone()).status, 200);
    let mut stolen = shown.json["providers"].clone();
    stolen[0]["issuer"] = "https://evil.io".into();
    assert_eq!(put(stolen).fields(), ["providers[0].clientSecret"]);
    let twice = json!([google, google]);
    assert_eq!(put(twice).fields(), ["providers[1].name"]);
    let mut reserved = google;
    reserved["name"] = "password".into();
    assert_eq!(put(json!([reserved])).fields(), ["providers[0].name"]);
    // What is sent and wrong is not missing as well.
    let other = |field: &str, value: Value| json!([{ "name": "x", "clientId": "x", "clientSecret": "hush-hush", field: value }]);
    for (field, value, named) in [
        ("issuer", json!("ftp://login.example.com"), "issuer"),
        ("issuer", json!(7), "issuer"),
        ("preset", json!("okta"), "preset"),
        ("scopes", json!([]), "issuer"),
    ] {
        assert_eq!(
            put(other(field, value.clone())).fields(),
            [format!("providers[0].{named}")],
            "{field} {value}"
        );
    }
}
