//! What `admin/build.sh` made of the admin in the browser, inside the binary. `FILES` is empty in a binary that was built
//! without it (`make admin`). Knows no server: a change of a page builds nothing anew but what is linked.

/// A file as it is served below `/admin/`.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Below `/admin/`, with slashes.
    pub path: &'static str,
    /// For the header `Content-Type`.
    pub content_type: &'static str,
    /// As it was built.
    pub plain: &'static [u8],
    /// Compressed with Brotli.
    pub brotli: Option<&'static [u8]>,
    /// Compressed with gzip.
    pub gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));
