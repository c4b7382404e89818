//! The function lists and interfaces that are handed out, and those read from another module.

use std::ffi::c_void;
use std::ptr;
use std::sync::{Arc, Mutex};

use pkcs11_sys::*;

use crate::record::{SETTINGS, lock};
use crate::view::{Answer, Given, Output, Place, Put, Text};
use crate::{Version, table};

pub(crate) const NAME: &std::ffi::CStr = c"PKCS 11";

/// Lists with the same functions missing. They are handed out as pointers, so they are never
/// changed and never freed.
struct Lists {
    missing: Vec<bool>,
    v2_40: CK_FUNCTION_LIST,
    v3_0: CK_FUNCTION_LIST_3_0,
    v3_2: CK_FUNCTION_LIST_3_2,
}

struct HandedOut {
    lists: &'static Lists,
    /// Best first.
    interfaces: &'static [CK_INTERFACE; 3],
}

// SAFETY: the interfaces point to the name and to the lists, which are immutable and 'static.
unsafe impl Send for HandedOut {}

static HANDED_OUT: Mutex<Vec<HandedOut>> = Mutex::new(Vec::new());

/// The lists for what is missing now: those of last time if it was the same.
fn current() -> (&'static Lists, &'static [CK_INTERFACE; 3]) {
    let missing: Vec<bool> =
        table::FUNCTIONS.iter().map(|function| function.is_missing()).collect();
    let mut handed_out = lock(&HANDED_OUT);
    if let Some(same) = handed_out.iter().find(|same| same.lists.missing == missing) {
        return (same.lists, same.interfaces);
    }
    let (v2_40, v3_0, v3_2) = table::lists();
    let lists: &Lists = Box::leak(Box::new(Lists { missing, v2_40, v3_0, v3_2 }));
    let interfaces: &[CK_INTERFACE; 3] = Box::leak(Box::new([
        interface_of(ptr::from_ref(&lists.v3_2).cast()),
        interface_of(ptr::from_ref(&lists.v3_0).cast()),
        interface_of(ptr::from_ref(&lists.v2_40).cast()),
    ]));
    handed_out.push(HandedOut { lists, interfaces });
    (lists, interfaces)
}

fn interface_of(list: *const c_void) -> CK_INTERFACE {
    CK_INTERFACE {
        pInterfaceName: NAME.as_ptr().cast_mut().cast(),
        pFunctionList: list.cast_mut(),
        flags: 0,
    }
}

/// The interfaces that the [version](crate::Mock::version) offers.
fn offered() -> impl Iterator<Item = (CK_VERSION, &'static CK_INTERFACE)> {
    let versions = [Version::V3_2, Version::V3_0, Version::V2_40];
    let newest = lock(&SETTINGS).version;
    let (_, interfaces) = current();
    versions
        .into_iter()
        .zip(interfaces)
        .filter(move |(version, _)| *version <= newest)
        .map(|(version, interface)| (version.number(), interface))
}

/// The list that stands for another module's of this version.
#[cfg(all(unix, feature = "module"))]
pub(crate) fn in_place_of(version: CK_VERSION) -> *mut c_void {
    let (lists, _) = current();
    let list: *const c_void = match (version.major, version.minor) {
        (3, 2..) | (4.., _) => ptr::from_ref(&lists.v3_2).cast(),
        (3, _) => ptr::from_ref(&lists.v3_0).cast(),
        _ => ptr::from_ref(&lists.v2_40).cast(),
    };
    list.cast_mut()
}

pub(crate) fn function_list(place: Place<CK_FUNCTION_LIST_PTR>) -> Answer {
    let (lists, _) = current();
    place.put(ptr::from_ref(&lists.v2_40).cast_mut())
}

pub(crate) fn interface_list(output: Output<CK_INTERFACE>) -> Answer {
    let interfaces: Vec<CK_INTERFACE> = offered().map(|(_, interface)| *interface).collect();
    output.put(&interfaces).map(|_: Put| ())
}

pub(crate) fn interface(
    name: Text,
    version: Given<CK_VERSION>,
    place: Place<CK_INTERFACE_PTR>,
    flags: CK_FLAGS,
) -> Answer {
    let named = name.0.is_none_or(|name| name.as_c_str() == NAME);
    let found = offered().find(|(number, interface)| {
        named
            && version
                .0
                .is_none_or(|asked| (asked.major, asked.minor) == (number.major, number.minor))
            && flags & !interface.flags == 0
    });
    let (_, interface) = found.ok_or(CKR_FUNCTION_FAILED)?;
    place.put(ptr::from_ref(interface).cast_mut())
}

/// Puts another module's functions behind the counters.
///
/// # Safety
/// As for [`Mock::wrapping`](crate::Mock::wrapping).
pub(crate) unsafe fn wrap(entry: EntryPoints) -> Answer {
    // SAFETY: as our caller promises.
    let (list, version) = unsafe { of_module(entry) }?;
    table::mirror_holes(&list);
    let mut settings = lock(&SETTINGS);
    settings.wrapped = Some(Arc::new(list));
    settings.version = version;
    Ok(())
}

/// The newest list of another module, in the form of the widest, without the functions by which
/// it would hand out itself.
///
/// # Safety
/// The entry points are those of a PKCS#11 module that is loaded.
unsafe fn of_module(entry: EntryPoints) -> Answer<(CK_FUNCTION_LIST_3_2, Version)> {
    // SAFETY: as our caller promises.
    let (mut list, version) = match unsafe { newest_interface(entry) } {
        Some(newest) => newest,
        None => {
            let mut list = ptr::null_mut();
            // SAFETY: a module's C_GetFunctionList writes a pointer to its list.
            let code = unsafe { (entry.get_function_list)(&mut list) };
            if code != CKR_OK || list.is_null() {
                return Err(code);
            }
            // SAFETY: it answered OK, and the module stays loaded.
            (table::from_2_40(unsafe { list.read_unaligned() }), Version::V2_40)
        }
    };
    list.C_GetFunctionList = None;
    list.C_GetInterfaceList = None;
    list.C_GetInterface = None;
    Ok((list, version))
}

/// # Safety
/// As for [`of_module`].
unsafe fn newest_interface(entry: EntryPoints) -> Option<(CK_FUNCTION_LIST_3_2, Version)> {
    let get = entry.get_interface?;
    for version in [Version::V3_2, Version::V3_0] {
        let mut number = version.number();
        let mut found: CK_INTERFACE_PTR = ptr::null_mut();
        let name = NAME.as_ptr().cast_mut().cast();
        // SAFETY: the name ends with a zero byte, the pointers are to locals.
        let code = unsafe { get(name, &mut number, &mut found, 0) };
        if code != CKR_OK || found.is_null() {
            continue;
        }
        // SAFETY: it answered OK, and the module stays loaded.
        let list = unsafe { found.read_unaligned() }.pFunctionList;
        let list = if version == Version::V3_2 {
            // SAFETY: the interface of this version has this list.
            unsafe { list.cast::<CK_FUNCTION_LIST_3_2>().read_unaligned() }
        } else {
            // SAFETY: the interface of this version has this list.
            table::from_3_0(unsafe { list.cast::<CK_FUNCTION_LIST_3_0>().read_unaligned() })
        };
        return Some((list, version));
    }
    None
}
