//! The three functions through which kryoptic is entered.
//!
//! Each hands its arguments to kryoptic's own function. The pointers change
//! their type on the way and nothing else: `abi` proves that both types
//! describe the same memory.

use std::ptr::null_mut;

use kryoptic_lib::fns::general;
use pkcs11_core::{LoadOptions, Module};
use pkcs11_sys::{
    CK_FALSE, CK_FLAGS, CK_FUNCTION_LIST_PTR, CK_INTERFACE, CK_INTERFACE_PTR, CK_RV, CK_ULONG,
    CK_UTF8CHAR, CK_VERSION, CKR_OK, EntryPoints,
};

/// The embedded token's entry points, to be loaded like those of any module;
/// [`Embedded`](crate::Embedded) does it in one call.
///
/// Nothing is loaded or initialised yet. C_Initialize wants to be told where
/// the token lives: its `pReserved` is [`Store::reserved`](crate::Store::reserved).
pub fn entry_points() -> EntryPoints {
    EntryPoints {
        get_function_list,
        get_interface: Some(get_interface),
        get_interface_list: Some(get_interface_list),
    }
}

/// Initialises kryoptic, or gives a handle on what core runs already.
pub(crate) fn load(options: LoadOptions) -> pkcs11_core::Result<Module> {
    // SAFETY: the entry points are kryoptic's, which does what the standard says; they are
    // functions of this program.
    unsafe { options.load_entry_points(entry_points()) }
}

/// Makes kryoptic ready for the next try, after a C_Initialize that failed.
///
/// It counts itself initialised then, has no slot, and would try the same store again first.
/// If it has a slot, somebody else's C_Initialize did not fail, and nothing is done.
pub(crate) fn finalize_if_empty() {
    let mut list: CK_FUNCTION_LIST_PTR = null_mut();
    general::fn_get_function_list((&raw mut list).cast());
    // SAFETY: null, or the address of kryoptic's list, which is a static.
    let Some(list) = (unsafe { list.as_ref() }) else { return };
    let (Some(slots), Some(finalize)) = (list.C_GetSlotList, list.C_Finalize) else { return };
    let mut count = 0;
    // SAFETY: no list is asked for, and `count` is a place for a number (PKCS#11 §5.5.1).
    let code = unsafe { slots(CK_FALSE, null_mut(), &raw mut count) };
    if code == CKR_OK && count == 0 {
        // SAFETY: the argument is null (PKCS#11 §5.4.2). Without a slot nobody has a session,
        // and so no call that runs now could be cut short.
        unsafe { finalize(null_mut()) };
    }
}

/// Wraps `C_GetFunctionList` (PKCS#11 §5.4): the function list of version 2.40.
///
/// # Safety
/// `list` is null or points to a place for one pointer.
#[cfg_attr(feature = "module", unsafe(export_name = "C_GetFunctionList"))]
unsafe extern "C" fn get_function_list(list: *mut CK_FUNCTION_LIST_PTR) -> CK_RV {
    general::fn_get_function_list(list.cast())
}

/// Wraps `C_GetInterface` (PKCS#11 §5.4): 3.2, 3.0 or 2.40.
///
/// # Safety
/// `name` is null or ends with a zero byte; `version` is null or points to a
/// version; `interface` is null or points to a place for one pointer.
#[cfg_attr(feature = "module", unsafe(export_name = "C_GetInterface"))]
unsafe extern "C" fn get_interface(
    name: *mut CK_UTF8CHAR,
    version: *mut CK_VERSION,
    interface: *mut CK_INTERFACE_PTR,
    flags: CK_FLAGS,
) -> CK_RV {
    general::fn_get_interface(name, version.cast(), interface.cast(), flags)
}

/// Wraps `C_GetInterfaceList` (PKCS#11 §5.4): all three interfaces.
///
/// # Safety
/// `count` is null or points to a number; `list` is null or points to places
/// for that many interfaces.
#[cfg_attr(feature = "module", unsafe(export_name = "C_GetInterfaceList"))]
unsafe extern "C" fn get_interface_list(list: *mut CK_INTERFACE, count: *mut CK_ULONG) -> CK_RV {
    general::fn_get_interface_list(list.cast(), count)
}
