//! Second factors: enrolled, asked for in every login, never bypassed, no code taken twice.

use serde_json::{Value, json};

use super::{as_user, authenticator, code, database, mails, post, settings, token};
use crate::{
    bundles::hook,
    site::{Answer, PASSWORD, Project, Site},
};

/// An account with an authenticator app.
struct Enrolled {
    site: Site,
    project: Project,
    user: Answer,
    factor_id: String,
    secret: String,
    recovery: Vec<String>,
}

impl Enrolled {
    fn new() -> Self {
        let mut enrolled = Self::begun();
        let login = enrolled.login();
        assert_eq!(login.status, 200, "a factor that is not confirmed counts for nothing");
        assert!(login.json.get("access_token").is_some());
        let confirmed = enrolled.confirm(&enrolled.now());
        assert_eq!(confirmed.status, 200, "{confirmed:?}");
        let codes = confirmed.json["recovery_codes"].as_array().unwrap();
        enrolled.recovery = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        assert_eq!(enrolled.recovery.len(), 10);
        enrolled.pass();
        enrolled
    }

    /// With a factor that is not confirmed yet.
    fn begun() -> Self {
        let site = Site::new();
        let project = site.project("a");
        let user = site.registered(&project.pk, "ada@example.com");
        let begun = as_user(
            &site,
            &project,
            user.token(),
            "POST",
            "/auth/mfa/enroll",
            Some(json!({ "name": "Phone" })),
        );
        assert_eq!(begun.status, 201, "{begun:?}");
        let text = |name: &str| begun.json[name].as_str().unwrap().to_owned();
        assert!(
            text("otpauth_url").starts_with("otpauth://totp/a:ada%40example.com?secret="),
            "{begun:?}"
        );
        Self {
            factor_id: text("factor_id"),
            secret: text("secret"),
            recovery: Vec::new(),
            site,
            project,
            user,
        }
    }

    fn confirm(&self, code: &str) -> Answer {
        let body = json!({ "factor_id": self.factor_id, "code": code });
        self.as_user("POST", "/auth/mfa/enroll/confirm", body)
    }

    fn as_user(&self, method: &str, path: &str, body: Value) -> Answer {
        as_user(&self.site, &self.project, self.user.token(), method, path, Some(body))
    }

    /// The user shows that the mailbox is theirs: factors of before stay from now on, whoever shows it again.
    fn confirm_address(&self) {
        self.as_user("POST", "/auth/email/verify/send", json!({}));
        let token = token(&self.site, &self.project, "ada@example.com", "confirm-email");
        let verified = self.as_user("POST", "/auth/email/verify", json!({ "token": token }));
        assert_eq!(verified.status, 200, "{verified:?}");
    }

    /// What the app shows, so many steps from now.
    fn at(&self, steps: i64) -> String {
        authenticator(&self.site, &self.secret, steps)
    }

    fn now(&self) -> String {
        self.at(0)
    }

    /// A minute goes by.
    fn pass(&self) {
        self.site.running().clock().advance_ms(60_000);
    }

    fn login(&self) -> Answer {
        self.site.login(&self.project.pk, "ada@example.com", PASSWORD)
    }

    fn challenge(&self) -> String {
        challenge(&self.login())
    }

    fn verify(&self, token: &str, shown: Value) -> Answer {
        let mut body = json!({ "token": token });
        body.as_object_mut().unwrap().extend(shown.as_object().unwrap().clone());
        post(&self.site, &self.project, "/auth/mfa/verify", body)
    }
}

/// The token of an answer that is half of the way.
fn challenge(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.json.get("access_token").is_none(), "{answer:?}");
    assert_eq!(answer.json["mfa"]["methods"], json!(["totp", "recovery_code"]));
    answer.json["mfa"]["token"].as_str().unwrap().to_owned()
}

pub(super) fn amr(answer: &Answer) -> Value {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let payload = answer.token().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    claims["amr"].clone()
}

#[test]
fn every_way_in_asks_for_the_second_factor_and_a_reset_is_none() {
    let enrolled = Enrolled::new();
    let (site, project) = (&enrolled.site, &enrolled.project);
    enrolled.confirm_address();
    let entered = enrolled.verify(&enrolled.challenge(), json!({ "code": enrolled.now() }));
    assert_eq!((entered.status, amr(&entered)), (200, json!(["pwd", "mfa"])));

    enrolled.pass();
    post(
        site,
        project,
        "/auth/magic-link/send",
        json!({ "email": "ada@example.com" }),
    );
    let link = token(site, project, "ada@example.com", "magic-link");
    let half = post(site, project, "/auth/magic-link/verify", json!({ "token": link }));
    let by_link = enrolled.verify(&challenge(&half), json!({ "code": enrolled.now() }));
    assert_eq!((by_link.status, amr(&by_link)), (200, json!(["otp", "mfa"])));

    enrolled.pass();
    post(
        site,
        project,
        "/auth/otp/send",
        json!({ "channel": "email", "email": "ada@example.com" }),
    );
    let body =
        json!({ "channel": "email", "email": "ada@example.com", "code": code(site, project, "ada@example.com") });
    let half = post(site, project, "/auth/otp/verify", body);
    assert_eq!(
        enrolled
            .verify(&challenge(&half), json!({ "code": enrolled.now() }))
            .status,
        200
    );

    post(
        site,
        project,
        "/auth/password/forgot",
        json!({ "email": "ada@example.com" }),
    );
    let reset = token(site, project, "ada@example.com", "reset-password");
    let body = json!({ "token": reset, "password": "another horse battery" });
    assert_eq!(
        post(site, project, "/auth/password/reset", body).json,
        json!({ "status": "done" })
    );
    challenge(&site.login(&project.pk, "ada@example.com", "another horse battery"));
}

#[test]
fn no_code_works_twice_and_wrong_ones_do_not_burn_the_challenge_at_once() {
    let enrolled = Enrolled::new();
    let right = enrolled.now();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let first = enrolled.challenge();
    for _ in 0..4 {
        assert_eq!(enrolled.verify(&first, json!({ "code": wrong })).code(), "invalid_code");
    }
    assert_eq!(
        enrolled.verify(&first, json!({ "code": right })).status,
        200,
        "the fifth attempt"
    );
    assert_eq!(
        enrolled.verify(&first, json!({ "code": enrolled.at(1) })).code(),
        "invalid_code",
        "the challenge is used up"
    );
    let second = enrolled.challenge();
    assert_eq!(
        enrolled.verify(&second, json!({ "code": right })).code(),
        "invalid_code",
        "the code is used up"
    );
    assert_eq!(
        enrolled.verify(&second, json!({ "code": enrolled.at(-1) })).code(),
        "invalid_code",
        "and those before it"
    );
    assert_eq!(
        enrolled.verify(&second, json!({ "code": enrolled.at(2) })).code(),
        "invalid_code"
    );
    assert_eq!(
        enrolled.verify(&second, json!({ "code": enrolled.at(1) })).status,
        200,
        "a clock that is ahead"
    );

    enrolled.pass();
    let third = enrolled.challenge();
    for _ in 0..5 {
        assert_eq!(enrolled.verify(&third, json!({ "code": wrong })).code(), "invalid_code");
    }
    assert_eq!(
        enrolled.verify(&third, json!({ "code": enrolled.now() })).code(),
        "invalid_code"
    );
    let late = enrolled.challenge();
    enrolled.site.running().clock().advance_ms(300_000);
    assert_eq!(
        enrolled.verify(&late, json!({ "code": enrolled.now() })).code(),
        "invalid_code",
        "five minutes"
    );
}

#[test]
fn new_challenges_bring_no_new_guesses() {
    let enrolled = Enrolled::new();
    settings(
        &enrolled.site,
        &enrolled.project,
        json!({ "limits": { "failuresPerAccount": 6 } }),
    );
    let wrong = if enrolled.now() == "000000" { "000001" } else { "000000" };
    for _ in 0..6 {
        let answer = enrolled.verify(&enrolled.challenge(), json!({ "code": wrong }));
        assert_eq!(answer.code(), "invalid_code");
    }
    let locked = enrolled.verify(&enrolled.challenge(), json!({ "code": enrolled.now() }));
    assert_eq!((locked.status, locked.code()), (429, "rate_limited"));
    let removal = enrolled.as_user(
        "DELETE",
        &format!("/auth/mfa/factors/{}", enrolled.factor_id),
        json!({ "code": wrong }),
    );
    assert_eq!(removal.code(), "rate_limited", "whatever they are made for");
    enrolled.site.running().clock().advance_ms(900_000);
    let code = enrolled.now();
    assert_eq!(
        enrolled.verify(&enrolled.challenge(), json!({ "code": code })).status,
        200
    );
}

#[test]
fn one_code_lets_one_in_of_many_at_the_same_time() {
    let enrolled = Enrolled::new();
    let challenges: Vec<String> = (0..4).map(|_| enrolled.challenge()).collect();
    let code = enrolled.now();
    let entered: Vec<u16> = std::thread::scope(|scope| {
        let (enrolled, code) = (&enrolled, &code);
        let tries: Vec<_> = challenges
            .iter()
            .map(|token| scope.spawn(move || enrolled.verify(token, json!({ "code": code })).status))
            .collect();
        tries.into_iter().map(|tried| tried.join().unwrap()).collect()
    });
    assert_eq!(
        entered.iter().filter(|status| **status == 200).count(),
        1,
        "{entered:?}"
    );
}

#[test]
fn a_recovery_code_works_once_and_a_new_set_ends_the_old_one() {
    let enrolled = Enrolled::new();
    let shown = json!({ "recovery_code": enrolled.recovery[0].to_uppercase() });
    assert_eq!(enrolled.verify(&enrolled.challenge(), shown.clone()).status, 200);
    assert_eq!(enrolled.verify(&enrolled.challenge(), shown).code(), "invalid_code");
    let both = json!({ "recovery_code": enrolled.recovery[1], "code": enrolled.now() });
    assert_eq!(enrolled.verify("ot_x", both).fields(), ["recovery_code"]);
    let listed = as_user(
        &enrolled.site,
        &enrolled.project,
        enrolled.user.token(),
        "GET",
        "/auth/mfa/factors",
        None,
    )
    .json;
    assert_eq!(listed["recovery_codes_left"], 9);
    assert_eq!(
        (&listed["factors"][0]["status"], &listed["factors"][0]["name"]),
        (&json!("verified"), &json!("Phone"))
    );
    let renewed = enrolled.as_user("POST", "/auth/mfa/recovery-codes", json!({ "code": enrolled.now() }));
    assert_eq!(renewed.json["recovery_codes"].as_array().unwrap().len(), 10);
    let old = json!({ "recovery_code": enrolled.recovery[1] });
    assert_eq!(enrolled.verify(&enrolled.challenge(), old).code(), "invalid_code");
    let kept = database(&enrolled.site);
    assert!(!kept.contains(&enrolled.secret), "the secret is sealed");
    for code in &enrolled.recovery {
        assert!(!kept.contains(code.as_str()) && !kept.contains(&code.replace('-', "")));
    }
}

#[test]
fn a_factor_is_taken_away_by_its_owner_alone() {
    let enrolled = Enrolled::new();
    let path = format!("/auth/mfa/factors/{}", enrolled.factor_id);
    assert_eq!(enrolled.as_user("DELETE", &path, json!({})).fields(), ["code"]);
    assert_eq!(
        enrolled
            .as_user("DELETE", &path, json!({ "password": "wrong horse" }))
            .code(),
        "invalid_credentials"
    );
    let other = enrolled.site.registered(&enrolled.project.pk, "eve@example.com");
    let body = Some(json!({ "password": PASSWORD }));
    let foreign = as_user(&enrolled.site, &enrolled.project, other.token(), "DELETE", &path, body);
    assert_eq!(foreign.code(), "not_found");
    challenge(&enrolled.login());
    assert_eq!(
        enrolled
            .as_user("DELETE", &path, json!({ "code": enrolled.now() }))
            .status,
        200
    );
    assert!(enrolled.login().json.get("access_token").is_some());
}

#[test]
fn sessions_that_never_showed_the_factor_end_with_its_enrollment_and_others_with_its_removal() {
    let enrolled = Enrolled::begun();
    let me = |session: &Answer| {
        let answer = as_user(
            &enrolled.site,
            &enrolled.project,
            session.token(),
            "GET",
            "/auth/me",
            None,
        );
        answer.status
    };
    let stolen = enrolled.login();
    assert_eq!(me(&stolen), 200);
    let confirmed = enrolled.confirm(&enrolled.now());
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    assert_eq!((me(&stolen), me(&enrolled.user)), (401, 200));
    enrolled.pass();
    let elsewhere = enrolled.verify(&enrolled.challenge(), json!({ "code": enrolled.now() }));
    assert_eq!(me(&elsewhere), 200);
    let path = format!("/auth/mfa/factors/{}", enrolled.factor_id);
    let removed = enrolled.as_user("DELETE", &path, json!({ "password": PASSWORD }));
    assert_eq!(removed.status, 200, "{removed:?}");
    assert_eq!((me(&elsewhere), me(&enrolled.user)), (401, 200));
}

#[test]
fn hooks_of_the_login_run_once_and_those_of_the_factor_can_refuse() {
    let enrolled = Enrolled::new();
    let count = hook("beforeLogin", "await Aerocall.cache.increment('logins');");
    let gate = hook(
        "beforeMfaVerify",
        "if (payload.client.id === 'stolen') return { deny: { code: 'no_' + payload.method } }; return { patch: { user: { metadata: { logins: (await Aerocall.cache.get('logins')) ?? 0 } } } };",
    );
    let after = hook(
        "afterLogin",
        "return { patch: { user: { publicMetadata: { logins: await Aerocall.cache.get('logins') } } } };",
    );
    enrolled
        .site
        .live("a", &[("count", &count), ("gate", &gate), ("after", &after)]);
    let token = enrolled.challenge();
    let denied = enrolled.verify(&token, json!({ "code": enrolled.now(), "client": { "id": "stolen" } }));
    assert_eq!(denied.code(), "no_totp");
    let entered = enrolled.verify(&token, json!({ "code": enrolled.now() }));
    assert_eq!(entered.status, 200, "{entered:?}");
    assert_eq!(entered.json["user"]["publicMetadata"]["logins"], 1);
    settings(&enrolled.site, &enrolled.project, json!({ "mfa": "off" }));
    let off = enrolled.as_user("POST", "/auth/mfa/enroll", json!({}));
    assert_eq!(off.code(), "not_enabled");
    assert!(mails(&enrolled.site, &enrolled.project, "ada@example.com", "").is_empty());
}
