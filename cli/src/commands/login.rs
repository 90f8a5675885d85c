//! `aerocall login`: signs in with an account, makes a personal token and keeps it for this user and this server.

use std::path::Path;

use aerocall_api_types::{NewPersonalToken, Permission};
use serde_json::json;

use crate::{
    Failed,
    logins::{self, Login},
    output::{Output, details},
    prompt,
    settings::Settings,
    sign_in::{Asked, NotSignedIn, sign_in},
    target,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(
    after_help = "Asks for the address, the password (which is not shown) and, if the account has an authenticator app, a code of it or a \
                  recovery code. The session ends at once; what is kept is a personal token, in $XDG_CONFIG_HOME/aerocall/logins.json, \
                  which only you can read. Commands use it when neither --token nor AEROCALL_TOKEN is given.\n\n\
                  Examples:\n  aerocall login --server https://auth.example.com\n  \
                  aerocall login --server https://auth.example.com --scopes hooks:deploy --only-project shop"
)]
pub(crate) struct Arguments {
    /// URL of the server [default: AEROCALL_SERVER, then `server` of aerocall.toml]
    #[arg(long, visible_alias = "url")]
    server: Option<String>,
    /// The address of the account [default: it is asked for]
    #[arg(long)]
    email: Option<String>,
    /// What the token is called in the list of your tokens
    #[arg(long, default_value = "aerocall login")]
    name: String,
    /// What the token may do at most, several with commas [default: whatever your account may do]
    #[arg(long, value_delimiter = ',', value_name = "SCOPE")]
    scopes: Vec<String>,
    /// The only project that the token opens
    #[arg(long, value_name = "ID")]
    only_project: Option<String>,
    /// When the token stops working, such as 2027-01-31T12:00:00Z [default: when you log out]
    #[arg(long, value_name = "TIME")]
    expires_at: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// The server of the commands that are about a login.
pub(crate) fn server(given: Option<String>) -> Result<String, Failed> {
    target::server(given, &Settings::read(Path::new("."))?.project)
}

struct Terminal;

impl Asked for Terminal {
    fn code(&self) -> Result<String, Failed> {
        prompt::secret("Code of the authenticator app, or recovery code")
    }
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    let output = arguments.output;
    let logged_in = tokio::task::spawn_blocking(move || log_in(arguments)).await?;
    match logged_in {
        Ok((token, email, place)) => output.print(&shown(&token, &email), |_| {
            terminal::say(format!(
                "logged in as {}; the token {} is kept in {place}",
                plain(&email),
                plain(&token.id)
            ));
        }),
        Err(NotSignedIn::Failed(failed)) => Err(failed),
        Err(NotSignedIn::NoAnswer(why)) => Err(output.refused(why, details)),
    }
}

fn log_in(arguments: Arguments) -> Result<(NewPersonalToken, String, String), NotSignedIn> {
    let server = server(arguments.server)?;
    let email = match arguments.email {
        Some(email) => email,
        None => prompt::line("Email")?,
    };
    let password = prompt::secret("Password")?;
    let signed_in = sign_in(&server, &email, &password, &Terminal)?;
    let scopes = (!arguments.scopes.is_empty()).then_some(arguments.scopes);
    let mut fields = json!({ "name": arguments.name });
    for (name, value) in [
        ("scopes", json!(scopes)),
        ("project", json!(arguments.only_project)),
        ("expiresAt", json!(arguments.expires_at)),
    ] {
        if !value.is_null() {
            fields[name] = value;
        }
    }
    let made = signed_in.create_token(&fields);
    // Whether or not there is a token, the session is of no use any more.
    let ended = signed_in.sign_out();
    let made = made?;
    ended?;
    let login = Login {
        email: email.clone(),
        token: made.token.clone(),
    };
    let place = logins::keep(&server, login)?;
    Ok((made, email, place.display().to_string()))
}

/// What `--json` prints: never the token itself, which is in its file.
fn shown(token: &NewPersonalToken, email: &str) -> serde_json::Value {
    let scopes = token.scopes.as_deref().map(|scopes: &[Permission]| scopes.to_vec());
    json!({ "id": token.id, "email": email, "scopes": scopes, "project": token.project, "expiresAt": token.expires_at })
}
