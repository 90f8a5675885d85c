//! Webhooks: endpoints by the admin API, and what a receiver gets.

mod admin;
mod codes;
mod delivery;
mod endpoints;
mod hostile;
mod looking;
pub(crate) mod receiver;
mod replay;

use std::time::Duration;

use serde_json::{Value, json};

use self::receiver::{Received, Receiver};
use crate::site::{Answer, Project, Site, until};

/// A server that may send to this machine.
fn site() -> Site {
    Site::with(&[("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8")])
}

/// A made endpoint.
struct Endpoint {
    /// Its path below `/admin/api/v1`.
    path: String,
    id: String,
    secret: String,
}

fn webhooks(project: &Project) -> String {
    format!("/projects/{}/environments/production/webhooks", project.id)
}

fn endpoint(site: &Site, project: &Project, mut body: Value, url: &str) -> Endpoint {
    body["url"] = json!(url);
    if body["events"].is_null() {
        body["events"] = json!(["auth.signup"]);
    }
    let made = site.admin("POST", &webhooks(project), Some(body));
    assert_eq!(made.status, 201, "{made:?}");
    let id = made.json["id"].as_str().unwrap().to_owned();
    Endpoint {
        path: format!("{}/{id}", webhooks(project)),
        secret: made.json["secret"].as_str().unwrap().to_owned(),
        id,
    }
}

impl Endpoint {
    fn shown(&self, site: &Site) -> Value {
        let answer = site.admin("GET", &self.path, None);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    }

    fn deliveries(&self, site: &Site) -> Vec<Value> {
        let answer = site.admin("GET", &format!("{}/deliveries", self.path), None);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json["deliveries"].as_array().unwrap().clone()
    }

    /// The one delivery, with its attempts.
    fn delivery(&self, site: &Site) -> Value {
        let all = self.deliveries(site);
        assert_eq!(all.len(), 1, "{all:#?}");
        self.whole(site, all[0]["id"].as_str().unwrap())
    }

    fn whole(&self, site: &Site, id: &str) -> Value {
        let answer = site.admin("GET", &format!("{}/deliveries/{id}", self.path), None);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    }

    /// Waits until the newest delivery is in this state with so many attempts.
    fn until(&self, site: &Site, state: &str, attempts: u64) -> Value {
        until(|| {
            let newest = self.deliveries(site).into_iter().next();
            newest.filter(|line| line["state"] == state && line["attempts"] == attempts)
        })
    }

    fn patch(&self, site: &Site, body: Value) -> Answer {
        site.admin("PATCH", &self.path, Some(body))
    }

    fn post(&self, site: &Site, what: &str, body: Value) -> Answer {
        site.admin("POST", &format!("{}/{what}", self.path), Some(body))
    }
}

/// Lets the server's clock pass.
fn later(site: &Site, by: Duration) {
    site.running()
        .clock()
        .advance_ms(i64::try_from(by.as_millis()).unwrap());
}

/// Whether the official library takes the message with this secret.
fn verifies(secret: &str, message: &Received) -> bool {
    let mut headers = ureq::http::HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.insert(name, message.header(name).parse().unwrap());
    }
    let webhook = standardwebhooks::Webhook::new(secret).unwrap();
    webhook.verify(message.body().as_bytes(), &headers).is_ok()
}
