//! Where the core tables and the projects' own are: a cluster that they share is said at the start and by `aerocall doctor`.

use aerocall_server::{Finding, FindingState, examine};

use crate::{
    logbook,
    services::Postgres,
    site::{self, Site, until},
};

const WORDS: &str = "in the same PostgreSQL cluster";

fn tenant_database(env: &[(&str, &str)]) -> Finding {
    let data = tempfile::tempdir().unwrap();
    let config = site::config(data.path(), env);
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let findings = tokio.block_on(async { Box::pin(examine(&config)).await });
    let found = findings.into_iter().find(|finding| finding.name == "tenant_database");
    found.unwrap()
}

/// Known by the cluster's own number, whatever it is called.
#[test]
fn a_cluster_that_projects_share_with_the_core_is_said() {
    let (Some(core), Some(tenants)) = (Postgres::new(), Postgres::new()) else {
        return;
    };
    let port = Postgres::ADDRESS.split_once(':').unwrap().1;
    let core_url = core.url(&format!("localhost:{port}"));
    let tenant_url = tenants.url(Postgres::ADDRESS);
    let own = [("AEROCALL_TENANT_DATABASE_URL", tenant_url.as_str())];
    let finding = tenant_database(&own);
    assert_eq!(finding.state, FindingState::Ok, "{finding:?}");
    assert_eq!(logbook::lines_with(WORDS), Vec::<String>::new());

    let shared = [own[0], ("AEROCALL_DATABASE_URL", core_url.as_str())];
    let site = Site::with(&shared);
    until(|| (!logbook::lines_with(WORDS).is_empty()).then_some(()));
    let finding = tenant_database(&shared);
    assert_eq!(finding.state, FindingState::Note, "{finding:?}");
    assert!(finding.message.contains(WORDS) && finding.fix.is_some(), "{finding:?}");
    drop(site);
}
