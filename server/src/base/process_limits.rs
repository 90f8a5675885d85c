//! What the operating system lets this process have, where that is too little to serve from. Said at the start and by `doctor`.

use std::fmt;

use rustix::process::{Resource, getrlimit};

/// Hooks that a server or a worker can run at the same time.
pub const MAX_INSTANCES: u32 = 200;

/// A database, a bundle or a log that grows to a limit on file sizes ends the process, or is not written any more.
const FILE_BYTES: u64 = 64 << 30;
/// Databases, requests, connections to other hosts: a node under load has some thousands.
const OPEN_FILES: u64 = 4_096;

/// A limit that is too small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// As it is set in a shell.
    pub option: &'static str,
    /// What it is, what is needed, and what happens otherwise.
    pub message: String,
    /// How to put it right.
    pub fix: String,
}

/// What is limited; `None` is without a limit.
#[derive(Clone, Copy, Debug)]
struct Had {
    address_space: Option<u64>,
    file_bytes: Option<u64>,
    open_files: Option<u64>,
}

/// What this process has too little of.
#[must_use]
pub fn shortages() -> Vec<Shortage> {
    of(Had {
        address_space: getrlimit(Resource::As).current,
        file_bytes: getrlimit(Resource::Fsize).current,
        // A server raises its own limit to this one.
        open_files: getrlimit(Resource::Nofile).maximum,
    })
}

fn of(had: Had) -> Vec<Shortage> {
    let needed = aerocall_runtime::address_space_bytes(MAX_INSTANCES);
    let small = |had: Option<u64>, needed: u64| had.filter(|had| *had < needed);
    let address_space = small(had.address_space, needed).map(|had| Shortage {
        option: "ulimit -v",
        message: format!(
            "the address space is limited to {}; {} are reserved for hooks, which takes no memory, and without them the server does not start",
            gib(had),
            gib(needed)
        ),
        fix: "ulimit -v unlimited, or LimitAS=infinity; limit memory with a control group instead".to_owned(),
    });
    let files = small(had.file_bytes, FILE_BYTES).map(|had| Shortage {
        option: "ulimit -f",
        message: format!(
            "files are limited to {}; a database that grows to that ends the server",
            gib(had)
        ),
        fix: "ulimit -f unlimited, or LimitFSIZE=infinity".to_owned(),
    });
    let open = small(had.open_files, OPEN_FILES).map(|had| Shortage {
        option: "ulimit -n",
        message: format!("{had} files and connections may be open; a node under load has some thousands"),
        fix: format!("ulimit -n {OPEN_FILES} or more, or LimitNOFILE={OPEN_FILES}"),
    });
    [address_space, files, open].into_iter().flatten().collect()
}

fn gib(bytes: u64) -> String {
    match bytes >> 30 {
        0 => format!("{} MiB", bytes >> 20),
        gib => format!("{gib} GiB"),
    }
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.fix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_that_is_too_small_is_named_with_what_is_needed() {
        let none = Had {
            address_space: None,
            file_bytes: None,
            open_files: None,
        };
        assert_eq!(of(none), []);
        let enough = Had {
            address_space: Some(1 << 40),
            file_bytes: Some(1 << 40),
            open_files: Some(65_536),
        };
        assert_eq!(of(enough), []);
        for (had, option, part) in [
            (
                Had {
                    address_space: Some(8 << 30),
                    ..none
                },
                "ulimit -v",
                "8 GiB; 810 GiB",
            ),
            (
                Had {
                    file_bytes: Some(100 << 20),
                    ..none
                },
                "ulimit -f",
                "100 MiB",
            ),
            (
                Had {
                    open_files: Some(1_024),
                    ..none
                },
                "ulimit -n",
                "1024",
            ),
        ] {
            let findings = of(had);
            assert_eq!(findings.len(), 1, "{findings:?}");
            assert!(
                findings[0].option == option && findings[0].message.contains(part),
                "{findings:?}"
            );
            assert!(findings[0].fix.contains(option), "{findings:?}");
        }
    }
}
