//! `aerocall admin`: admins of a server, made at its machine in the database that its settings name. It needs no server that runs,
//! and no token: the first one has to come from somewhere.

use aerocall_api_types::{NewAdminToken, NewInvitation, NewPasswordReset};
use aerocall_server::{create_admin, invite_administrator, renew_admin, reset_admin_password};

use crate::{
    Failed,
    host::ServerSettings,
    output::Output,
    terminal::{self, plain},
};

const MAX_NAME_CHARS: usize = 100;

#[derive(clap::Args)]
#[command(
    after_help = "Works on the database that the settings name, while a server runs on it or not. Settings are those of \
                  `aerocall serve`; run it as the same user. The token is printed once: only its hash is stored.\n\n\
                  Examples:\n  aerocall admin create ada\n  \
                  aerocall admin create --email ada@example.com   a link for an account of theirs\n  \
                  aerocall admin reset-password ada@example.com   a link to choose a new password\n  \
                  aerocall admin token ada                    a new token, the old one stops working\n  \
                  AEROCALL_DATABASE_URL=postgres://… aerocall admin create ops --json"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Create an admin of the server and print a token for them, or a link for an account
    Create {
        /// What the admin is called, in the list of tokens and in the audit log
        #[arg(required_unless_present = "email", conflicts_with = "email")]
        name: Option<String>,
        /// Print a link instead, with which whoever has this address makes an account and is an administrator: good for seven
        /// days, and once
        #[arg(long)]
        email: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Print a link with which the holder of an account chooses a new password: good for 24 hours, and once
    ResetPassword {
        /// The account's address
        email: String,
        #[command(flatten)]
        common: Common,
    },
    /// Print a new token for an admin of the server; the old one stops working
    Token {
        /// What the admin was called when they were created
        name: String,
        /// How long the old token stays valid
        #[arg(long, value_name = "SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=2_592_000))]
        overlap_seconds: u32,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Common {
    #[command(flatten)]
    settings: ServerSettings,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::Create {
            email: Some(email),
            common,
            ..
        } => {
            let made = invite_administrator(&common.settings.config()?, &email).await?;
            common.output.print(&made, invited)
        }
        Action::Create { name, common, .. } => {
            let name = checked(&name.unwrap_or_default())?;
            let made = create_admin(&common.settings.config()?, &name).await?;
            let why = format!(
                "there is an admin called `{name}`: use another name, or `aerocall admin token` for a new token of theirs"
            );
            show(common.output, made, &why)
        }
        Action::ResetPassword { email, common } => {
            let Some(made) = reset_admin_password(&common.settings.config()?, &email).await? else {
                terminal::say(format!(
                    "error: there is no account with the address `{}`: use `aerocall admin create --email` for a new one",
                    plain(&email)
                ));
                return Err(Failed::Checked);
            };
            common.output.print(&made, reset)
        }
        Action::Token {
            name,
            overlap_seconds,
            common,
        } => {
            let name = checked(&name)?;
            let made = renew_admin(&common.settings.config()?, &name, overlap_seconds).await?;
            let why = format!("there is no admin called `{name}` with a valid token: use `aerocall admin create`");
            show(common.output, made, &why)
        }
    }
}

fn show(output: Output, made: Option<NewAdminToken>, why_none: &str) -> Result<(), Failed> {
    let Some(made) = made else {
        terminal::say(format!("error: {}", plain(why_none)));
        return Err(Failed::Checked);
    };
    output.print(&made, |made| {
        terminal::say(format!("admin token of {}, shown only here:", plain(&made.name)));
        terminal::answer(&made.token);
    })
}

fn invited(made: &NewInvitation) {
    terminal::say(format!(
        "link for {}, good until {} and once, shown only here:",
        plain(&made.email),
        plain(made.expires_at.as_str())
    ));
    terminal::answer(&made.link);
    terminal::say(format!(
        "without a browser:\n  curl -s {}/admin/api/v1/invitations/accept -H 'content-type: application/json' \
         -d '{{\"token\":\"{}\",\"password\":\"…\"}}'",
        made.link.split("/admin/").next().unwrap_or_default(),
        made.token
    ));
}

fn reset(made: &NewPasswordReset) {
    terminal::say(format!(
        "link to choose a new password for {}, good until {} and once, shown only here:",
        plain(&made.email),
        plain(made.expires_at.as_str())
    ));
    terminal::answer(&made.link);
}

/// As the admin API takes names.
fn checked(name: &str) -> Result<String, Failed> {
    let is_good = (1..=MAX_NAME_CHARS).contains(&name.chars().count()) && plain(name) == name;
    let is_good = is_good && !name.chars().any(char::is_control);
    match is_good {
        true => Ok(name.to_owned()),
        false => Err(Failed::Usage(format!(
            "the name must have 1 to {MAX_NAME_CHARS} characters on one line"
        ))),
    }
}
