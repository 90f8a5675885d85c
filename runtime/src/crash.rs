//! What is known of a guest that was stopped: the function it was in, where names are kept, and the panic that it reported before.
//! For components with code of their own; the functions of an engine that hooks share say nothing to their authors.

use wasmtime::WasmBacktrace;

use crate::Exception;

/// Functions that are named, innermost first.
const FRAMES: usize = 3;
/// Functions of languages' libraries, in which nothing of the author's stands.
const LIBRARIES: &[&str] = &[
    "core::", "std::", "alloc::", "<core::", "<std::", "<alloc::", "dlmalloc", "__rust", "rust_", "_start", "cabi_",
    "abort", "exit",
];
/// What is kept of the name of a function.
const NAME_BYTES: usize = 120;

/// A panic in a guest, in the words of its language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Panic {
    /// `src/lib.rs:12:5`
    pub(crate) place: String,
    pub(crate) message: String,
}

impl Panic {
    /// Reads `panicked at src/lib.rs:12:5:` and the lines of the message.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (place, message) = text
            .strip_prefix("panicked at ")?
            .split_once(":\n")
            .unwrap_or((text, ""));
        let message = message
            .split("\nnote: run with `RUST_BACKTRACE")
            .next()
            .unwrap_or(message);
        Some(Self {
            place: place
                .trim_start_matches("panicked at ")
                .trim_end_matches(':')
                .to_owned(),
            message: message.trim_end().to_owned(),
        })
    }

    /// The same as an exception, as the other languages have them.
    pub(crate) fn into_exception(self) -> Exception {
        Exception {
            name: "Panic".to_owned(),
            stack: format!("    at {}", self.place),
            message: self.message,
            ..Exception::default()
        }
    }
}

/// Where a guest was stopped: `, in `check`, called by `handle`` or nothing.
pub(crate) fn place(error: &wasmtime::Error) -> String {
    let Some(trace) = error.downcast_ref::<WasmBacktrace>() else {
        return String::new();
    };
    describe(trace.frames().iter().filter_map(wasmtime::FrameInfo::func_name))
}

fn describe<'a>(raw: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<String> = raw.map(readable).collect();
    let own = all
        .iter()
        .filter(|name| !LIBRARIES.iter().any(|start| name.starts_with(start)));
    let mut named: Vec<&String> = own.collect();
    if named.is_empty() {
        named.extend(all.first());
    }
    // A recursion is one function.
    named.dedup();
    let mut text = String::new();
    for (index, name) in named.into_iter().take(FRAMES).enumerate() {
        text.push_str(if index == 0 { ", in `" } else { ", called by `" });
        text.push_str(name);
        text.push('`');
    }
    text
}

/// A name as its author wrote it.
fn readable(name: &str) -> String {
    let mut name = format!("{:#}", rustc_demangle::demangle(name));
    name.truncate(name.floor_char_boundary(NAME_BYTES));
    // It goes into messages.
    name.retain(|character| !character.is_control() && character != '`');
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_author_s_functions_are_named_and_those_of_libraries_left_out() {
        let stack = [
            "_ZN4core9panicking5panic17h0123456789abcdefE",
            "_ZN6signup5check17h0123456789abcdefE",
            "_ZN6signup5check17h0123456789abcdefE",
            "cabi_export",
            "handle",
        ];
        assert_eq!(describe(stack.into_iter()), ", in `signup::check`, called by `handle`");
        assert_eq!(describe(["__rust_alloc"].into_iter()), ", in `__rust_alloc`");
        assert_eq!(describe(std::iter::empty()), "");
        let evil = format!("a`b\n{}", "x".repeat(1000));
        let named = describe([evil.as_str()].into_iter());
        assert!(named.starts_with(", in `abx") && named.len() < 140, "{named}");
    }

    #[test]
    fn a_panic_is_read_from_its_words() {
        let panic = Panic::read("panicked at hooks/a.rs:1:2:\nindex out of bounds\n").unwrap();
        assert_eq!(
            (panic.place.as_str(), panic.message.as_str()),
            ("hooks/a.rs:1:2", "index out of bounds")
        );
        let bare = Panic::read("panicked at hooks/a.rs:1:2:").unwrap();
        assert_eq!((bare.place.as_str(), bare.message.as_str()), ("hooks/a.rs:1:2", ""));
        assert_eq!(Panic::read(""), None);
        assert_eq!(bare.into_exception().stack, "    at hooks/a.rs:1:2");
    }
}
