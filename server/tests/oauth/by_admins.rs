//! Linked identities as admins see them and take them away.

use serde_json::json;

use super::{
    LOOPBACK,
    shapes::Login,
    test_provider::{Said, TestProvider},
};
use crate::site::Site;

#[test]
fn an_admin_unlinks_an_identity_provider() {
    let site = Site::with(&[LOOPBACK]);
    let provider = TestProvider::start(Said::default());
    let login = Login::new(&site, "a", &provider);
    let session = login.session(&login.trip(&[], None));
    let user = session.json["user"]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{session:?}"));
    let identities = format!("/projects/a/environments/production/users/{user}/identities");
    let listed = site.admin("GET", &identities, None);
    assert_eq!(listed.json["identities"][0]["provider"], "peer", "{listed:?}");
    assert!(listed.json["identities"][0]["subject"].is_string());

    let delete = |provider: &str| site.admin("DELETE", &format!("{identities}/{provider}"), None);
    assert_eq!(delete("other").status, 404);
    let removed = delete("peer");
    assert_eq!((removed.status, &removed.json), (200, &json!({ "identities": [] })));
    assert_eq!(delete("peer").status, 404);
    assert_eq!(
        site.me(&login.project.pk, session.token()).status,
        200,
        "sessions go on"
    );
    let of = |list: &str, query: &str| {
        site.admin(
            "GET",
            &format!("/projects/a/environments/production/{list}?{query}"),
            None,
        )
    };
    let lines = of("audit", "action=identity.removed");
    assert_eq!(lines.json["audit"][0]["data"]["provider"], "peer");
    let events = of("events", "type=auth.user.updated");
    assert!(
        events.json["events"][0]["actor"]
            .as_str()
            .unwrap()
            .starts_with("admin:")
    );
}
