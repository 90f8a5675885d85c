//! Bundles that keep the compiler busy keep it from nobody else.

use std::thread;

use aerocall_compiler::EngineName;
use serde_json::json;

use super::{bomb, pretender};
use crate::{
    bundles::{self, hook},
    services::unique,
    site::{self, Site},
};

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
        // One is being compiled, the others wait; the first of them waits no more.
        site::until(|| uploads.iter().any(|upload| upload.is_finished()).then_some(()));
        // Each gets a turn within the second for which it would wait, or it would be refused as the others are.
        for _ in 0..3 {
            let salt = unique("honest");
            let honest = bundles::bundle("gate", &hook("beforeSignup", &format!("return '{salt}' && undefined;")));
            let uploaded = site.upload("b", "gate", &honest);
            assert_eq!(uploaded.status, 201, "{uploaded:?}");
            let lines = json!([{ "name": "gate", "number": uploaded.json["number"] }]);
            assert_eq!(site.deploy("b", lines).status, 201);
        }
        let answers: Vec<_> = uploads.into_iter().map(|upload| upload.join().unwrap()).collect();
        let reported: Vec<_> = answers
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
        assert!(count > 0, "nobody waited longer than a second: {reported:?}");
    });
}
