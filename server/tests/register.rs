//! `POST /auth/register`

use serde_json::json;

use crate::{
    site::{PASSWORD, Site, until},
    snapshots::shown,
};

#[test]
fn a_user_signs_up_and_is_let_in() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let body = json!({
        "email": " Ada@Example.com ", "password": PASSWORD, "name": "Ada", "phone": "+49 30 123456",
        "metadata": { "source": "web" }, "client": { "id": "ios", "version": "1.2", "data": { "beta": true } },
    });
    let answer = site.register(&pk, body);
    // No password and no hash of it.
    insta::assert_snapshot!(shown(&answer), @r#"
    201 {
      "user": {
        "id": "usr_[…]",
        "email": "Ada@example.com",
        "emailVerified": false,
        "phone": "+4930123456",
        "phoneVerified": false,
        "name": "Ada",
        "metadata": {
          "source": "web"
        },
        "publicMetadata": {},
        "createdAt": "[time]",
        "updatedAt": "[time]"
      },
      "session": {
        "id": "ses_[…]"
      },
      "access_token": "[jwt]",
      "token_type": "Bearer",
      "expires_in": 900,
      "refresh_token": "rt_[…]"
    }
    "#);

    let me = site.me(&pk, answer.token());
    assert_eq!((me.status, &me.json["user"]), (200, &answer.json["user"]));
}

#[test]
fn an_email_that_is_taken_costs_the_same_work() {
    let site = Site::new();
    let pk = site.project("a").pk;
    site.registered(&pk, "ada@example.com");
    let before = site.running().password_work();
    let again = site.register(&pk, json!({ "email": "ADA@example.com", "password": PASSWORD }));
    assert_eq!((again.status, again.code()), (409, "email_taken"));
    let taken = site.running().password_work() - before;
    site.registered(&pk, "bob@example.com");
    assert_eq!(site.running().password_work() - before, 2 * taken);
}

#[test]
fn of_many_sign_ups_with_one_email_one_succeeds() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let sign_up = || {
            site.register(&pk, json!({ "email": "ada@example.com", "password": PASSWORD }))
                .status
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(sign_up)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 409).count(),
        7,
        "{statuses:?}"
    );
}

#[test]
fn users_outlive_the_server() {
    let site = Site::new();
    let pk = site.project("a").pk;
    let token = site.registered(&pk, "ada@example.com").token().to_owned();
    let site = Site::on(site.stop(), &[]);
    assert_eq!(site.login(&pk, "ada@example.com", PASSWORD).status, 200);
    assert_eq!(site.me(&pk, &token).status, 200, "the signing key must be the same");
}

#[test]
fn a_full_password_queue_says_come_back() {
    let site = Site::with(&[
        ("AEROCALL_PASSWORD_MEMORY_KIB", "65536"),
        // Some seconds.
        ("AEROCALL_PASSWORD_PASSES", "40"),
        ("AEROCALL_PASSWORD_THREADS", "1"),
        ("AEROCALL_PASSWORD_QUEUE", "0"),
    ]);
    let pk = site.project("a").pk;
    let before = site.running().password_work();
    let login = || site.login(&pk, "ada@example.com", PASSWORD);
    std::thread::scope(|scope| {
        let first = scope.spawn(login);
        until(|| (site.running().password_work() > before).then_some(()));
        let busy = login();
        assert!(!first.is_finished(), "the pool was full all the time");
        assert_eq!(
            (busy.status, busy.code(), busy.header("retry-after")),
            (503, "busy", "1")
        );
        assert_eq!(first.join().unwrap().status, 401);
    });
}
