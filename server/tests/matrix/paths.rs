//! The ways through the flows, one row each.

use serde_json::json;

use super::world::{self, PASSWORDS, Path, Ready, World, code_in, text, token_in};
use crate::proofs::authenticator;

pub(super) const TOKEN: [&str; 2] = ["beforeTokenIssue", "afterTokenIssue"];

pub(crate) const PATHS: &[Path] = &[
    Path {
        name: "register",
        points: &["beforeSignup", TOKEN[0], "afterSignup", TOKEN[1]],
        status: 201,
        provider: "password",
        names_a_user: true,
        prepare: stranger,
        run: |world, ready| {
            let body = json!({ "email": ready.email, "password": PASSWORDS[0] });
            world.post("/auth/register", body)
        },
        happened: is_there,
    },
    Path {
        name: "login",
        points: &["beforeLogin", TOKEN[0], "afterLogin", TOKEN[1]],
        status: 200,
        provider: "password",
        names_a_user: true,
        prepare: World::user,
        run: |world, ready| {
            let body = json!({ "email": ready.email, "password": PASSWORDS[0] });
            world.post("/auth/login", body)
        },
        happened: has_two_sessions,
    },
    Path {
        name: "refresh",
        points: &["beforeTokenRefresh", TOKEN[0], "afterTokenRefresh", TOKEN[1]],
        status: 200,
        provider: "password",
        names_a_user: true,
        prepare: World::user,
        run: |world, ready| world.post("/auth/refresh", json!({ "refresh_token": ready.refresh_token })),
        happened: |world, ready| {
            let of_user = format!("/events?type=auth.token.refreshed&subject={}", ready.user_id);
            let events = world.admin("GET", &of_user, None).json["events"].clone();
            events.as_array().is_some_and(|events| !events.is_empty())
        },
    },
    Path {
        name: "logout",
        points: &["beforeLogout", "afterLogout"],
        status: 200,
        provider: "password",
        names_a_user: true,
        prepare: World::user,
        run: |world, ready| world.signed_in(ready, "POST", "/auth/logout", Some(world::nothing())),
        happened: |world, ready| world.sessions(ready) == 0,
    },
    Path {
        name: "change of one's own profile",
        points: &["beforeUserUpdate", "afterUserUpdate"],
        status: 200,
        provider: "password",
        names_a_user: true,
        prepare: World::user,
        run: |world, ready| world.signed_in(ready, "PATCH", "/auth/me", Some(json!({ "name": "Ada" }))),
        happened: |world, ready| world.seen(ready).unwrap()["name"] == "Ada",
    },
    Path {
        name: "deletion of one's own account",
        points: &["beforeUserDelete", "afterUserDelete"],
        status: 200,
        provider: "password",
        names_a_user: false,
        prepare: World::user,
        run: |world, ready| {
            let body = json!({ "password": PASSWORDS[0] });
            world.signed_in(ready, "DELETE", "/auth/me", Some(body))
        },
        happened: |world, ready| world.seen(ready).is_none(),
    },
    Path {
        name: "change of the password",
        points: &["beforePasswordChange", "afterPasswordChange"],
        status: 200,
        provider: "password",
        names_a_user: true,
        prepare: World::user,
        run: |world, ready| {
            let body = json!({ "current_password": PASSWORDS[0], "password": PASSWORDS[1] });
            world.signed_in(ready, "POST", "/auth/password/change", Some(body))
        },
        happened: has_the_new_password,
    },
    Path {
        name: "forgotten password",
        points: &["beforePasswordResetRequest", "afterPasswordResetRequest"],
        status: 202,
        provider: "password",
        names_a_user: false,
        prepare: World::user,
        run: |world, ready| world.post("/auth/password/forgot", json!({ "email": ready.email })),
        happened: was_mailed,
    },
    Path {
        name: "reset of the password",
        points: &["beforePasswordReset", "afterPasswordReset"],
        status: 200,
        provider: "password",
        names_a_user: true,
        prepare: |world| {
            let ready = world.user();
            mailed(world, ready, "/auth/password/forgot", token_in)
        },
        run: |world, ready| {
            let body = json!({ "token": ready.secret, "password": PASSWORDS[1] });
            world.post("/auth/password/reset", body)
        },
        happened: has_the_new_password,
    },
    Path {
        name: "code by mail, sent",
        points: &["beforeOtpSend", "afterOtpSend"],
        status: 202,
        provider: "otp",
        names_a_user: true,
        prepare: World::user,
        run: |world, ready| world.post("/auth/otp/send", json!({ "channel": "email", "email": ready.email })),
        happened: was_mailed,
    },
    Path {
        name: "code by mail, of a user",
        points: &[
            "beforeOtpVerify",
            "beforeLogin",
            TOKEN[0],
            "afterLogin",
            TOKEN[1],
            "afterOtpVerify",
        ],
        status: 200,
        provider: "otp",
        names_a_user: true,
        prepare: |world| {
            let ready = world.user();
            code(world, ready)
        },
        run: verify_code,
        happened: |world, ready| world.came_in_by(ready, "otp"),
    },
    Path {
        name: "code by mail, of somebody new",
        points: &[
            "beforeOtpVerify",
            "beforeSignup",
            TOKEN[0],
            "afterSignup",
            TOKEN[1],
            "afterOtpVerify",
        ],
        status: 200,
        provider: "otp",
        names_a_user: true,
        prepare: |world| {
            let ready = stranger(world);
            code(world, ready)
        },
        run: verify_code,
        happened: is_there,
    },
    Path {
        name: "magic link of a user",
        points: &["beforeLogin", TOKEN[0], "afterLogin", TOKEN[1]],
        status: 200,
        provider: "magic_link",
        names_a_user: true,
        prepare: |world| {
            let ready = world.user();
            mailed(world, ready, "/auth/magic-link/send", token_in)
        },
        run: verify_link,
        happened: |world, ready| world.came_in_by(ready, "magic_link"),
    },
    Path {
        name: "magic link of somebody new",
        points: &["beforeSignup", TOKEN[0], "afterSignup", TOKEN[1]],
        status: 200,
        provider: "magic_link",
        names_a_user: true,
        prepare: |world| {
            let ready = stranger(world);
            mailed(world, ready, "/auth/magic-link/send", token_in)
        },
        run: verify_link,
        happened: is_there,
    },
    Path {
        name: "second factor",
        points: &[
            "beforeMfaVerify",
            "beforeLogin",
            TOKEN[0],
            "afterLogin",
            TOKEN[1],
            "afterMfaVerify",
        ],
        status: 200,
        provider: "password",
        names_a_user: true,
        prepare: halfway,
        run: |world, ready| world.post("/auth/mfa/verify", shown(ready)),
        happened: has_two_sessions,
    },
    Path {
        name: "enrolment of a second factor during login",
        points: &["beforeLogin", TOKEN[0], "afterLogin", TOKEN[1]],
        status: 200,
        provider: "password",
        names_a_user: true,
        prepare: unenrolled,
        run: |world, ready| world.post("/auth/mfa/enroll/confirm", shown(ready)),
        happened: has_the_factor,
    },
    Path {
        name: "confirmation of an address",
        points: &["beforeEmailVerify", "afterEmailVerify"],
        status: 200,
        provider: "password",
        names_a_user: true,
        prepare: |world| {
            let ready = world.user();
            mailed(world, ready, "/auth/email/verify/send", token_in)
        },
        run: |world, ready| world.post("/auth/email/verify", json!({ "token": ready.secret })),
        happened: |world, ready| world.seen(ready).unwrap()["emailVerified"] == true,
    },
    Path {
        name: "user made by an admin",
        points: &["beforeSignup", "afterSignup"],
        status: 201,
        provider: "admin",
        names_a_user: true,
        prepare: stranger,
        run: |world, ready| world.admin("POST", "/users", Some(json!({ "email": ready.email }))),
        happened: is_there,
    },
    Path {
        name: "user changed by an admin",
        points: &["beforeUserUpdate", "afterUserUpdate"],
        status: 200,
        provider: "admin",
        names_a_user: true,
        prepare: World::user,
        run: |world, ready| {
            let path = format!("/users/{}", ready.user_id);
            world.admin("PATCH", &path, Some(json!({ "name": "Ada" })))
        },
        happened: |world, ready| world.seen(ready).unwrap()["name"] == "Ada",
    },
    Path {
        name: "user deleted by an admin",
        points: &["beforeUserDelete", "afterUserDelete"],
        status: 200,
        provider: "admin",
        names_a_user: false,
        prepare: World::user,
        run: |world, ready| world.admin("DELETE", &format!("/users/{}", ready.user_id), None),
        happened: |world, ready| world.seen(ready).is_none(),
    },
];

pub(super) fn stranger(world: &World) -> Ready {
    Ready {
        email: world.address(),
        ..Ready::default()
    }
}

pub(super) fn is_there(world: &World, ready: &Ready) -> bool {
    world.by_email(&ready.email).is_some()
}

pub(super) fn has_two_sessions(world: &World, ready: &Ready) -> bool {
    world.sessions(ready) == 2
}

/// With its recovery codes; the session of before has ended with it.
fn has_the_factor(world: &World, ready: &Ready) -> bool {
    let factors = world.admin("GET", &format!("/users/{}/factors", ready.user_id), None);
    let codes = factors.json["recoveryCodesLeft"].as_u64().unwrap();
    assert_eq!(world.sessions(ready), 1);
    codes == 10
}

fn has_the_new_password(world: &World, ready: &Ready) -> bool {
    let login = |password: &str| world.site.login(&world.project.pk, &ready.email, password).status;
    match (login(PASSWORDS[0]), login(PASSWORDS[1])) {
        (401, 200) => true,
        (200, 401) => false,
        other => panic!("both or neither password opens: {other:?}"),
    }
}

fn was_mailed(world: &World, ready: &Ready) -> bool {
    // The row is of the transaction of the request: it is there or never will be.
    world.mails_to(&ready.email).len() > ready.before
}

/// Sends a mail to the address and reads the secret in it.
fn mailed(world: &World, ready: Ready, path: &str, of: fn(&str) -> Option<String>) -> Ready {
    let before = world.mails_to(&ready.email).len();
    let mut body = json!({ "email": ready.email });
    if path == "/auth/magic-link/send" {
        body["create_user"] = json!(true);
    }
    let sent = world.post(path, body);
    assert_eq!(sent.status, 202, "{path}: {sent:?}");
    Ready {
        secret: world.mailed(&ready.email, before, of),
        ..ready
    }
}

fn code(world: &World, ready: Ready) -> Ready {
    let before = world.mails_to(&ready.email).len();
    let body = json!({ "channel": "email", "email": ready.email, "create_user": true });
    let sent = world.post("/auth/otp/send", body);
    assert_eq!(sent.status, 202, "{sent:?}");
    Ready {
        secret: world.mailed(&ready.email, before, code_in),
        ..ready
    }
}

fn verify_code(world: &World, ready: &Ready) -> crate::site::Answer {
    let body = json!({ "channel": "email", "email": ready.email, "code": ready.secret });
    world.post("/auth/otp/verify", body)
}

fn verify_link(world: &World, ready: &Ready) -> crate::site::Answer {
    world.post("/auth/magic-link/verify", json!({ "token": ready.secret }))
}

/// Somebody who logged in with a password and has a second factor to show: token and code.
fn halfway(world: &World) -> Ready {
    let ready = world.user();
    let begun = world.signed_in(&ready, "POST", "/auth/mfa/enroll", Some(world::nothing()));
    let (factor, secret) = (text(&begun.json["factor_id"]), text(&begun.json["secret"]));
    let code = authenticator(&world.site, &secret, 0);
    let body = json!({ "factor_id": factor, "code": code });
    let confirmed = world.signed_in(&ready, "POST", "/auth/mfa/enroll/confirm", Some(body));
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    // The code of this moment is used up.
    world.site.running().clock().advance_ms(60_000);
    let body = json!({ "email": ready.email, "password": PASSWORDS[0] });
    let token = text(&world.post("/auth/login", body).json["mfa"]["token"]);
    let code = authenticator(&world.site, &secret, 0);
    Ready {
        secret: json!({ "token": token, "code": code }).to_string(),
        ..ready
    }
}

/// Somebody who logged in with a password where a second factor is wanted, and has begun with one.
fn unenrolled(world: &World) -> Ready {
    let ready = world.user();
    let wants = |mfa: &str| {
        world.admin(
            "PUT",
            "/settings/auth",
            Some(json!({ "mfa": mfa, "redirectUrls": [DONE] })),
        )
    };
    assert_eq!(wants("required").status, 200);
    let body = json!({ "email": ready.email, "password": PASSWORDS[0] });
    let token = text(&world.post("/auth/login", body).json["mfa_enrollment"]["token"]);
    assert_eq!(wants("optional").status, 200);
    let begun = world.post("/auth/mfa/enroll", json!({ "token": token })).json;
    let code = authenticator(&world.site, begun["secret"].as_str().unwrap(), 0);
    Ready {
        secret: json!({ "token": token, "factor_id": begun["factor_id"], "code": code }).to_string(),
        ..ready
    }
}

/// Where the rows of identity providers end.
const DONE: &str = "https://app.example.com/done";

fn shown(ready: &Ready) -> serde_json::Value {
    serde_json::from_str(&ready.secret).unwrap()
}
