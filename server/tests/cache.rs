//! A Redis that projects share with each other and with the counters of limits: what one project writes costs nobody else
//! anything. Each test has a Redis of its own, with little memory.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use aerocall_server::{FindingState, examine};
use deadpool_redis::redis;
use serde_json::json;
use tempfile::TempDir;

use crate::{
    bundles::hook,
    logbook,
    site::{self, Answer, PASSWORD, Project, Site, until},
};

const WRONG: &str = "wrong horse battery";

/// A Redis of one test; it ends with it.
struct OwnRedis {
    process: Child,
    url: String,
    _directory: TempDir,
}

impl OwnRedis {
    /// With so much memory, and this policy for when it is used up.
    #[expect(
        clippy::print_stderr,
        reason = "whoever runs the tests should see what was not tested"
    )]
    fn new(maxmemory: &str, policy: &str) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let started = Command::new("redis-server")
            .args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .args(["--maxmemory", maxmemory, "--maxmemory-policy", policy])
            .current_dir(directory.path())
            .stdout(Stdio::null())
            .spawn();
        let Ok(process) = started else {
            assert!(std::env::var_os("CI").is_none(), "redis-server is not installed");
            eprintln!("skipped: redis-server is not installed");
            return None;
        };
        let own = Self {
            process,
            url: format!("redis://127.0.0.1:{port}/0"),
            _directory: directory,
        };
        until(|| redis::Client::open(own.url.as_str()).unwrap().get_connection().ok());
        Some(own)
    }

    fn ask<T: redis::FromRedisValue>(&self, command: &str, argument: &str) -> T {
        let mut connection = redis::Client::open(self.url.as_str())
            .unwrap()
            .get_connection()
            .unwrap();
        redis::cmd(command).arg(argument).query(&mut connection).unwrap()
    }

    /// The keys that match, sorted.
    fn keys(&self, pattern: &str) -> Vec<String> {
        let mut keys: Vec<String> = self.ask("KEYS", pattern);
        keys.sort();
        keys
    }

    /// Bytes of all values of the cache.
    fn cached(&self) -> u64 {
        let keys = self.keys("aerocall:cache:*");
        keys.iter().map(|key| self.ask::<u64>("STRLEN", key)).sum()
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// As much time as a hook can have: a busy machine takes long over so many bytes.
const PATIENT: (&str, &str) = ("AEROCALL_HOOKS_MAX_DEADLINE_MS", "30000");
const LIMITS: &str = "export const config = { limits: { deadlineMs: 30000 } };";

/// Writes 7.5 MB into the cache at each sign-up, and says how that ended.
fn flood() -> String {
    let flood = hook(
        "beforeSignup",
        "let reported = 'written';
         for (let n = 0; n < 30; n++) {
           try { await Aerocall.cache.set(`${payload.user.email}-${n}`, 'x'.repeat(250000)); }
           catch (error) { reported = `${error.code} ${error.retryable} ${error.message}`; break; }
         }
         throw new Aerocall.Deny(reported);",
    );
    format!("{LIMITS}\n{flood}")
}

/// A site with a project that floods and one that is quiet, and lets three failures pass.
fn world(env: &[(&str, &str)]) -> (Site, Project, Project) {
    let limits = [
        PATIENT,
        ("AEROCALL_LIMITS_ENABLED", "true"),
        ("AEROCALL_HTTP_TRUSTED_PROXIES", "127.0.0.1/32"),
    ];
    let site = Site::with(&[&limits[..], env].concat());
    let [loud, quiet] = ["loud", "quiet"].map(|id| site.project(id));
    site.live("loud", &[("flood", &flood())]);
    for project in [&loud, &quiet] {
        let path = format!("/projects/{}/environments/production/settings/auth", project.id);
        let rules = json!({ "limits": { "failuresPerAccount": 3, "perIpMinute": 100 } });
        assert_eq!(site.admin("PUT", &path, Some(rules)).status, 200);
    }
    (site, loud, quiet)
}

fn reported(site: &Site, project: &Project, n: usize) -> String {
    let answer = site.register(
        &project.pk,
        json!({ "email": format!("{n}@work.example"), "password": PASSWORD }),
    );
    answer.json["error"]["message"].as_str().unwrap_or_default().to_owned()
}

fn login_from(site: &Site, project: &Project, ip: &str, password: &str) -> Answer {
    let body = json!({ "email": "ada@example.com", "password": password }).to_string();
    let headers = [
        ("x-aerocall-key", project.pk.as_str()),
        ("content-type", "application/json"),
        ("x-forwarded-for", ip),
    ];
    site.send("POST", "/auth/login", &headers, body.as_bytes())
}

#[test]
fn what_one_project_caches_pushes_no_lockout_of_another_out() {
    let Some(redis) = OwnRedis::new("48mb", "allkeys-lru") else {
        return;
    };
    let (site, loud, quiet) = world(&[("AEROCALL_REDIS_URL", &redis.url)]);
    site.registered(&quiet.pk, "ada@example.com");
    for host in 0..6 {
        assert_eq!(login_from(&site, &quiet, &format!("192.0.2.{host}"), WRONG).status, 401);
    }
    let failures = redis.keys("aerocall-limits:cache:quiet/production:failed/*");
    assert_eq!(failures.len(), 1, "{failures:?}");
    for n in 0..14 {
        assert_eq!(reported(&site, &loud, n), "written");
    }
    assert_eq!(redis.keys("aerocall-limits:cache:quiet/production:failed/*"), failures);
    let cached = redis.cached();
    assert!((8 << 20..=16 << 20).contains(&cached), "{cached} bytes of 16 MiB");
    let sizes: u64 = {
        let mut connection = redis::Client::open(redis.url.as_str())
            .unwrap()
            .get_connection()
            .unwrap();
        let sum = redis::cmd("HGET")
            .arg("aerocall:cache-sizes:loud")
            .arg("")
            .query(&mut connection);
        sum.unwrap()
    };
    assert!((cached..=16 << 20).contains(&sizes), "{sizes} counted for {cached}");
}

#[test]
fn in_a_full_redis_the_cache_fails_clearly_and_limits_go_on() {
    let Some(redis) = OwnRedis::new("8mb", "noeviction") else {
        return;
    };
    let (site, loud, quiet) = world(&[("AEROCALL_REDIS_URL", &redis.url)]);
    for n in 0..4 {
        reported(&site, &loud, n);
    }
    let full = reported(&site, &loud, 4);
    assert_eq!(
        full,
        "backend_unavailable true cache: Redis has no memory left for it right now"
    );
    // Every failure is counted in Redis, where the other servers see it.
    let failures = || redis.keys("aerocall-limits:cache:quiet/production:failed/*");
    assert_eq!(failures(), Vec::<String>::new());
    for expected in 1..=3 {
        assert_eq!(login_from(&site, &quiet, "192.0.2.1", WRONG).status, 401);
        let [counted] = failures().try_into().unwrap();
        assert_eq!(redis.ask::<u64>("GET", &counted), expected);
    }
}

#[test]
fn limits_are_counted_in_a_redis_of_their_own() {
    let (Some(cache), Some(limits)) = (OwnRedis::new("8mb", "allkeys-lru"), OwnRedis::new("8mb", "noeviction")) else {
        return;
    };
    let (site, loud, quiet) = world(&[
        ("AEROCALL_REDIS_URL", &cache.url),
        ("AEROCALL_LIMITS_REDIS_URL", &limits.url),
    ]);
    assert_eq!(login_from(&site, &quiet, "192.0.2.1", WRONG).status, 401);
    for n in 0..4 {
        assert_eq!(reported(&site, &loud, n), "written", "a cache of its own may evict");
    }
    assert_eq!(cache.keys("*limits*"), Vec::<String>::new());
    assert_eq!(limits.keys("aerocall-limits:cache:quiet/production:failed/*").len(), 1);
    assert_eq!(limits.keys("aerocall:cache*"), Vec::<String>::new());
}

#[test]
fn entries_that_have_ended_cost_nothing_any_more() {
    let Some(redis) = OwnRedis::new("48mb", "noeviction") else {
        return;
    };
    let env = [
        PATIENT,
        ("AEROCALL_REDIS_URL", redis.url.as_str()),
        ("AEROCALL_HOOKS_CACHE_BYTES_PER_PROJECT", "65536"),
    ];
    let site = Site::with(&env);
    let project = site.project("a");
    let body = "
        const { cache } = Aerocall, reported = [], large = 'x'.repeat(20000);
        await cache.set('kept', large);
        await cache.set('brief', large, { ttl: 1 });
        await cache.increment('n', 5);
        await new Promise((resolve) => setTimeout(resolve, 1200));
        await cache.set('third', large);
        reported.push(await cache.get('brief'), (await cache.get('kept'))?.length, await cache.increment('n', 1));
        await cache.set('fourth', large);
        reported.push((await cache.get('third'))?.length, (await cache.get('kept'))?.length);
        await cache.set('fifth', large);
        reported.push((await cache.get('third'))?.length, await cache.get('kept'));
        try { await cache.set('whole', 'x'.repeat(70000)); } catch (error) { reported.push(error.code); }
        reported.push(await cache.delete('fourth'), await cache.delete('fifth'));
        throw new Aerocall.Deny(JSON.stringify(reported));";
    let probe = format!("{LIMITS}\n{}", hook("beforeSignup", body));
    site.live("a", &[("probe", &probe)]);
    // There is room for three. The one that had ended makes room for the fourth, and the one that ends first for the fifth.
    let expected = |count: u32| format!("[null,20000,{count},20000,20000,20000,null,\"limit_exceeded\",true,true]");
    assert_eq!(reported(&site, &project, 1), expected(6));
    assert_eq!(reported(&site, &project, 2), expected(12));
}

#[test]
fn a_redis_that_drops_keys_is_reported_as_the_server_starts_and_by_the_doctor() {
    const LINE: &str = "drops keys when its memory is used up";
    for (memory, policy, drops) in [
        ("8mb", "allkeys-random", true),
        ("8mb", "volatile-ttl", true),
        ("8mb", "noeviction", false),
        ("0", "allkeys-lfu", false),
    ] {
        let Some(redis) = OwnRedis::new(memory, policy) else {
            return;
        };
        let env = [("AEROCALL_REDIS_URL", redis.url.as_str())];
        let site = Site::with(&env);
        let of_policy = format!("policy=\"{policy}\"");
        let lines = || {
            let lines = logbook::lines_with(LINE);
            lines.iter().filter(|line| line.contains(&of_policy)).count()
        };
        if drops {
            until(|| (lines() == 1).then_some(()));
        }
        let config = site::config(site.data.path(), &env);
        let tokio = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        let findings = tokio.block_on(examine(&config));
        let finding = findings.iter().find(|finding| finding.name == "limits").unwrap();
        let expected = if drops { FindingState::Note } else { FindingState::Ok };
        assert_eq!(
            (finding.state, finding.fix.is_some()),
            (expected, drops),
            "{policy}: {finding:?}"
        );
        assert_eq!(lines(), usize::from(drops), "{policy}");
    }
}
