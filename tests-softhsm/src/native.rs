//! The tests' own unsafe code, all of it: forking, a module behind counters, one that does nothing,
//! and calls made by hand to measure the library against.
#![allow(unsafe_code, reason = "fork and function lists are C")]

mod by_hand;
mod idle;

pub use by_hand::ByHand;
pub use idle::{idle, idle_by_hand};

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pkcs11::{LoadOptions, Module};
use pkcs11_mock::Mock;
use pkcs11_sys::loader::{Library, OpenFlags};

use crate::{Outcome, TestToken};

/// How long a forked process may take, in seconds.
const LIMIT: libc::c_uint = 60;

/// Forks this process, runs `child` in the new one, and waits for it.
///
/// # Errors
///
/// If the process cannot be forked, or if `child` panics, crashes or hangs.
pub fn fork(child: impl FnOnce()) -> io::Result<()> {
    // SAFETY: a test runs in the main thread of a process that has no other, so the new process
    // may do whatever this one may.
    let pid = unsafe { libc::fork() };
    match pid {
        -1 => Err(io::Error::last_os_error()),
        0 => {
            // SAFETY: sets a timer whose signal ends this process.
            unsafe { libc::alarm(LIMIT) };
            let failed = catch_unwind(AssertUnwindSafe(child)).is_err();
            // SAFETY: ends this process, without what the parent registered for its own end.
            unsafe { libc::_exit(failed.into()) }
        }
        pid => {
            let mut status = 0;
            // SAFETY: `status` is a local that can be written.
            if unsafe { libc::waitpid(pid, &raw mut status, 0) } != pid {
                return Err(io::Error::last_os_error());
            }
            if status == 0 {
                return Ok(());
            }
            let what = format!("the forked process failed (status {status:#x})");
            Err(io::Error::other(what))
        }
    }
}

/// The test's module behind counters, and the counters.
///
/// # Errors
///
/// If the module does not load.
pub fn counted(token: &TestToken, options: LoadOptions) -> Outcome<(Mock, Module)> {
    // SAFETY: the file is the module that the test is for.
    let library = unsafe { Library::open(token.path(), OpenFlags::new()) }?;
    let entry_points = library.entry_points();
    library.leak();
    // SAFETY: they are a module's, and stay valid, since its file stays mapped.
    let mock = unsafe { Mock::wrapping(entry_points) };
    // SAFETY: the mock's functions stay valid for ever, and so do those behind them.
    let module = unsafe { options.load_entry_points(mock.entry_points()) }?;
    Ok((mock, module))
}

/// The built-in token of the mock: a module that exists without any file.
///
/// # Errors
///
/// If the library does not take it.
pub fn mocked(mock: &Mock, options: LoadOptions) -> pkcs11::Result<Module> {
    // SAFETY: the mock's functions stay valid for ever.
    unsafe { options.load_entry_points(mock.entry_points()) }
}
