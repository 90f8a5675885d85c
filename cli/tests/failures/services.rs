//! PostgreSQL, Redis, RabbitMQ and haproxy as processes of one test, on ports and data of their own, so that they can be
//! stopped and started again.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    os::unix::{net::UnixStream, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    programs::{folders, found, free_port, other_user},
    server::through,
    small_disk::SmallDisk,
    support::{Done, unless_ci},
    until::{until, within},
};

/// A process with a directory and a port; it ends with the test.
pub(crate) struct Service {
    pub(crate) port: u16,
    directory: TempDir,
    kind: Kind,
    process: Option<Child>,
    /// A program, with arguments, that it is run through.
    through: Vec<String>,
}

/// What runs, with the path of its program.
enum Kind {
    /// The folder of `postgres` and `initdb`, and whom it runs as: it refuses to be root.
    Postgres(PathBuf, Option<String>),
    Redis(PathBuf),
    /// With the port on which nodes would find each other.
    Rabbit(PathBuf, u16),
    Proxy(PathBuf),
}

impl Service {
    pub(crate) fn postgres() -> Option<Self> {
        let folders = folders("/usr/lib/postgresql", "bin");
        let programs = unless_ci(found("initdb", &folders), "PostgreSQL is not installed")?;
        let programs = programs.parent().unwrap().to_path_buf();
        let service = Self::new(Kind::Postgres(programs.clone(), other_user()));
        let data = service.directory.path().join("data");
        let mut initdb = service.as_its_user(&programs.join("initdb"));
        initdb
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "-D"])
            .arg(&data);
        Done::from(initdb.output().unwrap()).expect(0);
        Some(service.started())
    }

    pub(crate) fn redis() -> Option<Self> {
        let program = unless_ci(found("redis-server", &[]), "Redis is not installed")?;
        Some(Self::new(Kind::Redis(program)).started())
    }

    pub(crate) fn rabbit() -> Option<Self> {
        let folders = folders("/usr/lib/rabbitmq/lib", "sbin");
        let program = folders
            .iter()
            .map(|folder| folder.join("rabbitmq-server"))
            .find(|path| path.is_file());
        let program = unless_ci(program, "RabbitMQ is not installed")?;
        Some(Self::new(Kind::Rabbit(program, free_port())).started())
    }

    /// haproxy before these ports, as `docs/deploy/haproxy.cfg` has it.
    pub(crate) fn proxy(nodes: &[u16]) -> Option<Self> {
        let program = unless_ci(found("haproxy", &["/usr/sbin".into()]), "haproxy is not installed")?;
        let service = Self::new(Kind::Proxy(program));
        let documented = crate::support::repository().join("docs/deploy/haproxy.cfg");
        let is_server = |line: &&str| line.trim_start().starts_with("server ");
        let documented = std::fs::read_to_string(documented).unwrap();
        assert!(documented.contains("bind :8080") && documented.lines().any(|line| is_server(&line)));
        let socket = service.directory.path().join("stats").display().to_string();
        let mut text: Vec<String> = documented
            .replace("bind :8080", &format!("bind 127.0.0.1:{}", service.port))
            .replacen("global\n", &format!("global\n  stats socket {socket}\n"), 1)
            .lines()
            .filter(|line| !is_server(line))
            .map(str::to_owned)
            .collect();
        // The servers are the last lines there, too.
        text.extend(
            nodes
                .iter()
                .map(|port| format!("  server node-{port} 127.0.0.1:{port}")),
        );
        std::fs::write(service.directory.path().join("haproxy.cfg"), text.join("\n") + "\n").unwrap();
        Some(service.started())
    }

    /// Whether the proxy's last check has found this server well, so that requests go to it.
    pub(crate) fn reaches(&self, port: u16) -> bool {
        let mut socket = UnixStream::connect(self.directory.path().join("stats")).unwrap();
        socket.write_all(b"show stat\n").unwrap();
        let mut table = String::new();
        socket.read_to_string(&mut table).unwrap();
        let mut lines = table
            .trim_start_matches("# ")
            .lines()
            .map(|line| line.split(',').collect::<Vec<_>>());
        let names = lines.next().unwrap();
        let at = |name: &str| names.iter().position(|one| *one == name).unwrap();
        let node = format!("node-{port}");
        let line = lines
            .find(|line| line.get(at("svname")) == Some(&node.as_str()))
            .unwrap();
        line[at("check_status")].ends_with("L7OK") && line[at("status")] == "UP"
    }

    /// Where a client finds it.
    pub(crate) fn url(&self) -> String {
        let port = self.port;
        match self.kind {
            Kind::Postgres(..) => format!("postgres://postgres@127.0.0.1:{port}"),
            Kind::Redis(_) => format!("redis://127.0.0.1:{port}/0"),
            Kind::Rabbit(..) => format!("amqp://guest:guest@127.0.0.1:{port}/%2f"),
            Kind::Proxy(_) => format!("http://127.0.0.1:{port}"),
        }
    }

    /// Makes a database; its address.
    pub(crate) fn database(&self, name: &str) -> String {
        self.run(&format!("CREATE DATABASE {name}"));
        format!("{}/{name}", self.url())
    }

    /// From now on servers can change nothing in the database, as on a standby; or they can again.
    pub(crate) fn read_only(&self, database: &str, is_read_only: bool) {
        self.run(&format!(
            "ALTER DATABASE {database} SET default_transaction_read_only = {is_read_only}"
        ));
        self.run(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = '{database}' AND application_name = 'aerocall'"
        ));
    }

    fn run(&self, statement: &str) {
        self.psql(&format!("{}/postgres", self.url()), statement);
    }

    /// Runs a statement in a database; what it prints.
    pub(crate) fn psql(&self, database: &str, statement: &str) -> String {
        Done::from(self.asks(database, statement).output().unwrap())
            .expect(0)
            .stdout
    }

    /// The program that runs a statement in a database.
    pub(crate) fn asks(&self, database: &str, statement: &str) -> Command {
        let Kind::Postgres(programs, _) = &self.kind else {
            panic!("not a PostgreSQL")
        };
        let mut psql = Command::new(programs.join("psql"));
        psql.args(["-qAt", "-c", statement, database]);
        psql
    }

    /// Where PostgreSQL's programs are.
    pub(crate) fn postgres_programs() -> Option<PathBuf> {
        let program = found("initdb", &folders("/usr/lib/postgresql", "bin"))?;
        program.parent().map(Path::to_path_buf)
    }

    /// A PostgreSQL that has a tablespace `small` on a disk that can be filled.
    pub(crate) fn postgres_on_small_disk(mib: u32) -> Option<(Self, SmallDisk)> {
        let mut service = Self::postgres()?;
        service.stop();
        let disk = SmallDisk::at(&service.directory.path().join("small"), mib)?;
        service.through = disk.through();
        service.start();
        let space = service.directory.path().join("small/space").display().to_string();
        let mut made = service.as_its_user(Path::new("mkdir"));
        Done::from(made.arg(&space).output().unwrap()).expect(0);
        service.run(&format!("CREATE TABLESPACE small LOCATION '{space}'"));
        Some((service, disk))
    }

    /// A file of the cluster, by its path below its data directory.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.directory.path().join("data").join(path.trim())
    }

    /// Runs a command of Redis.
    pub(crate) fn redis_command(&self, command: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(format!("{command}\r\n").as_bytes()).unwrap();
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"+OK\r\n", "{command}");
    }

    /// Runs `rabbitmqctl`; what it prints.
    pub(crate) fn rabbitmqctl(&self, arguments: &[&str]) -> String {
        let Kind::Rabbit(program, _) = &self.kind else {
            panic!("not a RabbitMQ")
        };
        let here = self.directory.path();
        let mut command = Command::new(program.with_file_name("rabbitmqctl"));
        command
            .arg("-q")
            .args(arguments)
            .env("HOME", here)
            .env("RABBITMQ_NODENAME", format!("test{}@localhost", self.port))
            .env("RABBITMQ_CONF_ENV_FILE", here.join("none"));
        let done = command.output().unwrap();
        let printed = String::from_utf8(done.stdout.clone()).unwrap();
        Done::from(done).expect(0);
        printed
    }

    /// As an operator stops it.
    pub(crate) fn stop(&mut self) {
        let mut process = self.process.take().unwrap();
        // PostgreSQL's fast shutdown: it does not wait for its clients to leave.
        let signal = if matches!(self.kind, Kind::Postgres(..)) {
            "-INT"
        } else {
            "-TERM"
        };
        let id = process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        until(|| process.try_wait().unwrap());
    }

    /// Starts, and waits until it answers.
    pub(crate) fn start(&mut self) {
        let mut command = self.command();
        // A group of its own: what a terminal sends to the tests does not end it before them.
        command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        within(Duration::from_secs(180), || {
            let ended = self.process.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "a service ended: {ended:?}");
            self.answers().then_some(())
        });
    }

    fn new(kind: Kind) -> Self {
        let directory = TempDir::new().unwrap();
        if let Kind::Postgres(_, Some(user)) = &kind {
            let owner = format!("{user}:{user}");
            assert!(
                Command::new("chown")
                    .arg(owner)
                    .arg(directory.path())
                    .status()
                    .unwrap()
                    .success()
            );
        }
        Self {
            port: free_port(),
            directory,
            kind,
            process: None,
            through: Vec::new(),
        }
    }

    fn started(mut self) -> Self {
        self.start();
        self
    }

    fn command(&self) -> Command {
        let (here, port) = (self.directory.path(), self.port.to_string());
        match &self.kind {
            Kind::Postgres(programs, _) => {
                let mut command = self.as_its_user(&programs.join("postgres"));
                command
                    .arg("-D")
                    .arg(here.join("data"))
                    .arg("-k")
                    .arg(here)
                    .args(["-p", &port]);
                command.args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]);
                command
            }
            Kind::Redis(program) => {
                let mut command = Command::new(program);
                command.args([
                    "--bind",
                    "127.0.0.1",
                    "--port",
                    &port,
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--dir",
                ]);
                command.arg(here);
                command
            }
            Kind::Rabbit(program, nodes) => {
                let mut command = Command::new(program);
                command
                    .env("HOME", here)
                    // Signals reach the broker itself and not a script around it.
                    .env("RUNNING_UNDER_SYSTEMD", "1")
                    .env("RABBITMQ_NODENAME", format!("test{port}@localhost"))
                    .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
                    .env("RABBITMQ_NODE_PORT", &port)
                    .env("RABBITMQ_DIST_PORT", nodes.to_string())
                    .env("RABBITMQ_MNESIA_BASE", here.join("mnesia"))
                    .env("RABBITMQ_LOG_BASE", here.join("log"))
                    .env("RABBITMQ_PID_FILE", here.join("pid"))
                    .env("RABBITMQ_CONFIG_FILE", here.join("none"))
                    .env("RABBITMQ_CONF_ENV_FILE", here.join("none"))
                    .env("RABBITMQ_ENABLED_PLUGINS_FILE", here.join("plugins"));
                command
            }
            Kind::Proxy(program) => {
                let mut command = Command::new(program);
                command.arg("-db").arg("-f").arg(here.join("haproxy.cfg"));
                command
            }
        }
    }

    /// PostgreSQL's programs as a user that is not root; anybody else's as they are.
    fn as_its_user(&self, program: &Path) -> Command {
        let mut command = match &self.kind {
            Kind::Postgres(_, Some(user)) => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid", user, "--regid", user, "--clear-groups", "--"])
                    .arg(program);
                command
            }
            _ => Command::new(program),
        };
        command.current_dir(self.directory.path());
        through(&self.through, command)
    }

    /// PostgreSQL listens before it answers; the others are there when they listen.
    fn answers(&self) -> bool {
        match &self.kind {
            Kind::Postgres(programs, _) => {
                let mut asked = Command::new(programs.join("pg_isready"));
                asked.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
                asked.status().unwrap().success()
            }
            _ => TcpStream::connect(("127.0.0.1", self.port)).is_ok(),
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // The whole group: a database has many processes.
            let group = format!("-{}", process.id());
            drop(Command::new("kill").args(["-KILL", "--", &group]).status());
            drop(process.wait());
        }
    }
}

/// Starts several at the same time, as most of it is waiting. `None` where a program is not installed.
pub(crate) fn together<const N: usize>(services: [fn() -> Option<Service>; N]) -> Option<[Service; N]> {
    let starting = services.map(std::thread::spawn);
    let started: Option<Vec<Service>> = starting.into_iter().map(|one| one.join().unwrap()).collect();
    started?.try_into().ok()
}

/// The settings with which the servers of an installation share these two.
pub(crate) fn settings(postgres: &Service, rabbit: &Service, installation: &str) -> Vec<(&'static str, String)> {
    vec![
        (
            "AEROCALL_DATABASE_URL",
            postgres.database(&format!("{installation}_core")),
        ),
        (
            "AEROCALL_TENANT_DATABASE_URL",
            postgres.database(&format!("{installation}_tenants")),
        ),
        ("AEROCALL_AMQP_URL", rabbit.url()),
        ("AEROCALL_AMQP_PREFIX", installation.to_owned()),
    ]
}

/// Settings as commands take them.
pub(crate) fn borrowed<'a>(settings: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
