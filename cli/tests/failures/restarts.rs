//! A server that was asked to stop says so, and goes on for as long as its load balancer needs.

use std::time::Duration;

use crate::{alone, server::until};

#[test]
fn a_server_that_was_told_to_stop_says_so_and_still_answers() {
    let _alone = alone();
    let mut site = crate::server::Site::new(&[("AEROCALL_HTTP_DRAIN_SECONDS", "20")]);
    let ready = |site: &crate::server::Site| site.get("/readyz");
    assert_eq!(ready(&site).0, 200);
    site.signal("-TERM");
    let (status, headers, document) = until(|| {
        let answer = ready(&site);
        (answer.0 != 200).then_some(answer)
    });
    assert_eq!(
        (status, &document),
        (503, &serde_json::json!({ "status": "stopping", "checks": {} }))
    );
    assert_eq!(headers["connection"], "close", "nobody keeps a connection to it");
    assert_eq!(site.register("late@work.example").0, 201);
    // A second signal ends it at once.
    let began = std::time::Instant::now();
    site.signal("-TERM");
    site.dies();
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}
