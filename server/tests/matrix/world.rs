//! What the rows of the matrix are made of: a server with one project, users of every kind, and what an admin sees.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{paths::PATHS, providers::PROVIDERS};
use crate::{
    peers::Peer,
    site::{Answer, PASSWORD, Project, Site, until},
};

/// The old one and the new one.
pub(crate) const PASSWORDS: [&str; 2] = [PASSWORD, "another fine battery"];

/// Every point there is, in the order of the documentation.
pub(crate) const POINTS: [&str; 28] = [
    "beforeSignup",
    "afterSignup",
    "beforeLogin",
    "afterLogin",
    "beforeTokenIssue",
    "afterTokenIssue",
    "beforeTokenRefresh",
    "afterTokenRefresh",
    "beforeLogout",
    "afterLogout",
    "beforePasswordResetRequest",
    "afterPasswordResetRequest",
    "beforePasswordReset",
    "afterPasswordReset",
    "beforePasswordChange",
    "afterPasswordChange",
    "beforeOtpSend",
    "afterOtpSend",
    "beforeOtpVerify",
    "afterOtpVerify",
    "beforeEmailVerify",
    "afterEmailVerify",
    "beforeUserUpdate",
    "afterUserUpdate",
    "beforeUserDelete",
    "afterUserDelete",
    "beforeMfaVerify",
    "afterMfaVerify",
];

/// A way through the flows.
pub(crate) struct Path {
    pub(crate) name: &'static str,
    /// The hooks on it, in their order.
    pub(crate) points: &'static [&'static str],
    /// What it answers when all goes well.
    pub(crate) status: u16,
    /// How the user signs in, as hooks see it.
    pub(crate) provider: &'static str,
    /// Whether the user is named to hooks and still there afterwards.
    pub(crate) names_a_user: bool,
    /// Before there is a hook.
    pub(crate) prepare: fn(&World) -> Ready,
    pub(crate) run: fn(&World, &Ready) -> Answer,
    /// Whether what the request is for has happened.
    pub(crate) happened: fn(&World, &Ready) -> bool,
}

/// What a path needs.
#[derive(Default)]
pub(crate) struct Ready {
    pub(crate) email: String,
    pub(crate) user_id: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    /// A link's token or a code.
    pub(crate) secret: String,
    /// How many there were of what the request makes more of.
    pub(crate) before: usize,
}

pub(crate) struct World {
    pub(crate) site: Site,
    pub(crate) project: Project,
    users: AtomicUsize,
    /// Whether requests of the auth API are tried instead of sent.
    trying: AtomicBool,
    /// An identity provider that vouches for whomever the test names, if its packages are installed.
    pub(crate) peer: Option<Peer>,
}

/// All rows.
pub(crate) fn rows() -> impl Iterator<Item = &'static Path> {
    PATHS.iter().chain(PROVIDERS)
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Peer::start("forger.mjs", &[]))
    }

    /// One in which the row of this name can be walked, with what that needs; `None` where it is not installed.
    pub(crate) fn of(row: &str) -> Option<(Self, &'static Path)> {
        let path = rows().find(|path| path.name == row).expect("a row of that name");
        let needs_peer = PROVIDERS.iter().any(|provider| provider.name == row);
        let peer = match needs_peer {
            true => Some(Peer::start("forger.mjs", &[])?),
            false => None,
        };
        Some((Self::with(peer), path))
    }

    fn with(peer: Option<Peer>) -> Self {
        Self::with_settings(peer, &[])
    }

    pub(crate) fn with_settings(peer: Option<Peer>, env: &[(&str, &str)]) -> Self {
        let local = ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.1/32");
        let site = Site::with(&[&[local], env].concat());
        let project = site.project("a");
        if let Some(peer) = &peer {
            crate::oauth::settings(&site, &project, &peer.base);
        }
        Self {
            peer,
            site,
            project,
            users: AtomicUsize::new(0),
            trying: AtomicBool::new(false),
        }
    }

    /// All rows that can be walked here.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &'static Path> {
        let vouched = self.peer.is_some().then_some(PROVIDERS);
        PATHS.iter().chain(vouched.into_iter().flatten())
    }

    pub(crate) fn live(&self, hooks: &[(&str, &str)]) {
        self.site.live("a", hooks);
    }

    /// An address that nobody has.
    pub(crate) fn address(&self) -> String {
        format!("user{}@work.example", self.users.fetch_add(1, Ordering::Relaxed))
    }

    /// A user with the first password, signed in.
    pub(crate) fn user(&self) -> Ready {
        let email = self.address();
        let made = self.site.registered(&self.project.pk, &email);
        Ready {
            email,
            user_id: text(&made.json["user"]["id"]),
            access_token: text(&made.json["access_token"]),
            refresh_token: text(&made.json["refresh_token"]),
            ..Ready::default()
        }
    }

    /// What a request of the auth API would be answered: it is tried, not sent. The answer is the whole try.
    pub(crate) fn tried(&self, request: impl FnOnce() -> Answer) -> Answer {
        self.trying.store(true, Ordering::Relaxed);
        let answer = request();
        self.trying.store(false, Ordering::Relaxed);
        answer
    }

    fn try_one(&self, method: &str, path: &str, bearer: Option<&str>, body: Option<Value>) -> Answer {
        let headers = bearer.map_or_else(|| json!({}), |bearer| json!({ "authorization": bearer }));
        let request = json!({ "method": method, "path": path, "headers": headers, "body": body, "mode": "dry-run" });
        self.admin("POST", "/try", Some(request))
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Answer {
        if self.trying.load(Ordering::Relaxed) {
            return self.try_one("POST", path, None, Some(body));
        }
        self.site.post(path, &self.project.pk, body)
    }

    /// As the user who is signed in.
    pub(crate) fn signed_in(&self, ready: &Ready, method: &str, path: &str, body: Option<Value>) -> Answer {
        let bearer = format!("Bearer {}", ready.access_token);
        if self.trying.load(Ordering::Relaxed) {
            return self.try_one(method, path, Some(&bearer), body);
        }
        let headers = [
            ("x-aerocall-key", self.project.pk.as_str()),
            ("authorization", &bearer),
            ("content-type", "application/json"),
        ];
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.site.send(method, path, &headers, body.as_bytes())
    }

    pub(crate) fn admin(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let path = format!("/projects/a/environments/production{path}");
        self.site.admin(method, &path, body)
    }

    /// The user as the admin sees them.
    pub(crate) fn seen(&self, ready: &Ready) -> Option<Value> {
        let id = match ready.user_id.as_str() {
            "" => return self.by_email(&ready.email),
            id => id,
        };
        let answer = self.admin("GET", &format!("/users/{id}"), None);
        (answer.status == 200).then(|| answer.json["user"].clone())
    }

    pub(crate) fn by_email(&self, email: &str) -> Option<Value> {
        let listed = self.admin("GET", &format!("/users?q={email}"), None);
        let users = listed.json["users"].as_array().unwrap_or_else(|| panic!("{listed:?}"));
        users.iter().find(|user| user["email"] == email).cloned()
    }

    pub(crate) fn metadata(&self, ready: &Ready) -> Value {
        self.seen(ready)
            .map(|user| user["metadata"].clone())
            .unwrap_or_default()
    }

    pub(crate) fn sessions(&self, ready: &Ready) -> usize {
        let answer = self.admin("GET", &format!("/users/{}/export", ready.user_id), None);
        let sessions = answer.json["sessions"].as_array().cloned().unwrap_or_default();
        sessions.iter().filter(|session| session["revokedAt"].is_null()).count()
    }

    /// Whether they have a session of this provider's.
    pub(crate) fn came_in_by(&self, ready: &Ready, provider: &str) -> bool {
        let answer = self.admin("GET", &format!("/users/{}/export", ready.user_id), None);
        let sessions = answer.json["sessions"].as_array().cloned().unwrap_or_default();
        sessions.iter().any(|session| session["provider"] == provider)
    }

    pub(crate) fn mails_to(&self, email: &str) -> Vec<Value> {
        let listed = self.admin("GET", "/mails?limit=100", None);
        let mails = listed.json["mails"].as_array().cloned().unwrap_or_default();
        mails.into_iter().filter(|mail| mail["to"] == email).collect()
    }

    /// The secret in the newest mail to the address, once it is there: what `of` finds in its text.
    pub(crate) fn mailed(&self, email: &str, before: usize, of: fn(&str) -> Option<String>) -> String {
        until(|| {
            let mails = self.mails_to(email);
            if mails.len() <= before {
                return None;
            }
            let id = text(&mails[0]["id"]);
            let mail = self.admin("GET", &format!("/mails/{id}"), None);
            of(mail.json["text"].as_str()?)
        })
    }

    /// The calls of hooks in a request, in their order: so many, and those that should not be there.
    pub(crate) fn records_of(&self, answer: &Answer, expected: usize) -> Vec<Value> {
        let id = answer.header("x-request-id");
        let listed = || {
            self.site.recorded();
            let listed = self.admin("GET", &format!("/invocations?requestId={id}&limit=100"), None);
            listed.json["invocations"].as_array().cloned().unwrap_or_default()
        };
        // A hook whose request did not wait for its end is recorded when it ends.
        let mut seen = until(|| Some(listed()).filter(|seen| seen.len() >= expected));
        seen.reverse();
        seen
    }

    pub(crate) fn points_of(&self, answer: &Answer, expected: usize) -> Vec<String> {
        self.records_of(answer, expected)
            .iter()
            .map(|call| text(&call["point"]))
            .collect()
    }

    pub(crate) fn hooks_of(&self, answer: &Answer, expected: usize) -> Vec<String> {
        self.records_of(answer, expected)
            .iter()
            .map(|call| text(&call["hook"]))
            .collect()
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The claims of the access token in an answer.
pub(crate) fn claims(answer: &Answer) -> Value {
    let token = answer.token();
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

/// Six digits that stand alone.
pub(crate) fn code_in(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
    words.find(is_code).map(str::to_owned)
}

/// The token of a link.
pub(crate) fn token_in(text: &str) -> Option<String> {
    let start = text.find("ot_")?;
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    Some(text[start..].chars().take_while(|c| legal(*c)).collect())
}

/// No body.
pub(crate) fn nothing() -> Value {
    json!({})
}
