//! Opens a module's file and finds its entry points (feature `loader`).

use std::error::Error;
use std::ffi::{CStr, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

#[cfg(unix)]
use libloading::os::unix as os;
#[cfg(windows)]
use libloading::os::windows as os;

use crate::{EntryPoints, GetFunctionList, GetInterface, GetInterfaceList};

/// A module's file, mapped into the process until this is dropped.
///
/// Nothing here initialises the module or keeps it from being unmapped while it works: do not drop
/// a library whose functions are still in use, or [`leak`](Library::leak) it. Many modules do not
/// survive being unmapped (threads, exit handlers), so leaking is what long-lived programs do.
#[derive(Debug)]
pub struct Library {
    library: os::Library,
    entry_points: EntryPoints,
}

impl Library {
    /// Opens the file at `path` and looks up the entry points.
    ///
    /// A path with a folder in it names that file. A bare file name is searched where the
    /// platform's loader searches (`LD_LIBRARY_PATH`, the system's folders, …), which on Unix does
    /// not include the current folder.
    ///
    /// # Errors
    ///
    /// [`LoadError`] says whether the file is missing, cannot be loaded, or is no PKCS#11 module.
    ///
    /// # Safety
    ///
    /// The file's initialisers run in this process, and later its finalisers: it must be a library
    /// that is sound to load here. Its `C_GetFunctionList`, `C_GetInterface` and
    /// `C_GetInterfaceList` must be the functions of PKCS#11.
    pub unsafe fn open(path: &Path, flags: OpenFlags) -> Result<Self, LoadError> {
        // An empty name means the program itself to dlopen.
        if path.as_os_str().is_empty() {
            return Err(LoadError::NotFound { path: path.to_owned() });
        }
        // SAFETY: the caller vouches for the file's initialisers.
        let library = unsafe { flags.open(path) }.map_err(|error| LoadError::new(path, error))?;
        // SAFETY: the caller vouches that a function of this name is the one of PKCS#11 §5.4.
        let get_function_list =
            unsafe { function::<GetFunctionList>(&library, c"C_GetFunctionList") }
                .ok_or_else(|| LoadError::NotAModule { path: path.to_owned() })?;
        // SAFETY: as above, PKCS#11 3.0 §5.4.
        let get_interface = unsafe { function::<GetInterface>(&library, c"C_GetInterface") };
        // SAFETY: as above, PKCS#11 3.0 §5.4.
        let get_interface_list =
            unsafe { function::<GetInterfaceList>(&library, c"C_GetInterfaceList") };
        let entry_points = EntryPoints { get_function_list, get_interface, get_interface_list };
        Ok(Self { library, entry_points })
    }

    /// The module's entry points. They dangle once the library is dropped.
    #[must_use]
    pub fn entry_points(&self) -> EntryPoints {
        self.entry_points
    }

    /// The address of anything else that the library exports, such as a vendor's extension.
    ///
    /// The pointer dangles once the library is dropped.
    ///
    /// # Safety
    ///
    /// A lookup may run code of the library that chooses an implementation (GNU's indirect
    /// functions), which must be sound to run now.
    #[must_use]
    pub unsafe fn symbol(&self, name: &CStr) -> Option<NonNull<c_void>> {
        // SAFETY: any type of a pointer's size will do, since the symbol is not looked into.
        let symbol = unsafe { self.library.get::<*mut c_void>(name) }.ok()?;
        NonNull::new(symbol.as_raw_ptr())
    }

    /// Keeps the library mapped until the process ends, so that nothing taken from it dangles.
    pub fn leak(self) {
        // Not closing is all it takes: the loader counts.
        std::mem::forget(self.library);
    }
}

/// The exported function `name`, `None` where there is none.
///
/// # Safety
///
/// `F` is the type of that function, and a function pointer.
unsafe fn function<F: Copy>(library: &os::Library, name: &CStr) -> Option<F> {
    // SAFETY: by this function's contract; `Option` turns an address of zero into `None`.
    let symbol = unsafe { library.get::<Option<F>>(name) }.ok()?;
    *symbol
}

/// How the platform's loader is asked to open a file.
///
/// The default is `RTLD_NOW | RTLD_LOCAL` on Unix: what is missing shows now and not in the middle
/// of a call, and the module's symbols stay its own. On Windows it is the usual search for the
/// libraries that the module needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct OpenFlags {
    dlopen: Option<c_int>,
    altered_search_path: bool,
}

impl OpenFlags {
    /// The default flags.
    pub const fn new() -> Self {
        Self { dlopen: None, altered_search_path: false }
    }

    /// Unix: the flags for `dlopen`, instead of `RTLD_NOW | RTLD_LOCAL`. Windows: no effect.
    pub const fn dlopen(mut self, flags: c_int) -> Self {
        self.dlopen = Some(flags);
        self
    }

    /// Windows: search the libraries that the module needs in its own folder
    /// (`LOAD_WITH_ALTERED_SEARCH_PATH`), not in the program's. Elsewhere: no effect.
    pub const fn altered_search_path(mut self, yes: bool) -> Self {
        self.altered_search_path = yes;
        self
    }

    /// # Safety
    ///
    /// As for [`Library::open`].
    #[cfg(unix)]
    unsafe fn open(self, path: &Path) -> Result<os::Library, libloading::Error> {
        let flags = self.dlopen.unwrap_or(os::RTLD_NOW | os::RTLD_LOCAL);
        // SAFETY: by this function's contract.
        unsafe { os::Library::open(Some(path), flags) }
    }

    /// # Safety
    ///
    /// As for [`Library::open`].
    #[cfg(windows)]
    unsafe fn open(self, path: &Path) -> Result<os::Library, libloading::Error> {
        if !self.altered_search_path {
            // SAFETY: by this function's contract.
            return unsafe { os::Library::load_with_flags(path, 0) };
        }
        // With this flag a relative path is undefined behaviour, says LoadLibraryExW's page.
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        // SAFETY: by this function's contract, and the path is absolute.
        unsafe {
            os::Library::load_with_flags(absolute.as_path(), os::LOAD_WITH_ALTERED_SEARCH_PATH)
        }
    }
}

/// Why a file could not be opened as a PKCS#11 module.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There is no such file.
    #[error("{path:?} does not exist")]
    NotFound {
        /// The file as it was asked for.
        path: PathBuf,
    },
    /// The loader refuses the file: not a library, one of another architecture, one that lacks a
    /// library that it needs itself, or no permission.
    #[error("{path:?} cannot be loaded as a library")]
    NotALibrary {
        /// The file as it was asked for.
        path: PathBuf,
        /// The loader's own words.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The file is a library, but does not export `C_GetFunctionList`.
    #[error("{path:?} is a library, but no PKCS#11 module: it has no C_GetFunctionList")]
    NotAModule {
        /// The file as it was asked for.
        path: PathBuf,
    },
}

impl LoadError {
    fn new(path: &Path, error: libloading::Error) -> Self {
        // libloading's outer error only names the failed call; the reason is inside.
        let source: Box<dyn Error + Send + Sync> = match error {
            libloading::Error::DlOpen { source } => Box::new(source),
            libloading::Error::LoadLibraryExW { source } => Box::new(source),
            other => Box::new(other),
        };
        let path = path.to_owned();
        if is_missing(&path, &source.to_string()) {
            Self::NotFound { path }
        } else {
            Self::NotALibrary { path, source }
        }
    }

    /// The file as it was asked for.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::NotFound { path }
            | Self::NotALibrary { path, .. }
            | Self::NotAModule { path } => path,
        }
    }
}

/// Whether `path` itself is what the loader did not find.
fn is_missing(path: &Path, reason: &str) -> bool {
    let searched = path.parent().is_none_or(|folder| folder.as_os_str().is_empty());
    if !searched {
        return matches!(path.try_exists(), Ok(false));
    }
    // Only the loader knows where it searched. glibc and musl name the missing file; when that is
    // a library which ours needs, glibc names only the other one, and musl says who needs it.
    let name = path.to_string_lossy();
    reason.contains("No such file") && reason.contains(&*name) && !reason.contains("needed by")
}
