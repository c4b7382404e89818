//! The functions by which everything else in a module is found.

use crate::{CK_FLAGS, CK_FUNCTION_LIST, CK_INTERFACE, CK_RV, CK_ULONG, CK_UTF8CHAR, CK_VERSION};

/// `C_GetFunctionList`: writes the address of the module's list of 2.40 functions.
pub type GetFunctionList = unsafe extern "C" fn(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV;

/// `C_GetInterfaceList` (3.0): the module's interfaces, by the size protocol.
pub type GetInterfaceList =
    unsafe extern "C" fn(interfaces: *mut CK_INTERFACE, count: *mut CK_ULONG) -> CK_RV;

/// `C_GetInterface` (3.0): one interface by name (NULL: the default) and version (NULL: any).
pub type GetInterface = unsafe extern "C" fn(
    name: *mut CK_UTF8CHAR,
    version: *mut CK_VERSION,
    interface: *mut *mut CK_INTERFACE,
    flags: CK_FLAGS,
) -> CK_RV;

/// The entry points of a module, wherever it comes from.
///
/// `loader::Library::entry_points` reads them from a file (feature `loader`); for a module that is
/// linked into the program, name its functions:
///
/// ```
/// use pkcs11_sys::{CK_FUNCTION_LIST, CK_RV, CKR_FUNCTION_FAILED, EntryPoints};
///
/// # #[allow(non_snake_case)]
/// unsafe extern "C" fn C_GetFunctionList(_: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
///     CKR_FUNCTION_FAILED // a real one comes from the module
/// }
///
/// let entry = EntryPoints {
///     get_function_list: C_GetFunctionList,
///     get_interface: None,
///     get_interface_list: None,
/// };
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EntryPoints {
    /// `C_GetFunctionList`, which every module exports.
    pub get_function_list: GetFunctionList,
    /// `C_GetInterface`, which modules have since 3.0.
    pub get_interface: Option<GetInterface>,
    /// `C_GetInterfaceList`, which modules have since 3.0.
    pub get_interface_list: Option<GetInterfaceList>,
}

// The hand-written types are those of the header: this stops compiling if they part.
const _: fn(
    EntryPoints,
) -> (
    crate::CK_C_GetFunctionList,
    crate::CK_C_GetInterface,
    crate::CK_C_GetInterfaceList,
) = |entry| (Some(entry.get_function_list), entry.get_interface, entry.get_interface_list);
