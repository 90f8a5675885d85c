//! `examples/draft-to-rollback.mjs`: the way of a change from a draft to its deployment and back, on both kinds of databases.

use std::{
    net::TcpStream,
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    server::Site,
    support::{Done, repository, unless_ci},
};

const POSTGRES: &str = "postgres://postgres@127.0.0.1:5432";

/// Databases of one test.
struct Databases(Vec<String>);

impl Databases {
    /// `None` where there is no PostgreSQL.
    fn new() -> Option<Self> {
        let there = TcpStream::connect(("127.0.0.1", 5432)).ok();
        unless_ci(there, "there is no PostgreSQL on 127.0.0.1:5432")?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let names = ["core", "tenants"].map(|name| format!("aerocall_release_{now}_{name}"));
        names.iter().for_each(|name| psql(&format!("CREATE DATABASE {name}")));
        Some(Self(names.to_vec()))
    }

    fn url(&self, number: usize) -> String {
        format!("{POSTGRES}/{}", self.0[number])
    }
}

impl Drop for Databases {
    fn drop(&mut self) {
        for name in &self.0 {
            psql(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn psql(statement: &str) {
    let mut psql = Command::new("psql");
    psql.args(["-q", "-c", statement, &format!("{POSTGRES}/postgres")]);
    Done::from(psql.output().unwrap()).expect(0);
}

fn goes_through(site: &Site) {
    let mut script = Command::new("node");
    script.arg(repository().join("examples/draft-to-rollback.mjs")).envs([
        ("AEROCALL_SERVER", &site.url),
        ("AEROCALL_TOKEN", &site.token),
        ("AEROCALL_KEY", &site.key),
    ]);
    let said = Done::from(script.output().unwrap()).expect(0).stdout;
    assert!(said.ends_with("done\n"), "{said}");
}

#[test]
fn a_change_goes_from_a_draft_to_a_rollback_on_files() {
    goes_through(&Site::new(&[]));
}

#[test]
fn a_change_goes_from_a_draft_to_a_rollback_on_postgresql() {
    let Some(databases) = Databases::new() else { return };
    let (core, tenants) = (databases.url(0), databases.url(1));
    goes_through(&Site::new(&[
        ("AEROCALL_DATABASE_URL", &core),
        ("AEROCALL_TENANT_DATABASE_URL", &tenants),
    ]));
}
