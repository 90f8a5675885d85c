//! Each service is gone for ten seconds while people sign up and log in: they are told so, or do not notice; and soon after
//! it is back all is as before.

use std::time::{Duration, Instant};

use crate::{
    alone,
    cluster::Cluster,
    load::{Answer, Asked, Load, acknowledged},
    server::until,
    services::Service,
};

const GONE: Duration = Duration::from_secs(10);
/// The most that it may take after the service answers again.
const RECOVERY: Duration = Duration::from_secs(5);

/// Whether the rest works on while the service is away.
#[derive(PartialEq, Eq)]
enum Meanwhile {
    WorksOn,
    Waits,
}

/// Takes the service away under load and gives it back: what was asked, and when it was back.
fn gone(
    cluster: &mut Cluster,
    name: &'static str,
    service: fn(&mut Cluster) -> &mut Service,
    meanwhile: &Meanwhile,
) -> (Vec<Asked>, Instant) {
    let load = Load::new(&cluster.site, name);
    std::thread::sleep(Duration::from_secs(1));
    service(cluster).stop();
    let since = Instant::now();
    std::thread::sleep(GONE / 2);
    if *meanwhile == Meanwhile::WorksOn {
        somebody_new(cluster, &format!("{name}-meanwhile@work.example"));
    }
    std::thread::sleep(GONE.saturating_sub(since.elapsed()));
    service(cluster).start();
    let back = Instant::now();
    somebody_new(cluster, &format!("{name}-late@work.example"));
    assert!(back.elapsed() < RECOVERY, "{name}: recovery took {:?}", back.elapsed());
    std::thread::sleep(RECOVERY);
    (load.end(), back)
}

/// Signs up, and the job and the webhook of it arrive.
fn somebody_new(cluster: &Cluster, email: &str) {
    until(|| (cluster.site.post("/auth/register", email) == Some(201)).then_some(()));
    until(|| (!cluster.receiver.ids("/signups", email).is_empty()).then_some(()));
    until(|| (!cluster.receiver.ids("/jobs", email).is_empty()).then_some(()));
}

/// Whatever was not done was refused in a way that says when to come back, and not later than the recovery.
fn refused_clearly(name: &str, asked: &[Asked], back: Instant) {
    for one in asked.iter().filter(|one| !one.is_done()) {
        assert!(
            matches!(&one.answer, Answer::Refused(503, code, true) if code == "busy"),
            "{name}: {one:?}"
        );
        let after = one.answered.saturating_duration_since(back);
        assert!(after < RECOVERY, "{name}: refused {after:?} after it was back");
    }
}

#[test]
fn a_service_that_is_gone_for_ten_seconds_loses_nothing() {
    let _alone = alone();
    let Some(mut cluster) = Cluster::new() else { return };

    let (asked, back) = gone(
        &mut cluster,
        "postgres",
        |cluster| &mut cluster.postgres,
        &Meanwhile::Waits,
    );
    assert!(asked.iter().any(|one| !one.is_done()), "it was not gone");
    refused_clearly("postgres", &asked, back);
    cluster.nothing_is_lost(&acknowledged(&asked));

    // Nobody misses the two others.
    for (name, service) in [
        (
            "redis",
            (|cluster| &mut cluster.redis) as fn(&mut Cluster) -> &mut Service,
        ),
        ("rabbit", |cluster| &mut cluster.rabbit),
    ] {
        let (asked, _) = gone(&mut cluster, name, service, &Meanwhile::WorksOn);
        let failed: Vec<&Asked> = asked.iter().filter(|one| !one.is_done()).collect();
        assert!(
            failed.is_empty(),
            "{name}: {} of {} failed: {:?}",
            failed.len(),
            asked.len(),
            failed.first()
        );
        cluster.nothing_is_lost(&acknowledged(&asked));
    }
}
