//! Sign-in with an identity provider, one row each.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::{
    paths::{TOKEN, has_two_sessions, is_there, stranger},
    world::{Path, Ready, World, text},
};
use crate::{
    peers::{Browser, parameter, with},
    site::Answer,
};

pub(crate) const PROVIDERS: &[Path] = &[
    Path {
        name: "identity provider, of somebody new",
        points: &["beforeSignup", TOKEN[0], "afterSignup", TOKEN[1]],
        status: 200,
        provider: "peer",
        names_a_user: true,
        prepare: |world| {
            let ready = stranger(world);
            vouched(world, ready)
        },
        run: exchange,
        happened: is_there,
    },
    Path {
        name: "identity provider, of a user",
        points: &["beforeLogin", TOKEN[0], "afterLogin", TOKEN[1]],
        status: 200,
        provider: "peer",
        names_a_user: true,
        prepare: |world| {
            let first = vouched(world, stranger(world));
            let made = exchange(world, &first);
            assert_eq!(made.status, 200, "{made:?}");
            let user_id = text(&made.json["user"]["id"]);
            vouched(world, Ready { user_id, ..first })
        },
        run: exchange,
        happened: has_two_sessions,
    },
];

/// The trip to the provider and back; the code is the secret.
fn vouched(world: &World, ready: Ready) -> Ready {
    let mut browser = Browser::default();
    let url = format!("{}/auth/oauth/peer/authorize", world.site.base);
    let sent = browser.go(&with(&url, "key", &world.project.pk));
    let of = |name: &str| parameter(&sent.location, name).unwrap_or_else(|| panic!("no {name}: {sent:?}"));
    let claims = json!({ "sub": ready.email, "email": ready.email, "email_verified": true, "nonce": of("nonce") });
    let code = URL_SAFE_NO_PAD.encode(json!({ "claims": claims }).to_string());
    let url = with(
        &format!("{}/auth/oauth/callback", world.site.base),
        "state",
        &of("state"),
    );
    let done = browser.go(&with(&url, "code", &code));
    Ready {
        secret: parameter(&done.location, "code").unwrap_or_else(|| panic!("no code: {done:?}")),
        ..ready
    }
}

fn exchange(world: &World, ready: &Ready) -> Answer {
    world.post("/auth/oauth/token", json!({ "code": ready.secret }))
}
