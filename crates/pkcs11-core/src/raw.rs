//! The only place that calls a module: one function per C_ function, safe types in and out.
//!
//! Architecture invariant: `unsafe` and pointers end here. Template entries and mechanism
//! parameters are packed here from safe values, and what a module returns is checked here
//! before anybody sees it: return code, lengths, counts, handles.
#![allow(unsafe_code, reason = "this is the layer that calls C")]

mod asynchronous;
mod dual;
mod entry;
mod fork;
mod general;
mod key;
mod list;
mod mechanism;
mod message;
mod multipart;
mod nested;
mod object;
mod operation;
mod parameter;
mod recover;
mod session;
mod slot;
mod state;
mod template;
mod verify_signature;

use std::fmt;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use pkcs11_sys::{CK_FUNCTION_LIST_3_2, CK_RV, CK_ULONG, CKR_OK};

pub(crate) use asynchronous::{Loan, Returned, Step};
pub(crate) use entry::Entry;
pub use entry::{Interface, InterfaceInfo};
pub(crate) use fork::{generation as process_generation, watch as watch_forks};
pub(crate) use general::InitializeArgs;
pub(crate) use list::Lists;
pub(crate) use mechanism::Checked;
pub(crate) use nested::{ENTRY, NestedSlot, Place};
pub(crate) use object::AttributeSlot;
pub use parameter::{DsaSeed, SetOaepData, TlsKeys, VendorParameter, WtlsKeys};
pub(crate) use parameter::{Pack, Packed};
pub(crate) use template::PackedTemplate;

use crate::{Error, ErrorKind, Function, Result, ReturnCode};

macro_rules! handles {
    ($($(#[$meta:meta])* $name:ident: $raw:ident;)*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            #[repr(transparent)]
            pub struct $name(pub(crate) pkcs11_sys::$raw);

            impl $name {
                /// The number, from C or from a configuration; the module judges it.
                #[must_use]
                pub const fn new(number: CK_ULONG) -> Self {
                    Self(number)
                }

                /// The number as it stands in C.
                #[must_use]
                pub const fn number(self) -> CK_ULONG {
                    self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(&self.0, f)
                }
            }
        )*
    };
}

handles! {
    /// The number of a slot (`CK_SLOT_ID`).
    SlotId: CK_SLOT_ID;
    /// The handle of a session (`CK_SESSION_HANDLE`).
    SessionHandle: CK_SESSION_HANDLE;
    /// The handle of an object (`CK_OBJECT_HANDLE`).
    ObjectHandle: CK_OBJECT_HANDLE;
}

/// A module's functions, and what must hold when one is called.
pub(crate) struct Cryptoki {
    list: CK_FUNCTION_LIST_3_2,
    entry: Entry,
    /// The process that may call: a forked child is another one.
    generation: usize,
    /// Set where the module takes only one call at a time.
    one_at_a_time: OnceLock<Mutex<()>>,
}

impl Cryptoki {
    pub(crate) fn new(entry: Entry, list: CK_FUNCTION_LIST_3_2) -> Self {
        Self { list, entry, generation: fork::generation(), one_at_a_time: OnceLock::new() }
    }

    /// From now on, one call at a time.
    pub(crate) fn serialize_calls(&self) {
        self.one_at_a_time.get_or_init(|| Mutex::new(()));
    }

    pub(crate) fn is_serialized(&self) -> bool {
        self.one_at_a_time.get().is_some()
    }

    /// Whether the module's file may be unmapped when the last handle goes.
    pub(crate) fn may_unload(&self, yes: bool) {
        self.entry.may_unload(yes);
    }

    #[cfg(feature = "loader")]
    pub(crate) fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Whether this is the process in which the module was loaded.
    pub(crate) fn is_own_process(&self) -> bool {
        self.generation == fork::generation()
    }

    /// Whether the function list has this function of 3.0 or later.
    pub(crate) fn has_session_cancel(&self) -> bool {
        // By value: a field of a packed struct has no reference.
        { self.list.C_SessionCancel }.is_some()
    }

    /// The function to call, and the lock to hold while it runs.
    #[inline]
    fn enter<F>(&self, name: Function, call: Option<F>) -> Result<(F, Option<MutexGuard<'_, ()>>)> {
        if !self.is_own_process() {
            return Err(Error::from(ErrorKind::Forked).in_function(name));
        }
        let Some(call) = call else {
            return Err(Error::from(ErrorKind::FunctionNotSupported).in_function(name));
        };
        let guard = self
            .one_at_a_time
            .get()
            .map(|lock| lock.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((call, guard))
    }
}

impl fmt::Debug for Cryptoki {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cryptoki")
            .field("entry", &self.entry)
            .field("generation", &self.generation)
            .field("one_at_a_time", &self.one_at_a_time.get().is_some())
            .finish_non_exhaustive()
    }
}

/// The result that a return code tells.
#[inline]
fn check(name: Function, code: CK_RV) -> Result<()> {
    if code == CKR_OK { Ok(()) } else { Err(failed(name, code)) }
}

#[cold]
fn failed(name: Function, code: CK_RV) -> Error {
    let error = Error::from_code(name, ReturnCode::new(code));
    tracing::debug!(function = %name, code = %ReturnCode::new(code), "C function failed");
    error
}

/// A length as the module wants it.
#[inline]
fn ck_len(length: usize) -> Result<CK_ULONG> {
    // Only Windows, where CK_ULONG has 32 bits, refuses anything.
    CK_ULONG::try_from(length).map_err(|_| {
        Error::invalid(format!("{length} bytes are more than the module's lengths can say"))
    })
}

/// What a module says that it wrote, which must fit in what it was given.
#[inline]
fn written(name: Function, length: CK_ULONG, capacity: usize) -> Result<usize> {
    match usize::try_from(length) {
        Ok(length) if length <= capacity => Ok(length),
        _ => Err(Error::misbehaved(name, "it claims to have written more than the buffer holds")),
    }
}

/// A handle that a module made: 0 is none.
#[inline]
fn made(name: Function, handle: CK_ULONG) -> Result<CK_ULONG> {
    if handle == pkcs11_sys::CK_INVALID_HANDLE {
        return Err(Error::misbehaved(name, "it made an object with the invalid handle 0"));
    }
    Ok(handle)
}

/// What stands where there is no input: longer than what modules read whatever the length says.
static NOTHING: [u8; 256] = [0; 256];

/// Input for a module. Where there is none, the pointer is not NULL, to which some modules answer
/// CKR_ARGUMENTS_BAD even if the length is 0, and there are zeros behind it: NSS reads a digest that
/// it was not given.
#[inline]
fn input(bytes: &[u8]) -> *mut u8 {
    let bytes = if bytes.is_empty() { &NOTHING } else { bytes };
    bytes.as_ptr().cast_mut()
}

/// A number of the module as 64 bits, whatever the platform's `CK_ULONG` is.
#[allow(clippy::useless_conversion, reason = "CK_ULONG has 32 bits on Windows and 32-bit Unix")]
pub(crate) fn wide(number: CK_ULONG) -> u64 {
    u64::from(number)
}

/// The bytes of words.
pub(crate) fn as_bytes(words: &[u64]) -> &[u8] {
    let length = size_of_val(words);
    // SAFETY: every byte of a word is initialised, and bytes have no alignment; the length is
    // that of the whole slice, whose borrow goes on.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), length) }
}
