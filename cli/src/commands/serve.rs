//! `aerocall serve`: the auth API, with the demo project if asked.

use aerocall_compiler::{EngineName, Packaging, Source};
use aerocall_server::{Config, ConfigSources, Server};

use crate::{Failed, host};

/// The hook that `--demo` deploys.
const DEMO_HOOK: &str = include_str!("../../../examples/demo/hooks/signup.ts");

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Make a demo project with a hook, and print how to try it
    #[arg(long)]
    demo: bool,
}

#[expect(clippy::print_stdout, reason = "the demo's keys and commands go to standard output")]
pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .init();
    let sources = ConfigSources {
        env: std::env::vars().collect(),
        foreign_env: vec!["AEROCALL_CACHE_DIR".into()],
        ..ConfigSources::default()
    };
    let config = Config::load(&sources)?;
    let runtime = host::runtime(config.data_dir.join("artifacts"), 200).await?;
    let server = Server::open(config, runtime).await?;
    let demo = match arguments.demo {
        true => Some(
            server
                .seed_demo(vec![("signup".to_owned(), demo_bundle().await?)])
                .await?,
        ),
        false => None,
    };
    let running = server.listen()?;
    println!("listening on http://{}", running.addr);
    if let Some(demo) = demo {
        println!(
            "demo project: publishable key {}, admin token {}",
            demo.publishable_key, demo.admin_token
        );
        println!("a hook refuses free-mail addresses:");
        println!(
            "  curl -s http://{}/auth/register -H 'X-Aerocall-Key: {}' -H 'content-type: application/json' \\\n    -d '{{\"email\":\"jane@mailinator.com\",\"password\":\"correct horse battery\"}}'",
            running.addr, demo.publishable_key
        );
    }
    Ok(running.finished().await?)
}

async fn demo_bundle() -> Result<Vec<u8>, Failed> {
    let source = Source::memory("hooks/signup.ts", [("hooks/signup.ts", DEMO_HOOK)])
        .map_err(|problem| Failed::Environment(problem.to_string()))?;
    let compiler = host::compiler(EngineName::default())?;
    Ok(host::build(&compiler, &source, Packaging::Shared).await?.component)
}
