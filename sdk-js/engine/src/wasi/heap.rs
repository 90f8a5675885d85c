//! `allocator.rs` for wasi-libc's heap, which QuickJS calls directly: what is given back at build is wiped. The linker
//! puts these in front of the library's functions (`--wrap`).

use std::ffi::c_void;

use crate::time;

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn malloc_usable_size(block: *mut c_void) -> usize;
    fn __real_free(block: *mut c_void);
    fn __real_realloc(block: *mut c_void, size: usize) -> *mut c_void;
}

#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_free(block: *mut c_void) {
    // SAFETY: the block is the caller's until it is given back, and as large as the heap says.
    unsafe {
        if !time::in_call() && !block.is_null() {
            block.write_bytes(0, malloc_usable_size(block));
        }
        __real_free(block);
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_realloc(block: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: the block is the caller's; a new one does not overlap it.
    unsafe {
        if time::in_call() || block.is_null() || size == 0 {
            return __real_realloc(block, size);
        }
        let moved = malloc(size);
        if !moved.is_null() {
            moved.copy_from_nonoverlapping(block, size.min(malloc_usable_size(block)));
            __wrap_free(block);
        }
        moved
    }
}
