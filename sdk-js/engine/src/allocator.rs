//! Memory that is given back while a module is evaluated at build is wiped: what the compiler of QuickJS left behind
//! would otherwise be carried by every hook's snapshot. In a call nothing is wiped; the instance is thrown away.

use std::alloc::{GlobalAlloc, Layout, System};

use crate::time;

struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// SAFETY: every request goes to the system's allocator with the layout it came with.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as promised by the caller.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if !time::in_call() {
            // SAFETY: the block has the size of its layout and is the caller's until the next line.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if time::in_call() {
            // SAFETY: as promised by the caller.
            return unsafe { System.realloc(block, layout, size) };
        }
        // SAFETY: the caller promises that `size` is not zero and does not overflow with the alignment; the new block
        // does not overlap the old one.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(block, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}
