//! QuickJS through javy, on `wasm32-wasip1`.

use std::ptr::NonNull;

pub(crate) use ::javy::quickjs::*;

/// A runtime with every global that QuickJS itself has; javy's own (`console`, `Math.random`) are replaced by the prelude.
pub(crate) fn open(stack_bytes: usize, collect_after_bytes: usize) -> Result<(Runtime, Context)> {
    let mut config = ::javy::Config::default();
    config
        .max_stack_size(stack_bytes)
        .gc_threshold(collect_after_bytes)
        .weak_ref(true)
        .performance(true);
    let javy = ::javy::Runtime::new(config).map_err(|_| Error::Unknown)?;
    let context = javy.context().clone();
    // The one standard part that javy has no switch for: `atob`, `btoa` and `DOMException`.
    // SAFETY: the context is alive and new.
    let added = context.with(|ctx| unsafe { qjs::JS_AddIntrinsicAToB(ctx.as_raw().as_ptr()) });
    if added != 0 {
        return Err(Error::Allocation);
    }
    Ok((context.runtime().clone(), context))
}

/// The memory behind a view; `None` if its buffer is detached.
pub(crate) fn memory(view: &TypedArray<'_, u8>) -> Option<NonNull<[u8]>> {
    let raw = view.as_raw()?;
    Some(NonNull::slice_from_raw_parts(raw.ptr, raw.len))
}
