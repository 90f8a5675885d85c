//! Settings that are refused say which, from where, and how to put it right; and the demo project.

use aerocall_server::{Config, ConfigSources, Demo, Overrides, Seeding, Server, config::Origin};

use crate::site;

fn load(file: Option<&str>, env: &[(&str, &str)]) -> Result<Config, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("server.toml");
    let file = file.map(|text| {
        std::fs::write(&path, text).unwrap();
        path
    });
    let env = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::load(&ConfigSources {
        file,
        env,
        ..ConfigSources::default()
    })
    .map_err(|error| error.to_string())
}

#[test]
fn later_sources_win() {
    let file = "listen = '127.0.0.1:1'\n[password]\nqueue = 5";
    assert_eq!(load(None, &[]).unwrap().listen.port(), 8080);
    assert_eq!(load(Some(file), &[]).unwrap().listen.port(), 1);
    let config = load(Some(file), &[("AEROCALL_LISTEN", "127.0.0.1:2"), ("PATH", "/bin")]).unwrap();
    assert_eq!((config.listen.port(), config.password.queue), (2, 5));
    let flags = Overrides {
        listen: Some("127.0.0.1:3".to_owned()),
        ..Overrides::default()
    };
    let env = vec![("AEROCALL_LISTEN".to_owned(), "127.0.0.1:2".to_owned())];
    let config = Config::load(&ConfigSources {
        env,
        flags,
        ..ConfigSources::default()
    })
    .unwrap();
    assert_eq!(config.listen.port(), 3);
}

#[test]
fn a_bad_setting_is_named_with_its_origin_and_a_fix() {
    let refused = |file: Option<&str>, env: &[(&str, &str)], words: &[&str]| {
        let message = load(file, env).unwrap_err();
        for word in words {
            assert!(message.contains(word), "`{word}` is not in: {message}");
        }
    };
    refused(
        Some("colour = 'red'"),
        &[],
        &["colour", "server.toml", "does not exist"],
    );
    refused(
        Some("[password]\nqueue = 'many'"),
        &[],
        &["password.queue", "server.toml", "integer"],
    );
    refused(
        Some("[password]\nmemory_kib = 1"),
        &[],
        &["password.memory_kib", "out of range", "128"],
    );
    refused(Some("listen ="), &[], &["server.toml"]);
    refused(
        None,
        &[("AEROCALL_LISTEN", "here")],
        &["listen", "AEROCALL_LISTEN", "127.0.0.1:8080"],
    );
    refused(
        None,
        &[("AEROCALL_PASSWORD_QUEUE", "x")],
        &["password.queue", "AEROCALL_PASSWORD_QUEUE", "digits"],
    );
    refused(None, &[("AEROCALL_LISTN", "x")], &["AEROCALL_LISTN", "AEROCALL_LISTEN"]);
    refused(
        None,
        &[("AEROCALL_HTTP_TRUSTED_PROXIES", "10.0.0.0/99")],
        &["http.trusted_proxies", "10.0.0.0/8"],
    );
    refused(
        None,
        &[("AEROCALL_HOOKS_SHOWN_HEADERS", "origin,X-Api-Key")],
        &["hooks.shown_headers", "X-Api-Key", "Leave it out"],
    );
    for (name, words) in [
        ("AEROCALL_REDIS_URL", ["redis.url", "rediss://"]),
        ("AEROCALL_LIMITS_REDIS_URL", ["limits.redis_url", "rediss://"]),
        ("AEROCALL_AMQP_URL", ["amqp.url", "amqps://"]),
        ("AEROCALL_SMTP_URL", ["smtp.url", "smtps://"]),
        ("AEROCALL_TENANT_DATABASE_URL", ["tenant.database_url", "postgresql://"]),
    ] {
        let message = load(None, &[(name, "http://u:hunter2@host/x")]).unwrap_err();
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
    refused(
        None,
        &[("AEROCALL_AMQP_PREFIX", "a/b")],
        &["amqp.prefix", "`a/b` is not a valid prefix", "a-z"],
    );
    refused(
        None,
        &[("AEROCALL_LOG_LEVEL", "aerocall=debug")],
        &[
            "log.level",
            "AEROCALL_LOG_LEVEL",
            "off, error, warn, info, debug, trace",
        ],
    );
    refused(None, &[("AEROCALL_LOG_FORMAT", "xml")], &["log.format", "text, json"]);
    // A port that somebody meant is not what a cluster sets.
    refused(None, &[("AEROCALL_PORT", "8080")], &["AEROCALL_PORT", "does not exist"]);
    let message = load(None, &[("AEROCALL_DATABASE_URL", "mysql://u:hunter2@db/x")]).unwrap_err();
    assert!(
        message.contains("postgres://") && !message.contains("hunter2"),
        "{message}"
    );
}

#[test]
fn what_a_cluster_sets_for_its_services_is_ignored_and_named() {
    let links = [
        ("AEROCALL_PORT", "tcp://10.96.0.7:80"),
        ("AEROCALL_PORT_80_TCP_ADDR", "10.96.0.7"),
        ("AEROCALL_SERVICE_PORT", "80"),
    ];
    let config = load(None, &[&links[..], &[("AEROCALL_LISTEN", "127.0.0.1:2")]].concat()).unwrap();
    assert_eq!(config.ignored, links.map(|(name, _)| name));
    assert_eq!(config.listen.port(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_does_not_start_with_settings_that_no_mail_could_leave_with() {
    let runtime = site::runtime().await;
    for (name, value, words) in [
        ("AEROCALL_SMTP_FROM", "support", "Example <no-reply@example.com>"),
        ("AEROCALL_SMTP_FROM", "Support <support@>", "AEROCALL_SMTP_FROM"),
        (
            "AEROCALL_SMTP_FROM",
            "a@example.com, b@example.com",
            "AEROCALL_SMTP_FROM",
        ),
        ("AEROCALL_SMTP_FROM", "", "AEROCALL_SMTP_FROM"),
        ("AEROCALL_SMTP_URL", "smtp://user:hunter2@/", "AEROCALL_SMTP_URL"),
    ] {
        let data = tempfile::tempdir().unwrap();
        let opened = Server::open(site::config(data.path(), &[(name, value)]), runtime.clone()).await;
        let Err(error) = opened else {
            panic!("{name}={value} was taken")
        };
        assert!(error.message.contains(words), "{name}={value}: {error}");
        assert!(!error.message.contains("hunter2"), "{error}");
    }
    let data = tempfile::tempdir().unwrap();
    let named = [("AEROCALL_SMTP_FROM", "\"Support, first level\" <support@example.com>")];
    assert!(Server::open(site::config(data.path(), &named), runtime).await.is_ok());
}

#[test]
fn a_setting_that_does_not_exist_is_met_with_the_one_that_was_meant() {
    for (file, env, meant) in [
        ("listn = '127.0.0.1:1'", "", "Did you mean listen?"),
        ("[pasword]\nqueue = 1", "", "Did you mean password.queue?"),
        ("[password]\nqueu = 1", "", "Did you mean password.queue?"),
        ("", "AEROCALL_DATABSE_URL", "Did you mean AEROCALL_DATABASE_URL?"),
        ("[passwords]", "", "`passwords`"),
        ("[listen]", "", "must be of type string"),
        ("[password.queue]\nx = 1", "", "must be of type integer"),
    ] {
        let env: Vec<_> = Some((env, "x"))
            .filter(|(name, _)| !name.is_empty())
            .into_iter()
            .collect();
        let message = load(Some(file), &env).unwrap_err();
        assert!(message.contains(meant), "{file} {env:?}: {message}");
    }
    assert!(!load(Some("colour = 'red'"), &[]).unwrap_err().contains("mean"));
    assert!(
        load(Some("[password]\n[http]\nworkers = 1"), &[]).is_ok(),
        "a section may be empty"
    );
}

#[test]
fn a_public_url_that_nobody_chose_is_found_wanting_where_it_does_not_lead_to_the_server() {
    let problem = |env: &[(&str, &str)]| load(None, env).unwrap().public_url_problem();
    assert_eq!(problem(&[]), None);
    assert_eq!(problem(&[("AEROCALL_LISTEN", "127.0.0.1:8080")]), None);
    for listen in ["127.0.0.1:9000", "0.0.0.0:8080", "127.0.0.1:0"] {
        let found = problem(&[("AEROCALL_LISTEN", listen)]).unwrap();
        assert!(
            found.contains(listen) && found.contains("http://127.0.0.1:8080"),
            "{found}"
        );
    }
    let chosen = [
        ("AEROCALL_LISTEN", "127.0.0.1:9000"),
        ("AEROCALL_PUBLIC_URL", "http://127.0.0.1:8080"),
    ];
    assert_eq!(problem(&chosen), None, "a proxy may be there");
    assert_eq!(load(None, &chosen).unwrap().public_url_origin, Origin::Given);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_has_the_same_keys_on_every_start() {
    let data = tempfile::tempdir().unwrap();
    let seed = async || -> Demo {
        let server = Server::open(site::config(data.path(), &[]), site::runtime().await)
            .await
            .unwrap();
        server.seed_demo(Vec::new()).await.unwrap()
    };
    let first = seed().await;
    assert_eq!((first.seeding, first.ended.as_slice()), (Seeding::Done, [].as_slice()));
    let second = seed().await;
    assert_eq!((&second.info, second.seeding), (&first.info, Seeding::Found));
    std::fs::remove_file(data.path().join("aerocall.db")).unwrap();
    assert_eq!(first, seed().await, "the keys outlive the database");
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(data.path().join("demo.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
