//! Settings that are refused say which, from where, and how to put it right; and the demo project.

use aerocall_server::{Config, ConfigSources, DemoInfo, Overrides, Server};

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
    let message = load(None, &[("AEROCALL_DATABASE_URL", "mysql://u:hunter2@db/x")]).unwrap_err();
    assert!(
        message.contains("postgres://") && !message.contains("hunter2"),
        "{message}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_has_the_same_keys_on_every_start() {
    let data = tempfile::tempdir().unwrap();
    let seed = async || -> DemoInfo {
        let server = Server::open(site::config(data.path(), &[]), site::runtime().await)
            .await
            .unwrap();
        server.seed_demo(Vec::new()).await.unwrap()
    };
    let first = seed().await;
    assert_eq!(first, seed().await);
    std::fs::remove_file(data.path().join("aerocall.db")).unwrap();
    assert_eq!(first, seed().await, "the keys outlive the database");
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(data.path().join("demo.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
