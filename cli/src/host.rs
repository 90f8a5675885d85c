//! What the commands share: the compiler and the runtime on this machine, and the settings of a server on it.

use std::{path::PathBuf, sync::Arc};

use aerocall_compiler::{Compiler, EngineName};
use aerocall_runtime::{CompileCommand, Runtime, RuntimeConfig};
use aerocall_server::{Config, ConfigSources, Demo, Overrides, PageFile};

use crate::{Failed, preparing::Preparing};

/// Where compiled engines and hooks are kept: `AEROCALL_CACHE_DIR`, else the user's cache directory.
pub(crate) fn cache_dir() -> PathBuf {
    let under = |name: &str, rest: &str| std::env::var_os(name).map(|base| PathBuf::from(base).join(rest));
    under("AEROCALL_CACHE_DIR", "")
        .or_else(|| under("XDG_CACHE_HOME", "aerocall"))
        .or_else(|| under("HOME", ".cache/aerocall"))
        .unwrap_or_else(|| std::env::temp_dir().join("aerocall"))
}

/// The file of settings, if it is not given as a flag.
const CONFIG: &str = "AEROCALL_CONFIG";
/// Variables of the command line that are no settings of a server.
pub(crate) const FOREIGN_ENV: [&str; 4] = ["AEROCALL_CACHE_DIR", "AEROCALL_SERVER", "AEROCALL_TOKEN", CONFIG];

/// Where a server's settings come from: `server/config.default.toml` < the file < `AEROCALL_*` variables < flags.
#[derive(clap::Args)]
pub(crate) struct ServerSettings {
    /// TOML file with the keys of config.default.toml [default: AEROCALL_CONFIG]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Directory for databases, master key and compiled hooks
    #[arg(long, value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,
    /// URL of the core database; one with a password belongs into AEROCALL_DATABASE_URL or the file
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

impl ServerSettings {
    pub(crate) fn config(self) -> Result<Config, Failed> {
        self.listening_on(None)
    }

    /// With an address as a flag of its own.
    pub(crate) fn listening_on(self, listen: Option<String>) -> Result<Config, Failed> {
        let from_env = || {
            std::env::var_os(CONFIG)
                .filter(|path| !path.is_empty())
                .map(PathBuf::from)
        };
        let sources = ConfigSources {
            file: self.config.or_else(from_env),
            env: std::env::vars().collect(),
            foreign_env: FOREIGN_ENV.map(str::to_owned).to_vec(),
            flags: Overrides {
                listen,
                data_dir: self.data_dir,
                database_url: self.database_url,
            },
        };
        Ok(Config::load(&sources)?)
    }
}

/// Bytes of compiled hooks in the cache directory of a user.
const CACHE_BYTES: u64 = 1 << 30;

/// Where compiled hooks are kept, and how many bytes of them.
pub(crate) struct Artifacts {
    directory: PathBuf,
    bytes: u64,
}

impl Artifacts {
    /// Of a server of these settings.
    pub(crate) fn of_server(config: &Config) -> Self {
        Self {
            directory: config.data_dir.join("artifacts"),
            bytes: config.hooks.artifact_bytes,
        }
    }

    /// Of the commands that run hooks on this machine.
    pub(crate) fn of_user() -> Self {
        Self {
            directory: cache_dir(),
            bytes: CACHE_BYTES,
        }
    }
}

/// The compiler for an engine.
pub(crate) fn compiler(engine: EngineName) -> Result<Compiler, Failed> {
    let _preparing = Preparing::begin();
    Ok(Compiler::open(engine, &cache_dir())?)
}

/// What the operating system gives this process too little of: in the log, as everything that a server says of itself.
pub(crate) fn warn_of_shortages() {
    for shortage in aerocall_server::shortages() {
        tracing::warn!("{shortage}");
    }
}

/// The runtime, with this program as its compiling child.
pub(crate) async fn runtime(artifacts: Artifacts, max_instances: u32) -> Result<Arc<Runtime>, Failed> {
    let engines = EngineName::ALL
        .iter()
        .map(|name| name.engine().map(|engine| engine.source()));
    let config = RuntimeConfig {
        cache_dir: artifacts.directory.clone(),
        artifact_bytes: artifacts.bytes,
        compile: CompileCommand {
            program: std::env::current_exe()?,
            arguments: vec!["precompile".into()],
        },
        build: CompileCommand {
            program: std::env::current_exe()?,
            // It is started in a directory of its own.
            arguments: vec![
                "build-sources".into(),
                std::path::absolute(&artifacts.directory)?
                    .to_string_lossy()
                    .into_owned(),
            ],
        },
        engines: engines.collect::<Result<_, _>>()?,
        max_instances,
    };
    Ok(Runtime::new(config).await?)
}

/// The admin in the browser, as this program has it.
pub(crate) fn pages() -> Vec<PageFile> {
    let files = aerocall_admin::FILES.iter().map(|file| PageFile {
        path: file.path,
        content_type: file.content_type,
        plain: file.plain,
        brotli: file.brotli,
        gzip: file.gzip,
    });
    files.collect()
}

/// Where the admin in the browser is, and as whom to sign in if that is known.
pub(crate) fn how_to_open_admin(url: &str, demo: Option<&Demo>) -> String {
    let account = demo.and_then(|demo| {
        let account = demo.info.account.as_ref()?;
        (!demo.ended.contains(&account.email)).then_some(account)
    });
    match account {
        Some(account) => format!(
            "the admin in the browser: {url}/admin\n  sign in as       {}\n  password         {}",
            account.email, account.password
        ),
        None => format!("the admin in the browser: {url}/admin"),
    }
}
