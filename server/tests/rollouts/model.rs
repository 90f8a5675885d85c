//! Rollouts against a model: whatever is done in whatever order, every answer and every state is the one that the model gives,
//! and whoever signs up gets a version that the model says they may get. A failure names its seed; `MODEL_SEEDS` runs more.

use serde_json::json;

use super::{ENVIRONMENT, ROLLOUT, later, mark, marking, put, signed_up};
use crate::site::{Answer, Project, Site};

const SEEDS: u64 = 3;
const STEPS: u64 = 60;
const LIFE_MS: i64 = 10 * 60_000;

/// SplitMix64 (Steele, Lea, Flood 2014): a sequence for each seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Rollout {
    kind: &'static str,
    version: u64,
    share: u64,
    state: &'static str,
}

/// What is live, deployment by deployment, and the newest rollout.
struct Story<'s> {
    site: &'s Site,
    project: &'s Project,
    random: Random,
    /// Version and whether it is enabled.
    deployments: Vec<(u64, bool)>,
    rollout: Option<Rollout>,
    users: u64,
    seed: u64,
}

type Ended = (u16, String);

fn ended(answer: &Answer) -> Ended {
    match answer.status {
        200..300 => (answer.status, String::new()),
        status => (status, answer.code().to_owned()),
    }
}

fn no(status: u16, code: &str) -> Ended {
    (status, code.to_owned())
}

fn ok(status: u16) -> Ended {
    (status, String::new())
}

impl Story<'_> {
    fn live(&self) -> (u64, bool) {
        *self.deployments.last().unwrap()
    }

    fn running(&mut self) -> Option<&mut Rollout> {
        self.rollout.as_mut().filter(|rollout| rollout.state == "running")
    }

    /// What becomes of the rollout when this is live.
    fn deployed(&mut self, version: u64, enabled: bool) {
        let before = self.live().0;
        self.deployments.push((version, enabled));
        if let Some(rollout) = self.running() {
            match (rollout.version == version, before == version && enabled) {
                (true, _) => rollout.state = "promoted",
                (false, true) => {}
                (false, false) => rollout.state = "replaced",
            }
        }
    }

    fn step(&mut self) -> (&'static str, Ended, Ended) {
        match self.random.below(8) {
            0 | 1 => self.put(),
            2 => self.stop(),
            3 => self.promote(),
            4 => self.deploy(),
            5 => self.roll_back(),
            6 => self.switch(),
            _ => self.time(),
        }
    }

    fn put(&mut self) -> (&'static str, Ended, Ended) {
        let kind = ["canary", "canary", "shadow"][self.random.below(3) as usize];
        let (version, share) = (1 + self.random.below(3), [100, 100, 40][self.random.below(3) as usize]);
        let body = json!({ "kind": kind, "version": version, "share": share, "until": later(self.site, LIFE_MS) });
        let answer = put(self.site, body);
        let (live, enabled) = self.live();
        let new = Rollout {
            kind,
            version,
            share,
            state: "running",
        };
        let expected = match self.running() {
            _ if !enabled || live == version => no(409, "rollout_conflict"),
            Some(old) if old.kind != kind || old.version != version => no(409, "rollout_conflict"),
            Some(old) => {
                *old = new;
                ok(200)
            }
            None => {
                self.rollout = Some(new);
                ok(201)
            }
        };
        ("put", ended(&answer), expected)
    }

    fn stop(&mut self) -> (&'static str, Ended, Ended) {
        let answer = self.site.admin("POST", &format!("{ROLLOUT}/stop"), None);
        if let Some(rollout) = self.running() {
            rollout.state = "stopped";
        }
        let expected = self.rollout.as_ref().map_or(no(404, "not_found"), |_| ok(200));
        ("stop", ended(&answer), expected)
    }

    fn promote(&mut self) -> (&'static str, Ended, Ended) {
        let answer = self.site.admin("POST", &format!("{ROLLOUT}/promote"), Some(json!({})));
        let expected = match self.rollout.clone() {
            None => no(404, "not_found"),
            Some(rollout) if rollout.state == "running" => {
                self.deployed(rollout.version, true);
                ok(201)
            }
            Some(_) => no(409, "rollout_over"),
        };
        ("promote", ended(&answer), expected)
    }

    fn deploy(&mut self) -> (&'static str, Ended, Ended) {
        let version = 1 + self.random.below(3);
        let answer = self.site.deploy("a", json!([{ "name": "gate", "number": version }]));
        self.deployed(version, true);
        ("deploy", ended(&answer), ok(201))
    }

    fn roll_back(&mut self) -> (&'static str, Ended, Ended) {
        // Of the last ten all versions are kept; here there are three in all.
        let to = 1 + self.random.below(self.deployments.len() as u64);
        let path = format!("{ENVIRONMENT}/deployments/{to}/rollback");
        let answer = self.site.admin("POST", &path, Some(json!({})));
        let (version, enabled) = self.deployments[to as usize - 1];
        self.deployed(version, enabled);
        ("roll back", ended(&answer), ok(201))
    }

    fn switch(&mut self) -> (&'static str, Ended, Ended) {
        let wanted = self.random.below(3) > 0;
        let path = format!("{ENVIRONMENT}/hooks/gate");
        let answer = self.site.admin("PATCH", &path, Some(json!({ "enabled": wanted })));
        let (version, enabled) = self.live();
        if enabled != wanted {
            self.deployed(version, wanted);
        }
        ("switch", ended(&answer), ok(200))
    }

    fn time(&mut self) -> (&'static str, Ended, Ended) {
        self.site.running().clock().advance_ms(LIFE_MS + 1);
        if let Some(rollout) = self.running() {
            rollout.state = "ended";
        }
        ("time", ok(0), ok(0))
    }

    /// What is shown, and what a new user gets.
    fn check(&mut self, place: &str) {
        let shown = self.site.admin("GET", ROLLOUT, None);
        match &self.rollout {
            None => assert_eq!(shown.status, 404, "{place}"),
            Some(rollout) => {
                let found = (
                    &shown.json["kind"],
                    &shown.json["version"],
                    &shown.json["state"],
                    &shown.json["share"],
                );
                let wanted = (
                    &json!(rollout.kind),
                    &json!(rollout.version),
                    &json!(rollout.state),
                    &json!(rollout.share as f64),
                );
                assert_eq!(found, wanted, "{place}");
            }
        }
        self.users += 1;
        let email = format!("user{}.{}@example.com", self.seed, self.users);
        let answer = signed_up(self.site, self.project, &email);
        assert_eq!(answer.status, 201, "{place}: {answer:?}");
        let (live, enabled) = self.live();
        let canary = self
            .rollout
            .clone()
            .filter(|rollout| rollout.state == "running" && rollout.kind == "canary");
        let may_get: Vec<u64> = match canary {
            Some(canary) if canary.share == 100 => vec![canary.version],
            Some(canary) => vec![live, canary.version],
            None => vec![live],
        };
        match enabled {
            true => {
                let got: u64 = mark(&answer).parse().unwrap();
                assert!(may_get.contains(&got), "{place}: {got} is none of {may_get:?}");
            }
            false => assert!(answer.json["user"]["metadata"]["mark"].is_null(), "{place}: {answer:?}"),
        }
    }
}

#[test]
fn every_order_of_starts_stops_promotions_deployments_and_ends() {
    let seeds = std::env::var("MODEL_SEEDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(SEEDS);
    for seed in 1..=seeds {
        let site = Site::new();
        let project = site.project("a");
        for n in 1..=3 {
            assert_eq!(site.version("a", "gate", &marking(&n.to_string())), n);
        }
        assert_eq!(site.deploy("a", json!([{ "name": "gate", "number": 1 }])).status, 201);
        let mut story = Story {
            site: &site,
            project: &project,
            random: Random(seed),
            deployments: vec![(1, true)],
            rollout: None,
            users: 0,
            seed,
        };
        for step in 0..STEPS {
            let (what, found, expected) = story.step();
            let place = format!("seed {seed}, step {step}: {what}");
            assert_eq!(found, expected, "{place}");
            story.check(&place);
        }
    }
}
