//! What a C caller lends for the time of one call, as values that safe code can use.
//!
//! Every `new` is unsafe and states what it asks of its pointers; nothing else here is. Memory is
//! read and written unaligned (on Windows the structures are packed), outputs are never read and
//! never become a `&mut`: the caller may lend memory that is not initialised.

mod attribute;
mod mechanism;

use std::ffi::{CStr, CString};
use std::ptr;

use pkcs11_sys::*;

pub(crate) use attribute::{Template, Value};
pub(crate) use mechanism::{CipherParameters, GcmMessage, Mechanism, MessageParameter};

/// What the token's functions answer: done, or a code.
pub(crate) type Answer<T = ()> = Result<T, CK_RV>;

/// A length as the module writes it.
pub(crate) fn ulong(length: usize) -> CK_ULONG {
    CK_ULONG::try_from(length).unwrap_or(CK_ULONG::MAX)
}

/// A length as the caller wrote it; no object in memory is larger than `isize::MAX`.
fn length(length: CK_ULONG) -> Answer<usize> {
    match usize::try_from(length) {
        Ok(length) if length <= isize::MAX.unsigned_abs() => Ok(length),
        _ => Err(CKR_ARGUMENTS_BAD),
    }
}

/// Reads one value, or nothing through NULL.
///
/// # Safety
/// `pointer` is NULL or points to a value of type `T`.
unsafe fn read<T: Copy>(pointer: *const T) -> Option<T> {
    // SAFETY: not NULL, so our caller promises a value; its alignment does not matter.
    (!pointer.is_null()).then(|| unsafe { pointer.read_unaligned() })
}

/// Where one value is to be written: a handle, a count, a structure.
pub(crate) struct Place<T>(*mut T);

impl<T: Copy> Place<T> {
    /// # Safety
    /// While the value lives, `pointer` is NULL or can be written.
    pub(crate) unsafe fn new(pointer: *mut T) -> Self {
        Self(pointer)
    }

    /// A second view on the same place.
    pub(crate) fn again(&self) -> Self {
        Self(self.0)
    }

    /// What was written there.
    pub(crate) fn get(&self) -> Option<T> {
        // SAFETY: the places of asynchronous calls can be read as well, or are NULL.
        unsafe { read(self.0) }
    }

    pub(crate) fn put(&self, value: T) -> Answer {
        if self.0.is_null() {
            return Err(CKR_ARGUMENTS_BAD);
        }
        // SAFETY: not NULL, so it can be written, as `new` was promised.
        unsafe { self.0.write_unaligned(value) };
        Ok(())
    }
}

/// A structure that may be absent.
pub(crate) struct Given<T>(pub(crate) Option<T>);

impl<T: Copy> Given<T> {
    /// # Safety
    /// `pointer` is NULL or points to a value of type `T`.
    pub(crate) unsafe fn new(pointer: *mut T) -> Self {
        // SAFETY: as our caller promises.
        Self(unsafe { read(pointer) })
    }
}

/// Text that ends with a zero byte, and may be absent.
pub(crate) struct Text(pub(crate) Option<CString>);

impl Text {
    /// # Safety
    /// `pointer` is NULL or points to bytes of which one is zero.
    pub(crate) unsafe fn new(pointer: *mut CK_UTF8CHAR) -> Self {
        if pointer.is_null() {
            return Self(None);
        }
        // SAFETY: not NULL, so our caller promises a zero byte at the end.
        Self(Some(unsafe { CStr::from_ptr(pointer.cast()) }.to_owned()))
    }
}

/// A token's label: 32 bytes without an end mark.
pub(crate) struct Label(pub(crate) Option<[u8; 32]>);

impl Label {
    /// # Safety
    /// `pointer` is NULL or points to 32 bytes.
    pub(crate) unsafe fn new(pointer: *mut CK_UTF8CHAR) -> Self {
        // SAFETY: as our caller promises.
        Self(unsafe { read(pointer.cast()) })
    }
}

/// How `C_Initialize` was called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InitializeArgs {
    /// The flags: `CKF_OS_LOCKING_OK` and others.
    pub flags: CK_FLAGS,
    /// How many of the four mutex functions were given.
    pub mutex_functions: usize,
    /// `pReserved`, which has no meaning in the standard and is a string in NSS.
    pub reserved: Option<CString>,
}

impl InitializeArgs {
    /// # Safety
    /// `pointer` is NULL or points to a `CK_C_INITIALIZE_ARGS` whose `pReserved` is NULL or text.
    pub(crate) unsafe fn new(pointer: CK_VOID_PTR) -> Option<Self> {
        // SAFETY: as our caller promises.
        let args = unsafe { read(pointer.cast::<CK_C_INITIALIZE_ARGS>()) }?;
        // SAFETY: as our caller promises.
        let reserved = unsafe { Text::new(args.pReserved.cast()) };
        let mutex_functions = usize::from({ args.CreateMutex }.is_some())
            + usize::from({ args.DestroyMutex }.is_some())
            + usize::from({ args.LockMutex }.is_some())
            + usize::from({ args.UnlockMutex }.is_some());
        Some(Self { flags: args.flags, mutex_functions, reserved: reserved.0 })
    }
}

/// Bytes to be read.
pub(crate) struct Input(*const u8, CK_ULONG);

impl Input {
    /// # Safety
    /// While the value lives, `pointer` is NULL or `length` bytes can be read there, and nobody
    /// writes them while [`Input::bytes`] is borrowed.
    pub(crate) unsafe fn new(pointer: *mut u8, length: CK_ULONG) -> Self {
        Self(pointer, length)
    }

    /// A second view on the same bytes.
    pub(crate) fn again(&self) -> Self {
        Self(self.0, self.1)
    }

    /// The bytes. NULL is refused even for none, as SoftHSM and kryoptic do.
    pub(crate) fn bytes(&self) -> Answer<&[u8]> {
        let length = length(self.1)?;
        if self.0.is_null() {
            return Err(CKR_ARGUMENTS_BAD);
        }
        // SAFETY: not NULL, so as `new` was promised; `length` fits in `isize`.
        Ok(unsafe { std::slice::from_raw_parts(self.0, length) })
    }

    pub(crate) fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// The bytes, none through NULL.
    pub(crate) fn bytes_or_none(&self) -> Answer<&[u8]> {
        if self.is_null() { Ok(&[]) } else { self.bytes() }
    }
}

/// Room for a number of values, of which as many are written as there are.
pub(crate) struct Room<T>(*mut T, CK_ULONG);

impl<T: Copy> Room<T> {
    /// # Safety
    /// While the value lives, `pointer` is NULL or `length` values can be written there.
    pub(crate) unsafe fn new(pointer: *mut T, length: CK_ULONG) -> Self {
        Self(pointer, length)
    }

    pub(crate) fn length(&self) -> Answer<usize> {
        length(self.1)
    }

    pub(crate) fn buffer(&self) -> *mut T {
        self.0
    }

    pub(crate) fn put(&self, values: &[T]) -> Answer {
        if self.0.is_null() {
            return Err(CKR_ARGUMENTS_BAD);
        }
        if values.len() > self.length()? {
            return Err(CKR_BUFFER_TOO_SMALL);
        }
        let bytes = size_of_val(values);
        // SAFETY: `values` fit, as `new` was promised and we have checked; they are borrowed from
        // Rust, so the caller's memory is another; bytes have no alignment.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr().cast::<u8>(), self.0.cast(), bytes) };
        Ok(())
    }
}

/// What became of a variable-length output.
#[derive(PartialEq, Eq)]
pub(crate) enum Put {
    /// The values are written.
    Written,
    /// Only their number was asked for.
    Asked,
}

/// A variable-length output: a buffer (NULL: a query) and its length, in and out.
pub(crate) struct Output<T>(*mut T, *mut CK_ULONG);

impl<T: Copy> Output<T> {
    /// # Safety
    /// While the value lives, `length` is NULL or can be written; and `buffer` is NULL or
    /// `*length` can be read and that many values can be written to `buffer`.
    pub(crate) unsafe fn new(buffer: *mut T, length: *mut CK_ULONG) -> Self {
        Self(buffer, length)
    }

    /// A second view on the same output.
    pub(crate) fn again(&self) -> Self {
        Self(self.0, self.1)
    }

    pub(crate) fn buffer(&self) -> *mut T {
        self.0
    }

    /// The length, which the caller has set or the token has written.
    pub(crate) fn length(&self) -> Option<CK_ULONG> {
        // SAFETY: NULL, or it can be read, as `new` was promised.
        unsafe { read(self.1) }
    }

    /// Says whether there is no place for the length: in `C_SignMessageNext` more data follows.
    pub(crate) fn is_absent(&self) -> bool {
        self.1.is_null()
    }

    /// The size protocol.
    pub(crate) fn put(&self, values: &[T]) -> Answer<Put> {
        if self.1.is_null() {
            return Err(CKR_ARGUMENTS_BAD);
        }
        let written = if self.0.is_null() {
            Ok(Put::Asked)
        } else {
            // SAFETY: neither is NULL, so the length can be read, as `new` was promised.
            let room = unsafe { self.1.read_unaligned() };
            Room(self.0, room).put(values).map(|()| Put::Written)
        };
        if !matches!(written, Err(code) if code != CKR_BUFFER_TOO_SMALL) {
            // SAFETY: not NULL, so it can be written, as `new` was promised.
            unsafe { self.1.write_unaligned(ulong(values.len())) };
        }
        written
    }
}

impl Output<u8> {
    /// Writes the byte to all of the room.
    pub(crate) fn fill(&self, byte: u8) -> Answer {
        let room = self.length().unwrap_or(0);
        Room(self.0, room).put(&vec![byte; length(room)?])
    }

    /// The bytes that were written.
    pub(crate) fn read(&self, written: CK_ULONG) -> Answer<Vec<u8>> {
        // SAFETY: the token has written them, in the room that `new` was promised.
        Ok(unsafe { Input::new(self.0, written) }.bytes()?.to_vec())
    }
}
