//! Three servers behind haproxy on PostgreSQL, Redis and RabbitMQ, and a receiver of what they send.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::json;

use crate::{
    receiver::{Receiver, Reply},
    server::Site,
    services::{Service, borrowed, free_port, settings},
    support::project,
    until::within,
};

/// How long a server that was told to stop goes on: four times what the proxy takes to see it.
const DRAIN_SECONDS: &str = "2";

/// Each sign-up sends a job; the job tells the receiver its id and whom it is for. A login counts in the cache and does not
/// mind if that fails.
const HOOK: &str = "
export const config = { capabilities: { http: ['HOST'], queue: true } };
export const beforeSignup = async (context: any, payload: any, Aerocall: any) => {
  await Aerocall.Queue.enqueue('told', payload.user.email);
};
export const on = {
  'queue.told': async (context: any, job: any, Aerocall: any) => {
    const body = JSON.stringify({ data: { user: { email: job.data } } });
    const answer = await Aerocall.http.fetch('http://HOST/jobs', { method: 'POST', headers: { 'webhook-id': job.id }, body });
    if (!answer.ok) throw new Error('not told');
  },
};";
const LOGIN: &str = "
export const beforeLogin = async (context: any, payload: any, Aerocall: any) => {
  await Aerocall.cache.increment('logins');
};";
const TOML: &str = "
[project]
id = \"demo\"
environment = \"development\"

[hooks.login]
failure_policy = \"open\"
";

pub(crate) struct Cluster {
    /// The demo project; its address is the proxy's.
    pub(crate) site: Site,
    pub(crate) nodes: Vec<Node>,
    pub(crate) postgres: Service,
    pub(crate) redis: Service,
    pub(crate) rabbit: Service,
    pub(crate) receiver: Receiver,
    _proxy: Service,
}

/// `aerocall serve` on a port that stays its own.
pub(crate) struct Node {
    port: u16,
    env: Vec<(&'static str, String)>,
    process: Option<Child>,
}

impl Cluster {
    /// `None` where a program is not installed.
    pub(crate) fn new() -> Option<Self> {
        let (postgres, redis, rabbit) = (Service::postgres()?, Service::redis()?, Service::rabbit()?);
        let mut shared = settings(&postgres, &rabbit);
        shared.extend([
            ("AEROCALL_REDIS_URL", redis.url()),
            (
                "AEROCALL_MASTER_KEY",
                "dGhyZWUgbm9kZXMgd2l0aCBvbmUga2V5IGluIGNvbW0=".to_owned(),
            ),
            ("AEROCALL_HTTP_DRAIN_SECONDS", DRAIN_SECONDS.to_owned()),
            ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8".to_owned()),
            ("AEROCALL_QUEUE_RETRY_MS", "500".to_owned()),
        ]);
        // The first start makes the project; the nodes come after it.
        let mut site = Site::new(&borrowed(&shared));
        site.kill();
        let nodes: Vec<Node> = (0..3).map(|_| Node::started(&site, &shared)).collect();
        let proxy = Service::proxy(&nodes.iter().map(|node| node.port).collect::<Vec<_>>())?;
        site.url = proxy.url();
        let receiver = Receiver::new(|_, _, _| Reply::Ok);
        let cluster = Self {
            site,
            nodes,
            postgres,
            redis,
            rabbit,
            receiver,
            _proxy: proxy,
        };
        cluster.set_up();
        Some(cluster)
    }

    fn set_up(&self) {
        let host = self.receiver.url("").replace("http://", "");
        let signup = HOOK.replace("HOST", &host);
        let files = [
            ("aerocall.toml", TOML),
            ("hooks/signup.ts", signup.as_str()),
            ("hooks/login.ts", LOGIN),
        ];
        self.site.deploy(project(&files).path(), &[]).expect(0);
        let endpoint = json!({ "url": self.receiver.url("/signups"), "events": ["auth.signup"] });
        self.site.admin_post("/webhooks", &endpoint);
        // Every node knows of it within a second.
        std::thread::sleep(Duration::from_secs(1));
    }

    /// Whoever was told that they have an account has one, and everybody who is to hear of it has, with one id each.
    pub(crate) fn nothing_is_lost(&self, acknowledged: &[String]) {
        assert!(!acknowledged.is_empty());
        for email in acknowledged {
            assert_eq!(self.site.post("/auth/login", email), Some(200), "{email}");
        }
        for (email, path) in acknowledged
            .iter()
            .flat_map(|email| [(email, "/signups"), (email, "/jobs")])
        {
            let ids = within(Duration::from_secs(60), || {
                Some(self.receiver.ids(path, email)).filter(|ids| !ids.is_empty())
            });
            assert!(ids.iter().all(|id| *id == ids[0]), "{path} {email}: {ids:?}");
        }
    }
}

impl Node {
    fn started(site: &Site, shared: &[(&'static str, String)]) -> Self {
        let port = free_port();
        let mut env = shared.to_vec();
        env.push(("AEROCALL_LISTEN", format!("127.0.0.1:{port}")));
        let mut node = Self {
            port,
            env,
            process: None,
        };
        node.start(site);
        node
    }

    /// Starts, and waits until it listens.
    pub(crate) fn start(&mut self, site: &Site) {
        let mut process = site
            .on_its_data(&["serve"], &borrowed(&self.env))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line, format!("listening on http://127.0.0.1:{}\n", self.port));
        self.process = Some(process);
    }

    /// SIGTERM, and waits for the end.
    pub(crate) fn terminate(&mut self) {
        let mut process = self.process.take().unwrap();
        let id = process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let status = within(Duration::from_secs(40), || process.try_wait().unwrap());
        assert_eq!(status.code(), Some(0));
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            drop(process.kill());
            drop(process.wait());
        }
    }
}
