//! What the Rust and C libraries of `wasm32-wasip1` ask of WASI, answered by the contract's own interfaces. `adapter/`
//! puts these functions where the imports were, so that a hook imports nothing but `aerocall:hooks`.
//!
//! Names are `aerocall_wasi_` and WASI's own; parameters are WASI preview 1's.

mod heap;

use crate::{contract::random, time};

/// WASI's error numbers.
const SUCCESS: u32 = 0;
const BAD_FILE: u32 = 8;

/// Every clock is the host's, in nanoseconds.
#[unsafe(no_mangle)]
unsafe extern "C" fn aerocall_wasi_clock_time_get(_clock: u32, _precision: u64, time: *mut u64) -> u32 {
    // SAFETY: WASI's caller gives room for one timestamp.
    unsafe { time.write((time::now_ms() * 1e6) as u64) };
    SUCCESS
}

/// Seeds of hash maps. At build they are constant, so that a snapshot depends on its source alone.
#[unsafe(no_mangle)]
unsafe extern "C" fn aerocall_wasi_random_get(buffer: *mut u8, length: u32) -> u32 {
    // SAFETY: WASI's caller gives room for `length` bytes.
    let buffer = unsafe { std::slice::from_raw_parts_mut(buffer, length as usize) };
    if time::in_call() {
        buffer.copy_from_slice(&random::bytes(length));
    } else {
        buffer.fill(0x5A);
    }
    SUCCESS
}

/// There is no environment.
#[unsafe(no_mangle)]
unsafe extern "C" fn aerocall_wasi_environ_sizes_get(count: *mut u32, bytes: *mut u32) -> u32 {
    // SAFETY: WASI's caller gives room for two numbers.
    unsafe {
        count.write(0);
        bytes.write(0);
    }
    SUCCESS
}

#[unsafe(no_mangle)]
extern "C" fn aerocall_wasi_environ_get(_pointers: *mut u32, _bytes: *mut u8) -> u32 {
    SUCCESS
}

/// `struct iovec`.
#[repr(C)]
struct Slice {
    _bytes: *const u8,
    length: u32,
}

/// What is printed before a panic traps: taken and dropped, since a hook logs through the contract.
#[unsafe(no_mangle)]
unsafe extern "C" fn aerocall_wasi_fd_write(_file: u32, slices: *const Slice, count: u32, written: *mut u32) -> u32 {
    // SAFETY: WASI's caller gives `count` slices and room for one number.
    unsafe {
        let slices = std::slice::from_raw_parts(slices, count as usize);
        written.write(slices.iter().map(|slice| slice.length).sum());
    }
    SUCCESS
}

/// There are no files.
#[unsafe(no_mangle)]
extern "C" fn aerocall_wasi_fd_close(_file: u32) -> u32 {
    BAD_FILE
}

#[unsafe(no_mangle)]
extern "C" fn aerocall_wasi_fd_fdstat_get(_file: u32, _stat: *mut u8) -> u32 {
    BAD_FILE
}

#[unsafe(no_mangle)]
extern "C" fn aerocall_wasi_fd_seek(_file: u32, _offset: i64, _whence: u32, _position: *mut u64) -> u32 {
    BAD_FILE
}

/// The end of `abort`.
#[unsafe(no_mangle)]
extern "C" fn aerocall_wasi_proc_exit(_code: u32) {
    core::arch::wasm32::unreachable()
}
