//! An operator's first hour: the first admin, at the machine or by the set-up link; settings from a file; the demo that is
//! seeded once.

use serde_json::{Value, json};

use crate::{
    server::{Site, agent},
    support::{Done, project},
};

/// Runs a command on the server's data.
fn on(site: &Site, arguments: &[&str], env: &[(&str, &str)]) -> Done {
    site.on_its_data(arguments, env).output().unwrap().into()
}

/// Whether a token opens the admin API of the whole server.
fn opens(site: &Site, token: &str) -> bool {
    let request = agent().get(format!("{}/admin/api/v1/tokens", site.url));
    let answer = request
        .header("authorization", format!("Bearer {token}"))
        .call()
        .unwrap();
    answer.status() == 200
}

fn line(done: &Done) -> String {
    assert_eq!(
        done.stdout.lines().count(),
        1,
        "the token and nothing else: {}",
        done.stdout
    );
    done.stdout.trim_end().to_owned()
}

#[test]
fn an_admin_is_made_at_the_machine_before_a_server_runs_and_while_it_does() {
    let mut site = Site::empty();
    let ada = line(&on(&site, &["admin", "create", "ada"], &[]).expect(0));
    assert!(ada.starts_with("at_"), "{ada}");
    let twice = on(&site, &["admin", "create", "ada"], &[]).expect(1);
    assert!(twice.stderr.contains("aerocall admin token"), "{}", twice.stderr);
    // With an admin there is no set-up link: the first lines are all.
    let lines = site.spawn(&["serve"], &[], 1);
    assert!(lines[0].starts_with("listening on "));
    assert!(opens(&site, &ada));

    let made = on(&site, &["admin", "create", "ops", "--json"], &[]).expect(0).json();
    assert_eq!(made["name"], "ops");
    assert!(opens(&site, made["token"].as_str().unwrap()), "while the server runs");

    let lost = on(&site, &["admin", "token", "nobody"], &[]).expect(1);
    assert!(lost.stderr.contains("aerocall admin create"), "{}", lost.stderr);
    let beside = line(&on(&site, &["admin", "token", "ada", "--overlap-seconds", "600"], &[]).expect(0));
    assert!(opens(&site, &ada) && opens(&site, &beside));
    let new = line(&on(&site, &["admin", "token", "ada"], &[]).expect(0));
    assert!(!opens(&site, &ada) && !opens(&site, &beside) && opens(&site, &new));
    for (arguments, code, says) in [
        (&["admin", "create"][..], 2, "NAME"),
        (&["admin", "create", ""], 2, "1 to 100 characters"),
        (&["admin", "create", "a\nb"], 2, "one line"),
        (
            &["admin", "create", "x", "--database-url", "mysql://x"],
            3,
            "postgres://",
        ),
        (
            &["admin", "token", "ada", "--overlap-seconds", "99999999"],
            2,
            "2592000",
        ),
    ] {
        let done = on(&site, arguments, &[]).expect(code);
        assert!(done.stderr.contains(says), "{arguments:?}: {}", done.stderr);
    }
}

#[test]
fn a_server_without_an_admin_prints_a_link_that_makes_the_first_one() {
    let mut site = Site::empty();
    let lines = site.spawn(&["serve"], &[("AEROCALL_LIMITS_ENABLED", "true")], 6);
    let url = site.url.clone();
    assert!(
        lines[1].contains("no admin yet") && lines[1].contains("60 minutes"),
        "{lines:?}"
    );
    let code = lines[2]
        .trim()
        .strip_prefix(&format!("{url}/admin/setup#"))
        .unwrap()
        .to_owned();
    let curl =
        format!("curl -s {url}/admin/api/v1/setup -H 'content-type: application/json' -d '{{\"token\":\"{code}\"}}'");
    assert_eq!(lines[4].trim(), curl);
    assert_eq!(lines[5], format!("the admin in the browser: {url}/admin"));
    for path in ["/admin", "/admin/setup"] {
        let page = agent().get(format!("{url}{path}")).call().unwrap();
        assert_eq!(page.status().as_u16(), 200, "{path}");
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8", "{path}");
    }

    let request = agent().post(format!("{url}/admin/api/v1/setup"));
    let mut answer = request.send_json(json!({ "token": code })).unwrap();
    assert_eq!(answer.status().as_u16(), 201);
    let made: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    assert!(opens(&site, made["token"].as_str().unwrap()));
    let again = agent().post(format!("{url}/admin/api/v1/setup"));
    assert_eq!(
        again.send_json(json!({ "token": code })).unwrap().status().as_u16(),
        409
    );

    // The address that clients use, where one is set.
    let mut site = Site::empty();
    let lines = site.spawn(&["serve"], &[("AEROCALL_PUBLIC_URL", "https://auth.example.com/")], 5);
    assert!(
        lines[2].trim().starts_with("https://auth.example.com/admin/setup#set_"),
        "{lines:?}"
    );
}

#[test]
fn settings_come_from_a_file_below_the_environment_below_flags() {
    let home = project(&[
        ("server.toml", "data_dir = 'from-file'\n[password]\nmemory_kib = 128\n"),
        ("wrong.toml", "[pasword]\nqueue = 1\n"),
        ("other.toml", "data_dir = 'from-other'\n"),
    ]);
    let migrate = |arguments: &[&str], env: &[(&str, &str)]| -> Done {
        let mut command = crate::support::aerocall(home.path());
        command
            .arg("migrate")
            .args(arguments)
            .envs(env.iter().copied())
            .output()
            .unwrap()
            .into()
    };
    let made = |name: &str| home.path().join(name).join("aerocall.db").exists();
    migrate(&["--config", "server.toml"], &[]).expect(0);
    assert!(made("from-file") && !made("data"));
    migrate(&[], &[("AEROCALL_CONFIG", "other.toml")]).expect(0);
    assert!(made("from-other"));
    migrate(
        &["--config", "server.toml"],
        &[("AEROCALL_CONFIG", "other.toml"), ("AEROCALL_DATA_DIR", "from-env")],
    )
    .expect(0);
    assert!(made("from-env"));
    let flags = ["--config", "server.toml", "--data-dir", "from-flag"];
    migrate(&flags, &[("AEROCALL_DATA_DIR", "unused")]).expect(0);
    assert!(made("from-flag") && !made("unused"));
    for (file, says) in [
        ("wrong.toml", "Did you mean password.queue?"),
        ("none.toml", "none.toml"),
    ] {
        let refused = migrate(&["--config", file], &[]).expect(3);
        assert!(refused.stderr.contains(says), "{file}: {}", refused.stderr);
    }
    // Every command that reads a server's settings takes it.
    for command in ["serve", "worker", "doctor"] {
        let refused = crate::support::run(home.path(), &[command, "--config", "wrong.toml"]).expect(3);
        assert!(
            refused.stderr.contains("pasword.queue"),
            "{command}: {}",
            refused.stderr
        );
    }
}

#[test]
fn a_public_url_that_nobody_set_is_warned_of_at_the_start_and_by_doctor() {
    let mut site = Site::empty();
    on(&site, &["admin", "create", "ada"], &[]).expect(0);
    let mut process = site
        .on_its_data(&["serve"], &[])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(process.stderr.take().unwrap()));
    let warned = lines.by_ref().any(|line| {
        let line = line.unwrap();
        line.contains(" WARN ") && line.contains("AEROCALL_PUBLIC_URL") && line.contains("issuer")
    });
    drop((process.kill(), process.wait()));
    assert!(warned);
    let found = on(&site, &["doctor", "--json"], &[]).json();
    let finding = |found: &Value| {
        let findings = found["findings"].as_array().unwrap();
        findings.iter().find(|one| one["name"] == "public_url").unwrap().clone()
    };
    assert_eq!(finding(&found)["state"], "note", "{found:#}");
    assert!(finding(&found)["message"].as_str().unwrap().contains("issuer"));
    let set = [("AEROCALL_PUBLIC_URL", "http://127.0.0.1:9000")];
    assert_eq!(finding(&on(&site, &["doctor", "--json"], &set).json())["state"], "ok");
    site.kill();
}

#[test]
fn the_demo_is_seeded_once_and_says_so() {
    let mut site = Site::new(&[]);
    let home = project(&[
        (
            "aerocall.toml",
            "[project]\nid = \"demo\"\nenvironment = \"development\"\n",
        ),
        (
            "hooks/own.ts",
            "export const beforeSignup = () => ({ deny: { code: 'own' } });",
        ),
    ]);
    assert_eq!(
        site.register("jane@mailinator.com").1["error"]["code"],
        "blocked_domain"
    );
    site.deploy(home.path(), &[]).expect(0);
    site.kill();
    let lines = site.spawn(&["serve", "--demo"], &[], 5);
    assert!(lines[1].contains("nothing of it was changed"), "{lines:?}");
    assert_eq!(lines[2], format!("  publishable key  {}", site.key));
    assert_eq!(
        site.register("jane@mailinator.com").1["error"]["code"],
        "own",
        "what was deployed is live"
    );
}
