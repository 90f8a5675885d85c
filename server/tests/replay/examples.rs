//! What the hooks of `examples/` did in a server, again: every invocation that it recorded, on both engines. `REPLAY_INVOCATIONS`
//! says how many there are to be; 200 unless it does, as many as a night's run likes.

use std::{collections::BTreeMap, path::Path};

use aerocall_compiler::{Compiler, Declared, EngineName, Packaging, Source};
use serde_json::{Value, json};

use super::{ENVIRONMENT, recorded, replay};
use crate::{
    bundles,
    site::{self, PASSWORD, Site},
};

/// Project, hook and whether it has migrations. `validate-profile` needs packages from the registry.
const EXAMPLES: [(&str, &str); 9] = [
    ("block-free-email-providers", "signup"),
    ("normalise-email", "signup"),
    ("risk-score", "signup"),
    ("welcome-metadata", "welcome"),
    ("send-welcome-job", "welcome"),
    ("custom-claims", "token"),
    ("audit-table", "audit"),
    ("nightly-cleanup", "invitations"),
    ("crm-sync", "crm"),
];

fn wanted() -> usize {
    let wanted = std::env::var("REPLAY_INVOCATIONS").ok();
    wanted.map_or(200, |wanted| wanted.parse().expect("REPLAY_INVOCATIONS is a number"))
}

/// Uploads the examples, each under its project's name, and deploys them together.
async fn components(engine: EngineName) -> Vec<(&'static str, Vec<u8>)> {
    let compiler = Compiler::open(engine, &bundles::cache_dir()).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut built = Vec::new();
    for (project, hook) in EXAMPLES {
        let source = Source::project(root.join(project), format!("hooks/{hook}.ts")).unwrap();
        let component = compiler
            .compile_with(&source, Packaging::Shared, &Declared::default())
            .await;
        let component = component
            .unwrap_or_else(|problems| panic!("{project}: {problems:?}"))
            .component;
        built.push((project, component));
    }
    built
}

fn migrations() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut found = BTreeMap::new();
    for (project, _) in EXAMPLES {
        for entry in std::fs::read_dir(root.join(project).join("migrations"))
            .into_iter()
            .flatten()
        {
            let path = entry.unwrap().path();
            let name = format!("{}-{project}", path.file_stem().unwrap().to_str().unwrap());
            found.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    found
        .into_iter()
        .map(|(name, sql)| json!({ "name": name, "sql": sql }))
        .collect()
}

fn live(site: &Site, engine: EngineName) {
    let tokio = tokio::runtime::Runtime::new().unwrap();
    let lines: Vec<Value> = tokio
        .block_on(components(engine))
        .into_iter()
        .map(|(project, component)| {
            let answer = site.upload("a", project, &component);
            assert_eq!(answer.status, 201, "{project}: {answer:?}");
            json!({ "name": project, "number": 1 })
        })
        .collect();
    let body = json!({ "hooks": lines, "migrations": migrations() });
    let answer = site.admin("POST", &format!("{ENVIRONMENT}/deployments"), Some(body));
    assert_eq!(answer.status, 201, "{answer:?}");
}

fn every_invocation_is_replayed(engine: EngineName) {
    let runtime = async { site::runtime_with(&bundles::cache_dir(), &[engine]).await };
    let site = Site::with_runtime(tempfile::tempdir().unwrap(), &[], runtime);
    let pk = site.project("a").pk;
    live(&site, engine);
    let (mut ids, mut users) = (Vec::new(), 0);
    while ids.len() < wanted() {
        for _ in 0..10 {
            let domain = ["work.example", "gmail.com", "Firm.Example", "aerocall.example"][users % 4];
            let email = format!("User.{}@{domain}", users * 7_919);
            let answer = site.register(&pk, json!({ "email": email, "password": PASSWORD, "name": "Ada" }));
            if answer.status == 201 {
                assert_eq!(site.login(&pk, &email, PASSWORD).status, 200);
            }
            users += 1;
        }
        site.idle();
        ids = recorded(&site, "");
    }
    let mut verdicts: BTreeMap<String, usize> = BTreeMap::new();
    for id in &ids {
        let answer = replay(&site, id, json!({}));
        assert_eq!(answer.status, 200, "{answer:?}");
        let verdict = match &answer.json["reason"]["code"] {
            // Requests to nowhere take their time.
            Value::String(code) if code == "timed_out" => "timed out",
            _ => answer.json["verdict"].as_str().unwrap(),
        };
        assert!(["identical", "timed out"].contains(&verdict), "{engine:?} {answer:?}");
        *verdicts.entry(verdict.to_owned()).or_default() += 1;
    }
    let identical = verdicts.get("identical").copied().unwrap_or_default();
    assert!(identical * 10 >= ids.len() * 9, "{verdicts:?}");
}

#[test]
fn every_invocation_of_the_examples_is_replayed() {
    every_invocation_is_replayed(EngineName::QuickJs);
}

#[test]
fn every_invocation_of_the_examples_is_replayed_on_the_other_engine() {
    every_invocation_is_replayed(EngineName::Javy);
}
