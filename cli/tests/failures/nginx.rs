//! docs/deploy/nginx.conf, run by nginx: servers that come back with another address are found again.

use std::{
    io::BufReader,
    net::{Ipv4Addr, TcpListener, UdpSocket},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    http_server::{self, Request},
    programs::{found, free_port},
    server::agent,
    support::{repository, unless_ci},
    until::within,
};

const ONE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const TWO: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

/// It ends with the test.
struct Nginx {
    process: Child,
    _directory: TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // QUIT would wait for whoever keeps a connection open.
        let id = self.process.id().to_string();
        drop(Command::new("kill").args(["-TERM", &id]).status());
        drop(self.process.wait());
    }
}

/// A name server that knows one address, whatever it is asked for; it can be given another.
struct Names {
    port: u16,
    address: Arc<AtomicU32>,
}

impl Names {
    fn new(address: Ipv4Addr) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let names = Self {
            port: socket.local_addr().unwrap().port(),
            address: Arc::new(AtomicU32::new(address.to_bits())),
        };
        let address = Arc::clone(&names.address);
        std::thread::spawn(move || {
            let mut question = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                let answer = answer(&question[..length], address.load(Ordering::SeqCst).into());
                drop(socket.send_to(&answer, from));
            }
        });
        names
    }

    fn now(&self, address: Ipv4Addr) {
        self.address.store(address.to_bits(), Ordering::SeqCst);
    }
}

/// RFC 1035, 4: the question again, and one A record that holds for an hour; the settings of the proxy say for how long it is
/// believed.
fn answer(question: &[u8], address: Ipv4Addr) -> Vec<u8> {
    let mut answer = question.to_vec();
    answer[2..4].copy_from_slice(&[0x81, 0x80]);
    answer[4..12].copy_from_slice(&[0, 1, 0, 1, 0, 0, 0, 0]);
    answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0x0e, 0x10, 0, 4]);
    answer.extend(address.octets());
    answer
}

/// Answers every request with the address at which it listens, and what the proxy sent of the client.
fn server(address: Ipv4Addr, port: u16) {
    let listener = TcpListener::bind((address, port)).unwrap();
    http_server::on(listener, move |mut stream| {
        let Some(request) = Request::read(&mut BufReader::new(stream.try_clone()?))? else {
            return Ok(());
        };
        let forwarded = request.header("x-forwarded-for");
        http_server::answer(&mut stream, 200, "", &format!("{address} x-forwarded-for: {forwarded}"))
    });
}

/// The file of the documents, with the addresses of this test.
fn nginx(names: &Names, port: u16, servers: u16) -> Option<Nginx> {
    let program = unless_ci(found("nginx", &["/usr/sbin".into()]), "nginx is not installed")?;
    let directory = TempDir::new().unwrap();
    let here = directory.path().display();
    let text = std::fs::read_to_string(repository().join("docs/deploy/nginx.conf")).unwrap();
    let mut settings = text;
    for (from, to) in [
        ("127.0.0.11 ", format!("127.0.0.1:{} ", names.port)),
        ("server:8080", format!("server:{servers}")),
        ("listen 8080", format!("listen 127.0.0.1:{port}")),
        ("events {}", format!("pid {here}/pid;\nevents {{}}")),
        (
            "http {",
            format!(
                "http {{\n  access_log off;\n  client_body_temp_path {here}/body;\n  proxy_temp_path {here}/proxy;\n  \
                 fastcgi_temp_path {here}/fastcgi;\n  uwsgi_temp_path {here}/uwsgi;\n  scgi_temp_path {here}/scgi;"
            ),
        ),
    ] {
        assert!(settings.contains(from), "{from}");
        settings = settings.replace(from, &to);
    }
    let file = directory.path().join("nginx.conf");
    std::fs::write(&file, settings).unwrap();
    let mut command = Command::new(program);
    command
        .args(["-e", "stderr", "-g", "daemon off; master_process off;", "-c"])
        .arg(file);
    let process = command.stdin(Stdio::null()).spawn().unwrap();
    Some(Nginx {
        process,
        _directory: directory,
    })
}

#[test]
fn a_server_with_another_address_is_found_again() {
    let (port, servers) = (free_port(), free_port());
    let names = Names::new(ONE);
    server(ONE, servers);
    server(TWO, servers);
    let Some(_nginx) = nginx(&names, port, servers) else {
        return;
    };
    let asked = |path: &str| {
        let mut answer = agent().get(format!("http://127.0.0.1:{port}{path}")).call().ok()?;
        (answer.status().as_u16() == 200).then(|| answer.body_mut().read_to_string().unwrap())
    };
    for path in ["/auth/me", "/admin/api/v1/projects/a/environments/b/events/stream"] {
        names.now(ONE);
        let reached = |address: Ipv4Addr| {
            let wanted = format!("{address} x-forwarded-for: 127.0.0.1");
            within(Duration::from_secs(20), || (asked(path)? == wanted).then_some(()));
        };
        reached(ONE);
        names.now(TWO);
        reached(TWO);
    }
}
