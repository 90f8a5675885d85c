//! The globals of a hook: JavaScript files in `js/`, run once at build, over native functions in `native/`.

use std::cell::UnsafeCell;

use crate::{
    binding::{Ctx, Function, Object, Result},
    bytecode, native,
};

/// The text of one file, in writable memory: once it ran it is wiped, so that no snapshot carries it.
struct Source<const BYTES: usize>(UnsafeCell<[u8; BYTES]>);

// SAFETY: the module is built without threads, so there is no second thread to share with.
unsafe impl<const BYTES: usize> Sync for Source<BYTES> {}

trait Take: Sync {
    /// The text; the second time there is none.
    fn take(&self) -> String;
}

impl<const BYTES: usize> Take for Source<BYTES> {
    fn take(&self) -> String {
        // SAFETY: one thread, and the reference does not leave this function.
        let bytes = unsafe { &mut *self.0.get() };
        let text = String::from_utf8_lossy(bytes).into_owned();
        bytes.fill(0);
        text
    }
}

macro_rules! file {
    ($name:literal) => {{
        const BYTES: usize = include_bytes!(concat!("js/", $name, ".js")).len();
        static TEXT: Source<BYTES> = Source(UnsafeCell::new(*include_bytes!(concat!("js/", $name, ".js"))));
        ($name, &TEXT)
    }};
}

/// In order: later files use what earlier ones put on `internals`.
static FILES: &[(&str, &dyn Take)] = &[
    file!("globals"),
    file!("references"),
    file!("iterators"),
    file!("stack"),
    file!("kinds"),
    file!("json"),
    file!("errors"),
    file!("locale"),
    file!("performance"),
    file!("timers"),
    file!("inspect"),
    file!("table"),
    file!("console"),
    file!("rejections"),
    file!("text"),
    file!("url"),
    file!("events"),
    file!("abort"),
    file!("streams"),
    file!("blob"),
    file!("form"),
    file!("clone"),
    file!("crypto"),
    file!("sdk"),
    file!("headers"),
    file!("body"),
    file!("fetch"),
];

/// Installs every global and answers the `internals` object that Rust calls into.
pub(crate) fn install<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let host = native::host(ctx)?;
    let internals = Object::new(ctx.clone())?;
    for (name, source) in FILES {
        let file: Function<'js> = bytecode::eval(ctx, &format!("aerocall:{name}"), &source.take())?.get()?;
        file.call::<_, ()>((host.clone(), internals.clone()))?;
    }
    Ok(internals)
}
