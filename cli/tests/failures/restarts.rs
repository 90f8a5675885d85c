//! Nodes are replaced one at a time while people sign up: nobody notices.

use std::time::Duration;

use crate::{
    alone,
    cluster::Cluster,
    load::{Asked, Load, acknowledged},
    server::until,
};

#[test]
fn three_nodes_are_replaced_one_at_a_time_and_no_request_fails() {
    let _alone = alone();
    let Some(mut cluster) = Cluster::new() else { return };
    let load = Load::new(&cluster.site, "rolling");
    std::thread::sleep(Duration::from_secs(1));
    for node in &mut cluster.nodes {
        node.terminate();
        node.start(&cluster.site);
        // The proxy sees that it is back before the next one goes.
        std::thread::sleep(Duration::from_secs(2));
    }
    let asked = load.end();
    let failed: Vec<&Asked> = asked.iter().filter(|one| !one.is_done()).collect();
    assert!(
        failed.is_empty(),
        "{} of {} failed: {:?}",
        failed.len(),
        asked.len(),
        failed.first()
    );
    cluster.nothing_is_lost(&acknowledged(&asked));
}

#[test]
fn a_server_that_was_told_to_stop_says_so_and_still_answers() {
    let mut site = crate::server::Site::new(&[("AEROCALL_HTTP_DRAIN_SECONDS", "4")]);
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
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}
