//! The command line at a proxy whose servers are not there for a moment: what changes nothing, or the same when it comes twice, is
//! sent again, and nothing else is.

use std::{
    collections::HashMap,
    io::BufReader,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
};

use crate::{
    http_client,
    http_server::{self, Request, answer},
    server::Site,
    support::{Done, project},
};

const TOML: &str = "[project]\nid = \"demo\"\nenvironment = \"development\"\n";
const HOOK: &str = "export const afterLogin = async () => {};";
/// As proxies say it.
const NOBODY: &str = "<html><body>502 Bad Gateway</body></html>";

/// How often each request came, by method and path.
type Seen = Arc<Mutex<HashMap<String, usize>>>;

/// A proxy before a server: of each request it answers the first ones itself, with this status.
fn proxy(site: &Site, status: u16, first: usize) -> (SocketAddr, Seen) {
    let (url, token) = (site.url.clone(), site.token.clone());
    let seen = Seen::default();
    let counted = Arc::clone(&seen);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = http_server::on(listener, move |mut stream| {
        let Some(request) = Request::read(&mut BufReader::new(stream.try_clone()?))? else {
            return Ok(());
        };
        let came = {
            let mut seen = counted.lock().unwrap();
            let came = seen.entry(format!("{} {}", request.method, request.path)).or_default();
            *came += 1;
            *came
        };
        if came <= first {
            return answer(&mut stream, status, "retry-after: 1\r\n", NOBODY);
        }
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", request.header("content-type")),
        ];
        let headers = if request.body.is_empty() {
            &headers[..1]
        } else {
            &headers
        };
        let onward = http_client::send(
            &request.method,
            &format!("{url}{}", request.path),
            headers,
            &request.body,
        );
        let onward = onward.unwrap();
        answer(&mut stream, onward.status, "", &onward.text)
    });
    (address, seen)
}

#[test]
fn what_may_come_twice_is_sent_again_while_no_server_is_there() {
    let site = Site::new(&[]);
    let here = project(&[("aerocall.toml", TOML), ("hooks/login.ts", HOOK)]);
    let at = |address: SocketAddr, arguments: &[&str]| {
        let mut command = site.command(here.path(), arguments);
        command.env("AEROCALL_SERVER", format!("http://{address}"));
        Done::from(command.output().unwrap())
    };
    let (address, seen) = proxy(&site, 503, 1);
    let listed = at(address, &["projects", "list"]).expect(0);
    assert!(listed.stdout.contains("demo"), "{}", listed.stdout);
    assert!(
        listed
            .stderr
            .contains("not available right now (503); trying again in 1 s"),
        "{}",
        listed.stderr
    );

    // A deployment is made once: everything before it comes twice, and then it is refused.
    let refused = at(address, &["deploy"]).expect(3);
    assert!(
        refused.stderr.contains("no server is available behind this address") && refused.stderr.contains("503"),
        "{}",
        refused.stderr
    );
    at(address, &["deploy"]).expect(0);
    let counted = seen.lock().unwrap().clone();
    let of = |words: &[&str]| -> usize {
        let found = counted
            .iter()
            .find(|(request, _)| words.iter().all(|word| request.contains(word)));
        *found.unwrap_or_else(|| panic!("{words:?} in {counted:?}")).1
    };
    assert_eq!(of(&["POST", "/deployments"]), 2, "one for each command");
    assert_eq!(of(&["POST", "/versions"]), 2, "again within one command");

    // Not for ever, and a change not at all.
    let (address, seen) = proxy(&site, 502, 100);
    let gone = at(address, &["projects", "create", "shop"]).expect(3);
    assert!(gone.stderr.contains("no server is available"), "{}", gone.stderr);
    at(address, &["projects", "list"]).expect(3);
    let counted = seen.lock().unwrap().clone();
    assert_eq!(counted["POST /admin/api/v1/projects"], 1);
    assert_eq!(counted["GET /admin/api/v1/projects"], 5);
}
