//! `aerocall serve`: the auth API, with the demo project if asked.

use aerocall_compiler::{Declared, EngineName, Packaging, Source};
use aerocall_server::{Config, Demo, MAX_INSTANCES, SETUP_LIFE, Seeding, Server, config::Origin};

use crate::{
    Failed, bundles,
    host::{self, ServerSettings},
    telemetry, terminal,
};

/// The hook that `--demo` deploys.
const DEMO_HOOK: &str = include_str!("../../../examples/block-free-email-providers/hooks/signup.ts");

#[derive(clap::Args)]
#[command(
    after_help = "Settings: config.default.toml < the file of --config < AEROCALL_* variables < flags.\n\
                  A server without an admin prints a set-up link, which is good for one hour and once.\n\n\
                  Examples:\n  aerocall serve --demo\n  aerocall serve --config /etc/aerocall/server.toml\n  AEROCALL_LISTEN=127.0.0.1:0 AEROCALL_DATA_DIR=./data aerocall serve\n  \
                  AEROCALL_WORKER_ENABLED=false aerocall serve    (and `aerocall worker` elsewhere)\n\n\
                  SIGTERM and SIGINT stop it: it takes no new requests and jobs and finishes the running ones."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: ServerSettings,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Create a demo project with a hook, unless it is there, and print how to try it
    #[arg(long)]
    demo: bool,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let config = arguments.settings.listening_on(arguments.listen)?;
    let telemetry = telemetry::start(&config)?;
    let served = serve(config, arguments.demo).await;
    telemetry.end().await;
    served
}

async fn serve(config: Config, with_demo: bool) -> Result<(), Failed> {
    if let Some(problem) = config.public_url_problem() {
        let what = "set AEROCALL_PUBLIC_URL to the URL that clients use";
        tracing::warn!("{problem}; {what}");
    }
    let public_url = (config.public_url_origin == Origin::Given).then(|| config.public_url.clone());
    host::warn_of_shortages();
    let runtime = host::runtime(host::Artifacts::of_server(&config), MAX_INSTANCES).await?;
    let server = Server::open(config, runtime).await?;
    let demo = match with_demo {
        true => Some(
            server
                .seed_demo(vec![("signup".to_owned(), demo_bundle().await?)])
                .await?,
        ),
        false => None,
    };
    let setup = server.setup_code().await?;
    let running = server.with_pages(host::pages()).listen()?;
    let here = format!("http://{}", running.addr);
    terminal::answer(format!("listening on {here}"));
    if let Some(demo) = &demo {
        terminal::answer(how_to_try(&running.addr.to_string(), demo));
    }
    let url = public_url.as_deref().unwrap_or(&here);
    if let Some(code) = setup {
        terminal::answer(how_to_set_up(url, &code));
    }
    terminal::answer(host::how_to_open_admin(url, demo.as_ref()));
    Ok(running.finished().await?)
}

/// How the first admin gets a token. The code is behind a `#`, which browsers send to nobody.
fn how_to_set_up(url: &str, code: &str) -> String {
    let minutes = SETUP_LIFE.as_secs() / 60;
    format!(
        "this server has no admin yet; within {minutes} minutes, this set-up link makes the first one, once:\n  \
         {url}/admin/setup#{code}\nor, without a browser:\n  \
         curl -s {url}/admin/api/v1/setup -H 'content-type: application/json' -d '{{\"token\":\"{code}\"}}'"
    )
}

/// What to type to see a hook at work: one address it refuses, one it changes.
fn how_to_try(address: &str, demo: &Demo) -> String {
    let (seeding, ended) = (demo.seeding, &demo.ended);
    let demo = &demo.info;
    let key = |key: &str| match ended.iter().any(|ended| ended == key) {
        true => format!("{key} (no longer valid)"),
        false => key.to_owned(),
    };
    if seeding == Seeding::Found {
        return format!(
            "demo project `{}`, environment `{}`: it was there, and nothing of it was changed\n  publishable key  {}\n  \
             secret key       {}\n  admin token      {}",
            demo.project_id,
            demo.environment,
            key(&demo.publishable_key),
            key(&demo.secret_key),
            key(&demo.admin_token)
        );
    }
    let sign_up = |email: &str| {
        format!(
            "  curl -s http://{address}/auth/register -H 'X-Aerocall-Key: {}' -H 'content-type: application/json' \
             -d '{{\"email\":\"{email}\",\"password\":\"correct horse battery\"}}'",
            demo.publishable_key
        )
    };
    format!(
        "demo project `{}`, environment `{}`: created\n  publishable key  {}\n  secret key       {}\n  admin token      {}\n\
         its hook denies free-mail addresses:\n{}\nand converts the others to lower case:\n{}",
        demo.project_id,
        demo.environment,
        key(&demo.publishable_key),
        key(&demo.secret_key),
        key(&demo.admin_token),
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
