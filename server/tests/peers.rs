//! Programs of `tests/peers`: services of others that run beside a test, and a browser that goes between them and the server.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

/// A running program; it ends with the test.
pub(crate) struct Peer {
    child: Child,
    /// Held open: a program that cannot write to it would end.
    _said: BufReader<ChildStdout>,
    pub(crate) base: String,
}

impl Peer {
    /// Starts a program that says its port on its first line. `None`: its packages are not installed, which in CI is a
    /// failure.
    #[expect(
        clippy::print_stderr,
        reason = "whoever runs the tests should see what was not tested"
    )]
    pub(crate) fn start(program: &str, arguments: &[&str]) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/peers");
        if !folder.join("node_modules").exists() {
            assert!(
                std::env::var_os("CI").is_none(),
                "the packages of tests/peers are missing: make setup"
            );
            eprintln!("skipped: the packages of tests/peers are missing, `make setup` installs them");
            return None;
        }
        Some(Self::run(&folder.join(program), arguments))
    }

    /// Starts a program that needs no packages and says its port on its first line.
    pub(crate) fn run(program: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new("node")
            .arg(program)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut port = String::new();
        said.read_line(&mut port).unwrap();
        Self {
            child,
            _said: said,
            base: format!("http://127.0.0.1:{}", port.trim()),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A browser that goes where the test says and returns where it was sent. Cookies belong to a host and its port, for simplicity.
#[derive(Default)]
pub(crate) struct Browser {
    cookies: BTreeMap<(String, String), String>,
}

/// Where a navigation ended.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) status: u16,
    /// Empty: it stayed.
    pub(crate) location: String,
    pub(crate) set_cookies: Vec<String>,
    pub(crate) text: String,
}

impl Browser {
    pub(crate) fn go(&mut self, url: &str) -> Visit {
        let origin = origin(url);
        let of_host = self.cookies.iter().filter(|((host, _), _)| *host == origin);
        let cookies: Vec<String> = of_host.map(|((_, name), value)| format!("{name}={value}")).collect();
        let answer = agent().get(url).header("cookie", cookies.join("; ")).call().unwrap();
        self.visited(origin, answer)
    }

    /// A form that another site has the browser send: no cookie goes with it (SameSite=Lax).
    pub(crate) fn form(&mut self, url: &str, fields: &str) -> Visit {
        let post = agent().post(url).content_type("application/x-www-form-urlencoded");
        self.visited(origin(url), post.send(fields).unwrap())
    }

    fn visited(&mut self, origin: String, mut answer: ureq::http::Response<ureq::Body>) -> Visit {
        let text_of = |value: &ureq::http::HeaderValue| value.to_str().unwrap().to_owned();
        let set_cookies: Vec<String> = answer.headers().get_all("set-cookie").iter().map(text_of).collect();
        for line in &set_cookies {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert((origin.clone(), name.to_owned()), value.to_owned());
        }
        let location = answer.headers().get("location").map(text_of).unwrap_or_default();
        let location = match location.starts_with('/') {
            true => format!("{origin}{location}"),
            false => location,
        };
        Visit {
            status: answer.status().as_u16(),
            location,
            set_cookies,
            text: answer.body_mut().read_to_string().unwrap(),
        }
    }

    /// From an address of the provider on, as this account, until it sends the browser away.
    pub(crate) fn through(&mut self, provider: &str, from: &str, account: Option<&str>) -> String {
        let mut url = from.to_owned();
        for _ in 0..8 {
            if url.contains("/interaction/")
                && let Some(account) = account
            {
                url = with(&url, "account", account);
            }
            url = self.go(&url).location;
            if !url.starts_with(provider) {
                return url;
            }
        }
        panic!("the provider leads nowhere: {url}");
    }
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    config.max_redirects(0).build().into()
}

fn origin(url: &str) -> String {
    let parts: Vec<&str> = url.splitn(4, '/').collect();
    parts[..3].join("/")
}

/// An address with one more parameter.
pub(crate) fn with(url: &str, name: &str, value: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let mut text = format!("{url}{joint}{name}=");
    for byte in value.bytes() {
        match plain(byte) {
            true => text.push(char::from(byte)),
            false => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// A parameter of an address.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1.split('#').next()?;
    let value = query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
