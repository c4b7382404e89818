//! The tests' own unsafe code, all of it: forking, a module behind counters, one that does nothing,
//! calls past the library, and calls made by hand to measure the library against.
#![allow(unsafe_code, reason = "fork and function lists are C")]

mod by_hand;
mod idle;

pub use by_hand::ByHand;
pub use idle::{idle, idle_by_hand};

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;

use pkcs11::{LoadOptions, MechanismType, Module, ObjectHandle, OperationKind, SessionHandle};
use pkcs11_mock::Mock;
use pkcs11_sys::loader::{Library, OpenFlags};
use pkcs11_sys::{
    CK_BYTE, CK_FUNCTION_LIST, CK_FUNCTION_LIST_PTR, CK_MECHANISM, CK_RV, CK_ULONG, CKR_OK,
};

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

/// The functions of a module behind [counters](counted), for what a program does that does
/// not tell the library.
#[derive(Clone, Copy)]
pub struct Raw(CK_FUNCTION_LIST);

impl std::fmt::Debug for Raw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Raw")
    }
}

impl Raw {
    /// The functions of the module that the mock wraps.
    ///
    /// # Panics
    ///
    /// If it hands out no list.
    #[must_use]
    pub fn of(mock: &Mock) -> Self {
        let mut list: CK_FUNCTION_LIST_PTR = null_mut();
        let get_function_list = mock.entry_points().get_function_list;
        // SAFETY: `list` is a local.
        assert_eq!(unsafe { get_function_list(&raw mut list) }, CKR_OK);
        // SAFETY: it answered OK, and the mock's lists are never freed.
        Self(unsafe { list.read_unaligned() })
    }

    /// `C_XInit` with a mechanism whose parameter is bytes, or nothing.
    ///
    /// # Panics
    ///
    /// If the module does not have the function.
    #[must_use]
    pub fn init(
        &self,
        session: SessionHandle,
        kind: OperationKind,
        (mechanism, parameter): (MechanismType, &[u8]),
        key: Option<ObjectHandle>,
    ) -> CK_RV {
        let session = session.number();
        let pointer = parameter.as_ptr().cast_mut();
        let mut mechanism = CK_MECHANISM {
            mechanism: mechanism.number(),
            pParameter: if parameter.is_empty() { null_mut() } else { pointer.cast() },
            ulParameterLen: length(parameter),
        };
        let mechanism = &raw mut mechanism;
        let list = &self.0;
        let init = match kind {
            OperationKind::Find => {
                let init = list.C_FindObjectsInit.expect("C_FindObjectsInit");
                // SAFETY: no attributes are given.
                return unsafe { init(session, null_mut(), 0) };
            }
            OperationKind::Digest => {
                let init = list.C_DigestInit.expect("C_DigestInit");
                // SAFETY: the mechanism is a local, its parameter has its length.
                return unsafe { init(session, mechanism) };
            }
            OperationKind::Encrypt => list.C_EncryptInit,
            OperationKind::Decrypt => list.C_DecryptInit,
            OperationKind::Sign => list.C_SignInit,
            _ => list.C_VerifyInit,
        };
        let init = init.expect("the function of the kind");
        // SAFETY: the mechanism is a local, its parameter has its length.
        unsafe { init(session, mechanism, key.expect("a key").number()) }
    }

    /// `C_FindObjects` for one object: how many there are.
    ///
    /// # Errors
    ///
    /// The return code.
    ///
    /// # Panics
    ///
    /// If the module does not have the function.
    pub fn find(&self, session: SessionHandle) -> Result<usize, CK_RV> {
        let find = self.0.C_FindObjects.expect("C_FindObjects");
        let (mut object, mut count) = (0, 0);
        // SAFETY: there is room for one handle and its count.
        match unsafe { find(session.number(), &raw mut object, 1, &raw mut count) } {
            CKR_OK => Ok(count.try_into().expect("a count of this platform")),
            code => Err(code),
        }
    }

    /// `C_XUpdate` with this data and so much room for what it makes of it, in bytes; without data,
    /// NULL and a length.
    ///
    /// # Panics
    ///
    /// If the module does not have the function, or for a search, which takes no data.
    #[must_use]
    pub fn update(
        &self,
        session: SessionHandle,
        kind: OperationKind,
        data: Option<&[u8]>,
        room: usize,
    ) -> CK_RV {
        let session = session.number();
        let pointer = data.map_or(null_mut(), |data| data.as_ptr().cast_mut());
        let input = data.map_or(16, length);
        let list = &self.0;
        let feed = match kind {
            OperationKind::Encrypt | OperationKind::Decrypt => {
                let update = match kind {
                    OperationKind::Encrypt => list.C_EncryptUpdate,
                    _ => list.C_DecryptUpdate,
                };
                let update = update.expect("the function of the kind");
                // Larger than it is said to be, for those who do not look.
                let mut output: Vec<CK_BYTE> = vec![0; room + 1024];
                let mut room = room.try_into().expect("a length of this platform");
                let place = output.as_mut_ptr();
                // SAFETY: data and output have their lengths; NULL is an error, not a place.
                return unsafe { update(session, pointer, input, place, &raw mut room) };
            }
            OperationKind::Digest => list.C_DigestUpdate,
            OperationKind::Sign => list.C_SignUpdate,
            OperationKind::Verify => list.C_VerifyUpdate,
            kind => panic!("{kind} takes no data"),
        };
        let feed = feed.expect("the function of the kind");
        // SAFETY: the data has its length; NULL is an error, not a place.
        unsafe { feed(session, pointer, input) }
    }
}

fn length(bytes: &[u8]) -> CK_ULONG {
    bytes.len().try_into().expect("a length of this platform")
}
