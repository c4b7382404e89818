//! Where a module's functions come from: its file, or the program that it is linked into.

use std::ffi::CStr;
use std::ptr::NonNull;
#[cfg(feature = "loader")]
use std::sync::atomic::AtomicBool;

use pkcs11_sys::{CK_FLAGS, CK_INTERFACE, CK_VERSION, CKR_OK, EntryPoints};

use super::Cryptoki;
use crate::{LoadOptions, Module, Result, Version};

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

impl Cryptoki {
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
