//! How a process that builds confines itself before it reads what it is to build: limits of the kernel on memory, time and
//! files, and, where the kernel has it, Landlock: of the file system it sees one directory, and it makes no connections.

use std::{
    io,
    os::fd::{AsRawFd as _, OwnedFd},
    path::Path,
};

/// Memory that the process may write to. Most of it are stacks of the bundler's threads, which take what is used of them.
const MEMORY_BYTES: u64 = 3 << 30;
/// Processor time of all its threads together.
const CPU_SECONDS: u64 = 40;
/// Largest file that it may write.
const FILE_BYTES: u64 = 32 << 20;

/// The process could not be confined.
#[derive(Debug, thiserror::Error)]
#[error("the build cannot be confined: {0}")]
pub struct ConfineError(#[from] io::Error);

/// Confines this thread and all that it starts from now on. Call it before there are other threads: those are not confined.
///
/// # Errors
/// The kernel has Landlock and refuses.
pub fn confine(directory: &Path) -> Result<(), ConfineError> {
    limit_self();
    landlock(directory)?;
    Ok(())
}

fn limit_self() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limits = [
        // Not address space: the engine reserves far more than it uses.
        (Resource::Data, MEMORY_BYTES),
        (Resource::Cpu, CPU_SECONDS),
        (Resource::Core, 0),
        (Resource::Fsize, FILE_BYTES),
    ];
    for (resource, most) in limits {
        // Lowering one's own limit is always allowed; the parent's clock holds in any case.
        let _ = setrlimit(
            resource,
            Rlimit {
                current: Some(most),
                maximum: Some(most),
            },
        );
    }
}

/// `struct landlock_ruleset_attr` of version 4 of the interface (linux/landlock.h).
#[repr(C)]
struct Ruleset {
    access_fs: u64,
    access_net: u64,
}

/// `struct landlock_path_beneath_attr`.
#[repr(C, packed)]
struct PathBeneath {
    access: u64,
    parent: i32,
}

const SYS_CREATE: libc::c_long = libc::SYS_landlock_create_ruleset;
const SYS_ADD: libc::c_long = libc::SYS_landlock_add_rule;
const SYS_RESTRICT: libc::c_long = libc::SYS_landlock_restrict_self;
/// `LANDLOCK_CREATE_RULESET_VERSION`
const VERSION: libc::c_uint = 1;
/// `LANDLOCK_RULE_PATH_BENEATH`
const PATH_BENEATH: libc::c_uint = 1;
/// Rights on files, by the version of the interface that has them: the first 13, `REFER`, `TRUNCATE`, `IOCTL_DEV`.
const RIGHTS: [u64; 5] = [
    (1 << 13) - 1,
    (1 << 14) - 1,
    (1 << 15) - 1,
    (1 << 15) - 1,
    (1 << 16) - 1,
];
/// `BIND_TCP` and `CONNECT_TCP`, since version 4.
const CONNECTIONS: u64 = 0b11;

/// Arguments of `prctl`, as wide as it reads them.
const ONE: libc::c_ulong = 1;
const NONE: libc::c_ulong = 0;

/// The version of the interface; none in a kernel without it.
fn version() -> Option<usize> {
    // SAFETY: with this flag the call reads no memory and answers the version of the interface.
    let version = unsafe { libc::syscall(SYS_CREATE, std::ptr::null::<Ruleset>(), 0usize, VERSION) };
    usize::try_from(version).ok().filter(|version| *version > 0)
}

fn landlock(directory: &Path) -> io::Result<()> {
    let Some(version) = version() else {
        // A kernel without it: the compiler's own rules about paths hold alone.
        return Ok(());
    };
    let access_fs = RIGHTS[version.min(RIGHTS.len()) - 1];
    let (access_net, size) = match version >= 4 {
        true => (CONNECTIONS, size_of::<Ruleset>()),
        false => (0, size_of::<u64>()),
    };
    let ruleset = Ruleset { access_fs, access_net };
    // SAFETY: the pointer is to a structure of at least `size` bytes that outlives the call.
    let fd = unsafe { libc::syscall(SYS_CREATE, &raw const ruleset, size, 0u32) };
    let fd = checked(fd)?;
    // SAFETY: the kernel has just given this descriptor to nobody else.
    let rules = unsafe { <OwnedFd as std::os::fd::FromRawFd>::from_raw_fd(fd) };
    let parent = std::fs::File::open(directory)?;
    let beneath = PathBeneath {
        access: access_fs,
        parent: parent.as_raw_fd(),
    };
    // SAFETY: both descriptors are open, and the pointer is to the structure that this kind of rule has.
    checked(unsafe { libc::syscall(SYS_ADD, rules.as_raw_fd(), PATH_BENEATH, &raw const beneath, 0u32) })?;
    // SAFETY: takes no pointers; it sets a flag of this thread.
    checked(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, ONE, NONE, NONE, NONE) }.into())?;
    // SAFETY: takes no pointers; the descriptor is open.
    checked(unsafe { libc::syscall(SYS_RESTRICT, rules.as_raw_fd(), 0u32) }).map(drop)
}

fn checked(answer: libc::c_long) -> io::Result<i32> {
    match i32::try_from(answer) {
        Ok(answer @ 0..) => Ok(answer),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, net::TcpListener, net::TcpStream};

    use super::*;

    #[test]
    fn of_the_file_system_one_directory_is_seen_and_nothing_is_connected_to() {
        let Some(version) = version() else {
            eprintln!("skipped: this kernel has no Landlock");
            return;
        };
        let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for directory in [&inside, &outside] {
            fs::write(directory.path().join("there"), "x").unwrap();
        }
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let (own, other) = (inside.path().to_owned(), outside.path().to_owned());
        // Of this thread alone.
        let seen = std::thread::spawn(move || {
            landlock(&own).unwrap();
            let reads = |path: &Path| fs::read(path.join("there")).is_ok();
            let writes = |path: &Path| fs::write(path.join("new"), "x").is_ok();
            let connects = TcpStream::connect(address).is_ok();
            (reads(&own), writes(&own), reads(&other), writes(&other), connects)
        });
        let (reads, writes, reads_outside, writes_outside, connects) = seen.join().unwrap();
        assert!(reads && writes, "its own directory is seen");
        assert!(!reads_outside && !writes_outside);
        assert_eq!(connects, version < 4);
        assert!(
            fs::read(outside.path().join("there")).is_ok(),
            "the rest of the process sees it"
        );
    }
}
