//! A disk of a test's own that can be filled: a tmpfs in a mount namespace that nobody else sees and that ends with the test.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

const MOUNT: &str = r#"mount -t tmpfs -o "size=$2m,mode=0777" tmpfs "$1" && echo mounted && exec sleep 1000000"#;

pub(crate) struct SmallDisk {
    /// Holds the namespace.
    holder: Child,
    path: PathBuf,
}

impl SmallDisk {
    /// `None` where this user may not mount anything, which is said.
    #[expect(
        clippy::print_stderr,
        reason = "whoever runs the tests should see what was not tested"
    )]
    pub(crate) fn at(path: &Path, mib: u32) -> Option<Self> {
        std::fs::create_dir_all(path).unwrap();
        let mut holder = Command::new("unshare")
            .args(["--mount", "sh", "-c", MOUNT, "sh"])
            .arg(path)
            .arg(mib.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut line = String::new();
        drop(BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line));
        let disk = Self {
            holder,
            path: path.to_owned(),
        };
        if line != "mounted\n" {
            eprintln!("skipped: a small disk cannot be mounted here");
            return None;
        }
        Some(disk)
    }

    /// What runs another program where the disk is seen.
    pub(crate) fn through(&self) -> Vec<String> {
        let namespace = format!("--mount=/proc/{}/ns/mnt", self.holder.id());
        ["nsenter", &namespace, "--"].map(str::to_owned).to_vec()
    }

    /// As this process sees it.
    pub(crate) fn path(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        root.join(self.path.strip_prefix("/").unwrap())
    }

    /// Leaves no room.
    pub(crate) fn fill(&self) {
        let mut file = File::create(self.path().join("ballast")).unwrap();
        for bytes in [1 << 20, 4096, 1] {
            while file.write_all(&vec![1; bytes]).is_ok() {}
        }
    }

    /// Gives the room back.
    pub(crate) fn clear(&self) {
        std::fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(self.holder.kill());
        drop(self.holder.wait());
    }
}
