//! The files of the admin in the browser, by path.

use std::collections::BTreeMap;

const INDEX: &str = "index.html";
/// Where the names of files have a hash of what is in them.
const HASHED: &str = "assets/";

/// A file of the admin in the browser.
#[derive(Clone, Copy, Debug)]
pub struct PageFile {
    /// Below `/admin/`, with slashes.
    pub path: &'static str,
    /// For the header `Content-Type`.
    pub content_type: &'static str,
    /// As it is.
    pub plain: &'static [u8],
    /// The same, compressed with Brotli.
    pub brotli: Option<&'static [u8]>,
    /// The same, compressed with gzip.
    pub gzip: Option<&'static [u8]>,
}

impl PageFile {
    pub(super) fn is_script(&self) -> bool {
        self.content_type.starts_with("text/javascript")
    }
}

/// All of them; none in a program that was built without.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    index: Option<String>,
    files: BTreeMap<&'static str, PageFile>,
}

impl Pages {
    pub(crate) fn new(files: Vec<PageFile>) -> Self {
        let mut files: BTreeMap<_, _> = files.into_iter().map(|file| (file.path, file)).collect();
        let index = files.remove(INDEX);
        Self {
            index: index.map(|file| String::from_utf8_lossy(file.plain).into_owned()),
            files,
        }
    }

    /// The page that every path shows which is no file.
    pub(super) fn index(&self) -> Option<&str> {
        self.index.as_deref()
    }

    pub(super) fn file(&self, path: &str) -> Option<&PageFile> {
        self.files.get(path)
    }
}

/// Whether what is at a path never changes.
pub(super) fn is_hashed(path: &str) -> bool {
    path.starts_with(HASHED)
}
