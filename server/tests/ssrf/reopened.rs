//! Addresses that were taken while private networks were open, as in development, and a server that is started without.

use serde_json::{Value, json};

use super::{Canary, put_providers, table, trip, webhooks};
use crate::{
    logbook,
    site::{Project, Site, until},
};

/// Endpoints that an environment may have.
const MAX_ENDPOINTS: usize = 50;
const MAX_PROVIDERS: usize = 20;
/// Every network of the table.
const EVERYTHING: &str = "0.0.0.0/1,128.0.0.0/1,::/1,8000::/1";

/// The log of the one attempt at each endpoint that wants this type.
pub(super) fn logs(site: &Site, project: &Project, kind: &str) -> Vec<(String, Value)> {
    let all = site.admin("GET", &webhooks(project), None);
    let all = all.json["webhooks"].as_array().unwrap().clone();
    let wanting = all.iter().filter(|one| one["events"] == json!([kind]));
    let log = |one: &Value| {
        let path = format!("{}/{}/deliveries", webhooks(project), one["id"].as_str().unwrap());
        let id = until(|| {
            let newest = site.admin("GET", &path, None).json["deliveries"][0].clone();
            (newest["attempts"].as_u64() >= Some(1)).then(|| newest["id"].as_str().unwrap().to_owned())
        });
        let whole = site.admin("GET", &format!("{path}/{id}"), None);
        (one["url"].as_str().unwrap().to_owned(), whole.json["log"][0].clone())
    };
    wanting.map(log).collect()
}

#[test]
fn what_was_taken_while_everything_was_open_reaches_nobody_once_it_is_not() {
    let canary = Canary::open();
    let urls = table(&canary).literal;
    let site = Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", EVERYTHING)]);
    let (mut projects, mut taken) = (Vec::new(), 0);
    for (at, urls) in urls.chunks(MAX_ENDPOINTS).enumerate() {
        let project = site.project(&format!("p{at}"));
        for url in urls {
            let made = site.admin(
                "POST",
                &webhooks(&project),
                Some(json!({ "url": url, "events": ["auth.signup"] })),
            );
            taken += usize::from(made.status == 201);
        }
        let is_taken = |url: &&String| put_providers(&site, &project, std::slice::from_ref(*url)).status == 200;
        let issuers: Vec<String> = urls.iter().filter(is_taken).take(MAX_PROVIDERS).cloned().collect();
        assert_eq!(put_providers(&site, &project, &issuers).status, 200);
        projects.push((project, issuers));
    }
    assert!(taken >= 90, "{taken} were taken");
    assert!(projects.iter().any(|(_, issuers)| issuers.len() >= 5));

    let site = Site::on(site.stop(), &[]);
    // Settings of providers are checked with the provider, which everything was open to.
    let asked = canary.hits();
    for (project, issuers) in &projects {
        for (at, issuer) in issuers.iter().enumerate() {
            let (status, text) = trip(&site, project, &format!("p{at}"));
            assert!(
                status == 503 && text.contains("provider_unavailable"),
                "{issuer}: {text}"
            );
        }
        site.registered(&project.pk, "ada@example.com");
    }
    assert!(!logbook::lines_with("a login with an identity provider failed").is_empty());
    let mut seen = 0;
    for (project, _) in &projects {
        for (url, log) in logs(&site, project, "auth.signup") {
            let error = log["error"].as_str().unwrap_or_default();
            assert!(
                log["status"].is_null() && error.contains("not on the public internet"),
                "{url}: {log}"
            );
            seen += 1;
        }
    }
    assert_eq!((seen, canary.hits()), (taken, asked));
}
