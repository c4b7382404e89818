//! An allocator that looks for a secret in what is given back to it.

#![allow(unsafe_code, reason = "an allocator is unsafe to implement")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::slice;

struct Searching;

thread_local! {
    static SECRET: Cell<Option<[u8; 8]>> = const { Cell::new(None) };
    static COPIES: Cell<usize> = const { Cell::new(0) };
}

fn search(bytes: &[u8]) {
    // Gone while the thread ends.
    let secret = SECRET.try_with(Cell::get).unwrap_or(None);
    let found = secret.is_some_and(|secret| bytes.windows(secret.len()).any(|part| part == secret));
    if found {
        COPIES.set(COPIES.get() + 1);
    }
}

// SAFETY: all work is the system's allocator's, whose promises are those of the trait; searching
// reads the memory and numbers of this thread, and allocates nothing. What is not implemented here,
// `realloc` above all, is made of these two by the trait.
unsafe impl GlobalAlloc for Searching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Zeros, so that every byte that is searched was written.
        // SAFETY: our caller promises what `System` asks.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the block is as large as our caller says, initialised, and no more in use.
        search(unsafe { slice::from_raw_parts(pointer, layout.size()) });
        // SAFETY: as above; the pointer came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Searching = Searching;

/// How many blocks with these bytes in them this thread gives back while it runs.
pub(crate) fn copies(secret: &[u8; 8], run: impl FnOnce()) -> usize {
    COPIES.set(0);
    SECRET.set(Some(*secret));
    run();
    SECRET.set(None);
    COPIES.get()
}
