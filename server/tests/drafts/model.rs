//! Drafts, versions and deployments against a model: whatever is done in whatever order, every answer is the one that the model
//! gives, and so is what is there afterwards. A failure names its seed; `MODEL_SEEDS` runs more of them.

use std::collections::BTreeMap;

use serde_json::json;

use super::{ask, files, get, post};
use crate::{
    bundles::hook,
    site::{Answer, Site},
};

const SEEDS: u64 = 4;
const STEPS: u64 = 40;

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

/// A text of the hook's file; each is a bundle of its own.
fn text(variant: u64) -> String {
    hook(
        "beforeSignup",
        &format!("return {{ patch: {{ user: {{ name: '{variant}' }} }} }};"),
    )
}

#[derive(Clone, Debug, PartialEq)]
struct Draft {
    revision: u64,
    variant: u64,
    base: Option<u64>,
}

/// What must be there of one hook.
#[derive(Default)]
struct Model {
    draft: Option<Draft>,
    last_deleted: u64,
    /// By number: what it was built from, and the base of its draft.
    versions: BTreeMap<u64, (u64, Option<u64>)>,
    /// The live version after each deployment.
    deployments: Vec<u64>,
}

/// The status and, of a refusal, the code.
fn ended(answer: &Answer) -> (u16, String) {
    match answer.status {
        200..300 => (answer.status, String::new()),
        status => (status, answer.code().to_owned()),
    }
}

fn ok(status: u16) -> (u16, String) {
    (status, String::new())
}

fn no(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

struct Story<'s> {
    site: &'s Site,
    random: Random,
    model: Model,
}

impl Story<'_> {
    /// A revision that was right, or was once, or never will be.
    fn some_revision(&mut self) -> u64 {
        let now = self
            .model
            .draft
            .as_ref()
            .map_or(self.model.last_deleted, |draft| draft.revision);
        match self.random.below(4) {
            0 => now.saturating_sub(1).max(1),
            1 => now + 1,
            _ => now.max(1),
        }
    }

    fn step(&mut self) -> (&'static str, (u16, String), (u16, String)) {
        match self.random.below(7) {
            0 => self.create(),
            1 => self.begin(),
            2 => self.delete(),
            3 | 4 => self.edit(),
            5 => self.make(),
            _ => self.deploy(),
        }
    }

    fn create(&mut self) -> (&'static str, (u16, String), (u16, String)) {
        let answer = post(self.site, "", &json!({ "name": "gate" }));
        let expected = match self.model.draft.is_some() || !self.model.versions.is_empty() {
            true => no(409, "hook_exists"),
            false => {
                let revision = self.model.last_deleted + 1;
                // Its text is the template's: no variant.
                self.model.draft = Some(Draft {
                    revision,
                    variant: u64::MAX,
                    base: None,
                });
                ok(201)
            }
        };
        ("create", ended(&answer), expected)
    }

    fn begin(&mut self) -> (&'static str, (u16, String), (u16, String)) {
        let from = self.random.below(self.model.versions.len() as u64 + 1) + 1;
        let answer = post(self.site, "/gate/draft", &json!({ "from": from }));
        let expected = match (self.model.versions.get(&from), &self.model.draft) {
            (None, _) => no(404, "not_found"),
            (Some(_), Some(_)) => no(409, "draft_exists"),
            (Some((variant, _)), None) => {
                let revision = self.model.last_deleted + 1;
                self.model.draft = Some(Draft {
                    revision,
                    variant: *variant,
                    base: Some(from),
                });
                ok(201)
            }
        };
        ("begin", ended(&answer), expected)
    }

    /// What a change of the draft at this revision comes to, if it is not made.
    fn refusal(&self, revision: u64) -> Option<(u16, String)> {
        match &self.model.draft {
            Some(draft) if draft.revision == revision => None,
            Some(_) => Some(no(412, "draft_conflict")),
            None if self.model.last_deleted >= revision => Some(no(412, "draft_conflict")),
            None => Some(no(404, "not_found")),
        }
    }

    fn delete(&mut self) -> (&'static str, (u16, String), (u16, String)) {
        let revision = self.some_revision();
        let answer = ask(
            self.site,
            "DELETE",
            "/gate/draft",
            Some(&format!("\"{revision}\"")),
            None,
        );
        let expected = self.refusal(revision).unwrap_or_else(|| {
            self.model.draft = None;
            self.model.last_deleted = self.model.last_deleted.max(revision);
            ok(200)
        });
        ("delete", ended(&answer), expected)
    }

    fn edit(&mut self) -> (&'static str, (u16, String), (u16, String)) {
        let (revision, variant) = (self.some_revision(), self.random.below(4));
        let tag = format!("\"{revision}\"");
        let answer = ask(
            self.site,
            "PUT",
            "/gate/draft",
            Some(&tag),
            Some(&files(&text(variant))),
        );
        let expected = self.refusal(revision).unwrap_or_else(|| {
            if let Some(draft) = &mut self.model.draft {
                (draft.revision, draft.variant) = (revision + 1, variant);
            }
            ok(200)
        });
        ("edit", ended(&answer), expected)
    }

    fn make(&mut self) -> (&'static str, (u16, String), (u16, String)) {
        let revision = self.some_revision();
        let answer = post(self.site, "/gate/versions", &json!({ "revision": revision }));
        let expected = match &mut self.model.draft {
            None => no(404, "not_found"),
            Some(draft) if draft.revision != revision => no(412, "draft_conflict"),
            Some(draft) => {
                let versions = &mut self.model.versions;
                let known = versions.iter().find(|(_, (variant, _))| *variant == draft.variant);
                let known = known.map(|(number, _)| *number);
                let number = known.unwrap_or(versions.len() as u64 + 1);
                if known.is_none() {
                    versions.insert(number, (draft.variant, draft.base));
                }
                draft.base = Some(number);
                ok(if known.is_some() { 200 } else { 201 })
            }
        };
        ("make", ended(&answer), expected)
    }

    fn deploy(&mut self) -> (&'static str, (u16, String), (u16, String)) {
        let number = self.random.below(self.model.versions.len() as u64 + 1) + 1;
        let made = self.model.deployments.len() as u64;
        let expect = if self.random.below(4) == 0 { made + 1 } else { made };
        let is_forced = self.random.below(4) == 0;
        let mut body = json!({ "hooks": [{ "name": "gate", "number": number }], "expect": expect });
        if is_forced {
            body["force"] = json!({ "reason": "because" });
        }
        let answer = self
            .site
            .admin("POST", "/projects/a/environments/production/deployments", Some(body));
        let live = self.model.deployments.last().copied();
        let is_stale = |base: Option<u64>| live.zip(base).is_some_and(|(live, base)| base < live && live < number);
        let expected = match self.model.versions.get(&number) {
            None => no(422, "invalid_input"),
            Some(_) if expect != made => no(409, "deployment_conflict"),
            Some((_, base)) if is_stale(*base) && !is_forced => no(409, "deployment_refused"),
            Some(_) => {
                self.model.deployments.push(number);
                ok(201)
            }
        };
        ("deploy", ended(&answer), expected)
    }

    /// Everything that can be read is as the model has it.
    fn compare(&self) {
        let draft = get(self.site, "/gate/draft");
        match &self.model.draft {
            None => assert_eq!(draft.status, 404),
            Some(expected) => {
                assert_eq!(draft.json["revision"], expected.revision);
                assert_eq!(draft.json["base"]["number"].as_u64(), expected.base);
                if expected.variant != u64::MAX {
                    assert_eq!(draft.json["files"][0]["text"], text(expected.variant));
                }
            }
        }
        let versions = get(self.site, "/gate/versions").json;
        let listed: BTreeMap<u64, Option<u64>> = versions["versions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|version| (version["number"].as_u64().unwrap(), version["base"].as_u64()))
            .collect();
        let expected: BTreeMap<u64, Option<u64>> = self
            .model
            .versions
            .iter()
            .map(|(number, (_, base))| (*number, *base))
            .collect();
        assert_eq!(listed, expected);
        let live = self
            .site
            .admin("GET", "/projects/a/environments/production/hooks", None)
            .json;
        let number = self.model.deployments.last();
        assert_eq!(live["hooks"][0]["number"].as_u64(), number.copied());
        assert_eq!(
            live["number"].as_u64().unwrap_or(0),
            self.model.deployments.len() as u64
        );
    }
}

#[test]
fn whatever_is_done_in_whatever_order_is_as_in_the_model() {
    let seeds = std::env::var("MODEL_SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    for seed in 0..seeds {
        let site = Site::new();
        site.project("a");
        let mut story = Story {
            site: &site,
            random: Random(seed),
            model: Model::default(),
        };
        let mut told = Vec::new();
        for step in 0..STEPS {
            let (what, came, expected) = story.step();
            told.push(format!("{what}: {came:?}"));
            assert_eq!(came, expected, "seed {seed}, step {step}: {told:#?}");
        }
        story.compare();
        let kinds: std::collections::BTreeSet<&str> = told.iter().filter_map(|line| line.split(':').next()).collect();
        assert!(kinds.len() >= 5, "seed {seed} does too little: {kinds:?}");
    }
}
