//! `aerocall login`, `logout` and `whoami` against a real server: what is kept where, and who uses it.

use std::{
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    server::{Site, agent},
    support::{Done, aerocall, project},
};

const PASSWORD: &str = "correct horse battery";

/// Somebody at a machine of theirs.
struct Desk<'s> {
    site: &'s Site,
    config: TempDir,
    here: TempDir,
}

impl<'s> Desk<'s> {
    fn new(site: &'s Site) -> Self {
        Self {
            site,
            config: TempDir::new().unwrap(),
            here: project(&[(
                "aerocall.toml",
                &format!(
                    "[project]\nid = \"demo\"\nenvironment = \"development\"\nserver = \"{}/\"\n",
                    site.url
                ),
            )]),
        }
    }

    fn run(&self, arguments: &[&str], input: &str) -> Done {
        let mut command = aerocall(self.here.path());
        let command = command
            .env("XDG_CONFIG_HOME", self.config.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that asks for nothing reads nothing.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        child.wait_with_output().unwrap().into()
    }

    fn file(&self) -> PathBuf {
        self.config.path().join("aerocall/logins.json")
    }

    fn token(&self) -> String {
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(self.file()).unwrap()).unwrap();
        kept["servers"][&self.site.url]["token"].as_str().unwrap().to_owned()
    }
}

fn admin(site: &Site, method: &str, path: &str, body: &Value) -> Value {
    let url = format!("{}/admin/api/v1{path}", site.url);
    let request = ureq::http::Request::builder().method(method).uri(&url);
    let request = request
        .header("authorization", format!("Bearer {}", site.token))
        .header("content-type", "application/json");
    let mut answer = agent().run(request.body(body.to_string()).unwrap()).unwrap();
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string().unwrap();
    assert!(matches!(status, 200..=299), "{status} {text}");
    serde_json::from_str(&text).unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_login_is_kept_for_its_user_alone_used_by_every_command_and_ends_with_a_logout() {
    let site = Site::new(&[]);
    admin(
        &site,
        "POST",
        "/accounts",
        &json!({ "email": "ada@example.com", "password": PASSWORD }),
    );
    let role = json!({ "email": "ada@example.com", "role": "developer" });
    admin(&site, "POST", "/projects/demo/members", &role);
    let desk = Desk::new(&site);

    let none = desk.run(&["projects", "list"], "").expect(2);
    assert!(none.stderr.contains("aerocall login"), "{}", none.stderr);
    let wrong = desk.run(&["login"], "ada@example.com\nwrong horse battery\n").expect(1);
    assert!(wrong.stderr.contains("error[invalid_credentials]"), "{}", wrong.stderr);
    assert!(!desk.file().exists());

    let done = desk
        .run(&["login"], &format!("ada@example.com\n{PASSWORD}\n"))
        .expect(0);
    assert!(done.stderr.contains("logged in as ada@example.com"), "{}", done.stderr);
    let token = desk.token();
    assert!(token.starts_with("pat_"));
    let shown = format!("{}{}", done.stdout, done.stderr);
    assert!(!shown.contains(&token) && !shown.contains(PASSWORD), "{shown}");
    assert_eq!(
        (mode(&desk.file()), mode(desk.file().parent().unwrap())),
        (0o600, 0o700)
    );

    assert!(desk.run(&["projects", "list"], "").expect(0).stdout.contains("demo"));
    let who = desk.run(&["whoami"], "").expect(0).stdout;
    assert!(
        who.starts_with("ada@example.com\npersonal token ptk_") && who.contains("demo  developer"),
        "{who}"
    );
    let refused = desk.run(&["tokens", "list", "--project", "demo"], "").expect(1);
    assert!(refused.stderr.contains("error[forbidden]"), "{}", refused.stderr);
    // A flag goes first.
    let who = desk
        .run(&["whoami", "--token", &site.token, "--json"], "")
        .expect(0)
        .json();
    assert_eq!((&who["by"], &who["account"]), (&json!("admin_token"), &Value::Null));
    let elsewhere = desk.run(&["whoami", "--server", "http://127.0.0.1:1"], "").expect(2);
    assert!(
        elsewhere.stderr.contains("no token given"),
        "the token is for its server alone: {}",
        elsewhere.stderr
    );

    // Nothing of the session is left; the token is the only one.
    let sessions = admin(&site, "GET", "/audit?action=admin_session.ended", &json!({}));
    assert_eq!(sessions["audit"].as_array().unwrap().len(), 1);

    std::fs::set_permissions(desk.file(), std::fs::Permissions::from_mode(0o644)).unwrap();
    let open = desk.run(&["whoami"], "").expect(3);
    assert!(open.stderr.contains("chmod 600"), "{}", open.stderr);
    std::fs::set_permissions(desk.file(), std::fs::Permissions::from_mode(0o600)).unwrap();

    assert!(desk.run(&["logout"], "").expect(0).stderr.contains("logged out"));
    assert_eq!(mode(&desk.file()), 0o600);
    let again = desk.run(&["logout"], "").expect(1);
    assert!(again.stderr.contains("there is no login"), "{}", again.stderr);
    let over = desk.run(&["whoami", "--token", &token], "").expect(1);
    assert!(
        over.stderr.contains("error[unauthorized]"),
        "it was revoked: {}",
        over.stderr
    );
}

#[test]
fn a_login_can_be_limited_and_a_token_that_was_revoked_elsewhere_is_forgotten() {
    let site = Site::new(&[]);
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "isAdministrator": true });
    let account = admin(&site, "POST", "/accounts", &body);
    let desk = Desk::new(&site);
    let input = format!("{PASSWORD}\n");
    let login = ["login", "--email", "ada@example.com"];
    let bad = desk
        .run(&[&login[..], &["--scopes", "hooks:all"]].concat(), &input)
        .expect(1);
    assert!(bad.stderr.contains("scopes: "), "{}", bad.stderr);
    assert!(!desk.file().exists());
    let limits = ["--scopes", "hooks:deploy", "--only-project", "demo", "--json"];
    let made = desk.run(&[&login[..], &limits].concat(), &input).expect(0).json();
    assert_eq!(
        (&made["project"], &made["email"]),
        (&json!("demo"), &json!("ada@example.com"))
    );
    assert!(!made.to_string().contains("pat_"));
    let who = desk.run(&["whoami"], "").expect(0).stdout;
    assert!(
        who.contains("ada@example.com  administrator") && who.contains("project demo only"),
        "{who}"
    );
    let users = desk.run(&["users", "list"], "").expect(1);
    assert!(users.stderr.contains("error[forbidden]"), "{}", users.stderr);

    let second = json!({ "email": "bob@example.com", "password": PASSWORD, "isAdministrator": true });
    admin(&site, "POST", "/accounts", &second);
    admin(
        &site,
        "DELETE",
        &format!("/accounts/{}", account["id"].as_str().unwrap()),
        &json!({}),
    );
    desk.run(&["whoami"], "").expect(1);
    desk.run(&["logout"], "").expect(0);
    desk.run(&["logout"], "").expect(1);
}

#[test]
fn an_administrator_is_invited_at_the_machine_and_logs_in() {
    let mut site = Site::empty();
    let env = [("AEROCALL_PUBLIC_URL", "https://auth.example.com")];
    let made = |arguments: &[&str]| -> Done { site.on_its_data(arguments, &env).output().unwrap().into() };
    let bad = made(&["admin", "create", "--email", "nobody"]).expect(3);
    assert!(bad.stderr.contains("address"), "{}", bad.stderr);
    let both = made(&["admin", "create", "ada", "--email", "ada@example.com"]).expect(2);
    assert!(both.stderr.contains("cannot be used with"), "{}", both.stderr);
    let link = made(&["admin", "create", "--email", "ada@example.com"]).expect(0);
    let token = link
        .stdout
        .trim()
        .strip_prefix("https://auth.example.com/admin/invitation#")
        .unwrap()
        .to_owned();
    site.start(&[]);
    let body = json!({ "token": token, "password": PASSWORD });
    let url = format!("{}/admin/api/v1/invitations/accept", site.url);
    let accepted = agent()
        .post(&url)
        .header("content-type", "application/json")
        .send(body.to_string())
        .unwrap();
    assert_eq!(accepted.status().as_u16(), 201);
    let desk = Desk::new(&site);
    desk.run(&["login"], &format!("ada@example.com\n{PASSWORD}\n"))
        .expect(0);
    desk.run(&["projects", "create", "shop"], "").expect(0);
    let who = desk.run(&["whoami"], "").expect(0).stdout;
    assert!(who.contains("administrator") && who.contains("shop  owner"), "{who}");

    // The password is forgotten.
    let made = |arguments: &[&str]| -> Done { site.on_its_data(arguments, &env).output().unwrap().into() };
    let nobody = made(&["admin", "reset-password", "eve@example.com"]).expect(1);
    assert!(
        nobody.stderr.contains("no account with the address `eve@example.com`"),
        "{}",
        nobody.stderr
    );
    let link = made(&["admin", "reset-password", "ADA@example.com"]).expect(0);
    let token = link.stdout.trim().strip_prefix("https://auth.example.com/admin/reset#");
    let body = json!({ "token": token.unwrap(), "password": "another horse battery" });
    let url = format!("{}/admin/api/v1/password-reset/confirm", site.url);
    let confirmed = agent()
        .post(&url)
        .header("content-type", "application/json")
        .send(body.to_string())
        .unwrap();
    assert_eq!(confirmed.status().as_u16(), 200);
    desk.run(&["login"], &format!("ada@example.com\n{PASSWORD}\n"))
        .expect(1);
    desk.run(&["login"], "ada@example.com\nanother horse battery\n")
        .expect(0);
}
