//! `aerocall serve`: the auth API, with the demo project if asked.

use aerocall_compiler::{Declared, EngineName, Packaging, Source};
use aerocall_server::{Config, DemoInfo, Server};

use crate::{Failed, bundles, host, telemetry, terminal};

/// The hook that `--demo` deploys.
const DEMO_HOOK: &str = include_str!("../../../examples/block-free-email-providers/hooks/signup.ts");

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  aerocall serve --demo\n  AEROCALL_LISTEN=127.0.0.1:0 AEROCALL_DATA_DIR=./data aerocall serve\n  \
                  AEROCALL_WORKER_ENABLED=false aerocall serve    (and `aerocall worker` elsewhere)\n\n\
                  SIGTERM and SIGINT stop it: it takes no new requests and jobs and finishes the running ones."
)]
pub(crate) struct Arguments {
    /// Create a demo project with a hook, and print how to try it
    #[arg(long)]
    demo: bool,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let config = host::config()?;
    let telemetry = telemetry::start(&config)?;
    let served = serve(config, arguments).await;
    telemetry.end().await;
    served
}

async fn serve(config: Config, arguments: Arguments) -> Result<(), Failed> {
    let runtime = host::runtime(host::artifacts(&config), 200).await?;
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
    terminal::answer(format!("listening on http://{}", running.addr));
    if let Some(demo) = demo {
        terminal::answer(how_to_try(&running.addr.to_string(), &demo));
    }
    Ok(running.finished().await?)
}

/// What to type to see a hook at work: one address it refuses, one it changes.
fn how_to_try(address: &str, demo: &DemoInfo) -> String {
    let sign_up = |email: &str| {
        format!(
            "  curl -s http://{address}/auth/register -H 'X-Aerocall-Key: {}' -H 'content-type: application/json' \
             -d '{{\"email\":\"{email}\",\"password\":\"correct horse battery\"}}'",
            demo.publishable_key
        )
    };
    format!(
        "demo project `{}`, environment `{}`\n  publishable key  {}\n  secret key       {}\n  admin token      {}\n\
         its hook denies free-mail addresses:\n{}\nand converts the others to lower case:\n{}",
        demo.project_id,
        demo.environment,
        demo.publishable_key,
        demo.secret_key,
        demo.admin_token,
        sign_up("jane@mailinator.com"),
        sign_up("Jane@Work.example")
    )
}

async fn demo_bundle() -> Result<Vec<u8>, Failed> {
    let source = Source::memory("hooks/signup.ts", [("hooks/signup.ts", DEMO_HOOK)])
        .map_err(|problem| Failed::Environment(problem.to_string()))?;
    let compiler = host::compiler(EngineName::default())?;
    let built = bundles::built(&compiler, &source, &Declared::default(), Packaging::Shared).await;
    Ok(built.map_err(bundles::said)?.component)
}
