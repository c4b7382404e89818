//! How a module is loaded and initialised.

use std::ffi::{CString, c_int};
use std::fmt;
#[cfg(feature = "loader")]
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{Module, registry};
use crate::defaults::{Defaults, NoDefaults};
#[cfg(feature = "loader")]
use crate::raw::Entry;
use crate::raw::InitializeArgs;
use crate::{Error, Result};

/// How a module is loaded and initialised, in the manner of [`std::fs::OpenOptions`].
///
/// ```no_run
/// use pkcs11_core::LoadOptions;
///
/// let module = LoadOptions::new()
///     .reserved("configdir='sql:/etc/pki/nssdb' certPrefix='' keyPrefix='' secmod='secmod.db'")?
///     .load("/usr/lib/x86_64-linux-gnu/libsoftokn3.so")?;
/// # Ok::<(), pkcs11_core::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "options do nothing until a module is loaded"]
pub struct LoadOptions {
    reserved: Option<CString>,
    strict: bool,
    host_locks: bool,
    no_threads: bool,
    keep_initialized: bool,
    unload: bool,
    dlopen_flags: Option<c_int>,
    altered_search_path: bool,
    close_timeout: Duration,
    defaults: Arc<dyn Defaults>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl LoadOptions {
    /// The usual: join what the process has initialised, finalize what we have, never unload.
    pub fn new() -> Self {
        Self {
            reserved: None,
            strict: false,
            host_locks: false,
            no_threads: false,
            keep_initialized: false,
            unload: false,
            dlopen_flags: None,
            altered_search_path: false,
            close_timeout: Duration::from_secs(30),
            defaults: Arc::new(NoDefaults),
        }
    }

    /// A string for the module's own use (`pReserved` of `CK_C_INITIALIZE_ARGS`): NSS wants its
    /// database there, kryoptic its configuration.
    ///
    /// # Errors
    ///
    /// If the text has a NUL in it.
    pub fn reserved(mut self, text: impl Into<Vec<u8>>) -> Result<Self> {
        let text = CString::new(text);
        self.reserved = Some(text.map_err(|_| Error::invalid("the reserved string has a NUL"))?);
        Ok(self)
    }

    /// Refuse a module that something else in this process has initialised, instead of joining.
    ///
    /// A joined module is never finalized by us, and is called by one thread at a time, since
    /// nobody told us that it was initialised for more.
    pub fn strict(mut self, yes: bool) -> Self {
        self.strict = yes;
        self
    }

    /// Something else in this process initialises the module with locking: once joined, it may
    /// be called by several threads at a time.
    pub fn host_locks(mut self, yes: bool) -> Self {
        self.host_locks = yes;
        self
    }

    /// The module must not create threads (`CKF_LIBRARY_CANT_CREATE_OS_THREADS`).
    pub fn no_threads(mut self, yes: bool) -> Self {
        self.no_threads = yes;
        self
    }

    /// Do not finalize the module when the last handle goes.
    pub fn keep_initialized(mut self, yes: bool) -> Self {
        self.keep_initialized = yes;
        self
    }

    /// Unmap the module's file when the last handle goes. Modules that leave threads, exit
    /// handlers or thread-local destructors behind crash then, so it is not done unless asked.
    pub fn unload(mut self, yes: bool) -> Self {
        self.unload = yes;
        self
    }

    /// Flags for `dlopen` in place of `RTLD_NOW | RTLD_LOCAL`; Unix only.
    pub fn dlopen_flags(mut self, flags: c_int) -> Self {
        self.dlopen_flags = Some(flags);
        self
    }

    /// Look for the module's own libraries beside it (`LOAD_WITH_ALTERED_SEARCH_PATH`); Windows only.
    pub fn altered_search_path(mut self, yes: bool) -> Self {
        self.altered_search_path = yes;
        self
    }

    /// How long finalizing waits for calls and operations in flight; 30 seconds unless set.
    pub fn close_timeout(mut self, limit: Duration) -> Self {
        self.close_timeout = limit;
        self
    }

    /// Who chooses mechanisms and templates where the caller names none.
    pub fn defaults(mut self, defaults: impl Defaults) -> Self {
        self.defaults = Arc::new(defaults);
        self
    }

    /// Loads and initialises the module in this file. Wraps `C_Initialize` (PKCS#11 §5.4.1), after
    /// `C_GetInterface` or, where that gives none, `C_GetFunctionList` (PKCS#11 §5.4.6, §5.4.4).
    ///
    /// The file's code runs in this process with all its rights: load what you trust.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Load`](crate::ErrorKind::Load) if the file is missing, is no library or is no
    /// module, [`ErrorKind::OtherOptions`](crate::ErrorKind::OtherOptions) if the module is
    /// loaded with others,
    /// [`ErrorKind::WantsReservedString`](crate::ErrorKind::WantsReservedString) if it does not
    /// initialise without one, or what `C_Initialize` answers.
    #[cfg(feature = "loader")]
    pub fn load(self, path: impl AsRef<Path>) -> Result<Module> {
        let mut flags =
            pkcs11_sys::loader::OpenFlags::new().altered_search_path(self.altered_search_path);
        if let Some(dlopen) = self.dlopen_flags {
            flags = flags.dlopen(dlopen);
        }
        let entry = Entry::open(path.as_ref(), flags)
            .map_err(|error| Error::from(crate::ErrorKind::from(error)))?;
        registry::load(entry, self)
    }

    pub(crate) fn enter(self, entry: crate::raw::Entry) -> Result<Module> {
        registry::load(entry, self)
    }

    pub(super) fn policy(&self) -> &dyn Defaults {
        &*self.defaults
    }

    pub(super) fn finalizes(&self) -> bool {
        !self.keep_initialized
    }

    pub(super) fn unloads(&self) -> bool {
        self.unload
    }

    pub(super) fn joins(&self) -> bool {
        !self.strict
    }

    pub(super) fn joins_locked(&self) -> bool {
        self.host_locks
    }

    pub(super) fn limit(&self) -> Duration {
        self.close_timeout
    }

    pub(super) fn initialize_args(&self, os_locking: bool) -> InitializeArgs<'_> {
        InitializeArgs { os_locking, no_threads: self.no_threads, reserved: self.reserved.as_ref() }
    }

    pub(super) fn has_reserved(&self) -> bool {
        self.reserved.is_some()
    }

    /// Whether `C_Initialize` is told the same by both.
    pub(super) fn initialize_alike(&self, other: &Self) -> bool {
        self.reserved == other.reserved && self.no_threads == other.no_threads
    }

    /// Whether a module loaded with these may serve one who asks for `other`. Defaults are
    /// compared by what they print, which is what two separate values can show.
    pub(super) fn agree(&self, other: &Self) -> bool {
        let same_policy = Arc::ptr_eq(&self.defaults, &other.defaults)
            || format!("{:?}", self.defaults) == format!("{:?}", other.defaults);
        self.initialize_alike(other)
            && self.keep_initialized == other.keep_initialized
            && same_policy
    }
}

impl fmt::Debug for LoadOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadOptions")
            // It may name a database's password.
            .field("reserved", &self.reserved.as_ref().map(|_| "***"))
            .field("strict", &self.strict)
            .field("host_locks", &self.host_locks)
            .field("no_threads", &self.no_threads)
            .field("keep_initialized", &self.keep_initialized)
            .field("unload", &self.unload)
            .field("defaults", &self.defaults)
            .finish_non_exhaustive()
    }
}
