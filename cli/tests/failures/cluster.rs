//! Three servers behind haproxy on PostgreSQL, Redis and RabbitMQ, and a receiver of what they send.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    mailbox::Mailbox,
    programs::free_port,
    receiver::{Receiver, Reply},
    server::{Site, through},
    services::{Service, borrowed, settings, together},
    support::project,
    until::within,
};

/// How long a server that was asked to stop goes on: twice what the proxy takes to see it.
const DRAIN_SECONDS: &str = "2";
const NODES: usize = 3;
/// Whose accounts are looked at at the same time.
const AT_A_TIME: usize = 4;
/// The longest that what waits for another attempt takes to arrive.
pub(crate) const ARRIVES: Duration = Duration::from_secs(120);
/// The most that a start takes until the proxy sends requests, on a busy machine.
const STARTS: Duration = Duration::from_secs(60);
/// The longest that the job of a sign-up takes to arrive.
const A_JOB_TAKES: Duration = Duration::from_secs(3);

/// The endpoint `/slow` does not respond.
pub(crate) static SLOW: AtomicBool = AtomicBool::new(false);
/// Longer than the servers wait for a response.
const HANGS: Duration = Duration::from_secs(3);

/// Whoever is called `new-…` gets a mail. Each sign-up sends a job; the job sends the receiver its id and whom it is for. A login counts in the cache and does not
/// mind if that fails.
const HOOK: &str = "
export const config = { capabilities: { auth: true, http: ['HOST'], queue: true } };
export const beforeSignup = async (context: any, payload: any, Aerocall: any) => {
  const to = payload.user.email;
  if (to.startsWith('new-')) await Aerocall.auth.sendEmail({ to, subject: 'Welcome', text: 'Good to have you here.' });
  await Aerocall.Queue.enqueue('notify', payload.user.email);
};
export const on = {
  'queue.notify': async (context: any, job: any, Aerocall: any) => {
    const body = JSON.stringify({ data: { user: { email: job.data } } });
    const answer = await Aerocall.http.fetch('http://HOST/jobs', { method: 'POST', headers: { 'webhook-id': job.id }, body });
    if (!answer.ok) throw new Error('not delivered');
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
    /// Before what they work with, and before the directory of their logs is gone.
    pub(crate) nodes: Vec<Node>,
    /// The demo project; its address is the proxy's.
    pub(crate) site: Site,
    pub(crate) postgres: Service,
    pub(crate) redis: Service,
    pub(crate) rabbit: Service,
    pub(crate) receiver: Receiver,
    pub(crate) mailbox: Mailbox,
    /// Whoever gets a mail.
    pub(crate) mailed: Mutex<Vec<String>>,
    proxy: Service,
}

/// `aerocall serve` on a port that stays its own.
pub(crate) struct Node {
    port: u16,
    env: Vec<(&'static str, String)>,
    /// A program, with arguments, that it is run through.
    through: Vec<String>,
    log: PathBuf,
    process: Option<Child>,
}

impl Cluster {
    /// `None` where a program is not installed.
    pub(crate) fn new() -> Option<Self> {
        let [postgres, redis, rabbit] = together([Service::postgres, Service::redis, Service::rabbit])?;
        let mailbox = Mailbox::new();
        let mut shared = settings(&postgres, &rabbit, "aerocall");
        shared.extend([
            ("AEROCALL_REDIS_URL", redis.url()),
            (
                "AEROCALL_MASTER_KEY",
                "dGhyZWUgbm9kZXMgd2l0aCBvbmUga2V5IGluIGNvbW0=".to_owned(),
            ),
            ("AEROCALL_HTTP_DRAIN_SECONDS", DRAIN_SECONDS.to_owned()),
            ("AEROCALL_EGRESS_PRIVATE_NETWORKS", "127.0.0.0/8".to_owned()),
            ("AEROCALL_QUEUE_RETRY_MS", "500".to_owned()),
            ("AEROCALL_WEBHOOKS_TIMEOUT_MS", "2000".to_owned()),
            ("AEROCALL_SMTP_URL", mailbox.url()),
        ]);
        // The first start makes the project; the nodes come after it.
        let mut site = Site::new(&borrowed(&shared));
        site.kill();
        let mut nodes: Vec<Node> = (0..NODES).map(|_| Node::on_a_port_of_its_own(&site, &shared)).collect();
        let at = &site;
        std::thread::scope(|scope| {
            for node in &mut nodes {
                scope.spawn(move || node.start(at));
            }
        });
        let proxy = Service::proxy(&nodes.iter().map(|node| node.port).collect::<Vec<_>>())?;
        site.url = proxy.url();
        let receiver = Receiver::new(|path, _, _| match path == "/slow" && SLOW.load(Ordering::SeqCst) {
            true => Reply::Late(HANGS),
            false => Reply::Ok,
        });
        let cluster = Self {
            site,
            nodes,
            postgres,
            redis,
            rabbit,
            receiver,
            mailbox,
            mailed: Mutex::default(),
            proxy,
        };
        cluster.all_are_reached();
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
        for path in ["/signups", "/slow"] {
            let endpoint = json!({ "url": self.receiver.url(path), "events": ["auth.signup"] });
            self.site.admin_post("/webhooks", &endpoint);
        }
        for node in &self.nodes {
            self.knows_the_hooks(node);
        }
    }

    /// Waits until the node runs what was deployed: before, a sign-up there has no job.
    fn knows_the_hooks(&self, node: &Node) {
        let mut at = 0;
        within(STARTS, || {
            at += 1;
            let email = format!("set-up-{}-{at}@work.example", node.port);
            self.site.at(&node.url()).register(&email);
            let until = Instant::now() + A_JOB_TAKES;
            while Instant::now() < until {
                if !self.receiver.ids("/jobs", &email).is_empty() {
                    return Some(());
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            None
        });
    }

    /// Waits until the proxy sends requests to every node: what it has seen of one that has just started may be older.
    pub(crate) fn all_are_reached(&self) {
        for node in &self.nodes {
            within(STARTS, || self.proxy.reaches(node.port).then_some(()));
        }
    }

    /// A node is replaced by one that is run through a program, or by itself, and the proxy sees it.
    pub(crate) fn restarts(&mut self, number: usize, through: Vec<String>) {
        let node = &mut self.nodes[number];
        node.terminate();
        node.through = through;
        node.start(&self.site);
        within(STARTS, || self.proxy.reaches(node.port).then_some(()));
    }

    /// Whoever got an answer that they have an account has one, and everybody who is to be notified was, with one id each.
    pub(crate) fn nothing_is_lost(&self, acknowledged: &[String]) {
        assert!(!acknowledged.is_empty());
        std::thread::scope(|scope| {
            for part in acknowledged.chunks(acknowledged.len().div_ceil(AT_A_TIME)) {
                scope.spawn(move || {
                    for email in part {
                        assert_eq!(self.site.post("/auth/login", email), Some(200), "{email}");
                    }
                });
            }
        });
        for (email, path) in acknowledged
            .iter()
            .flat_map(|email| [(email, "/signups"), (email, "/slow"), (email, "/jobs")])
        {
            let ids = within(ARRIVES, || {
                Some(self.receiver.ids(path, email)).filter(|ids| !ids.is_empty())
            });
            assert!(ids.iter().all(|id| *id == ids[0]), "{path} {email}: {ids:?}");
        }
        for email in self.mailed.lock().unwrap().drain(..) {
            within(ARRIVES, || (self.mailbox.mails(&email) > 0).then_some(()));
        }
    }
}

impl Node {
    fn on_a_port_of_its_own(site: &Site, shared: &[(&'static str, String)]) -> Self {
        let port = free_port();
        let mut env = shared.to_vec();
        env.push(("AEROCALL_LISTEN", format!("127.0.0.1:{port}")));
        Self {
            port,
            env,
            through: Vec::new(),
            log: site.path(&format!("{port}.log")),
            process: None,
        }
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// A command at its machine.
    pub(crate) fn command(&self, site: &Site, arguments: &[&str]) -> Command {
        through(&self.through, site.on_its_data(arguments, &borrowed(&self.env)))
    }

    /// Starts, and waits until it listens and has all that it works with.
    pub(crate) fn start(&mut self, site: &Site) {
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        let mut process = self
            .command(site, &["serve"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line, format!("listening on http://127.0.0.1:{}\n", self.port));
        self.process = Some(process);
        let since = Instant::now();
        loop {
            let (status, _, document) = site.at(&self.url()).get("/readyz");
            if status == 200 {
                return;
            }
            assert!(since.elapsed() < STARTS, "a node does not become ready: {document}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Where it listens itself.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
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

/// Of a log: what was worth a warning, and its last lines.
fn warnings_and_end(log: &str) -> String {
    const LAST: usize = 20;
    let lines: Vec<&str> = log.lines().collect();
    let last = lines.len().saturating_sub(LAST);
    let shown = lines.iter().enumerate();
    let shown = shown.filter(|(at, line)| *at >= last || line.contains("WARN") || line.contains("ERROR"));
    shown.map(|(_, line)| *line).collect::<Vec<_>>().join("\n")
}

impl Drop for Node {
    #[expect(clippy::print_stderr, reason = "what a server logged explains why a test fails")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", warnings_and_end(&self.log()));
        }
        if let Some(mut process) = self.process.take() {
            drop(process.kill());
            drop(process.wait());
        }
    }
}
