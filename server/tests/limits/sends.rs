//! Mails, codes and guesses that strangers use up, and what its owner has left to get into the account.

use serde_json::{Value, json};

use super::{PASSWORD, limited, login_from};
use crate::{
    proofs::{authenticator, code, token},
    site::{Answer, Project, Site},
};

const OWNER: &str = "198.51.100.1";
const ELSEWHERE: &str = "203.0.113.9";
const STRANGER: &str = "192.0.2.66";
const ADA: &str = "ada@example.com";

/// What of a client the server sees.
struct Client<'a> {
    site: &'a Site,
    project: &'a Project,
    ip: &'a str,
    access_token: Option<String>,
}

impl Client<'_> {
    fn post(&self, path: &str, body: Value) -> Answer {
        let bearer = self.access_token.as_ref().map(|token| format!("Bearer {token}"));
        let mut headers = vec![
            ("x-aerocall-key", self.project.pk.as_str()),
            ("content-type", "application/json"),
            ("x-forwarded-for", self.ip),
        ];
        headers.extend(bearer.iter().map(|bearer| ("authorization", bearer.as_str())));
        self.site.send("POST", path, &headers, body.to_string().as_bytes())
    }

    fn send(&self, to: &str) -> u16 {
        self.post("/auth/otp/send", json!({ "channel": "email", "email": to }))
            .status
    }
}

fn from<'a>(site: &'a Site, project: &'a Project, ip: &'a str) -> Client<'a> {
    Client {
        site,
        project,
        ip,
        access_token: None,
    }
}

/// Every request that a stranger may send and that leads to a mail to this address.
const SENDERS: [(&str, &str); 5] = [
    ("/auth/password/forgot", r#"{}"#),
    ("/auth/magic-link/send", r#"{}"#),
    ("/auth/email/verify/send", r#"{}"#),
    ("/auth/otp/send", r#"{"channel":"email"}"#),
    ("/auth/register", r#"{"password":"correct horse battery"}"#),
];

fn ask(client: &Client<'_>, (path, body): (&str, &str), to: &str) -> u16 {
    let mut body: Value = serde_json::from_str(body).unwrap();
    body["email"] = to.into();
    client.post(path, body).status
}

#[test]
fn what_a_stranger_asks_for_leaves_the_owner_what_they_need() {
    let (site, project) = limited(json!({ "sendsPerRecipientHour": 4 }));
    site.running().clock().stop();
    let owner = from(&site, &project, OWNER);
    let made = owner.post("/auth/register", json!({ "email": ADA, "password": PASSWORD }));
    assert_eq!(made.status, 201, "{made:?}");
    for to in [ADA, "nobody@example.com"] {
        let stranger = from(&site, &project, STRANGER);
        let codes = [(); 5].map(|()| stranger.send(to));
        assert_eq!(codes, [202, 202, 202, 202, 429], "{to}: of one address");
        for sender in SENDERS.into_iter().take(4) {
            assert_eq!(ask(&stranger, sender, to), 429, "{to}: one count for all");
            assert_eq!(
                ask(&from(&site, &project, ELSEWHERE), sender, to),
                202,
                "{to}: another address"
            );
        }
    }
    // However many addresses strangers have, they do not fill the mailbox.
    let flood = (0..20).map(|host| from(&site, &project, &format!("192.0.2.{host}")).send(ADA));
    let sent = flood.filter(|status| *status == 202).count();
    assert_eq!(sent, 12 - 4 - 4, "three times as many as one address has");
    assert_eq!(from(&site, &project, "203.0.113.10").send(ADA), 429);
    // The account had a session from there.
    for sender in SENDERS.into_iter().take(4) {
        assert_eq!(ask(&owner, sender, ADA), 202, "{}", sender.0);
    }
    assert_eq!(owner.send(ADA), 429, "it has as many as any other");
    let network = from(&site, &project, "2001:db8::1");
    assert_eq!(network.send("eve@example.com"), 202);
    let hosts = (2..9).map(|host| from(&site, &project, &format!("2001:db8::{host}")).send("eve@example.com"));
    assert_eq!(
        hosts.filter(|status| *status == 202).count(),
        3,
        "a network of IPv6 is one client"
    );
}

#[test]
fn every_mail_that_somebody_asks_for_is_counted() {
    let (site, project) = limited(json!({ "sendsPerRecipientHour": 2 }));
    site.running().clock().stop();
    let path = "/projects/a/environments/production/settings/auth";
    let confirmed = json!({ "confirmEmail": true, "limits": { "sendsPerRecipientHour": 2 } });
    for sender in SENDERS {
        let to = format!("to{}@example.com", sender.0.replace('/', "-"));
        let stranger = from(&site, &project, STRANGER);
        assert_eq!(site.admin("PUT", path, Some(confirmed.clone())).status, 200);
        let statuses = [(); 3].map(|()| ask(&stranger, sender, &to));
        assert_eq!(statuses, [202, 202, 429], "{}", sender.0);
    }
    let open = json!({ "limits": { "sendsPerRecipientHour": 2 } });
    assert_eq!(site.admin("PUT", path, Some(open)).status, 200);
    // Somebody who is signed in to an account with an address that may not be theirs.
    let signed_in = |email: &str| {
        let made =
            from(&site, &project, STRANGER).post("/auth/register", json!({ "email": email, "password": PASSWORD }));
        Client {
            access_token: Some(made.token().to_owned()),
            ..from(&site, &project, STRANGER)
        }
    };
    let verifying = signed_in("one@example.com");
    let statuses = [(); 3].map(|()| verifying.post("/auth/email/verify/send", json!({})).status);
    assert_eq!(statuses, [202, 202, 429], "one's own address");
    let moving = signed_in("two@example.com");
    let to = ["a@new.example", "b@new.example", "c@new.example"];
    let statuses = to.map(|to| moving.post("/auth/email/change", json!({ "email": to })).status);
    assert_eq!(statuses, [202, 202, 429], "a mail goes to the address of before, too");
    let changing = signed_in("three@example.com");
    let body = json!({ "current_password": PASSWORD, "password": PASSWORD });
    let statuses = [(); 3].map(|()| changing.post("/auth/password/change", body.clone()).status);
    assert_eq!(statuses, [200, 200, 429]);
}

#[test]
fn a_stranger_uses_up_no_code_that_somebody_else_asked_for() {
    let (site, project) = limited(json!({ "perIpMinute": 1000 }));
    site.registered(&project.pk, ADA);
    let (owner, stranger) = (from(&site, &project, ELSEWHERE), from(&site, &project, STRANGER));
    assert_eq!(owner.send(ADA), 202);
    let right = code(&site, &project, ADA);
    let verify = |client: &Client<'_>, code: &str| {
        let shown = json!({ "channel": "email", "email": ADA, "code": code });
        client.post("/auth/otp/verify", shown).status
    };
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let burn = |client: &Client<'_>| (0..6).all(|_| verify(client, wrong) == 401);
    assert!(burn(&stranger));
    assert_eq!(verify(&stranger, &right), 401, "five guesses for all strangers");
    // A code of the stranger's own takes the place of none.
    assert_eq!(stranger.send(ADA), 202);
    assert!(burn(&stranger));
    assert_eq!(verify(&owner, &right), 200, "the one who asked for it");
    assert_eq!(verify(&owner, &right), 401, "once");
    // Who asked for it at one address may show it at another.
    assert_eq!(owner.send(ADA), 202);
    let moved = code(&site, &project, ADA);
    assert_eq!(verify(&from(&site, &project, "203.0.113.77"), &moved), 200);
    assert_eq!(verify(&owner, &moved), 401, "wherever it was kept");
}

#[test]
fn whoever_knows_the_password_alone_uses_up_no_guesses_of_the_owner() {
    let (site, project) = limited(json!({ "failuresPerAccount": 3, "perIpMinute": 1000 }));
    let owner = from(&site, &project, OWNER);
    let made = owner.post("/auth/register", json!({ "email": ADA, "password": PASSWORD }));
    let owner = Client {
        access_token: Some(made.token().to_owned()),
        ..owner
    };
    let begun = owner.post("/auth/mfa/enroll", json!({}));
    let secret = begun.json["secret"].as_str().unwrap();
    let confirm = json!({ "factor_id": begun.json["factor_id"], "code": authenticator(&site, secret, 0) });
    assert_eq!(owner.post("/auth/mfa/enroll/confirm", confirm).status, 200);
    site.running().clock().advance_ms(60_000);
    let verify = |ip: &str, code: &str| {
        let login = login_from(&site, &project.pk, ip, ADA, PASSWORD);
        let challenge = json!({ "token": login.json["mfa"]["token"], "code": code });
        from(&site, &project, ip).post("/auth/mfa/verify", challenge).status
    };
    let right = authenticator(&site, secret, 0);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    // The right password makes their addresses known for passwords, and brings no guesses of their own here.
    let guesses: Vec<u16> = (0..5).map(|host| verify(&format!("192.0.2.{host}"), wrong)).collect();
    assert_eq!(guesses, [401, 401, 401, 429, 429]);
    assert_eq!(
        verify(ELSEWHERE, &right),
        429,
        "an address without a session is one of theirs"
    );
    assert_eq!(verify(OWNER, &right), 200);
}

#[test]
fn a_reset_leads_in_from_where_it_was_done_whoever_guesses() {
    let (site, project) = limited(json!({ "failuresPerAccount": 2, "perIpMinute": 1000 }));
    site.registered(&project.pk, ADA);
    let guess = |ip: &str, password: &str| login_from(&site, &project.pk, ip, ADA, password).status;
    let strangers = || (0..8).for_each(|host| assert_eq!(guess(&format!("192.0.2.{host}"), "wrong horse"), 401));
    strangers();
    let owner = from(&site, &project, ELSEWHERE);
    assert_eq!(owner.post("/auth/password/forgot", json!({ "email": ADA })).status, 202);
    let link = token(&site, &project, ADA, "reset-password");
    let new = "another horse battery";
    let reset = owner.post("/auth/password/reset", json!({ "token": link, "password": new }));
    assert_eq!(reset.status, 200, "{reset:?}");
    strangers();
    assert_eq!(guess(ELSEWHERE, new), 200);
}

#[test]
fn the_addresses_of_whoever_had_the_account_before_are_strangers() {
    let (site, project) = limited(json!({ "sendsPerRecipientHour": 3 }));
    site.running().clock().stop();
    let squatter = from(&site, &project, STRANGER);
    let made = squatter.post("/auth/register", json!({ "email": ADA, "password": PASSWORD }));
    assert_eq!(made.status, 201);
    let owner = from(&site, &project, OWNER);
    assert_eq!(owner.post("/auth/magic-link/send", json!({ "email": ADA })).status, 202);
    let link = token(&site, &project, ADA, "magic-link");
    assert_eq!(
        owner.post("/auth/magic-link/verify", json!({ "token": link })).status,
        200
    );
    // All that strangers have is used up; the squatter is one of them.
    for host in 0..9 {
        from(&site, &project, &format!("192.0.2.{host}")).send(ADA);
    }
    assert_eq!(squatter.send(ADA), 429);
    assert_eq!(owner.send(ADA), 202);
}
