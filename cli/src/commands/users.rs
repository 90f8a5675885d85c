//! `aerocall users`: the users of an environment, over the admin API.

use std::path::PathBuf;

use aerocall_api_types::{AdminUser, Deleted, RevokedSessions, UserEnvelope, UserExport, UserList};
use serde_json::{Map, Value};

use crate::{
    Failed, documents,
    manage::{Common, Page, Request, confirmed, deleted, given, more, time_or},
    output,
    terminal::{self, plain},
};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    aerocall users list --search ada@\n  \
    aerocall users create ada@example.com --email-verified --name Ada\n  \
    aerocall users update usr_01… --phone +4930123456\n  \
    aerocall users ban usr_01… --until 2027-01-01T00:00:00Z --reason spam\n  \
    aerocall users export usr_01… --json > ada.json")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List users, newest first
    List {
        /// Only users whose email address or name begins with this
        #[arg(long)]
        search: Option<String>,
        #[command(flatten)]
        page: Page,
        #[command(flatten)]
        common: Common,
    },
    /// Show a user
    Show {
        /// Id of the user
        user: String,
        #[command(flatten)]
        common: Common,
    },
    /// Create a user
    Create {
        /// Email address
        email: String,
        /// The email address is verified
        #[arg(long)]
        email_verified: bool,
        /// File with the password, or `-` for standard input; without it the user logs in by another method
        #[arg(long)]
        password_file: Option<PathBuf>,
        #[command(flatten)]
        profile: Profile,
        #[command(flatten)]
        common: Common,
    },
    /// Change a user; what is not given stays
    Update {
        /// Id of the user
        user: String,
        /// New email address; it is unverified unless --email-verified true is given
        #[arg(long)]
        email: Option<String>,
        /// Whether the email address is verified
        #[arg(long)]
        email_verified: Option<bool>,
        /// Whether the phone number is verified
        #[arg(long)]
        phone_verified: Option<bool>,
        #[command(flatten)]
        profile: Profile,
        #[command(flatten)]
        common: Common,
    },
    /// Ban a user: all sessions end, and nobody can log in
    Ban {
        /// Id of the user
        user: String,
        /// When the ban ends (RFC 3339); never if omitted
        #[arg(long)]
        until: Option<String>,
        /// A note for other admins
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Lift the ban of a user
    Unban {
        /// Id of the user
        user: String,
        #[command(flatten)]
        common: Common,
    },
    /// Revoke all sessions of a user
    Logout {
        /// Id of the user
        user: String,
        #[command(flatten)]
        common: Common,
    },
    /// Print all data of a user as one JSON document
    Export {
        /// Id of the user
        user: String,
        #[command(flatten)]
        common: Common,
    },
    /// Delete a user with all sessions, identities and factors; this cannot be undone
    Delete {
        /// Id of the user
        user: String,
        /// The id once more, so that nobody is deleted by mistake
        #[arg(long)]
        confirm: String,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Profile {
    /// Display name
    #[arg(long)]
    name: Option<String>,
    /// Phone number with country code
    #[arg(long)]
    phone: Option<String>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failed> {
    match arguments.action {
        Action::List { search, page, common } => {
            let request = Request::new("GET", &["users"]).query("q", search).page(page);
            common.of_environment(request, list).await
        }
        Action::Show { user, common } => {
            let request = Request::new("GET", &["users", &user]);
            common.of_environment(request, shown).await
        }
        Action::Create {
            email,
            email_verified,
            password_file,
            profile,
            common,
        } => {
            let password = password_file.map(|path| documents::line(&path)).transpose()?;
            let mut body = profile.members();
            body.extend(given([("email", Some(email)), ("password", password)]));
            body.insert("emailVerified".into(), email_verified.into());
            let request = Request::new("POST", &["users"]).with(Value::Object(body));
            common.of_environment(request, shown).await
        }
        Action::Update {
            user,
            email,
            email_verified,
            phone_verified,
            profile,
            common,
        } => {
            let mut body = profile.members();
            body.extend(given([("email", email)]));
            body.extend(given([
                ("emailVerified", email_verified),
                ("phoneVerified", phone_verified),
            ]));
            if body.is_empty() {
                return Err(Failed::Usage(
                    "nothing to change: give --email, --name, --phone or another".to_owned(),
                ));
            }
            let request = Request::new("PATCH", &["users", &user]).with(Value::Object(body));
            common.of_environment(request, shown).await
        }
        Action::Ban {
            user,
            until,
            reason,
            common,
        } => {
            let body = given([("until", until), ("reason", reason)]).collect();
            let request = Request::new("POST", &["users", &user, "ban"]).with(Value::Object(body));
            common.of_environment(request, shown).await
        }
        Action::Unban { user, common } => {
            let request = Request::new("POST", &["users", &user, "unban"]);
            common.of_environment(request, shown).await
        }
        Action::Logout { user, common } => {
            let request = Request::new("POST", &["users", &user, "logout"]);
            common.of_environment(request, revoked).await
        }
        Action::Export { user, common } => {
            let request = Request::new("GET", &["users", &user, "export"]);
            common.of_environment(request, exported).await
        }
        Action::Delete { user, confirm, common } => {
            confirmed(&user, &confirm)?;
            let request = Request::new("DELETE", &["users", &user]);
            common.of_environment::<Deleted>(request, deleted).await
        }
    }
}

impl Profile {
    fn members(self) -> Map<String, Value> {
        given([("name", self.name), ("phone", self.phone)]).collect()
    }
}

fn list(list: &UserList) {
    list.users.iter().for_each(show);
    more(list.next.as_deref());
}

fn shown(envelope: &UserEnvelope) {
    show(&envelope.user);
}

fn show(user: &AdminUser) {
    let verified = if user.email_verified { "verified" } else { "unverified" };
    let banned = if user.banned { "  banned" } else { "" };
    terminal::answer(format!(
        "{}  {}  {verified}  last login {}{banned}",
        plain(&user.id),
        plain(&user.email),
        time_or(user.last_login_at.as_ref(), "never"),
    ));
}

fn revoked(sessions: &RevokedSessions) {
    terminal::answer(format!("revoked {} sessions", sessions.revoked));
}

fn exported(export: &UserExport) {
    terminal::answer(output::pretty(export));
}
