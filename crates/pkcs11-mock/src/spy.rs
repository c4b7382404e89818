//! The crate as a module's file that stands before another module: every call is handed on, and the
//! functions that answered `CKR_OK` are [noted](crate::notes).
//!
//! A copy of the file spies on one module: beside `NAME.so`, `NAME.module` says where that is, and
//! the notes go to `NAME.ok`. So a process can have several, as it can have several modules.

use std::ffi::{CStr, OsStr, c_void};
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use pkcs11_sys::loader::{Library, OpenFlags};
use pkcs11_sys::*;

use crate::{lists, notes, record::record_named};

/// The module's own entry points; nothing if it cannot be loaded.
static ENTRY: OnceLock<Option<EntryPoints>> = OnceLock::new();

fn entry() -> Result<&'static EntryPoints, CK_RV> {
    ENTRY.get_or_init(start).as_ref().ok_or(CKR_GENERAL_ERROR)
}

fn start() -> Option<EntryPoints> {
    let own = own_file()?;
    let module = std::fs::read_to_string(own.with_extension("module")).ok()?;
    // SAFETY: whoever wrote the file's name vouches for it.
    let library = unsafe { Library::open(module.trim_end().as_ref(), OpenFlags::new()) }.ok()?;
    let points = library.entry_points();
    library.leak();
    // SAFETY: they are a module's, which is never unmapped.
    unsafe { lists::wrap(points) }.ok()?;
    notes::into(&own.with_extension("ok"));
    Some(points)
}

/// The file that this code was loaded from.
fn own_file() -> Option<PathBuf> {
    let here: *const c_void = std::ptr::from_ref(&ENTRY).cast();
    let mut found = MaybeUninit::<libc::Dl_info>::uninit();
    // SAFETY: an address of this library, and a place for what is known of it.
    if unsafe { libc::dladdr(here, found.as_mut_ptr()) } == 0 {
        return None;
    }
    // SAFETY: dladdr has found the library and filled the place.
    let name = unsafe { found.assume_init() }.dli_fname;
    // SAFETY: the loader's own text, which ends with a zero byte.
    let name = unsafe { CStr::from_ptr(name) };
    std::fs::canonicalize(OsStr::from_bytes(name.to_bytes())).ok()
}

/// What a call that hands out lists comes to: the module's answer, with our list for its own.
fn swapped(name: &str, call: impl FnOnce(&EntryPoints) -> Result<CK_RV, CK_RV>) -> CK_RV {
    let code = entry().and_then(call).unwrap_or_else(|code| code);
    if code == CKR_OK {
        record_named(name).note();
    }
    code
}

/// The interface, with our list if it is one of the standard's.
///
/// # Safety
/// A loaded module has answered with it.
unsafe fn ours(interface: CK_INTERFACE) -> CK_INTERFACE {
    if interface.pInterfaceName.is_null() || interface.pFunctionList.is_null() {
        return interface;
    }
    // SAFETY: not NULL, so a text that ends with a zero byte (PKCS#11 §3.6).
    let name = unsafe { CStr::from_ptr(interface.pInterfaceName.cast()) };
    if name != lists::NAME {
        return interface;
    }
    // SAFETY: every list of the standard begins with its version.
    let version = unsafe { interface.pFunctionList.cast::<CK_VERSION>().read_unaligned() };
    CK_INTERFACE { pFunctionList: lists::in_place_of(version), ..interface }
}

/// # Safety
/// As for the standard's function.
#[unsafe(export_name = "C_GetFunctionList")]
unsafe extern "C" fn get_function_list(place: *mut CK_FUNCTION_LIST_PTR) -> CK_RV {
    swapped("C_GetFunctionList", |entry| {
        // SAFETY: what our caller gave.
        let code = unsafe { (entry.get_function_list)(place) };
        if code == CKR_OK {
            let version = CK_VERSION { major: 2, minor: 40 };
            // SAFETY: the module has written there.
            unsafe { place.write_unaligned(lists::in_place_of(version).cast()) };
        }
        Ok(code)
    })
}

/// # Safety
/// As for the standard's function.
#[unsafe(export_name = "C_GetInterface")]
unsafe extern "C" fn get_interface(
    name: *mut CK_UTF8CHAR,
    version: *mut CK_VERSION,
    place: *mut CK_INTERFACE_PTR,
    flags: CK_FLAGS,
) -> CK_RV {
    swapped("C_GetInterface", |entry| {
        let get = entry.get_interface.ok_or(CKR_FUNCTION_NOT_SUPPORTED)?;
        // SAFETY: what our caller gave.
        let code = unsafe { get(name, version, place, flags) };
        if code == CKR_OK {
            // SAFETY: the module has written there.
            let found = unsafe { place.read_unaligned() };
            // SAFETY: it has answered OK, so there is an interface.
            let interface = unsafe { found.read_unaligned() };
            // SAFETY: as above.
            let interface = unsafe { ours(interface) };
            // Interfaces are few, and are never freed.
            let interface: *mut CK_INTERFACE = Box::leak(Box::new(interface));
            // SAFETY: as above.
            unsafe { place.write_unaligned(interface) };
        }
        Ok(code)
    })
}

/// # Safety
/// As for the standard's function.
#[unsafe(export_name = "C_GetInterfaceList")]
unsafe extern "C" fn get_interface_list(place: *mut CK_INTERFACE, count: CK_ULONG_PTR) -> CK_RV {
    swapped("C_GetInterfaceList", |entry| {
        let get = entry.get_interface_list.ok_or(CKR_FUNCTION_NOT_SUPPORTED)?;
        // SAFETY: what our caller gave.
        let code = unsafe { get(place, count) };
        if code == CKR_OK && !place.is_null() {
            // SAFETY: the module has written the number there.
            let written = unsafe { count.read_unaligned() };
            for index in 0..usize::try_from(written).unwrap_or(0) {
                // SAFETY: so many interfaces have been written.
                let at = unsafe { place.add(index) };
                // SAFETY: as above.
                let found = unsafe { at.read_unaligned() };
                // SAFETY: the module has answered OK with it.
                let interface = unsafe { ours(found) };
                // SAFETY: as above.
                unsafe { at.write_unaligned(interface) };
            }
        }
        Ok(code)
    })
}
