//! Rollouts: a version of a hook beside the live one, for a time. A *canary* decides a share of the calls, the same calls each
//! time; a call that it fails is decided by the live version, so that no client sees the failure. A *shadow* is run on the calls
//! that the live version has decided, when their requests are over, and without effects.
//!
//! `run`: calls of a hook that has one, `figures`: what came of the calls of both sides, `rule`: when a rollout stops by itself, `counts`: how both get into the
//! store, `shadow`: calls of a shadow.

mod counts;
mod figures;
mod rule;
mod run;
mod shadow;

use std::sync::Arc;

use aerocall_api_types::{InvocationMode, RolloutKind, RunningRollout};
use serde_json::Value;
use tokio::sync::Semaphore;

pub(crate) use counts::{Counts, end_overdue};
pub(crate) use figures::{Cost, Counted, Figures};
pub(crate) use rule::verdict;
pub(crate) use shadow::Places;
pub(in crate::hooks) use shadow::{Decided, Shadowed};

use super::{LiveHook, Payload};
use crate::{
    base::{
        clock,
        crypto::MasterKey,
        error::{Error, Result},
        input::Email,
        request::RequestMeta,
        stored,
    },
    security::limits,
    storage::store::RolloutRow,
};

/// All calls, in thousandths of a percent.
const ALL: u64 = 100_000;

/// What of a rollout decides which calls it gets. Two that are equal here are one to whoever runs hooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) id: String,
    pub(crate) kind: RolloutKind,
    pub(crate) version_id: String,
    /// In thousandths of a percent.
    share: u32,
    key: Key,
    pub(crate) until_ms: i64,
}

/// What calls are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    User,
    Ip,
}

/// A rollout of a hook that is live.
#[derive(Debug)]
pub(crate) struct Rollout {
    pub(crate) plan: Plan,
    /// The version that is tried, with everything else as the deployment has it.
    pub(crate) candidate: LiveHook,
    /// Calls of a shadow that may still wait; closed when the rollout has ended.
    waiting: Arc<Semaphore>,
}

/// A version of a rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Live,
    Candidate,
}

/// In which way a call is run, and who counts it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lane<'a> {
    pub(crate) mode: InvocationMode,
    pub(crate) counted: Option<(&'a Plan, Side)>,
    /// What is run on the same call when the request is over.
    pub(crate) shadow: Option<&'a Arc<Rollout>>,
}

impl Lane<'_> {
    /// Of the live version, and counted by no rollout.
    pub(crate) const LIVE: Self = Self {
        mode: InvocationMode::Live,
        counted: None,
        shadow: None,
    };
}

/// How records have it.
pub(crate) fn word(mode: InvocationMode) -> &'static str {
    match mode {
        InvocationMode::Live => "live",
        InvocationMode::Canary => "canary",
        InvocationMode::Shadow => "shadow",
    }
}

/// Of an answer, in percent.
pub(crate) fn percent_of(share: i32) -> f64 {
    f64::from(share) / 1_000.0
}

impl Plan {
    pub(crate) fn of(row: &RolloutRow) -> Result<Self> {
        Ok(Self {
            id: row.id.clone(),
            kind: stored::word(&row.kind)?,
            version_id: row.version_id.clone(),
            share: u32::try_from(row.share).map_err(|error| Error::unexpected("reading a stored rollout", error))?,
            key: match row.sticky_by.as_str() {
                "ip" => Key::Ip,
                _ => Key::User,
            },
            until_ms: row.until_ms,
        })
    }

    /// Whether it gets the call with this key. The same each time, on every node, and of a greater share as well: nobody goes back
    /// to the live version when the share is raised.
    fn takes(&self, master: &MasterKey, key: &str) -> bool {
        let [a, b, c, d, e, f, g, h, ..] = master.mac("rollout", &[&self.id, key]);
        // How far the bias of the remainder goes is below what can be counted: 2⁶⁴ is 10¹⁴ times as much.
        u64::from_be_bytes([a, b, c, d, e, f, g, h]) % ALL < u64::from(self.share)
    }
}

impl Rollout {
    /// `known`: the same rollout, as it was live so far.
    pub(crate) fn new(plan: Plan, candidate: LiveHook, known: Option<&Self>) -> Self {
        Self {
            plan,
            candidate,
            waiting: known.map_or_else(shadow::waiting, |known| Arc::clone(&known.waiting)),
        }
    }

    /// Calls that wait are not run any more.
    pub(super) fn end(&self) {
        self.waiting.close();
    }

    fn has_ended(&self) -> bool {
        self.waiting.is_closed()
    }

    pub(crate) fn shown(&self) -> RunningRollout {
        RunningRollout {
            id: self.plan.id.clone(),
            kind: self.plan.kind,
            version: self.candidate.version_number,
            share: f64::from(self.plan.share) / 1_000.0,
            until: clock::iso(self.plan.until_ms).into(),
        }
    }

    /// Whether the version has what is to be run; where it does not, the live version alone is run.
    fn answers(&self, name: &str) -> bool {
        let manifest = &self.candidate.manifest;
        manifest.hooks.iter().chain(&manifest.events).any(|own| own == name)
    }
}

/// Who a call is about.
pub(crate) enum About<'a> {
    /// A call in a flow.
    Flow {
        payload: &'a Payload,
        request: &'a RequestMeta,
    },
    /// A call of a script hook. `cause`: what it answers.
    Script { payload: &'a str, cause: &'a str },
}

impl About<'_> {
    fn key(&self, by: Key) -> String {
        match (self, by) {
            (Self::Flow { payload, request }, Key::User) => of_user(payload, &request.ip),
            (Self::Flow { request, .. }, Key::Ip) => of_ip(&request.ip),
            (Self::Script { payload, cause }, _) => of_document(payload, cause),
        }
    }
}

/// By the address, which is known before the account is there and stays with it; where a payload has none, by the id.
fn of_user(payload: &Payload, ip: &str) -> String {
    let fact = |name: &str| payload.facts.get(name).and_then(Value::as_str);
    let email = payload.user.as_ref().map(|user| of_email(user.email.as_str()));
    let email = email.or_else(|| fact("email").or_else(|| fact("to")).map(of_email));
    email
        .or_else(|| payload.user_id.as_ref().map(|id| format!("user {id}")))
        .unwrap_or_else(|| of_ip(ip))
}

fn of_email(text: &str) -> String {
    format!("email {}", Email::stored(text).normal())
}

fn of_ip(ip: &str) -> String {
    format!("ip {}", limits::client(ip))
}

/// An event is about a user; what a message is about nobody knows, and so it is its own.
fn of_document(payload: &str, cause: &str) -> String {
    let document: Value = serde_json::from_str(payload).unwrap_or_default();
    let text = |path: &str| document.pointer(path).and_then(Value::as_str);
    let email = text("/data/user/email").or_else(|| text("/data/email")).map(of_email);
    let id = || text("/data/user/id").or_else(|| text("/data/userId"));
    email
        .or_else(|| id().map(|id| format!("user {id}")))
        .unwrap_or_else(|| format!("cause {cause}"))
}

/// The rollout of a hook that a call belongs to, and on which side it is.
pub(crate) fn chosen<'h>(
    hook: &'h LiveHook,
    name: &str,
    master: &MasterKey,
    now_ms: i64,
    about: &About<'_>,
) -> Option<(&'h Arc<Rollout>, Side)> {
    let rollout = hook.rollout.as_ref()?;
    // Every node goes by the same clock: at the end it is over everywhere, whoever hears of it when.
    if now_ms >= rollout.plan.until_ms || !rollout.answers(name) {
        return None;
    }
    let side = match rollout.plan.takes(master, &about.key(rollout.plan.key)) {
        true => Side::Candidate,
        false => Side::Live,
    };
    Some((rollout, side))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(id: &str, share: u32) -> Plan {
        Plan {
            id: id.to_owned(),
            kind: RolloutKind::Canary,
            version_id: String::new(),
            share,
            key: Key::User,
            until_ms: 0,
        }
    }

    #[test]
    fn a_share_is_that_share_and_a_greater_one_has_all_of_a_smaller_one() {
        let master = MasterKey::given(&[7; 32]);
        let takes = |id: &str, share: u32, user: usize| plan(id, share).takes(&master, &format!("user {user}"));
        for (share, least, most) in [
            (1, 0, 3),
            (1_000, 60, 140),
            (20_000, 1_850, 2_150),
            (ALL as u32, 10_000, 10_000),
        ] {
            let count = (0..10_000).filter(|user| takes("rol_1", share, *user)).count();
            assert!((least..=most).contains(&count), "{share}: {count}");
        }
        for user in 0..2_000 {
            let mut before = false;
            for share in [100, 1_000, 5_000, 25_000, 60_000, ALL as u32] {
                let now = takes("rol_1", share, user);
                assert!(now || !before, "{user} went back at {share}");
                before = now;
            }
        }
        let both = (0..10_000)
            .filter(|user| takes("rol_1", 50_000, *user) && takes("rol_2", 50_000, *user))
            .count();
        assert!(
            (2_300..2_700).contains(&both),
            "another rollout has other users: {both}"
        );
    }

    #[test]
    fn a_user_is_known_before_there_is_an_account() {
        let about = |email: &str, id: Option<&str>| {
            let mut payload = Payload {
                user_id: id.map(str::to_owned),
                ..Payload::default()
            };
            payload.facts.insert("email".to_owned(), email.into());
            of_user(&payload, "192.0.2.1")
        };
        assert_eq!(about("Ada@Example.com", None), about("ada@example.COM", Some("usr_1")));
        assert_eq!(of_user(&Payload::default(), "2001:db8::1"), of_ip("2001:db8::2"));
        let event = r#"{"data":{"user":{"id":"usr_1","email":"ada@example.com"}}}"#;
        assert_eq!(of_document(event, "job_1"), about("ada@example.com", None));
        assert_eq!(of_document("[]", "job_1"), "cause job_1");
    }
}
