#![doc = include_str!("../README.md")]

mod export;
mod import;
pub mod prelude;
mod signature;

#[cfg(feature = "loader")]
use std::path::Path;

pub use export::{ExportCertificate, ExportPrivateKey, ExportPublicKey};
pub use import::{Import, ImportObject, ImportPair, ImportSource, PairSource};
pub use pkcs11_codec as codec;
pub use pkcs11_core::*;
pub use pkcs11_defaults as defaults;
pub use pkcs11_defaults::StandardDefaults;
pub use signature::{SignDer, SignatureScheme, VerifyDer};

/// Loads and initialises the PKCS#11 module in this file, with the standard defaults. Wraps
/// `C_Initialize`.
///
/// The file's code runs in this process with all its rights: load what you trust.
///
/// ```no_run
/// let module = pkcs11::load("/usr/lib/softhsm/libsofthsm2.so")?;
/// for token in module.tokens()? {
///     println!("{}", token.info()?.label);
/// }
/// # Ok::<(), pkcs11::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::Load`] if the file is missing, is no library or is no module; else what
/// `C_Initialize` answers. [`options`] has other ways of loading.
#[cfg(feature = "loader")]
pub fn load(path: impl AsRef<Path>) -> Result<Module> {
    options().load(path)
}

/// Options for loading a module, with the standard defaults.
///
/// ```no_run
/// let module = pkcs11::options().strict(true).load("/usr/lib/softhsm/libsofthsm2.so")?;
/// # Ok::<(), pkcs11::Error>(())
/// ```
pub fn options() -> LoadOptions {
    LoadOptions::new().defaults(StandardDefaults::new())
}
