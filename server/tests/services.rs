//! Services of this machine that tests use over real connections, and a gate before each that can be shut: to the server
//! it looks as if the service had gone away.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{site::Site, template};

/// Where RabbitMQ is, as in CI.
const RABBITMQ: (&str, &str) = ("127.0.0.1:5672", "guest:guest");
const REDIS: &str = "127.0.0.1:6379";
/// Trusts whoever is on this machine.
const POSTGRES: &str = "127.0.0.1:5432";

/// A name that no other test has.
pub(crate) fn unique(what: &str) -> String {
    let mut bytes = [0; 6];
    getrandom::fill(&mut bytes).unwrap();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("test-{what}-{hex}")
}

/// Whether the service is there. In CI it must be.
#[expect(
    clippy::print_stderr,
    reason = "whoever runs the tests should see what was not tested"
)]
pub(crate) fn available(name: &str, address: &str) -> bool {
    let address: SocketAddr = address.parse().unwrap();
    let there = TcpStream::connect_timeout(&address, Duration::from_secs(2)).is_ok();
    assert!(
        there || std::env::var_os("CI").is_none(),
        "{name} is not there at {address}, and in CI it must be"
    );
    if !there {
        eprintln!("skipped: {name} is not there at {address}");
    }
    there
}

/// Runs a test on a server whose jobs come over RabbitMQ.
pub(crate) fn with_rabbitmq(env: &[(&str, &str)], test: impl FnOnce(&Site)) {
    let Some(rabbit) = Rabbit::new() else { return };
    let site = Site::with(&[env, &rabbit.env(RABBITMQ.0)].concat());
    test(&site);
}

/// A prefix of queues in RabbitMQ; what has it is deleted in the end.
pub(crate) struct Rabbit {
    prefix: String,
    url: Mutex<String>,
}

impl Rabbit {
    pub(crate) const ADDRESS: &str = RABBITMQ.0;

    pub(crate) fn new() -> Option<Self> {
        available("RabbitMQ", RABBITMQ.0).then(|| Self {
            prefix: unique("queue"),
            url: Mutex::default(),
        })
    }

    /// The settings of a server that uses it, at an address.
    pub(crate) fn env(&self, address: &str) -> [(&str, &str); 2] {
        let url = format!("amqp://{}@{address}/%2f", RABBITMQ.1);
        // A test has one broker; the few bytes live as long as the test.
        let url: &'static str = Box::leak(url.into_boxed_str());
        *self.url.lock().unwrap() = url.to_owned();
        [("AEROCALL_AMQP_URL", url), ("AEROCALL_AMQP_PREFIX", &self.prefix)]
    }

    /// Deletes the queues of these projects, and puts a message of somebody else's making into one first, if asked.
    fn on_channel<T>(&self, work: impl AsyncFnOnce(lapin::Channel) -> T) -> T {
        let url = format!("amqp://{}@{}/%2f", RABBITMQ.1, RABBITMQ.0);
        let tokio = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        tokio.block_on(async {
            let connection = lapin::Connection::connect(&url, lapin::ConnectionProperties::default())
                .await
                .unwrap();
            work(connection.create_channel().await.unwrap()).await
        })
    }

    /// Puts a message into a project's queue, as somebody with access to the broker could.
    pub(crate) fn forge(&self, project: &str, message: &str) {
        let queue = format!("{}.jobs.{project}", self.prefix);
        self.on_channel(async |channel| {
            channel
                .basic_publish(
                    "".into(),
                    queue.as_str().into(),
                    lapin::options::BasicPublishOptions::default(),
                    message.as_bytes(),
                    lapin::BasicProperties::default(),
                )
                .await
                .unwrap()
                .await
                .unwrap();
        });
    }
}

impl Rabbit {
    /// How many consume a project's queue; `None` if it is not there.
    pub(crate) fn consumers(&self, project: &str) -> Option<u32> {
        let queue = self.queue(project);
        let looks = lapin::options::QueueDeclareOptions {
            passive: true,
            ..lapin::options::QueueDeclareOptions::durable()
        };
        self.on_channel(async |channel| {
            let there = channel.queue_declare(queue.as_str().into(), looks, lapin::types::FieldTable::default());
            Some(there.await.ok()?.consumer_count())
        })
    }

    /// Deletes a project's queue with what is in it.
    pub(crate) fn delete(&self, project: &str) {
        let queue = self.queue(project);
        self.on_channel(async |channel| {
            let options = lapin::options::QueueDeleteOptions::default();
            channel.queue_delete(queue.as_str().into(), options).await.unwrap();
        });
    }

    /// Takes what is in a project's queue.
    pub(crate) fn purge(&self, project: &str) {
        let queue = self.queue(project);
        self.on_channel(async |channel| {
            let options = lapin::options::QueuePurgeOptions::default();
            channel.queue_purge(queue.as_str().into(), options).await.unwrap();
        });
    }

    fn queue(&self, project: &str) -> String {
        format!("{}.jobs.{project}", self.prefix)
    }
}

impl Drop for Rabbit {
    fn drop(&mut self) {
        for project in ["shop", "a", "b", "other"] {
            let queue = format!("{}.jobs.{project}", self.prefix);
            self.on_channel(async |channel| {
                channel
                    .queue_delete(queue.as_str().into(), lapin::options::QueueDeleteOptions::default())
                    .await
                    .ok();
            });
        }
    }
}

/// A prefix of keys in Redis; what has it is deleted in the end.
pub(crate) struct Redis {
    prefix: String,
}

impl Redis {
    pub(crate) const ADDRESS: &str = REDIS;

    pub(crate) fn new() -> Option<Self> {
        available("Redis", REDIS).then(|| Self {
            prefix: unique("cache"),
        })
    }

    pub(crate) fn env(&self, address: &str) -> [(&str, &str); 2] {
        let url: &'static str = Box::leak(format!("redis://{address}/0").into_boxed_str());
        [("AEROCALL_REDIS_URL", url), ("AEROCALL_REDIS_PREFIX", &self.prefix)]
    }

    /// The keys of this test.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut redis = self.connection();
        deadpool_redis::redis::cmd("KEYS")
            .arg(format!("{}:*", self.prefix))
            .query(&mut redis)
            .unwrap()
    }

    fn connection(&self) -> deadpool_redis::redis::Connection {
        let client = deadpool_redis::redis::Client::open(format!("redis://{REDIS}/0")).unwrap();
        client.get_connection().unwrap()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let keys = self.keys();
        if !keys.is_empty() {
            let _: i64 = deadpool_redis::redis::cmd("DEL")
                .arg(keys)
                .query(&mut self.connection())
                .unwrap();
        }
    }
}

/// Runs a test on a server whose projects have their tables in PostgreSQL.
pub(crate) fn with_postgres(env: &[(&str, &str)], test: impl FnOnce(&Site)) {
    let Some(postgres) = Postgres::new() else { return };
    let url = postgres.url(Postgres::ADDRESS);
    let site = Site::with(&[env, &[("AEROCALL_TENANT_DATABASE_URL", &url)]].concat());
    test(&site);
    drop(site.stop());
}

/// A database of one test, and what was made in the cluster for it; all of it is dropped in the end.
pub(crate) struct Postgres {
    name: String,
}

impl Postgres {
    pub(crate) const ADDRESS: &str = POSTGRES;

    /// With nothing in it.
    pub(crate) fn new() -> Option<Self> {
        available("PostgreSQL", POSTGRES).then(|| Self::copy_of("template1"))
    }

    /// With the tables of the server in it.
    pub(crate) fn core() -> Option<Self> {
        available("PostgreSQL", POSTGRES).then(|| Self::copy_of(template::core()))
    }

    fn copy_of(template: &str) -> Self {
        let name = unique("db").replace('-', "_");
        on_postgres("postgres", &[format!("CREATE DATABASE {name} TEMPLATE {template}")]);
        Self { name }
    }

    /// Runs a statement in it; the first column of its rows.
    pub(crate) fn run(&self, statement: &str) -> Vec<String> {
        on_postgres(&self.name, &[statement.to_owned()])
    }

    pub(crate) fn url(&self, address: &str) -> String {
        self.url_of("postgres", address)
    }

    /// For another user than the administrator.
    pub(crate) fn url_of(&self, user: &str, address: &str) -> String {
        format!("postgres://{user}@{address}/{}", self.name)
    }

    /// From now on the server's connections can change nothing, as on a standby; or they can again.
    pub(crate) fn read_only(&self, is_read_only: bool) {
        let name = &self.name;
        on_postgres(
            "postgres",
            &[
                format!("ALTER DATABASE {name} SET default_transaction_read_only = {is_read_only}"),
                format!(
                    "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity \
                     WHERE datname = '{name}' AND application_name = 'aerocall'"
                ),
            ],
        );
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let own = "SELECT nspname::text FROM pg_namespace WHERE nspname ~ '^aerocall_[0-9a-f]{16}$'";
        let schemas = on_postgres(&self.name, &[own.to_owned()]);
        let mut clean = vec![format!("DROP DATABASE {} WITH (FORCE)", self.name)];
        clean.extend(
            schemas
                .iter()
                .map(|schema| format!("DROP ROLE IF EXISTS {schema}_owner, {schema}_hooks")),
        );
        on_postgres("postgres", &clean);
    }
}

/// Runs statements one after the other; the first column of the last one's rows.
pub(crate) fn on_postgres(database: &str, statements: &[String]) -> Vec<String> {
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let url = format!("postgres://postgres@{POSTGRES}/{database}");
    tokio.block_on(async {
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let mut rows = Vec::new();
        for statement in statements {
            rows = client.query(statement.as_str(), &[]).await.unwrap();
        }
        rows.iter().map(|row| row.get(0)).collect()
    })
}

/// A way to a service that can be shut and opened again.
pub(crate) struct Gate {
    pub(crate) address: String,
    open: Arc<AtomicBool>,
    /// Nothing comes through, and nobody learns it.
    held: Arc<AtomicBool>,
    streams: Arc<Mutex<Vec<TcpStream>>>,
}

impl Gate {
    pub(crate) fn before(service: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let gate = Self {
            address: listener.local_addr().unwrap().to_string(),
            open: Arc::new(AtomicBool::new(true)),
            held: Arc::default(),
            streams: Arc::default(),
        };
        let (open, held, streams) = (
            Arc::clone(&gate.open),
            Arc::clone(&gate.held),
            Arc::clone(&gate.streams),
        );
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let Ok(client) = client else { return };
                if open.load(Ordering::SeqCst)
                    && let Ok(server) = TcpStream::connect(service)
                {
                    join(&client, &server, &streams, &held);
                }
            }
        });
        gate
    }

    /// Breaks every connection and lets no new one through.
    pub(crate) fn shut(&self) {
        self.open.store(false, Ordering::SeqCst);
        for stream in self.streams.lock().unwrap().drain(..) {
            stream.shutdown(Shutdown::Both).ok();
        }
    }

    pub(crate) fn open(&self) {
        self.open.store(true, Ordering::SeqCst);
    }

    /// Keeps every connection and lets nothing through.
    pub(crate) fn hold(&self) {
        self.held.store(true, Ordering::SeqCst);
    }
}

fn join(client: &TcpStream, server: &TcpStream, streams: &Mutex<Vec<TcpStream>>, held: &Arc<AtomicBool>) {
    for (from, to) in [(client, server), (server, client)] {
        let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        streams.lock().unwrap().push(from.try_clone().unwrap());
        let held = Arc::clone(held);
        std::thread::spawn(move || {
            let mut buffer = [0; 16 << 10];
            while let Ok(bytes @ 1..) = from.read(&mut buffer) {
                while held.load(Ordering::SeqCst) {
                    std::thread::sleep(std::time::Duration::from_millis(5));
                }
                if to.write_all(&buffer[..bytes]).is_err() {
                    break;
                }
            }
            to.shutdown(Shutdown::Both).ok();
        });
    }
}
