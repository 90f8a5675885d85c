//! How many files and connections this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the limit of open files to the most that this process is allowed, as most servers do: the usual default is for
/// programs that have few.
pub(crate) fn raise() {
    let limit = getrlimit(Resource::Nofile);
    // Where it cannot be raised it stays, and so many connections are had.
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        },
    );
}

/// How many of the wanted connections there may be: they take at most half of what the process may open. The other half is for
/// databases, files, requests to other hosts, and compilers.
pub(crate) fn for_connections(wanted: usize) -> usize {
    // `None`: without a limit.
    let most = getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX);
    wanted.min(usize::try_from(most / 2).unwrap_or(usize::MAX)).max(1)
}
