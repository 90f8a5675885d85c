//! Bundles that keep the compiler busy keep it from nobody else.

use std::{
    thread,
    time::{Duration, Instant},
};

use aerocall_compiler::EngineName;
use serde_json::json;

use super::{bomb, pretender};
use crate::{
    bundles::{self, hook},
    services::unique,
    site::{self, Site},
};

/// Honest deployments take as long as their own compilation; one bomb after the other takes two minutes.
const HONEST: Duration = Duration::from_secs(30);

#[test]
fn a_deployment_does_not_wait_behind_the_bombs_of_another_project() {
    let cache = tempfile::tempdir().unwrap();
    let runtime = site::runtime_with(cache.path(), &[EngineName::QuickJs]);
    let env = [("AEROCALL_HOOKS_COMPILE_WAIT_MS", "1000")];
    let site = Site::with_runtime(tempfile::tempdir().unwrap(), &env, runtime);
    for project in ["a", "b"] {
        site.project(project);
    }
    // The engine is compiled once.
    site.version("b", "first", &hook("beforeSignup", "/* first */"));
    let bombs: Vec<Vec<u8>> = (0..6).map(|n| pretender(None, Some(&bomb(1, 350_000 + n)))).collect();
    thread::scope(|scope| {
        let uploads: Vec<_> = bombs
            .iter()
            .map(|bomb| scope.spawn(|| site.upload("a", "bomb", bomb)))
            .collect();
        let busy = site::until(|| {
            uploads
                .iter()
                .filter(|upload| upload.is_finished())
                .count()
                .checked_sub(1)
        });
        let began = Instant::now();
        for n in 0..3 {
            let salt = unique("honest");
            let honest = bundles::bundle("gate", &hook("beforeSignup", &format!("return '{salt}' && undefined;")));
            let uploaded = site.upload("b", "gate", &honest);
            assert_eq!(uploaded.status, 201, "{uploaded:?}");
            let lines = json!([{ "name": "gate", "number": uploaded.json["number"] }]);
            assert_eq!(site.deploy("b", lines).status, 201, "{n}, {busy}");
        }
        assert!(began.elapsed() < HONEST, "three deployments took {:?}", began.elapsed());
        let answers: Vec<_> = uploads.into_iter().map(|upload| upload.join().unwrap()).collect();
        let told: Vec<_> = answers
            .iter()
            .map(|answer| (answer.status, answer.code().to_owned()))
            .collect();
        let refused = answers.iter().filter(|answer| answer.status == 503);
        let mut count = 0;
        for answer in refused {
            assert_eq!(
                (answer.code(), answer.header("retry-after")),
                ("busy", "5"),
                "{answer:?}"
            );
            count += 1;
        }
        assert_eq!(count, 5, "those that waited longer than a second: {told:?}");
    });
}
