//! QuickJS through rquickjs, on `wasm32-unknown-unknown`.

use std::ptr::NonNull;

pub(crate) use rquickjs::*;

/// A runtime with every global that QuickJS itself has.
pub(crate) fn open(stack_bytes: usize, collect_after_bytes: usize) -> Result<(Runtime, Context)> {
    let runtime = Runtime::new()?;
    runtime.set_max_stack_size(stack_bytes);
    runtime.set_gc_threshold(collect_after_bytes);
    let context = Context::full(&runtime)?;
    Ok((runtime, context))
}

/// The memory behind a view; `None` if its buffer is detached.
pub(crate) fn memory(view: &TypedArray<'_, u8>) -> Option<NonNull<[u8]>> {
    let raw = view.as_raw()?;
    Some(NonNull::slice_from_raw_parts(
        NonNull::new(raw.as_ptr().cast())?,
        raw.len(),
    ))
}

/// QuickJS asks here for `Date` and `performance` (microseconds since 1970).
#[unsafe(no_mangle)]
pub extern "C" fn __rquickjs_host_now_us() -> f64 {
    crate::time::now_ms() * 1000.0
}
