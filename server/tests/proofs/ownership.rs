//! Somebody signs up with an address that is not theirs, and leaves ways into the account. Every way to show the mailbox ×
//! everything that may have been left: what stays.

use serde_json::{Value, json};

use super::{as_user, authenticator, code, mails, post, settings, token};
use crate::site::{Answer, PASSWORD, Project, Site, until};

const NEW: &str = "another horse battery";
const PHONE: &str = "+4930123456";

/// How the owner shows the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Code,
    MagicLink,
    Reset,
    Verification,
    VerificationInSession,
    LaterSignUp,
    AddressChange,
    AddressChangeInSession,
}

/// What stays of an account.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    password: bool,
    session: bool,
    factor: bool,
    recovery_codes: u64,
    phone: bool,
    /// A link to another address that was asked for before.
    address_change: bool,
}

const NOTHING: Left = Left {
    password: false,
    session: false,
    factor: false,
    recovery_codes: 0,
    phone: false,
    address_change: false,
};
/// What a sign-up gives.
const SIGN_UP: Left = Left {
    password: true,
    session: true,
    ..NOTHING
};
const EVERYTHING: Left = Left {
    password: true,
    session: true,
    factor: true,
    recovery_codes: 10,
    phone: true,
    address_change: true,
};

struct Squatted<'a> {
    site: &'a Site,
    project: &'a Project,
    /// Of the mailbox.
    email: String,
    /// The account's before.
    before: String,
    id: String,
    session: String,
    address_change: Option<String>,
}

fn text(answer: &Answer, name: &str) -> String {
    answer.json[name]
        .as_str()
        .unwrap_or_else(|| panic!("{answer:?}"))
        .to_owned()
}

impl<'a> Squatted<'a> {
    /// An account with all that its user can put there.
    fn new(site: &'a Site, project: &'a Project, way: Way) -> Self {
        let email = format!("{way:?}@example.com").to_lowercase();
        let moves = matches!(way, Way::AddressChange | Way::AddressChangeInSession);
        let before = if moves { format!("junk-{email}") } else { email.clone() };
        let made = site.registered(&project.pk, &before);
        let squatted = Self {
            site,
            project,
            id: made.json["user"]["id"].as_str().unwrap().to_owned(),
            session: made.token().to_owned(),
            address_change: None,
            email,
            before,
        };
        let begun = squatted.post("/auth/mfa/enroll", json!({}));
        let code = authenticator(site, &text(&begun, "secret"), 0);
        let confirm = json!({ "factor_id": text(&begun, "factor_id"), "code": code });
        assert_eq!(squatted.post("/auth/mfa/enroll/confirm", confirm).status, 200);
        let path = format!("/projects/a/environments/production/users/{}", squatted.id);
        let phone = json!({ "phone": PHONE, "phoneVerified": true });
        let patched = site.admin("PATCH", &path, Some(phone));
        assert_eq!(patched.status, 200, "{patched:?}");
        // The newest link is the one that works: where the proof is such a link, there is no other.
        let address_change = (!moves).then(|| {
            let to = format!("elsewhere-{}", squatted.email);
            let asked = squatted.post("/auth/email/change", json!({ "email": to }));
            assert_eq!(asked.status, 202, "{asked:?}");
            token(site, project, &to, "change-email")
        });
        Self {
            address_change,
            ..squatted
        }
    }

    fn post(&self, path: &str, body: Value) -> Answer {
        as_user(self.site, self.project, &self.session, "POST", path, Some(body))
    }

    fn anybody(&self, path: &str, body: Value) -> Answer {
        post(self.site, self.project, path, body)
    }

    fn mailed(&self, template: &str) -> String {
        token(self.site, self.project, &self.email, template)
    }

    fn shown(&self, way: Way) {
        let email = self.email.as_str();
        let verification = || {
            self.anybody("/auth/email/verify/send", json!({ "email": email }));
            json!({ "token": self.mailed("confirm-email") })
        };
        let change = || {
            self.post("/auth/email/change", json!({ "email": email }));
            json!({ "token": self.mailed("change-email") })
        };
        let done = match way {
            Way::Code => self.by_code(),
            Way::MagicLink => self.by_link(),
            Way::Reset => {
                self.anybody("/auth/password/forgot", json!({ "email": email }));
                let reset = json!({ "token": self.mailed("reset-password"), "password": NEW });
                self.anybody("/auth/password/reset", reset)
            }
            Way::Verification => self.anybody("/auth/email/verify", verification()),
            Way::VerificationInSession => self.post("/auth/email/verify", verification()),
            Way::LaterSignUp => self.by_later_sign_up(),
            Way::AddressChange => self.anybody("/auth/email/change/confirm", change()),
            Way::AddressChangeInSession => self.post("/auth/email/change/confirm", change()),
        };
        assert_eq!(done.status, 200, "{way:?} {done:?}");
        assert!(
            done.json.get("mfa").is_none(),
            "{way:?} asks for a factor of somebody else: {done:?}"
        );
    }

    fn by_code(&self) -> Answer {
        let ask = json!({ "channel": "email", "email": self.email });
        self.anybody("/auth/otp/send", ask);
        let code = code(self.site, self.project, &self.email);
        let shown = json!({ "channel": "email", "email": self.email, "code": code });
        self.anybody("/auth/otp/verify", shown)
    }

    fn by_link(&self) -> Answer {
        let before = mails(self.site, self.project, &self.email, "magic-link").len();
        self.anybody("/auth/magic-link/send", json!({ "email": self.email }));
        until(|| (mails(self.site, self.project, &self.email, "magic-link").len() > before).then_some(()));
        let link = json!({ "token": self.mailed("magic-link") });
        self.anybody("/auth/magic-link/verify", link)
    }

    fn by_later_sign_up(&self) -> Answer {
        settings(self.site, self.project, json!({ "confirmEmail": true }));
        let sign_up = |password: &str| {
            let body = json!({ "email": self.email, "password": password });
            assert_eq!(self.site.register(&self.project.pk, body).status, 202);
        };
        sign_up(NEW);
        let link = json!({ "token": self.mailed("confirm-email") });
        // Somebody else goes on trying: this link stands for its own sign-up alone.
        sign_up(PASSWORD);
        let verified = self.anybody("/auth/email/verify", link);
        settings(self.site, self.project, json!({}));
        verified
    }

    /// What there is now; the address is verified, whatever the way.
    fn left(&self) -> Left {
        let login = self.site.login(&self.project.pk, &self.email, PASSWORD);
        let session = self.site.me(&self.project.pk, &self.session).status == 200;
        let came = self.by_link();
        let factor = came.json.get("mfa").is_some();
        let user = format!("/projects/a/environments/production/users/{}", self.id);
        let user = self.site.admin("GET", &user, None).json["user"].clone();
        assert_eq!(
            (&user["email"], &user["emailVerified"]),
            (&json!(self.email), &json!(true))
        );
        let whose = if factor { &self.session } else { came.token() };
        let factors = as_user(self.site, self.project, whose, "GET", "/auth/mfa/factors", None);
        assert_eq!(factors.json["factors"].as_array().unwrap().is_empty(), !factor);
        let change = self.address_change.as_ref();
        Left {
            password: login.status == 200,
            session,
            factor,
            recovery_codes: factors.json["recovery_codes_left"].as_u64().unwrap(),
            phone: user["phone"] == PHONE,
            address_change: change.is_some_and(|token| {
                let change = json!({ "token": token });
                self.anybody("/auth/email/change/confirm", change).status == 200
            }),
        }
    }
}

#[test]
fn whoever_shows_the_mailbox_gets_the_account_without_what_others_left_there() {
    let site = Site::new();
    let project = site.project("a");
    for (way, left) in [
        (Way::Code, NOTHING),
        (Way::MagicLink, NOTHING),
        (Way::Reset, NOTHING),
        (Way::LaterSignUp, NOTHING),
        (Way::Verification, SIGN_UP),
        (Way::VerificationInSession, EVERYTHING),
        (Way::AddressChange, SIGN_UP),
        (
            Way::AddressChangeInSession,
            Left {
                address_change: false,
                ..EVERYTHING
            },
        ),
    ] {
        let squatted = Squatted::new(&site, &project, way);
        squatted.shown(way);
        assert_eq!(squatted.left(), left, "{way:?}");
        let own = site.login(&project.pk, &squatted.email, NEW).status;
        let has_own = matches!(way, Way::Reset | Way::LaterSignUp);
        assert_eq!(own == 200, has_own, "{way:?}: the password that the owner has chosen");
        // The number is free again for whoever has it.
        let path = format!("/projects/a/environments/production/users/{}", squatted.id);
        assert_eq!(site.admin("DELETE", &path, None).status, 200);
    }
    let path = "/projects/a/environments/production/audit?action=mfa.removed&limit=100";
    let noted = site.admin("GET", path, None);
    let noted = noted.json["audit"].as_array().map_or(0, Vec::len);
    assert_eq!(noted, 6, "each factor that was taken away is a line");
}

#[test]
fn what_the_owner_set_up_after_the_proof_stays() {
    let site = Site::new();
    let project = site.project("a");
    for way in [Way::Code, Way::MagicLink] {
        let squatted = Squatted::new(&site, &project, way);
        squatted.shown(way);
        let came = squatted.by_link();
        let owner = Squatted {
            session: came.token().to_owned(),
            ..squatted
        };
        let begun = owner.post("/auth/mfa/enroll", json!({}));
        site.running().clock().advance_ms(60_000);
        let code = authenticator(&site, &text(&begun, "secret"), 0);
        let confirm = json!({ "factor_id": text(&begun, "factor_id"), "code": code });
        assert_eq!(owner.post("/auth/mfa/enroll/confirm", confirm).status, 200);
        assert!(owner.by_link().json.get("mfa").is_some(), "{way:?}");
        assert_eq!(site.me(&project.pk, &owner.session).status, 200);
        assert_eq!(owner.before, owner.email);
        let path = format!("/projects/a/environments/production/users/{}", owner.id);
        assert_eq!(site.admin("DELETE", &path, None).status, 200);
    }
}

#[test]
fn where_a_factor_is_required_the_owner_enrols_their_own() {
    let site = Site::new();
    let project = site.project("a");
    let squatted = Squatted::new(&site, &project, Way::Code);
    settings(&site, &project, json!({ "mfa": "required" }));
    let came = squatted.by_code();
    assert_eq!(came.status, 200, "{came:?}");
    let token = came.json["mfa_enrollment"]["token"].as_str();
    let token = token.unwrap_or_else(|| panic!("a factor of somebody else is asked for: {came:?}"));
    let begun = squatted.anybody("/auth/mfa/enroll", json!({ "token": token }));
    assert_eq!(begun.status, 201, "{begun:?}");
}
