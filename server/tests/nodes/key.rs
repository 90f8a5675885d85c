//! The master key of several nodes.

use aerocall_server::{Config, ConfigSources, Server};

use super::KEY;
use crate::site;

/// Why a node does not start.
fn refused(database: &str, data: &std::path::Path, key: Option<&str>) -> Option<String> {
    let key = key.map(|key| ("AEROCALL_MASTER_KEY", key));
    let env: Vec<_> = key.into_iter().chain([("AEROCALL_DATABASE_URL", database)]).collect();
    let tokio = tokio::runtime::Runtime::new().unwrap();
    let config = site::config(data, &env);
    let opened = tokio.block_on(async { Server::open(config, site::runtime().await).await });
    opened.err().map(|error| error.to_string())
}

#[test]
fn a_node_with_another_master_key_does_not_start() {
    let directory = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/core.db", directory.path().display());
    let node = |name: &str| directory.path().join(name);
    assert_eq!(refused(&database, &node("first"), Some(KEY)), None);
    assert!(!node("first").join("master.key").exists(), "the key was given");
    assert_eq!(refused(&database, &node("second"), Some(KEY)), None);

    let other = KEY.replace("c2V2", "c2V3");
    let message = refused(&database, &node("third"), Some(&other)).unwrap();
    assert!(
        message.contains("this node has a different one") && message.contains("AEROCALL_MASTER_KEY"),
        "{message}"
    );
    assert!(!message.contains(&other) && !message.contains(KEY), "{message}");

    let message = refused(&database, &node("fourth"), None).unwrap();
    assert!(message.contains("this node has none"), "{message}");
    assert!(
        !node("fourth").join("master.key").exists(),
        "one that was made would be another one"
    );
}

#[test]
fn the_key_of_a_file_can_be_given_to_the_next_node() {
    use base64::Engine as _;
    let directory = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}/core.db", directory.path().display());
    let first = directory.path().join("first");
    assert_eq!(refused(&database, &first, None), None);
    let key = base64::engine::general_purpose::STANDARD.encode(std::fs::read(first.join("master.key")).unwrap());
    assert_eq!(refused(&database, &directory.path().join("second"), Some(&key)), None);
}

#[test]
fn a_master_key_that_is_none_is_refused_and_not_repeated() {
    for bad in ["hunter2", "c2hvcnQ="] {
        let sources = ConfigSources {
            env: vec![("AEROCALL_MASTER_KEY".to_owned(), bad.to_owned())],
            ..ConfigSources::default()
        };
        let message = Config::load(&sources).unwrap_err().to_string();
        assert!(
            message.contains("master_key") && message.contains("base64"),
            "{message}"
        );
        assert!(!message.contains(bad), "{message}");
    }
}
