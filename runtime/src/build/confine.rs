//! How a process that builds confines itself before it reads what it is to build: limits of the kernel on memory, time and
//! files, and, where the kernel has it, Landlock: of the file system it sees one directory, and it makes no connections.

use std::path::Path;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, PathBeneath, PathFd, PathFdError, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetError, RulesetStatus,
};

/// Memory that the process may write to. Most of it are stacks of the bundler's threads, which take what is used of them.
const MEMORY_BYTES: u64 = 3 << 30;
/// Processor time of all its threads together.
const CPU_SECONDS: u64 = 40;
/// Largest file that it may write.
const FILE_BYTES: u64 = 32 << 20;

/// The process could not be confined.
#[derive(Debug, thiserror::Error)]
pub enum ConfineError {
    /// The kernel has Landlock and refuses.
    #[error("the build cannot be confined: {0}")]
    Rules(#[from] RulesetError),
    /// The directory cannot be opened.
    #[error("the build cannot be confined: {0}")]
    Directory(#[from] PathFdError),
}

/// Confines this thread and all that it starts from now on. Call it before there are other threads: those are not confined.
///
/// # Errors
/// The kernel has Landlock and refuses, or the directory cannot be opened.
pub fn confine(directory: &Path) -> Result<(), ConfineError> {
    confine_with(directory, None)
}

/// The same, and `tools` is a directory with programs that can be read and run.
pub(super) fn confine_with(directory: &Path, tools: Option<&Path>) -> Result<(), ConfineError> {
    limit_self();
    landlock(directory, tools).map(drop)
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

/// Rights that the newest kernel known here has; an older one takes away those that it has.
const RIGHTS: ABI = ABI::V5;

fn landlock(directory: &Path, tools: Option<&Path>) -> Result<RulesetStatus, ConfineError> {
    let all = AccessFs::from_all(RIGHTS);
    let mut rules = Ruleset::default()
        .handle_access(all)?
        .handle_access(AccessNet::from_all(RIGHTS))?
        .create()?
        .add_rule(PathBeneath::new(PathFd::new(directory)?, all))?;
    if let Some(tools) = tools {
        rules = rules.add_rule(PathBeneath::new(PathFd::new(tools)?, AccessFs::from_read(RIGHTS)))?;
    }
    let restricted = rules.restrict_self()?;
    // In a kernel without it, the compiler's own rules about paths hold alone.
    Ok(restricted.ruleset)
}

#[cfg(test)]
mod tests {
    use std::{fs, net::TcpListener, net::TcpStream};

    use super::*;

    #[test]
    fn of_the_file_system_one_directory_is_seen_and_nothing_is_connected_to() {
        let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for directory in [&inside, &outside] {
            fs::write(directory.path().join("there"), "x").unwrap();
        }
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let (own, other) = (inside.path().to_owned(), outside.path().to_owned());
        // Of this thread alone.
        let seen = std::thread::spawn(move || {
            let status = landlock(&own, None).unwrap();
            let reads = |path: &Path| fs::read(path.join("there")).is_ok();
            let writes = |path: &Path| fs::write(path.join("new"), "x").is_ok();
            let connects = TcpStream::connect(address).is_ok();
            (
                status,
                reads(&own),
                writes(&own),
                reads(&other),
                writes(&other),
                connects,
            )
        });
        let (status, reads, writes, reads_outside, writes_outside, connects) = seen.join().unwrap();
        if status == RulesetStatus::NotEnforced {
            eprintln!("skipped: this kernel has no Landlock");
            return;
        }
        assert!(reads && writes, "its own directory is seen");
        assert!(!reads_outside && !writes_outside);
        assert!(
            !connects || status == RulesetStatus::PartiallyEnforced,
            "kernels before 6.7 know no rules for connections"
        );
        assert!(
            fs::read(outside.path().join("there")).is_ok(),
            "the rest of the process sees it"
        );
    }
}
