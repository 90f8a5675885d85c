//! A server that may open few files: many slow clients take it off the air neither while they are there nor afterwards.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::server::{Site, until};

/// Files that the server may have open.
const FILES: u32 = 128;
/// More than that.
const CLIENTS: usize = 300;

/// Whether the server says within two seconds that it is alive.
fn is_alive(address: SocketAddr) -> bool {
    let began = Instant::now();
    let answer = (|| {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        std::io::Result::Ok(answer)
    })();
    began.elapsed() < Duration::from_secs(2) && answer.is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200"))
}

/// Runs what the command would, with few files.
fn with_few_files(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("ulimit -n {FILES} && exec \"$0\" \"$@\"")])
        .arg(command.get_program())
        .args(command.get_args())
        .current_dir(command.get_current_dir().unwrap());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

#[test]
fn slow_clients_do_not_take_a_server_with_few_descriptors_off_the_air() {
    let mut site = Site::new(&[]);
    site.kill();
    let env = [("AEROCALL_HTTP_BODY_SECONDS", "3")];
    let mut command = with_few_files(&site.on_its_data(&["serve"], &env));
    site.run_as_server(command.stdout(Stdio::piped()), 1);
    let address: SocketAddr = site.url.strip_prefix("http://").unwrap().parse().unwrap();
    assert!(is_alive(address));

    let head = format!(
        "POST /auth/login HTTP/1.1\r\nhost: x\r\nx-aerocall-key: {}\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{{",
        site.key
    );
    let mut clients = Vec::new();
    for n in 0..CLIENTS {
        if let Ok(mut client) = TcpStream::connect_timeout(&address, Duration::from_secs(2)) {
            client.write_all(head.as_bytes()).ok();
            clients.push(client);
        }
        assert!(n % 20 != 0 || is_alive(address), "off the air with {n} clients");
    }
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(2) {
        assert!(is_alive(address), "off the air after {:?}", began.elapsed());
        for client in &mut clients {
            client.write_all(b" ").ok();
        }
    }
    // The deadline of their bodies makes room, although they are still there.
    let signed_up = until(|| {
        site.answer("/auth/register", "ada@work.example")
            .filter(|(status, _)| *status != 503)
    });
    assert_eq!(signed_up.0, 201, "{}", signed_up.1);
    drop(clients);
}
