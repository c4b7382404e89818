//! Where a module's functions come from: its file, or the program that it is linked into.

use std::ffi::CStr;
use std::ptr::NonNull;
#[cfg(feature = "loader")]
use std::sync::atomic::AtomicBool;

use pkcs11_sys::{CK_FLAGS, CK_INTERFACE, CK_VERSION, CKR_OK, EntryPoints};

use super::{Cryptoki, check, ck_len, written};
use crate::{Error, Function, InterfaceFlags, LoadOptions, Module, Result, Version};

/// The entry points of a module, and the file that holds them.
#[derive(Debug)]
pub(crate) struct Entry {
    points: EntryPoints,
    #[cfg(feature = "loader")]
    library: Option<pkcs11_sys::loader::Library>,
    /// Whether the file may be unmapped: only once the module is finalized.
    #[cfg(feature = "loader")]
    unload: AtomicBool,
}

impl Entry {
    /// The entry points of a linked module.
    ///
    /// # Safety
    ///
    /// They must be those of a PKCS#11 module: each function does what the standard says, and
    /// stays valid for the life of the process.
    pub(crate) unsafe fn new(points: EntryPoints) -> Self {
        Self {
            points,
            #[cfg(feature = "loader")]
            library: None,
            #[cfg(feature = "loader")]
            unload: AtomicBool::new(false),
        }
    }

    #[cfg(feature = "loader")]
    pub(crate) fn may_unload(&self, yes: bool) {
        self.unload.store(yes, std::sync::atomic::Ordering::Relaxed);
    }

    #[cfg(not(feature = "loader"))]
    pub(crate) fn may_unload(&self, _: bool) {}

    pub(super) fn points(&self) -> EntryPoints {
        self.points
    }
}

impl LoadOptions {
    /// Initialises a module that is linked into the program. Wraps `C_Initialize` (PKCS#11
    /// §5.4.1), after `C_GetInterface` or, where that gives none, `C_GetFunctionList` (PKCS#11
    /// §5.4.6, §5.4.4).
    ///
    /// # Safety
    ///
    /// The entry points must be those of a PKCS#11 module: each function does what the standard
    /// says, and stays valid for the life of the process.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OtherOptions`](crate::ErrorKind::OtherOptions) if the module is loaded with
    /// others, or what `C_Initialize` answers.
    pub unsafe fn load_entry_points(self, points: EntryPoints) -> Result<Module> {
        // SAFETY: the caller vouches for the entry points.
        let entry = unsafe { Entry::new(points) };
        self.enter(entry)
    }
}

impl Module {
    /// A symbol of the module's file, for a vendor's functions beside the standard's; `None` if
    /// it has none, or the module is linked.
    ///
    /// # Safety
    ///
    /// What the pointer points at is the caller's to know. It is valid while a handle on the
    /// module lives.
    #[cfg(feature = "loader")]
    #[must_use]
    pub unsafe fn symbol(&self, name: &CStr) -> Option<NonNull<std::ffi::c_void>> {
        let entry = self.state().cryptoki.entry();
        // SAFETY: the caller knows what the symbol is.
        unsafe { entry.library.as_ref()?.symbol(name) }
    }
}

#[cfg(feature = "loader")]
impl Drop for Entry {
    fn drop(&mut self) {
        if let Some(library) = self.library.take().filter(|_| !*self.unload.get_mut()) {
            library.leak();
        }
    }
}

#[cfg(feature = "loader")]
impl Entry {
    /// Opens a module's file.
    ///
    /// This runs the file's initialisers. Choosing a file that is what it claims to be is the
    /// user's part, as it is with every program that they start.
    pub(crate) fn open(
        path: &std::path::Path,
        flags: pkcs11_sys::loader::OpenFlags,
    ) -> Result<Self, pkcs11_sys::loader::LoadError> {
        // SAFETY: the user names the module as one to be trusted with the process; loading it
        // is what they ask for, and no check could tell more.
        let library = unsafe { pkcs11_sys::loader::Library::open(path, flags) }?;
        Ok(Self {
            points: library.entry_points(),
            library: Some(library),
            unload: AtomicBool::new(false),
        })
    }
}

/// An interface of a module, standard or a vendor's (`CK_INTERFACE`, PKCS#11 §3.6).
#[derive(Clone, Copy, Debug)]
pub struct Interface {
    functions: NonNull<std::ffi::c_void>,
    flags: CK_FLAGS,
}

impl Interface {
    /// The function list, in the form that the interface's name and version stand for. It is
    /// valid while the module is loaded.
    #[must_use]
    pub fn function_list(&self) -> NonNull<std::ffi::c_void> {
        self.functions
    }

    /// The flags of the interface.
    #[must_use]
    pub fn flags(&self) -> CK_FLAGS {
        self.flags
    }
}

/// What a module says of one of its interfaces (`CK_INTERFACE`, PKCS#11 §3.6);
/// [`Module::interface`] gives its functions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InterfaceInfo {
    /// Its name: `PKCS 11`, or a vendor's. Bytes that are no UTF-8 are replaced.
    pub name: String,
    /// The version, which every function list begins with.
    pub version: Version,
    /// What it promises.
    pub flags: InterfaceFlags,
}

/// The longest name of an interface that is read.
const LONGEST_NAME: usize = 255;
/// Room beyond what the module counts.
const SLACK: usize = 4;
/// The most that it is believed to have.
const MOST_INTERFACES: usize = 1024;

impl Cryptoki {
    /// Wraps `C_GetInterfaceList` (PKCS#11 §5.4.5).
    pub(crate) fn interfaces(&self) -> Result<Vec<InterfaceInfo>> {
        let name = Function::GetInterfaceList;
        let (call, _guard) = self.enter(name, self.entry.points.get_interface_list)?;
        let mut count = 0;
        // SAFETY: NULL asks for the number alone, and `count` is a local.
        let code = unsafe { call(std::ptr::null_mut(), &raw mut count) };
        check(name, code)?;
        let wanted = usize::try_from(count).ok().filter(|count| *count <= MOST_INTERFACES);
        let room =
            wanted.ok_or_else(|| Error::misbehaved(name, "it counts too many interfaces"))?;
        let mut list = vec![CK_INTERFACE::default(); room + SLACK];
        let mut count = ck_len(list.len())?;
        // SAFETY: the list has as many entries as `count` says.
        let code = unsafe { call(list.as_mut_ptr(), &raw mut count) };
        check(name, code)?;
        list.truncate(written(name, count, list.len())?);
        Ok(list.iter().filter_map(interface_info).collect())
    }

    /// Wraps `C_GetInterface` (PKCS#11 §5.4.6).
    pub(crate) fn interface(&self, name: &CStr, version: Option<Version>) -> Option<Interface> {
        let get_interface = self.entry.points.get_interface?;
        let mut version =
            version.map(|version| CK_VERSION { major: version.major, minor: version.minor });
        let version =
            version.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut::<CK_VERSION>);
        let mut found: *mut CK_INTERFACE = std::ptr::null_mut();
        let name = name.as_ptr().cast_mut().cast();
        // SAFETY: the name is NUL-terminated, the version NULL or valid, `found` a local.
        let code = unsafe { get_interface(name, version, &raw mut found, 0) };
        let found = NonNull::new(found).filter(|_| code == CKR_OK)?;
        // SAFETY: the module answered CKR_OK, and an interface stays valid while it is loaded.
        let interface = unsafe { found.as_ptr().read_unaligned() };
        Some(Interface {
            functions: NonNull::new(interface.pFunctionList)?,
            flags: interface.flags,
        })
    }
}

/// What an entry of the list says; none if it has no name or no functions.
fn interface_info(interface: &CK_INTERFACE) -> Option<InterfaceInfo> {
    let name = NonNull::new(interface.pInterfaceName)?.cast::<u8>();
    let functions = NonNull::new(interface.pFunctionList)?.cast::<CK_VERSION>();
    let mut bytes = Vec::new();
    while bytes.len() < LONGEST_NAME {
        // SAFETY: no byte before this one was the zero at the end, so it is part of the name.
        let place = unsafe { name.as_ptr().add(bytes.len()) };
        // SAFETY: a name of an interface ends with a zero and lives as long as the module.
        match unsafe { place.read() } {
            0 => break,
            byte => bytes.push(byte),
        }
    }
    // SAFETY: the list of every interface begins with its version (PKCS#11 §3.6).
    let version = unsafe { functions.as_ptr().read_unaligned() };
    Some(InterfaceInfo {
        name: String::from_utf8_lossy(&bytes).into_owned(),
        version: Version { major: version.major, minor: version.minor },
        flags: InterfaceFlags::from_bits_retain(interface.flags),
    })
}
