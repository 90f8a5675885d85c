//! A server of one test, and how to talk to it.

use std::{path::Path, sync::Arc};

use aerocall_compiler::EngineName;
use aerocall_runtime::{CompileCommand, Runtime, RuntimeConfig};
use aerocall_server::{Config, ConfigSources, PageFile, Running, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) use crate::until::until;
use crate::{bundles, http_client, logbook, openapi, services::Postgres};

/// A good password, and not a common one.
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct Site {
    tokio: tokio::runtime::Runtime,
    running: Option<Running>,
    pub(crate) base: String,
    pub(crate) admin_token: String,
    pub(crate) data: Data,
}

/// What a server leaves behind when it stops: its data directory and, with `TEST_CORE=postgres`, a core database
/// of its own on PostgreSQL. So every test of this folder runs on both.
pub(crate) struct Data {
    directory: TempDir,
    core: Option<Postgres>,
}

impl From<TempDir> for Data {
    fn from(directory: TempDir) -> Self {
        let on_postgres = std::env::var("TEST_CORE").is_ok_and(|core| core == "postgres");
        let core = on_postgres.then(|| Postgres::core().expect("TEST_CORE=postgres needs a PostgreSQL"));
        Self { directory, core }
    }
}

impl Data {
    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The core database, where it is on PostgreSQL.
    pub(crate) fn core(&self) -> Option<&Postgres> {
        self.core.as_ref()
    }
}

/// An answer, read to the end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) json: Value,
}

/// A project with its keys.
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// With settings, as environment variables.
    pub(crate) fn with(env: &[(&str, &str)]) -> Self {
        Self::on(tempfile::tempdir().unwrap(), env)
    }

    /// On a data directory that is there already.
    pub(crate) fn on(data: impl Into<Data>, env: &[(&str, &str)]) -> Self {
        Self::with_runtime(data, env, runtime())
    }

    /// With these pages for browsers.
    pub(crate) fn with_pages(pages: Vec<PageFile>) -> Self {
        Self::serving(
            tempfile::tempdir().unwrap().into(),
            &[],
            runtime(),
            pages,
            async |server| server.create_admin_token("test").await.unwrap(),
        )
    }

    /// Without an admin: its token is the code of the set-up link.
    pub(crate) fn without_admin(data: impl Into<Data>, env: &[(&str, &str)]) -> Self {
        Self::opened(data.into(), env, runtime(), async |server| {
            server.setup_code().await.unwrap().unwrap()
        })
    }

    /// With a runtime of its own.
    pub(crate) fn with_runtime(
        data: impl Into<Data>,
        env: &[(&str, &str)],
        hooks: impl Future<Output = Arc<Runtime>>,
    ) -> Self {
        Self::opened(data.into(), env, hooks, async |server| {
            server.create_admin_token("test").await.unwrap()
        })
    }

    fn opened(
        data: Data,
        env: &[(&str, &str)],
        hooks: impl Future<Output = Arc<Runtime>>,
        admin: impl AsyncFnOnce(&Server) -> String,
    ) -> Self {
        Self::serving(data, env, hooks, Vec::new(), admin)
    }

    fn serving(
        data: Data,
        env: &[(&str, &str)],
        hooks: impl Future<Output = Arc<Runtime>>,
        pages: Vec<PageFile>,
        admin: impl AsyncFnOnce(&Server) -> String,
    ) -> Self {
        logbook::open();
        let core = data.core.as_ref().map(|core| core.url(Postgres::ADDRESS));
        let core = core.iter().map(|url| ("AEROCALL_DATABASE_URL", url.as_str()));
        let env: Vec<_> = core.chain(env.iter().copied()).collect();
        let tokio = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let config = config(data.path(), &env);
        let (running, admin_token) = tokio.block_on(async {
            let server = Server::open(config, hooks.await).await.unwrap();
            let token = admin(&server).await;
            (server.with_pages(pages).listen().unwrap(), token)
        });
        Self {
            base: format!("http://{}", running.addr),
            running: Some(running),
            tokio,
            admin_token,
            data,
        }
    }

    pub(crate) fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    /// Waits until its background has nothing to do.
    pub(crate) fn idle(&self) {
        self.tokio.block_on(self.running().idle());
    }

    /// Waits until every invocation so far is recorded.
    pub(crate) fn recorded(&self) {
        self.tokio.block_on(self.running().recorded());
    }

    /// Stops the server and gives its data back.
    pub(crate) fn stop(mut self) -> Data {
        let running = self.running.take().unwrap();
        self.tokio.block_on(running.stop()).unwrap();
        self.data
    }

    pub(crate) fn project(&self, id: &str) -> Project {
        let made = self.admin("POST", "/projects", Some(json!({ "id": id })));
        assert_eq!(made.status, 201, "{made:?}");
        let key = |name: &str| made.json[name].as_str().unwrap().to_owned();
        Project {
            id: id.to_owned(),
            pk: key("publishable_key"),
            sk: key("secret_key"),
        }
    }

    /// Uploads a bundle as the next version of a hook.
    pub(crate) fn upload(&self, project: &str, name: &str, component: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.admin_token);
        let path = format!("/admin/api/v1/projects/{project}/hooks/{name}/versions");
        self.send(
            "POST",
            &path,
            &[("authorization", &bearer), ("content-type", "application/wasm")],
            component,
        )
    }

    /// Makes these lines (see `flows/admin/deploy.rs`) the deployment of the project's only environment.
    pub(crate) fn deploy(&self, project: &str, lines: Value) -> Answer {
        let path = format!("/projects/{project}/environments/production/deployments");
        self.admin("POST", &path, Some(json!({ "hooks": lines })))
    }

    /// Builds, uploads and deploys sources, in this order; answers the number of each version.
    pub(crate) fn live(&self, project: &str, sources: &[(&str, &str)]) -> Vec<u64> {
        let numbers: Vec<u64> = sources
            .iter()
            .map(|(name, source)| self.version(project, name, source))
            .collect();
        let line = |((name, _), number): (&(&str, &str), &u64)| json!({ "name": name, "number": number });
        let deployed = self.deploy(project, sources.iter().zip(&numbers).map(line).collect());
        assert_eq!(deployed.status, 201, "{deployed:?}");
        numbers
    }

    /// Builds and uploads a source; answers the number of its version.
    pub(crate) fn version(&self, project: &str, name: &str, source: &str) -> u64 {
        let answer = self.upload(project, name, &bundles::bundle(name, source));
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
        answer.json["number"].as_u64().unwrap()
    }

    pub(crate) fn admin(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.admin_as(&self.admin_token, method, path, body)
    }

    pub(crate) fn admin_as(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let bearer = format!("Bearer {token}");
        let path = format!("/admin/api/v1{path}");
        match body {
            Some(body) => self.send(
                method,
                &path,
                &[("authorization", &bearer), ("content-type", "application/json")],
                body.to_string().as_bytes(),
            ),
            None => self.send(method, &path, &[("authorization", &bearer)], b""),
        }
    }

    pub(crate) fn register(&self, pk: &str, body: Value) -> Answer {
        self.post("/auth/register", pk, body)
    }

    /// A user with [`PASSWORD`].
    pub(crate) fn registered(&self, pk: &str, email: &str) -> Answer {
        let answer = self.register(pk, json!({ "email": email, "password": PASSWORD }));
        let log = logbook::lines_with(answer.header("x-request-id"));
        assert_eq!(answer.status, 201, "{answer:?} {log:#?}");
        answer
    }

    pub(crate) fn login(&self, pk: &str, email: &str, password: &str) -> Answer {
        self.post("/auth/login", pk, json!({ "email": email, "password": password }))
    }

    pub(crate) fn me(&self, pk: &str, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.send(
            "GET",
            "/auth/me",
            &[("x-aerocall-key", pk), ("authorization", &bearer)],
            b"",
        )
    }

    pub(crate) fn post(&self, path: &str, pk: &str, body: Value) -> Answer {
        let headers = [("x-aerocall-key", pk), ("content-type", "application/json")];
        self.send("POST", path, &headers, body.to_string().as_bytes())
    }

    /// A page or another text: status, headers, text.
    pub(crate) fn page(&self, path: &str, headers: &[(&str, &str)]) -> (u16, ureq::http::HeaderMap, String) {
        let response = http_client::send("GET", &format!("{}{path}", self.base), headers, b"").unwrap();
        (response.status, response.headers, response.text)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let response = http_client::send(method, &format!("{}{path}", self.base), headers, body).unwrap();
        let answer = Answer {
            status: response.status,
            json: response.json(),
            headers: response.headers,
        };
        openapi::hold(method, path, &answer);
        answer
    }
}

impl Answer {
    /// The code of an error, after a look at its envelope.
    pub(crate) fn code(&self) -> &str {
        let error = self.json["error"]
            .as_object()
            .unwrap_or_else(|| panic!("no error: {self:?}"));
        assert_eq!(self.json.as_object().unwrap().len(), 1);
        for name in error.keys() {
            let known = ["code", "message", "request_id", "hook", "details", "conflict"];
            assert!(known.contains(&name.as_str()), "{name} is not of the envelope");
        }
        assert_eq!(error["request_id"].as_str().unwrap(), self.header("x-request-id"));
        assert!(!error["message"].as_str().unwrap().is_empty());
        error["code"].as_str().unwrap()
    }

    /// The fields that the details name.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let details = self.json["error"]["details"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        details.iter().map(|detail| detail["field"].as_str().unwrap()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    pub(crate) fn token(&self) -> &str {
        self.json["access_token"].as_str().unwrap()
    }
}

/// Cheap hashes and any free port; everything else as by default.
pub(crate) fn config(data: &Path, env: &[(&str, &str)]) -> Config {
    let data = data.display().to_string();
    let base = [
        ("AEROCALL_LISTEN", "127.0.0.1:0"),
        ("AEROCALL_DATA_DIR", data.as_str()),
        ("AEROCALL_HTTP_WORKERS", "1"),
        ("AEROCALL_PASSWORD_MEMORY_KIB", "128"),
        ("AEROCALL_PASSWORD_PASSES", "1"),
        // A test sends from one address what a town sends in a day; those of limits switch them on.
        ("AEROCALL_LIMITS_ENABLED", "false"),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let env = base
        .into_iter()
        .map(owned)
        .chain(env.iter().copied().map(owned))
        .collect();
    Config::load(&ConfigSources {
        env,
        ..ConfigSources::default()
    })
    .unwrap()
}

/// One runtime for all tests, with the JS engine and its artefacts kept between runs.
pub(crate) async fn runtime() -> Arc<Runtime> {
    static RUNTIME: tokio::sync::OnceCell<Arc<Runtime>> = tokio::sync::OnceCell::const_new();
    let make = || async { runtime_with(&bundles::cache_dir(), &[EngineName::QuickJs]).await };
    Arc::clone(RUNTIME.get_or_init(make).await)
}

/// A runtime of its own.
pub(crate) async fn runtime_with(cache_dir: &Path, engines: &[EngineName]) -> Arc<Runtime> {
    let config = RuntimeConfig {
        cache_dir: cache_dir.to_owned(),
        artifact_bytes: 1 << 30,
        compile: CompileCommand {
            program: env!("CARGO_BIN_EXE_aerocall-server-precompile").into(),
            arguments: Vec::new(),
        },
        build: builder(cache_dir),
        engines: engines.iter().map(|name| name.engine().unwrap().source()).collect(),
        max_instances: 64,
    };
    Runtime::new(config).await.unwrap()
}

/// The process that builds sources: an example, because the server itself knows no compiler.
pub(crate) fn builder(cache_dir: &Path) -> CompileCommand {
    let programs = Path::new(env!("CARGO_BIN_EXE_aerocall-server-precompile"))
        .parent()
        .unwrap();
    CompileCommand {
        program: programs.join("examples/aerocall-server-builder"),
        arguments: vec![cache_dir.to_str().unwrap().to_owned()],
    }
}
