//! `make bench B=nodes`: two nodes against one on one PostgreSQL. Each node is a process that may have two fifths of a core (a
//! control group holds it to that, where this process may make one), so that clients and database, who share the machine with them,
//! have what they need. Prints how much of a core each node had. An argument says how many logins a row has.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use aerocall_benches::{
    Report, argument,
    host::Machine,
    postgres, process,
    site::{Client, Site, UNLIMITED, agent, text},
};
use aerocall_compiler::EngineName;
use anyhow::Context as _;
use serde_json::{Value, json};

/// What makes this program a node.
const NODE: &str = "node";
const REQUESTS: usize = 320;
/// So many times more of what costs less than a login.
const CHEAPER: usize = 8;
/// Of a core, for each node: microseconds of each tenth of a second.
const SHARE: &str = "40000";
const CLIENTS: usize = 8;
const KEY: &str = "YWVyb2NhbGwtYmVuY2gtYWVyb2NhbGwtYmVuY2gtYWU=";
const PASSWORD: &str = "correct horse battery";

pub(crate) fn bench() -> anyhow::Result<()> {
    let asked = argument();
    if asked.as_deref() == Some(NODE) {
        return node();
    }
    let requests = asked.map_or(Ok(REQUESTS), |text| text.parse())?;
    let mut report = Report::new("nodes")?;
    let Some(database) = postgres::Database::make() else {
        report.section("skipped: there is no PostgreSQL on 127.0.0.1:5432");
        return Ok(());
    };
    let nodes = [Node::start(&database.url)?, Node::start(&database.url)?];
    let key = nodes[0].client.project("bench")?;
    let people = (0..CLIENTS)
        .map(|number| Person::new(&nodes[0].client, &key, number))
        .collect::<anyhow::Result<Vec<_>>>()?;
    // The other node knows of the project.
    std::thread::sleep(Duration::from_secs(2));
    if nodes.iter().any(|node| node.share.is_none()) {
        report.section("no control group can be made: nodes have as much of the machine as they get");
    }
    let rows: [(&str, Ask, usize); 3] = [
        ("login, real hash", login, requests),
        ("refresh", refresh, requests * CHEAPER),
        ("me", me, requests * CHEAPER),
    ];
    for (name, ask, requests) in rows {
        let one = run(&nodes[..1], &people, ask, requests)?;
        let two = run(&nodes, &people, ask, requests)?;
        for (case, row) in [("one node", &one), ("two nodes", &two)] {
            report.figure(&format!("{name}, {case}"), "1/s", row.per_second)?;
            report.figure(&format!("{name}, {case}: of a core, each node"), "%", row.of_a_core)?;
        }
        report.figure(
            &format!("{name}: two against one"),
            "x",
            two.per_second / one.per_second,
        )?;
    }
    Ok(())
}

/// Serves until standard input ends.
fn node() -> anyhow::Result<()> {
    let tokio = tokio::runtime::Runtime::new()?;
    let machine = tokio.block_on(Machine::open(EngineName::default(), 64))?;
    let data = tempfile::tempdir()?;
    let env: Vec<(String, String)> = std::env::vars()
        .filter(|(name, _)| name.starts_with("AEROCALL_"))
        .collect();
    let env: Vec<(&str, &str)> = env
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let site = tokio.block_on(Site::on(&machine, data.path(), &env))?;
    #[expect(clippy::print_stdout, reason = "whoever started it reads it")]
    {
        println!("{} {}", site.base, site.token);
    }
    std::io::stdin().read_to_end(&mut Vec::new())?;
    tokio.block_on(site.running.stop())?;
    Ok(())
}

/// A server in a process of its own.
struct Node {
    process: Child,
    client: Client,
    share: Option<Share>,
}

impl Node {
    fn start(database: &str) -> anyhow::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["nodes", NODE])
            .env("AEROCALL_DATABASE_URL", database)
            .env("AEROCALL_MASTER_KEY", KEY)
            .env(UNLIMITED.0, UNLIMITED.1)
            .env("AEROCALL_HTTP_WORKERS", "1")
            .env("AEROCALL_PASSWORD_THREADS", "1")
            .env("AEROCALL_WORKER_ENABLED", "false")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let output = process.stdout.take().context("no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let (base, token) = line.trim().split_once(' ').context("a node did not start")?;
        Ok(Self {
            client: Client::new(base.to_owned(), token.to_owned()),
            // From now on: what it did to start does not count.
            share: Share::of(&process),
            process,
        })
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        drop(self.process.wait());
    }
}

/// What a process may have of a core: a control group of its own (cgroups, version 1 or 2), gone when it is dropped.
struct Share(PathBuf);

impl Share {
    /// `None` where there are none, or not for us.
    fn of(process: &Child) -> Option<Self> {
        let root = Path::new("/sys/fs/cgroup");
        let (root, file, value) = match root.join("cgroup.controllers").exists() {
            true => (root.to_owned(), "cpu.max", format!("{SHARE} 100000")),
            false => (root.join("cpu"), "cpu.cfs_quota_us", SHARE.to_owned()),
        };
        let group = root.join(format!("aerocall-bench-{}", process.id()));
        std::fs::create_dir(&group).ok()?;
        let share = Self(group);
        std::fs::write(share.0.join(file), value).ok()?;
        std::fs::write(share.0.join("cgroup.procs"), process.id().to_string()).ok()?;
        Some(share)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        // It has to be empty.
        drop(std::fs::remove_dir(&self.0));
    }
}

/// Somebody with an account.
struct Person {
    key: String,
    account: Value,
    token: String,
}

impl Person {
    fn new(client: &Client, key: &str, number: usize) -> anyhow::Result<Self> {
        let account = json!({ "email": format!("person{number}@bench.example"), "password": PASSWORD });
        let made = client.ask(&agent(), key, "/auth/register", &account)?;
        Ok(Self {
            key: key.to_owned(),
            token: text(&made, "access_token")?,
            account,
        })
    }
}

/// One request of a client; what it keeps between two.
type Ask = fn(&Client, &ureq::Agent, &Person, &mut String) -> anyhow::Result<()>;

fn login(client: &Client, agent: &ureq::Agent, person: &Person, _: &mut String) -> anyhow::Result<()> {
    let answered = client.post(agent, &person.key, "/auth/login", &person.account)?;
    anyhow::ensure!(answered.status == 200, "{answered:?}");
    Ok(())
}

fn refresh(client: &Client, agent: &ureq::Agent, person: &Person, kept: &mut String) -> anyhow::Result<()> {
    if kept.is_empty() {
        *kept = text(
            &client.ask(agent, &person.key, "/auth/login", &person.account)?,
            "refresh_token",
        )?;
    }
    let answer = client.ask(agent, &person.key, "/auth/refresh", &json!({ "refresh_token": kept }))?;
    *kept = text(&answer, "refresh_token")?;
    Ok(())
}

fn me(client: &Client, agent: &ureq::Agent, person: &Person, _: &mut String) -> anyhow::Result<()> {
    client.get(agent, &person.key, &person.token, "/auth/me")
}

struct Row {
    per_second: f64,
    of_a_core: f64,
}

/// All clients at once, spread over the nodes.
fn run(nodes: &[Node], people: &[Person], ask: Ask, requests: usize) -> anyhow::Result<Row> {
    let each = requests / CLIENTS;
    let barrier = std::sync::Barrier::new(CLIENTS + 1);
    let used = || {
        nodes
            .iter()
            .map(|node| process::cpu_time(node.process.id()))
            .sum::<Duration>()
    };
    let (took, cpu) = std::thread::scope(|scope| -> anyhow::Result<(Duration, Duration)> {
        let clients: Vec<_> = people
            .iter()
            .enumerate()
            .map(|(number, person)| {
                let (client, barrier) = (&nodes[number % nodes.len()].client, &barrier);
                scope.spawn(move || -> anyhow::Result<()> {
                    let (agent, mut kept) = (agent(), String::new());
                    let first = ask(client, &agent, person, &mut kept);
                    barrier.wait();
                    first?;
                    (0..each).try_for_each(|_| ask(client, &agent, person, &mut kept))
                })
            })
            .collect();
        barrier.wait();
        let (began, before) = (Instant::now(), used());
        for client in clients {
            client.join().expect("a client never panics")?;
        }
        Ok((began.elapsed(), used().saturating_sub(before)))
    })?;
    let count = nodes.len() as f64;
    Ok(Row {
        per_second: (each * CLIENTS) as f64 / took.as_secs_f64(),
        of_a_core: 100.0 * cpu.as_secs_f64() / took.as_secs_f64() / count,
    })
}
