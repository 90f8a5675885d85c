//! `aerocall`: one binary for everything. Each command is a file in `commands/`.
//!
//! In the order a hook goes through them: `project` and `settings` (what is on disk), `bundles` (compiled), `validate` (held against what production asks), `call` (run
//! once; `documents`: with what), `cases` (run and compared), `migrations`, `deployment`, `target`, `logins`, `admin`, `scopes` and `changes`
//! (sent to a server; what that changes), `manage` and `credentials` (projects, keys and tokens of a server), `invocations`, `following` and `seen` (what came of it), `assistant` (what a model proposes), `dev` (all of it, each time a file is saved), `sign_in` (an account's session, for a token), `output`,
//! `prompt` and `terminal` (how it is printed and asked; `preparing`: that the first time takes long), `telemetry` (log and traces of a server).
//!
//! Exit codes: 0 ok, 1 the thing checked failed, 2 usage, 3 environment (files, network, server).

mod admin;
mod assistant;
mod bundles;
mod call;
mod cases;
mod changes;
mod commands;
mod credentials;
mod deployment;
mod dev;
mod documents;
mod failed;
mod following;
mod host;
mod invocations;
mod logins;
mod manage;
mod migrations;
mod mistakes;
mod output;
mod preparing;
mod project;
mod prompt;
mod scopes;
mod sdk_types;
mod seen;
mod settings;
mod sign_in;
mod target;
mod telemetry;
mod terminal;
mod tsc;
mod validate;

use std::process::ExitCode;

use clap::Parser;

pub(crate) use failed::Failed;

#[derive(Parser)]
#[command(
    name = "aerocall",
    version,
    about = "Authentication hooks in TypeScript and Rust, run as WebAssembly",
    after_help = "Exit codes: 0 success, 1 the check failed, 2 usage error, 3 environment error (files, network, server).\n\
                  Start with:  aerocall new my-hooks"
)]
pub(crate) enum Command {
    /// Create a hook project
    New(commands::new::Arguments),
    /// Check hooks: code, types, and whether the bundles load in the runtime
    Check(commands::check::Arguments),
    /// Run the tests of a hook project
    Test(commands::test::Arguments),
    /// Build hooks into bundles (WebAssembly components)
    Build(commands::build::Arguments),
    /// Check finished bundles as production will: size, imports, sources, secrets, a run on samples, test cases, fuel
    Validate(commands::validate::Arguments),
    /// Run a hook once, from source, a bundle or a project
    Run(commands::run::Arguments),
    /// Run a server on this machine with the hooks of a project, which follow each change of a file
    Dev(commands::dev::Arguments),
    /// Show the manifest of a bundle
    Inspect(commands::inspect::Arguments),
    /// Write what hooks are written against into a project: TypeScript types, the crate of Rust hooks
    Types(commands::types::Arguments),
    /// Bring a project up to date with this release, and say what of it has to be built again
    Upgrade(commands::upgrade::Arguments),
    /// Build, upload and deploy all hooks of a project
    Deploy(commands::deploy::Arguments),
    /// Make live again what an earlier deployment had live
    Rollback(commands::rollback::Arguments),
    /// Run another version of a hook beside the live one: as a shadow, or for a share of the calls
    Rollout(commands::rollout::Arguments),
    /// List, enable and disable the hooks that are live
    Hooks(commands::hooks::Arguments),
    /// Manage the project's secrets, which hooks can use but not read
    Secrets(commands::secrets::Arguments),
    /// List, create, rename and delete the projects of a server
    Projects(commands::projects::Arguments),
    /// Create, rename and delete the environments of a project
    Environments(commands::environments::Arguments),
    /// List, create, rotate and revoke the API keys of an environment
    Keys(commands::keys::Arguments),
    /// List, create, rotate and revoke admin tokens of a server or project
    Tokens(commands::tokens::Arguments),
    /// List, create, change, ban and delete the users of an environment
    Users(commands::users::Arguments),
    /// List events, or show them as they happen
    Events(commands::events::Arguments),
    /// List, create and change webhook endpoints, and resend deliveries
    Webhooks(commands::webhooks::Arguments),
    /// List jobs and queues, and run dead jobs again
    Jobs(commands::jobs::Arguments),
    /// List mails, and manage the templates that replace them
    Mails(commands::mails::Arguments),
    /// Print and replace the settings of an environment
    Settings(commands::settings::Arguments),
    /// List and rotate the keys that sign access tokens
    SigningKeys(commands::signing_keys::Arguments),
    /// Show who changed what on a server
    Audit(commands::audit::Arguments),
    /// Log in to a server with an account and keep a token for it
    Login(commands::login::Arguments),
    /// Log out of a server: revoke the token of the login and forget it
    Logout(commands::logout::Arguments),
    /// Show as whom the commands talk to a server, and what they may do
    Whoami(commands::whoami::Arguments),
    /// Show invocations on a server: outcomes, costs, logs
    Logs(commands::logs::Arguments),
    /// Run a recorded invocation again, with the answers that it got
    Replay(commands::replay::Arguments),
    /// Try a request of the auth API from end to end, as a dry-run or a live test
    Try(commands::try_request::Arguments),
    /// Run a version of a hook on recorded invocations, and compare the decisions
    Backtest(commands::backtest::Arguments),
    /// Let the assistant of a server write or change a hook
    Ai(commands::ai::Arguments),
    /// Let the assistant of a server explain a hook, lines of it or an invocation
    Explain(commands::explain::Arguments),
    /// Manage the test cases that are stored with hooks
    Cases(commands::cases::Arguments),
    /// Run the server: auth API, admin API and background work
    Serve(commands::serve::Arguments),
    /// Run background work only: jobs, mails, events, webhook deliveries
    Worker(commands::worker::Arguments),
    /// Make an admin of a server, at its machine, and print a token for them
    Admin(commands::admin::Arguments),
    /// Migrate the tables of a server's database
    Migrate(commands::migrate::Arguments),
    /// Copy a server's databases, while it runs, into a directory
    Backup(commands::backup::Arguments),
    /// Restore a server's databases from such a directory
    Restore(commands::restore::Arguments),
    /// Check whether a server can run here with these settings
    Doctor(commands::doctor::Arguments),
    /// Print a script that completes commands and flags in a shell
    Completions(commands::completions::Arguments),
    /// Compile a component for this host, from standard input to standard output
    #[command(hide = true)]
    Precompile,
    /// Build a hook from the sources on standard input; the bundle goes to standard output
    #[command(hide = true)]
    BuildSources {
        /// Where compiled engines are kept
        cache: std::path::PathBuf,
        /// Check the types with this TypeScript compiler instead
        #[arg(long)]
        types: Option<std::path::PathBuf>,
    },
}

fn main() -> ExitCode {
    let command = Command::parse();
    if let Command::Precompile = command {
        return ExitCode::from(aerocall_runtime::compile_child() as u8);
    }
    if let Command::BuildSources { cache, types } = &command {
        let code = match types {
            Some(tsc) => aerocall_runtime::check_types_from_stdin(tsc),
            None => aerocall_compiler::build_from_stdin(cache),
        };
        return ExitCode::from(code as u8);
    }
    let ended = tokio::runtime::Runtime::new()
        .map_err(Failed::from)
        .and_then(|runtime| runtime.block_on(run(command)));
    let Err(failed) = ended else {
        return ExitCode::SUCCESS;
    };
    let code = failed.exit_code();
    failed.say();
    code
}

async fn run(command: Command) -> Result<(), Failed> {
    match command {
        Command::New(arguments) => commands::new::run(&arguments),
        Command::Check(arguments) => commands::check::run(arguments).await,
        Command::Test(arguments) => commands::test::run(arguments).await,
        Command::Build(arguments) => commands::build::run(arguments).await,
        Command::Run(arguments) => commands::run::run(arguments).await,
        Command::Dev(arguments) => commands::dev::run(arguments).await,
        Command::Validate(arguments) => commands::validate::run(arguments).await,
        Command::Inspect(arguments) => commands::inspect::run(&arguments),
        Command::Types(arguments) => commands::types::run(&arguments),
        Command::Upgrade(arguments) => commands::upgrade::run(&arguments),
        Command::Deploy(arguments) => commands::deploy::run(arguments).await,
        Command::Rollback(arguments) => commands::rollback::run(arguments).await,
        Command::Rollout(arguments) => commands::rollout::run(arguments).await,
        Command::Hooks(arguments) => commands::hooks::run(arguments).await,
        Command::Secrets(arguments) => commands::secrets::run(arguments).await,
        Command::Projects(arguments) => commands::projects::run(arguments).await,
        Command::Environments(arguments) => commands::environments::run(arguments).await,
        Command::Keys(arguments) => commands::keys::run(arguments).await,
        Command::Tokens(arguments) => commands::tokens::run(arguments).await,
        Command::Users(arguments) => commands::users::run(arguments).await,
        Command::Events(arguments) => commands::events::run(arguments).await,
        Command::Webhooks(arguments) => commands::webhooks::run(arguments).await,
        Command::Jobs(arguments) => commands::jobs::run(arguments).await,
        Command::Mails(arguments) => commands::mails::run(arguments).await,
        Command::Settings(arguments) => commands::settings::run(arguments).await,
        Command::SigningKeys(arguments) => commands::signing_keys::run(arguments).await,
        Command::Audit(arguments) => commands::audit::run(arguments).await,
        Command::Completions(arguments) => commands::completions::run(&arguments),
        Command::Login(arguments) => commands::login::run(arguments).await,
        Command::Logout(arguments) => commands::logout::run(arguments).await,
        Command::Whoami(arguments) => commands::whoami::run(arguments).await,
        Command::Logs(arguments) => commands::logs::run(arguments).await,
        Command::Replay(arguments) => commands::replay::run(arguments).await,
        Command::Try(arguments) => commands::try_request::run(arguments).await,
        Command::Backtest(arguments) => commands::backtest::run(arguments).await,
        Command::Ai(arguments) => commands::ai::run(arguments).await,
        Command::Explain(arguments) => commands::explain::run(arguments).await,
        Command::Cases(arguments) => commands::cases::run(arguments).await,
        Command::Serve(arguments) => commands::serve::run(arguments).await,
        Command::Worker(arguments) => commands::worker::run(arguments).await,
        Command::Admin(arguments) => commands::admin::run(arguments).await,
        Command::Migrate(arguments) => commands::migrate::run(arguments).await,
        Command::Backup(arguments) => commands::backup::run(arguments).await,
        Command::Restore(arguments) => commands::restore::run(arguments).await,
        Command::Doctor(arguments) => commands::doctor::run(arguments).await,
        Command::Precompile | Command::BuildSources { .. } => Ok(()),
    }
}
