//! What tests need of this machine: ports that are free, programs that are installed.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

/// A port that nobody has, below those that the system gives to whoever asks for any: nobody else takes it before it is used.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // A test needs fewer than forty, and another one, whose process was started next, begins after them.
    let first = std::process::id().wrapping_mul(40);
    let mut ports = std::iter::repeat_with(|| first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)));
    let free = ports.find_map(|number| {
        let port = 20_000 + u16::try_from(number % 12_000).ok()?;
        TcpListener::bind(("127.0.0.1", port)).is_ok().then_some(port)
    });
    free.unwrap()
}

/// Who else may run PostgreSQL, if this is root.
pub(crate) fn other_user() -> Option<String> {
    let id = Command::new("id").arg("-u").output().unwrap();
    (id.stdout == b"0\n").then(|| "postgres".to_owned())
}

/// `<root>/<any>/<inner>`, the last by name first.
pub(crate) fn folders(root: &str, inner: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path().join(inner)).collect();
    folders.sort();
    folders.reverse();
    folders
}

/// The program in these folders or where programs are looked for.
pub(crate) fn found(program: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let everywhere = folders.iter().cloned().chain(std::env::split_paths(&path));
    everywhere
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}
