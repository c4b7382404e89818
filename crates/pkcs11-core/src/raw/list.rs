//! Function lists: which one a module offers, copied into the longest form.

use std::ptr::NonNull;

use pkcs11_sys::{
    CK_FUNCTION_LIST, CK_FUNCTION_LIST_3_0, CK_FUNCTION_LIST_3_2, CK_INTERFACE, CK_VERSION, CKR_OK,
    EntryPoints,
};

use super::Entry;
use crate::{Error, ErrorKind, Function, Result};

// The lists of 2.40 and 3.0 are the beginnings of that of 3.2.
const _: () = {
    use std::mem::offset_of;
    assert!(
        offset_of!(CK_FUNCTION_LIST, C_WaitForSlotEvent)
            == offset_of!(CK_FUNCTION_LIST_3_2, C_WaitForSlotEvent)
    );
    assert!(
        offset_of!(CK_FUNCTION_LIST_3_0, C_MessageVerifyFinal)
            == offset_of!(CK_FUNCTION_LIST_3_2, C_MessageVerifyFinal)
    );
};

/// The name of the standard's own interfaces (PKCS#11 §3.6).
const PKCS11: &[u8] = b"PKCS 11\0";

/// A module's best function list, at the address that is its identity.
#[derive(Debug)]
pub(crate) struct Lists {
    pub(crate) entry: Entry,
    pub(crate) address: usize,
    list: CK_FUNCTION_LIST_3_2,
}

impl Lists {
    /// Asks for 3.2, then 3.0, then the list of 2.40.
    ///
    /// A `C_GetInterface` that fails is no reason to give up: some modules have one that
    /// answers `CKR_FUNCTION_NOT_SUPPORTED`.
    pub(crate) fn of(entry: Entry) -> Result<Self> {
        let points = entry.points();
        let interface = interface(&points, 3, 2).or_else(|| interface(&points, 3, 0));
        let (found, length) = match interface {
            Some(found) => (found, length_by_version(found)),
            // This function gives the list of 2.40, whatever version a module writes into it.
            None => (function_list(&points)?, size_of::<CK_FUNCTION_LIST>()),
        };
        Ok(Self { list: copy(found, length), address: found.as_ptr().addr(), entry })
    }

    pub(crate) fn into_cryptoki(self) -> super::Cryptoki {
        super::Cryptoki::new(self.entry, self.list)
    }
}

fn interface(points: &EntryPoints, major: u8, minor: u8) -> Option<NonNull<CK_FUNCTION_LIST>> {
    let get_interface = points.get_interface?;
    let mut version = CK_VERSION { major, minor };
    let mut found: *mut CK_INTERFACE = std::ptr::null_mut();
    let name = PKCS11.as_ptr().cast_mut();
    // SAFETY: the caller of `Entry::new` or `Entry::open` vouched for the entry point; the name
    // is NUL-terminated, and all pointers are valid during the call (PKCS#11 §5.4.6).
    let code = unsafe { get_interface(name, &raw mut version, &raw mut found, 0) };
    let found = NonNull::new(found).filter(|_| code == CKR_OK)?;
    // SAFETY: the module answered CKR_OK, and an interface stays valid while it is loaded.
    let interface = unsafe { found.as_ptr().read_unaligned() };
    NonNull::new(interface.pFunctionList.cast())
}

fn function_list(points: &EntryPoints) -> Result<NonNull<CK_FUNCTION_LIST>> {
    let mut found: *mut CK_FUNCTION_LIST = std::ptr::null_mut();
    let get_function_list = points.get_function_list;
    // SAFETY: as above (PKCS#11 §5.4.4).
    let code = unsafe { get_function_list(&raw mut found) };
    super::check(Function::GetFunctionList, code)?;
    NonNull::new(found).ok_or_else(|| {
        Error::from(ErrorKind::NoFunctionList).in_function(Function::GetFunctionList)
    })
}

/// The bytes of the list of an interface, by the version that every list begins with.
fn length_by_version(found: NonNull<CK_FUNCTION_LIST>) -> usize {
    // SAFETY: the module has given it as a function list, which begins with a version.
    let version = unsafe { found.cast::<CK_VERSION>().as_ptr().read_unaligned() };
    match (version.major, version.minor) {
        (3, 2..) | (4.., _) => size_of::<CK_FUNCTION_LIST_3_2>(),
        (3, _) => size_of::<CK_FUNCTION_LIST_3_0>(),
        _ => size_of::<CK_FUNCTION_LIST>(),
    }
}

/// The list in its longest form; what the module's version does not have stays `None`.
///
/// A copy costs one cache line less at each call, and cannot change under our hands.
fn copy(found: NonNull<CK_FUNCTION_LIST>, length: usize) -> CK_FUNCTION_LIST_3_2 {
    let mut list = CK_FUNCTION_LIST_3_2::default();
    // SAFETY: a list of its kind has that many bytes, and the longest has at least as many; its
    // fields are function pointers, for which NULL is `None`.
    unsafe {
        std::ptr::copy_nonoverlapping(
            found.as_ptr().cast_const().cast::<u8>(),
            (&raw mut list).cast::<u8>(),
            length,
        );
    }
    list
}
