//! Providers as they are: what real ones say, what none of them needs to say, and settings that do not fit one.

use serde_json::{Value, json};

use super::{
    APP, CALLBACK, LOOPBACK, redirect_urls,
    test_provider::{CLIENT, Request, SECRET, Said, TestProvider},
};
use crate::{
    logbook,
    peers::{Browser, Visit, parameter, with},
    site::{Answer, Project, Site},
};

const PROVIDERS: &str = include_str!("providers.json");

/// A project of a site with this provider.
pub(super) struct Login<'a> {
    pub(super) site: &'a Site,
    pub(super) project: Project,
    pub(super) provider: &'a TestProvider,
}

impl<'a> Login<'a> {
    pub(super) fn new(site: &'a Site, project: &str, provider: &'a TestProvider) -> Self {
        let login = Self {
            site,
            project: site.project(project),
            provider,
        };
        let put = login.put(&provider.issuer());
        assert_eq!((put.status, &put.json["warnings"]), (200, &json!([])), "{put:?}");
        redirect_urls(site, &login.project);
        login
    }

    pub(super) fn put(&self, issuer: &str) -> Answer {
        let path = format!(
            "/projects/{}/environments/production/settings/providers",
            self.project.id
        );
        let one = json!({ "name": "peer", "issuer": issuer, "clientId": CLIENT, "clientSecret": SECRET });
        self.site.admin("PUT", &path, Some(json!({ "providers": [one] })))
    }

    pub(super) fn begun(&self, browser: &mut Browser) -> Visit {
        let path = format!("{}/auth/oauth/peer/authorize", self.site.base);
        browser.go(&with(&with(&path, "key", &self.project.pk), "redirect_to", APP))
    }

    /// To the provider and back, with what it adds to its response: where the browser ends, in the app.
    pub(super) fn trip(&self, also: &[(&str, &str)], form: Option<&[(&str, &str)]>) -> String {
        let mut browser = Browser::default();
        let sent = self.begun(&mut browser);
        assert_eq!(sent.status, 302, "{sent:?}");
        let nonce = parameter(&sent.location, "nonce").unwrap();
        self.provider.change(|said| said.nonce = nonce);
        let state = parameter(&sent.location, "state").unwrap();
        let door = format!("{}/auth/oauth/callback", self.site.base);
        let response = with(&with(&door, "state", &state), "code", "code-1");
        let response = also.iter().fold(response, |url, (name, value)| with(&url, name, value));
        let back = match form {
            None => response,
            Some(fields) => {
                let all = fields
                    .iter()
                    .fold(response, |url, (name, value)| with(&url, name, value));
                let on = browser.form(&door, all.split_once('?').unwrap().1);
                assert_eq!(on.status, 303, "{on:?}");
                on.location.replacen("http://127.0.0.1:8080", &self.site.base, 1)
            }
        };
        let done = browser.go(&back);
        assert!(done.location.starts_with(APP), "{done:?}");
        done.location
    }

    pub(super) fn session(&self, url: &str) -> Answer {
        let why = || (url.to_owned(), logbook::lines_with("identity provider"));
        let code = parameter(url, "code").unwrap_or_else(|| panic!("no code: {:#?}", why()));
        let body = json!({ "code": code });
        self.site.post("/auth/oauth/token", &self.project.pk, body)
    }
}

/// What a row of the table says.
fn said(row: &Value) -> Said {
    let standard = Said::default();
    let status = |name: &str| row[name].as_u64().map(|status| u16::try_from(status).unwrap());
    Said {
        path: row["path"].as_str().unwrap().to_owned(),
        document: row["document"].clone(),
        keys: row["keys"].clone(),
        header: row["header"].clone(),
        claims: row["claims"].clone(),
        token: row["token"].clone(),
        userinfo: row["userinfo"].clone(),
        userinfo_status: status("userinfo_status").unwrap_or(200),
        ..standard
    }
}

fn pairs(members: &Value) -> Vec<(&str, &str)> {
    let all = members.as_object().into_iter().flatten();
    all.map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect()
}

#[test]
fn what_real_providers_say_logs_people_in() {
    let table: Value = serde_json::from_str(PROVIDERS).unwrap();
    let rows = table["providers"].as_array().unwrap();
    assert!(rows.len() >= 20);
    let site = Site::with(&[LOOPBACK]);
    for (at, row) in rows.iter().enumerate() {
        let name = row["name"].as_str().unwrap();
        let provider = TestProvider::start(said(row));
        let login = Login::new(&site, &format!("p{at}"), &provider);
        provider.asked();
        let issuer = provider.issuer();
        let also: Vec<_> = pairs(&row["callback"])
            .into_iter()
            .map(|(name, value)| (name, if value == "{issuer}" { issuer.as_str() } else { value }))
            .collect();
        let form = pairs(&row["form"]);
        let url = login.trip(&also, row["form"].is_object().then_some(form.as_slice()));
        let session = login.session(&url);
        assert_eq!(session.status, 200, "{name}: {session:?}");
        let user = &session.json["user"];
        let expected = &row["expect"];
        for member in ["email", "emailVerified", "name"] {
            assert_eq!(user[member], expected[member], "{name}: {user}");
        }
        assert_exchanged(name, &row["document"], &provider.asked());
        let again = login.session(&login.trip(&also, None));
        assert_eq!(again.json["user"]["id"], user["id"], "{name}: {again:?}");
    }
}

/// The code was sent to the token endpoint as the provider takes it.
fn assert_exchanged(name: &str, document: &Value, asked: &[Request]) {
    let path = document["token_endpoint"].as_str().unwrap().replace("{base}", "");
    let sent = asked.iter().find(|request| request.path == path);
    let sent = sent.unwrap_or_else(|| panic!("{name}: {asked:?}"));
    let of = |field: &str| parameter(&format!("?{}", sent.body), field);
    assert_eq!(of("grant_type").as_deref(), Some("authorization_code"), "{name}");
    assert_eq!(of("code").as_deref(), Some("code-1"), "{name}");
    assert_eq!(of("redirect_uri").as_deref(), Some(CALLBACK), "{name}");
    assert_eq!(of("code_verifier").map(|verifier| verifier.len()), Some(43), "{name}");
    let methods = document["token_endpoint_auth_methods_supported"].to_string();
    let in_body = methods.contains("\"client_secret_post\"") && !methods.contains("\"client_secret_basic\"");
    assert_eq!(of("client_secret").as_deref(), in_body.then_some(SECRET), "{name}");
    assert_eq!(sent.authorization.starts_with("Basic "), !in_body, "{name}");
}

/// Members that the standards have and the server does not use.
const UNUSED_CLAIMS: &str = "given_name family_name middle_name nickname preferred_username profile picture website gender \
    birthdate birthday zoneinfo locale phone_number phone_number_verified address updated_at acr amr auth_time c_hash s_hash \
    jti sid nbf tid name#de groups roles _claim_names _claim_sources sub_jwk vc";
const UNUSED_OF_TOKENS: &str =
    "token_type expires_in ext_expires_in refresh_token scope state nonce error_description not_before issued_at";
const UNUSED_METADATA: &str = "registration_endpoint scopes_supported response_types_supported response_modes_supported \
    grant_types_supported acr_values_supported subject_types_supported id_token_signing_alg_values_supported \
    id_token_encryption_alg_values_supported id_token_encryption_enc_values_supported userinfo_signing_alg_values_supported \
    userinfo_encryption_alg_values_supported userinfo_encryption_enc_values_supported \
    request_object_signing_alg_values_supported request_object_encryption_alg_values_supported \
    request_object_encryption_enc_values_supported token_endpoint_auth_methods_supported \
    token_endpoint_auth_signing_alg_values_supported display_values_supported claim_types_supported claims_supported \
    service_documentation claims_locales_supported ui_locales_supported claims_parameter_supported \
    request_parameter_supported request_uri_parameter_supported require_request_uri_registration op_policy_uri op_tos_uri \
    end_session_endpoint revocation_endpoint introspection_endpoint code_challenge_methods_supported \
    check_session_iframe mtls_endpoint_aliases signed_metadata";

#[test]
fn what_is_not_used_may_be_anything() {
    let site = Site::with(&[LOOPBACK]);
    let odd = [
        json!(""),
        json!("2026-01-01T00:00:00.000Z"),
        json!(0),
        json!(-1.5e300),
        json!(true),
        json!(null),
        json!([]),
        json!([{ "a": [] }, 7, null, "x"]),
        json!({ "a": { "b": [] } }),
        json!("x".repeat(10_000)),
    ];
    for (at, odd) in odd.iter().enumerate() {
        let mut said = Said::default();
        for (document, names) in [
            (&mut said.claims, UNUSED_CLAIMS),
            (&mut said.token, UNUSED_OF_TOKENS),
            (&mut said.document, UNUSED_METADATA),
        ] {
            for name in names.split_whitespace() {
                document[name] = odd.clone();
            }
        }
        // The email comes from userinfo, which may be as odd.
        said.userinfo = said.claims.clone();
        said.claims["email"] = odd.clone();
        said.claims["name"] = odd.clone();
        let is_text = odd.as_str().is_some_and(|text| !text.is_empty());
        if is_text {
            said.claims["email"] = json!("ada@example.com");
        }
        for name in ["x5c", "x5t", "x5u", "key_ops", "ext", "exp", "d", "p", "oth"] {
            said.keys["keys"][0][name] = odd.clone();
        }
        let provider = TestProvider::start(said);
        let login = Login::new(&site, &format!("p{at}"), &provider);
        let session = login.session(&login.trip(&[], None));
        assert_eq!(session.status, 200, "{odd}: {session:?}");
        assert_eq!(session.json["user"]["email"], "ada@example.com", "{odd}: {session:?}");
    }
}

#[test]
fn a_provider_that_calls_itself_something_else_is_not_stored() {
    let site = Site::with(&[LOOPBACK]);
    let provider = TestProvider::start(Said {
        path: "/".to_owned(),
        ..Said::default()
    });
    let login = Login::new(&site, "a", &provider);
    let named = |answer: &Answer| {
        assert_eq!((answer.status, answer.code()), (422, "invalid_input"), "{answer:?}");
        assert_eq!(answer.fields()[0], "providers[0].issuer");
        answer.json["error"]["details"][0]["problem"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let said = named(&login.put(&provider.base));
    assert!(
        said.contains(&format!(
            "calls itself \"{}/\" (they differ in the last slash)",
            provider.base
        )),
        "{said}"
    );
    let shown = site.admin("GET", "/projects/a/environments/production/settings/providers", None);
    assert_eq!(
        shown.json["providers"][0]["issuer"],
        provider.issuer(),
        "what was there stays"
    );

    let address = format!("{}/.well-known/openid-configuration", provider.base);
    assert!(named(&login.put(&address)).contains("leave /.well-known/openid-configuration out"));
    // A provider as Facebook is: it has no token endpoint.
    let other = TestProvider::start(Said::default());
    other.change(|said| drop(said.document.as_object_mut().unwrap().remove("token_endpoint")));
    assert!(named(&login.put(&other.base)).contains("no token_endpoint"));
    // What a provider calls itself is shown, and no more of it than that.
    other.change(|said| said.document["issuer"] = format!("\u{1b}[2J{}", "x".repeat(5_000)).into());
    let said = named(&login.put(&other.base));
    assert!(said.len() < 400 && !said.contains('\u{1b}'), "{said}");
}

#[test]
fn a_provider_that_does_not_answer_is_stored_with_a_warning() {
    let site = Site::with(&[LOOPBACK]);
    let provider = TestProvider::start(Said::default());
    let login = Login::new(&site, "a", &provider);
    provider.asked();
    let changes: [fn(&mut Said); 5] = [
        |said| said.document = json!("no document"),
        |said| said.document = json!({}),
        |said| said.document["jwks_uri"] = "http://127.0.0.1:2/keys".into(),
        |said| said.keys = json!({ "keys": "none" }),
        |said| said.document["authorization_endpoint"] = "javascript:alert(1)".into(),
    ];
    for change in changes {
        let other = TestProvider::start(Said::default());
        other.change(change);
        let put = login.put(&other.base);
        assert_eq!(put.status, 200, "{put:?}");
        let warnings = put.json["warnings"].as_array().unwrap();
        assert_eq!(
            (warnings.len(), &warnings[0]["field"]),
            (1, &json!("providers[0].issuer")),
            "{put:?}"
        );
        let begun = login.begun(&mut Browser::default());
        assert!(
            begun.status == 503 && begun.text.contains("provider_unavailable"),
            "{begun:?}"
        );
    }
    assert!(provider.asked().is_empty());
    let put = login.put("http://127.0.0.1:2");
    assert_eq!(
        (put.status, put.json["warnings"].as_array().unwrap().len()),
        (200, 1),
        "{put:?}"
    );
    let put = login.put("http://127.0.0.1:2");
    assert_eq!(put.json["warnings"], json!([]), "only who is new is asked");
}

#[test]
fn a_login_with_settings_that_do_not_fit_says_so_and_not_to_try_again() {
    let site = Site::with(&[LOOPBACK]);
    let provider = TestProvider::start(Said::default());
    let login = Login::new(&site, "a", &provider);
    // It did not answer when it was stored, and then it has another name.
    let moved = TestProvider::start(Said::default());
    moved.change(|said| said.document = json!({}));
    assert_eq!(login.put(&moved.base).status, 200);
    moved.change(|said| {
        said.document = Said::default().document;
        said.document["issuer"] = "https://moved.example/".into();
    });
    let begun = login.begun(&mut Browser::default());
    assert_eq!(begun.status, 502, "{begun:?}");
    assert!(
        begun.text.contains("provider_misconfigured") && !begun.text.contains("moved.example"),
        "{begun:?}"
    );
    let lines = logbook::lines_with("calls itself \"https://moved.example/\"");
    assert_eq!(lines.len(), 1, "{lines:?}");
}
