//! A core database that answers and takes no changes: who writes learns when to try again, and `/readyz` says why.

use serde_json::json;

use crate::{
    services::Postgres,
    site::{PASSWORD, Site, until},
};

/// A way to keep a database from taking changes.
struct Fault<'a> {
    reason: &'static str,
    words: &'static str,
    begin: &'a dyn Fn(),
    end: &'a dyn Fn(),
}

fn is_refused_clearly(site: &Site, fault: &Fault<'_>) {
    let project = site.project("a");
    site.registered(&project.pk, "before@work.example");
    let sign_up = |email: &str| site.register(&project.pk, json!({ "email": email, "password": PASSWORD }));
    (fault.begin)();
    let refused = until(|| Some(sign_up("during@work.example")).filter(|answer| answer.status != 201));
    assert_eq!((refused.status, refused.code()), (503, "busy"), "{refused:?}");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    let ready = until(|| Some(site.get("/readyz")).filter(|answer| answer.status == 503));
    let expected = json!({ "ok": false, "problem": fault.words });
    assert_eq!(ready.json["checks"]["database"], expected);
    let metrics = site.page("/metrics", &[]).2;
    let counted = format!("aerocall_database_refusals_total{{reason=\"{}\"}} ", fault.reason);
    let line = metrics.lines().find_map(|line| line.strip_prefix(&counted));
    assert!(line.unwrap().parse::<u32>().unwrap() >= 1, "{metrics}");
    assert!(
        metrics.contains("aerocall_service_ready{service=\"database\"} 0"),
        "{metrics}"
    );
    (fault.end)();
    until(|| (site.get("/readyz").status == 200).then_some(()));
    assert_eq!(sign_up("after@work.example").status, 201);
    assert_eq!(site.login(&project.pk, "before@work.example", PASSWORD).status, 200);
}

#[test]
fn a_file_that_is_not_at_its_path_takes_no_sign_ups() {
    let directory = tempfile::tempdir().unwrap();
    let (path, away) = (directory.path().join("core.db"), directory.path().join("away.db"));
    let url = format!("sqlite://{}", path.display());
    let site = Site::with(&[("AEROCALL_DATABASE_URL", &url)]);
    let fault = Fault {
        reason: "file_gone",
        words: "refuses changes: its file was deleted or replaced while the server ran",
        begin: &|| std::fs::rename(&path, &away).unwrap(),
        end: &|| std::fs::rename(&away, &path).unwrap(),
    };
    is_refused_clearly(&site, &fault);
}

#[test]
fn a_read_only_database_refuses_clearly() {
    let Some(core) = Postgres::new() else { return };
    let url = core.url(Postgres::ADDRESS);
    let site = Site::with(&[("AEROCALL_DATABASE_URL", &url)]);
    let fault = Fault {
        reason: "read_only",
        words: "refuses changes: it is read-only",
        begin: &|| core.read_only(true),
        end: &|| core.read_only(false),
    };
    is_refused_clearly(&site, &fault);
}
