//! Every way through the auth flows as a dry-run: it takes the same hooks to the same answer, and both databases are as before.

use serde_json::{Value, json};

use super::world::{POINTS, Path, World};
use crate::{dump, peers::Peer, services::Postgres};

/// Uses everything that waits for an outcome, and sees what it has written itself.
const BUSY: &str = "
const seen = async (context: any, payload: any, Aerocall: any): Promise<void> => {
  const { auth, cache, db, Queue } = Aerocall;
  const count = async () => Number((await db.query('SELECT count(*) AS n FROM seen'))[0].n);
  const before = await count();
  await db.execute('INSERT INTO seen (point) VALUES ($1)', [context.hook]);
  if (await count() !== before + 1) throw new Error('the write is not seen');
  await cache.set('last', context.hook);
  if (await cache.get('last') !== context.hook) throw new Error('the value is not seen');
  await Queue.enqueue('log', { point: context.hook });
  await auth.sendEmail({ to: 'ops@work.example', subject: context.hook, text: 'seen' });
};";
const TABLES: &str = "CREATE TABLE seen (id INTEGER PRIMARY KEY, point TEXT NOT NULL)";
const TABLES_OF_POSTGRES: &str = "
    CREATE TABLE kinds (name text PRIMARY KEY);
    CREATE SEQUENCE numbers START 7;
    CREATE DOMAIN word AS text CHECK (length(VALUE) > 1);
    CREATE TABLE seen (id serial PRIMARY KEY, number bigint DEFAULT nextval('numbers'), point word NOT NULL,
        kind text REFERENCES kinds (name), other bigint GENERATED ALWAYS AS IDENTITY, size int GENERATED ALWAYS AS (length(point)) STORED);
    CREATE INDEX seen_points ON seen (point);
    CREATE VIEW words AS SELECT point, size FROM seen;
    INSERT INTO kinds VALUES ('a'); INSERT INTO seen (point, kind) VALUES ('before', 'a');";

/// Handles the messages of the other hook, so that none is tried again while databases are compared.
const SINK: (&str, &str) = ("sink", "export const on = { 'queue.log': async () => {} };");

fn deploy(world: &World, hooks: &[(&str, &str)], sql: &str) {
    let line = |(name, source): &(&str, &str)| json!({ "name": name, "number": world.site.version("a", name, source) });
    let lines: Vec<Value> = hooks.iter().chain([&SINK]).map(line).collect();
    let body = json!({ "hooks": lines, "migrations": [{ "name": "1", "sql": sql }] });
    let deployed = world.admin("POST", "/deployments", Some(body));
    assert_eq!(deployed.status, 201, "{deployed:?}");
}

/// Of the auth API.
fn paths(world: &World) -> impl Iterator<Item = &'static Path> {
    world.paths().filter(|path| !path.name.ends_with("by an admin"))
}

fn points(tried: &Value) -> Vec<&str> {
    let steps = tried["steps"].as_array().unwrap().iter();
    let hooks = steps.filter(|step| step["kind"] == "hook");
    hooks.map(|step| step["name"].as_str().unwrap()).collect()
}

fn every_path(world: &World, tenants: Option<&Postgres>, sql: &str) {
    let names: Vec<String> = POINTS.iter().map(|point| format!("seen as {point}")).collect();
    let busy = format!("{BUSY} export {{ {} }};", names.join(", "));
    deploy(world, &[], sql);
    for path in paths(world) {
        deploy(world, &[], sql);
        let ready = (path.prepare)(world);
        deploy(world, &[("busy", &busy)], sql);
        let before = dump::of(&world.site, tenants);
        let tried = world.tried(|| (path.run)(world, &ready));
        assert_eq!(tried.status, 200, "{}: {tried:?}", path.name);
        let shown = &tried.json;
        assert_eq!(shown["response"]["status"], path.status, "{}: {shown:#}", path.name);
        assert_eq!(points(shown), path.points, "{}", path.name);
        assert_eq!(shown["changedNothing"], true);
        let hooks = shown["steps"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|step| step["kind"] == "hook");
        for step in hooks {
            assert_eq!(
                (&step["outcome"], &step["hook"]),
                (&json!("allow"), &json!("busy")),
                "{step:#}"
            );
        }
        let count = |kind: &str| {
            let effects = shown["effects"].as_array().unwrap().iter();
            effects
                .filter(|effect| effect["kind"] == kind && effect["remains"] == true)
                .count()
        };
        for kind in ["database", "cache"] {
            assert_eq!(count(kind), path.points.len(), "{}, {kind}: {shown:#}", path.name);
        }
        assert!(
            count("job") == path.points.len() && count("mail") >= path.points.len(),
            "{}: {shown:#}",
            path.name
        );
        let after = dump::of(&world.site, tenants);
        let changed: Vec<&String> = after.iter().filter(|line| !before.contains(line)).collect();
        assert_eq!(changed, Vec::<&String>::new(), "{}", path.name);
        assert_eq!(before, after, "{}", path.name);
        // Nothing was used up: the same request works.
        let answer = (path.run)(world, &ready);
        assert_eq!(answer.status, path.status, "{}: {answer:?}", path.name);
        assert!((path.happened)(world, &ready), "{}", path.name);
    }
}

#[test]
fn every_path_goes_the_same_way_and_changes_nothing() {
    every_path(&World::new(), None, TABLES);
}

#[test]
fn every_path_goes_the_same_way_beside_tables_in_postgresql() {
    let Some(postgres) = Postgres::new() else { return };
    let url = postgres.url(Postgres::ADDRESS);
    let env = [("AEROCALL_TENANT_DATABASE_URL", url.as_str())];
    let world = World::with_settings(Peer::start("forger.mjs", &[]), &env);
    every_path(&world, Some(&postgres), TABLES_OF_POSTGRES);
    drop(world);
}
