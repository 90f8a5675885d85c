//! One more identity for an account that is signed in, and providers that answer with a form.

use serde_json::{Value, json};

use super::{APP, CALLBACK, LOOPBACK, Trip, provider, settings};
use crate::{
    peers::{Browser, parameter, with},
    proofs::{code, token},
    site::{Answer, PASSWORD, Project, Site},
};

const OTHER: &str = "other|other@example.com|yes";

/// Somebody who is signed in.
struct Owner<'a> {
    site: &'a Site,
    project: &'a Project,
    id: Value,
    bearer: String,
}

impl<'a> Owner<'a> {
    fn new(site: &'a Site, project: &'a Project, email: &str) -> Self {
        let made = site.registered(&project.pk, email);
        Self {
            site,
            project,
            id: made.json["user"]["id"].clone(),
            bearer: format!("Bearer {}", made.token()),
        }
    }

    fn post(&self, path: &str, body: Value) -> Answer {
        let headers = [
            ("x-aerocall-key", self.project.pk.as_str()),
            ("authorization", self.bearer.as_str()),
            ("content-type", "application/json"),
        ];
        self.site.send("POST", path, &headers, body.to_string().as_bytes())
    }

    fn begin(&self) -> String {
        let begun = self.post("/auth/oauth/peer/link", json!({}));
        assert_eq!(
            (begun.status, &begun.json["expires_in"]),
            (201, &json!(300)),
            "{begun:?}"
        );
        begun.json["token"].as_str().unwrap().to_owned()
    }

    fn link(&self, code: &str) -> Answer {
        self.post("/auth/oauth/link", json!({ "code": code }))
    }
}

impl Trip<'_> {
    /// The whole way of a link, to the code for the app.
    fn linking(&mut self, token: &str, account: &str) -> String {
        let sent = self.browser.go(&with(&self.authorize(), "link", token));
        assert_eq!(sent.status, 302, "{sent:?}");
        let back = self.browser.through(&self.peer.base, &sent.location, Some(account));
        let done = self.browser.go(&self.here(&back));
        assert!(done.location.starts_with(APP), "{done:?}");
        parameter(&done.location, "code").unwrap_or_else(|| panic!("no code: {done:?}"))
    }
}

#[test]
fn an_identity_is_linked_to_who_began_and_finished_and_to_nobody_else() {
    let Some(peer) = provider() else { return };
    let site = Site::with(&[LOOPBACK]);
    let project = site.project("a");
    settings(&site, &project, &peer.base);
    let trip = || Trip::new(&site, &peer, &project);
    let (ada, eve) = (
        Owner::new(&site, &project, "ada@example.com"),
        Owner::new(&site, &project, "eve@example.com"),
    );
    assert_eq!(ada.post("/auth/oauth/unknown/link", json!({})).status, 404);
    let stranger = site.post("/auth/oauth/peer/link", &project.pk, json!({}));
    assert_eq!(stranger.code(), "invalid_token");

    let begun = ada.begin();
    let code = trip().linking(&begun, OTHER);
    assert_eq!(trip().session(&code).code(), "invalid_code", "it is for no login");
    assert_eq!(eve.link(&code).code(), "invalid_code", "who finishes is who began");
    let linked = ada.link(&code);
    assert_eq!(linked.status, 200, "{linked:?}");
    let identity = &linked.json["identities"][0];
    assert_eq!(
        (&identity["provider"], &identity["email"]),
        (&json!("peer"), &json!("other@example.com"))
    );
    assert_eq!(ada.link(&code).code(), "invalid_code", "once");
    let again = Browser::default().go(&with(&trip().authorize(), "link", &begun));
    assert_eq!(again.status, 401, "{again:?}");

    let code = trip().code(OTHER);
    assert_eq!(trip().session(&code).json["user"]["id"], ada.id, "it leads into hers");
    assert_eq!(eve.link(&trip().code(OTHER)).code(), "invalid_code", "of a login");
    let theirs = eve.link(&trip().linking(&eve.begin(), OTHER));
    assert_eq!((theirs.status, theirs.code()), (409, "identity_taken"));
    let own = ada.link(&trip().linking(&ada.begin(), OTHER));
    assert_eq!(own.json["identities"].as_array().unwrap().len(), 1, "{own:?}");
    assert_eq!(site.login(&project.pk, "eve@example.com", PASSWORD).status, 200);

    let late = ada.begin();
    site.running().clock().advance_ms(300_000);
    let late = Browser::default().go(&with(&trip().authorize(), "link", &late));
    assert_eq!(late.status, 401, "{late:?}");
    let path = "/projects/a/environments/production/audit?action=identity.linked";
    let lines = site.admin("GET", path, None).json["audit"].clone();
    assert_eq!(lines[0]["target"], ada.id, "{lines}");
    assert_eq!(lines[0]["data"], json!({ "provider": "peer" }));
}

#[test]
fn a_link_is_for_one_provider_and_needs_a_recent_login() {
    let site = Site::new();
    let project = site.project("a");
    settings(&site, &project, "https://login.example.com");
    let path = "/projects/a/environments/production/settings/providers";
    let one = |name: &str| json!({ "name": name, "preset": "google", "clientId": "x", "clientSecret": "hush" });
    let both = json!({ "providers": [one("peer"), one("peer2")] });
    assert_eq!(site.admin("PUT", path, Some(both)).status, 200);
    let ada = Owner::new(&site, &project, "ada@example.com");
    let url = format!("{}/auth/oauth/peer2/authorize", site.base);
    let url = with(&with(&url, "key", &project.pk), "redirect_to", APP);
    let other = Browser::default().go(&with(&url, "link", &ada.begin()));
    assert_eq!(other.status, 401, "{other:?}");
    assert!(other.text.contains("invalid_code"), "{other:?}");
    let path = "/projects/a/environments/production/settings/auth";
    let strict = json!({ "sessions": { "recentSeconds": 60 } });
    assert_eq!(site.admin("PUT", path, Some(strict)).status, 200);
    site.running().clock().advance_ms(61_000);
    let late = ada.post("/auth/oauth/peer/link", json!({}));
    assert_eq!(late.code(), "recent_login_required", "{late:?}");
}

#[test]
fn a_provider_that_answers_with_a_form_ends_where_the_others_do() {
    let Some(peer) = provider() else { return };
    let site = Site::with(&[LOOPBACK]);
    let project = site.project("a");
    settings(&site, &project, &peer.base);
    let mut trip = Trip::new(&site, &peer, &project);
    let callback = trip.go_to_the_callback(Some("ada|ada@example.com|yes"));
    let (address, query) = callback.split_once('?').unwrap();
    let form = format!("{query}&id_token=eyJ.x.y&user=%7B%22name%22%3A%22Eve%22%7D");
    let on = trip.browser.form(address, &form);
    assert_eq!(on.status, 303, "{on:?}");
    assert!(on.location.starts_with(&format!("{CALLBACK}?")), "{on:?}");
    assert!(on.set_cookies.is_empty(), "{on:?}");
    for left_out in ["id_token", "user", "Eve"] {
        assert!(!on.location.contains(left_out), "{on:?}");
    }
    let stolen = Browser::default().go(&trip.here(&on.location));
    assert_eq!(stolen.status, 401, "the browser has to be the one: {stolen:?}");

    let mut trip = Trip::new(&site, &peer, &project);
    let callback = trip.go_to_the_callback(Some("ada|ada@example.com|yes"));
    let (address, query) = callback.split_once('?').unwrap();
    let on = trip.browser.form(address, query);
    let done = trip.browser.go(&trip.here(&on.location));
    let code = parameter(&done.location, "code").unwrap_or_else(|| panic!("no code: {done:?}"));
    assert_eq!(trip.session(&code).status, 200);

    for (form, status) in [("code=x", 401), ("state=x&code=x", 401)] {
        assert_eq!(trip.browser.form(address, form).status, status, "{form}");
    }
    let json = site.send(
        "POST",
        "/auth/oauth/callback",
        &[("content-type", "application/json")],
        b"{}",
    );
    assert_eq!(json.code(), "unsupported_media_type");
}

#[test]
fn presets_stand_for_issuers_and_their_scopes() {
    let site = Site::new();
    let project = site.project("a");
    let path = format!("/projects/{}/environments/production/settings/providers", project.id);
    let of = |preset: &str| {
        let one = json!({ "name": "p", "preset": preset, "clientId": "x", "clientSecret": "hush" });
        site.admin("PUT", &path, Some(json!({ "providers": [one] })))
    };
    for (preset, issuer, scopes) in [
        ("google", "https://accounts.google.com", ["email", "profile"]),
        ("gitlab", "https://gitlab.com", ["email", "profile"]),
        ("apple", "https://appleid.apple.com", ["email", "name"]),
        ("linkedin", "https://www.linkedin.com/oauth", ["email", "profile"]),
    ] {
        let kept = of(preset).json["providers"][0].clone();
        assert_eq!(
            (&kept["issuer"], &kept["scopes"]),
            (&json!(issuer), &json!(scopes)),
            "{preset}"
        );
    }
    assert_eq!(of("myspace").fields()[0], "providers[0].preset");
}

/// Somebody signs up with an address that is not theirs and links what they have at a provider.
#[test]
fn an_identity_that_was_linked_before_the_mailbox_was_shown_goes_with_the_proof() {
    let Some(peer) = provider() else { return };
    let site = Site::with(&[LOOPBACK]);
    let project = site.project("a");
    settings(&site, &project, &peer.base);
    for (way, stays) in [("code", false), ("verification", false), ("session", true)] {
        let email = format!("{way}@example.com");
        let owner = Owner::new(&site, &project, &email);
        let account = format!("{way}|{way}@other.example|yes");
        let code = Trip::new(&site, &peer, &project).linking(&owner.begin(), &account);
        assert_eq!(owner.link(&code).status, 200);
        let verification = || {
            owner.post("/auth/email/verify/send", json!({}));
            json!({ "token": token(&site, &project, &email, "confirm-email") })
        };
        let shown = match way {
            "code" => by_code(&site, &project, &email),
            "verification" => site.post("/auth/email/verify", &project.pk, verification()),
            _ => owner.post("/auth/email/verify", verification()),
        };
        assert_eq!(shown.status, 200, "{way}: {shown:?}");
        let mut trip = Trip::new(&site, &peer, &project);
        let code = trip.code(&account);
        let came = trip.session(&code);
        assert_eq!(came.status, 200, "{came:?}");
        assert_eq!(came.json["user"]["id"] == owner.id, stays, "{way}");
    }
}

#[test]
fn an_account_made_with_a_provider_keeps_it_if_its_sign_up_is_confirmed() {
    let Some(peer) = provider() else { return };
    let site = Site::with(&[LOOPBACK]);
    let project = site.project("a");
    settings(&site, &project, &peer.base);
    let path = "/projects/a/environments/production/settings/auth";
    let confirmed = json!({ "confirmEmail": true, "redirectUrls": [APP] });
    assert_eq!(site.admin("PUT", path, Some(confirmed)).status, 200);
    for (way, stays) in [("verification", true), ("code", false)] {
        let email = format!("{way}@example.com");
        let come = || {
            let mut trip = Trip::new(&site, &peer, &project);
            // The provider has not asked whose the address is.
            let code = trip.code(&format!("{way}|{email}|no"));
            trip.session(&code)
        };
        assert_eq!(come().code(), "email_unverified");
        let shown = match way {
            "verification" => {
                let link = json!({ "token": token(&site, &project, &email, "confirm-email") });
                site.post("/auth/email/verify", &project.pk, link)
            }
            _ => by_code(&site, &project, &email),
        };
        assert_eq!(shown.status, 200, "{way}: {shown:?}");
        let came = come();
        match stays {
            true => assert_eq!(came.json["user"]["email"], email, "{came:?}"),
            false => assert_eq!(came.code(), "account_exists"),
        }
    }
}

fn by_code(site: &Site, project: &Project, email: &str) -> Answer {
    let ask = json!({ "channel": "email", "email": email });
    site.post("/auth/otp/send", &project.pk, ask);
    let code = code(site, project, email);
    let shown = json!({ "channel": "email", "email": email, "code": code });
    site.post("/auth/otp/verify", &project.pk, shown)
}
