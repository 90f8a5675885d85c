//! Every spelling in `attacks.json` against the way out, with a canary on every address of this machine: nothing reaches
//! it. With any one layer taken out, something does: the table can tell a wall from none.

use super::{
    Egress, EgressError, SystemResolver,
    testing::{self, Canary, Names, Open, Weakened, get, response, serve},
};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// URLs that are, or look like, addresses.
    literal: Vec<String>,
    /// What a harmless name leads to.
    resolved: Vec<Vec<String>>,
    /// Where a harmless server redirects to.
    redirected: Vec<String>,
}

/// The one loopback address that may be reached: the harmless server's.
const HARMLESS: &str = "127.0.0.77";
pub(crate) const EXCEPTED: &[&str] = &["127.0.0.77/32"];

fn table() -> Table {
    serde_json::from_str(include_str!("attacks.json")).unwrap()
}

/// What the names of the table lead to.
pub(crate) fn names() -> std::sync::Arc<Names> {
    let table = table();
    let rows: Vec<(String, Vec<&str>)> = (0..)
        .zip(&table.resolved)
        .map(|(row, addresses): (usize, _)| (format!("row{row}.test"), addresses.iter().map(String::as_str).collect()))
        .collect();
    let rows: Vec<(&str, Vec<&[&str]>)> = rows
        .iter()
        .map(|(name, addresses)| (name.as_str(), vec![addresses.as_slice()]))
        .collect();
    let mut all: Vec<(&str, &[&[&str]])> = rows.iter().map(|(name, answers)| (*name, answers.as_slice())).collect();
    all.push(("localhost.test", &[&["127.0.0.1"]]));
    all.push(("metadata.google.internal.test", &[&["169.254.169.254"]]));
    Names::of(&all)
}

/// Every row as a URL, with a server of its own for each redirect.
pub(crate) async fn urls(port: u16) -> Vec<String> {
    let table = table();
    let port = port.to_string();
    let target = |url: &str| url.replace("{port}", &port);
    let mut urls: Vec<String> = table.literal.iter().map(|url| target(url)).collect();
    urls.extend((0..table.resolved.len()).map(|row| target(&format!("http://row{row}.test:{{port}}/"))));
    for url in &table.redirected {
        let location = target(url);
        let redirect = move |_: &str| response("302 Found", &format!("location: {location}\r\n"), b"");
        let server = serve(&format!("{HARMLESS}:0"), redirect).await;
        urls.push(format!("http://{server}/"));
    }
    urls
}

/// Sends every row; answers the rows that were not refused.
async fn through(egress: &Egress, canary: &Canary) -> Vec<String> {
    let mut passed = Vec::new();
    for url in urls(canary.port).await {
        match egress.send(get(url.clone()), &Open(1 << 20)).await {
            Err(EgressError::Refused(text) | EgressError::Invalid(text)) => {
                let names_one = ["127.0.0.1", "169.254.169.254"]
                    .iter()
                    .any(|address| text.contains(address));
                assert!(
                    !names_one || !url.contains(".test"),
                    "{url}: the answer names an address: {text}"
                );
            }
            other => passed.push(format!("{url}: {other:?}")),
        }
    }
    passed
}

#[tokio::test]
async fn no_spelling_reaches_a_refused_address() {
    let table = table();
    assert!(table.literal.len() >= 120 && table.resolved.len() >= 20 && table.redirected.len() >= 20);
    let canary = Canary::open().await;
    let egress = testing::egress(EXCEPTED, names());
    let passed = through(&egress, &canary).await;
    assert_eq!(passed, Vec::<String>::new());
    assert_eq!(canary.hits(), 0);
}

#[tokio::test]
async fn without_any_one_layer_something_gets_through() {
    for layer in [Weakened::Literal, Weakened::Resolver, Weakened::Redirect] {
        let canary = Canary::open().await;
        let egress = testing::weakened(EXCEPTED, names(), layer);
        let passed = through(&egress, &canary).await;
        assert!(canary.hits() > 0 && !passed.is_empty(), "{layer:?}: {passed:?}");
    }
}

#[tokio::test]
async fn the_harmless_server_is_reached() {
    let egress = testing::egress(EXCEPTED, Names::of(&[("ok.test", &[&[HARMLESS]])]));
    let server = serve(&format!("{HARMLESS}:0"), |_| response("200 OK", "", b"hello")).await;
    let url = format!("http://ok.test:{}/x", server.port());
    let answer = egress.send(get(url.clone()), &Open(1 << 20)).await.unwrap();
    assert_eq!(
        (answer.status, answer.body.as_slice(), answer.url),
        (200, b"hello".as_slice(), url)
    );
}

#[tokio::test]
async fn a_name_that_changes_between_look_ups_gains_nothing() {
    let canary = Canary::open().await;
    // Connections are closed after each answer, so each request looks the name up again.
    let names = Names::of(&[("rebind.test", &[&[HARMLESS], &["127.0.0.1"], &[HARMLESS, "127.0.0.1"]])]);
    let egress = testing::egress(EXCEPTED, names);
    let server = serve(&format!("{HARMLESS}:0"), |_| response("200 OK", "", b"")).await;
    let first = egress
        .send(get(format!("http://rebind.test:{}/", server.port())), &Open(1))
        .await;
    assert!(first.is_ok(), "{first:?}");
    for _ in 0..3 {
        let again = egress
            .send(get(format!("http://rebind.test:{}/", canary.port)), &Open(1))
            .await;
        assert!(matches!(again, Err(EgressError::Refused(_))), "{again:?}");
    }
    assert_eq!(canary.hits(), 0);
}

#[tokio::test]
async fn addresses_for_other_protocols_are_checked_alike() {
    let egress = testing::egress(EXCEPTED, names());
    for refused in [
        "127.0.0.1",
        "2130706433",
        "[::1]",
        "localhost.test",
        "metadata.google.internal.test",
    ] {
        let answer = egress.addresses(refused).await;
        assert!(matches!(answer, Err(EgressError::Refused(_))), "{refused}: {answer:?}");
    }
    assert!(matches!(
        egress.addresses("nowhere.test").await,
        Err(EgressError::Unreachable(_))
    ));
    assert_eq!(
        egress.addresses("0x7f.77").await.unwrap(),
        [HARMLESS.parse::<std::net::IpAddr>().unwrap()]
    );
}

#[tokio::test]
async fn the_systems_own_names_for_this_machine_are_refused() {
    let canary = Canary::open().await;
    let egress = Egress::new(
        &testing::config(EXCEPTED),
        std::sync::Arc::new(SystemResolver::default()),
    )
    .unwrap();
    for host in [
        "localhost",
        "localhost.",
        "LOCALHOST",
        "loc\u{e1}lhost.localhost",
        "a.localhost",
        "%6cocalhost",
    ] {
        let url = format!("http://{host}:{}/", canary.port);
        let answer = egress.send(get(url), &Open(1)).await;
        // Where the system does not know a name, there is nothing to reach.
        let nowhere = matches!(answer, Err(EgressError::Refused(_) | EgressError::Unreachable(_)));
        assert!(nowhere, "{host}: {answer:?}");
    }
    let plain = egress
        .send(get(format!("http://localhost:{}/", canary.port)), &Open(1))
        .await;
    assert!(matches!(plain, Err(EgressError::Refused(_))), "{plain:?}");
    assert_eq!(canary.hits(), 0);
}
