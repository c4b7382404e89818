//! Where things are: the checkout, the cache outside it, the system's modules.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    // `cargo run` names the manifest's folder of this checkout; the compile-time
    // value serves when the program is started by hand.
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_owned)
}

/// The folder for what outlives a checkout: built tokens and tools.
fn cache() -> Result<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()) {
        Some(dir) => PathBuf::from(dir),
        None => {
            env::home_dir().context("no home directory: set HOME or XDG_CACHE_HOME")?.join(".cache")
        }
    };
    Ok(base.join("pkcs11-rs"))
}

/// The target directory of every cargo that these commands start: the caller's,
/// else one in the cache, so that a fresh checkout does not build tokens anew.
pub(crate) fn target() -> Result<PathBuf> {
    match env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty()) {
        Some(dir) => Ok(std::path::absolute(dir)?),
        None => Ok(cache()?.join("target")),
    }
}

/// Where the tools are that these commands install for themselves.
pub(crate) fn tools() -> Result<PathBuf> {
    Ok(cache()?.join("tools"))
}

/// An executable of this name on `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|dir| dir.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

/// Where the distributions put SoftHSM's module, below a library folder.
const SOFTHSM: [&str; 3] = ["softhsm/libsofthsm2.so", "pkcs11/libsofthsm2.so", "libsofthsm2.so"];

/// Where they put that of NSS.
const NSS: [&str; 2] = ["libsoftokn3.so", "nss/libsoftokn3.so"];

/// SoftHSM's module: `SOFTHSM2_MODULE`, else where distributions put it.
pub(crate) fn softhsm() -> Option<PathBuf> {
    module("SOFTHSM2_MODULE", &SOFTHSM)
}

/// The module of NSS: `NSS_MODULE`, else where distributions put it.
pub(crate) fn nss() -> Option<PathBuf> {
    module("NSS_MODULE", &NSS)
}

fn module(variable: &str, places: &[&str]) -> Option<PathBuf> {
    if let Some(named) = env::var_os(variable).filter(|path| !path.is_empty()) {
        return Some(PathBuf::from(named));
    }
    library_dirs()
        .iter()
        .flat_map(|dir| places.iter().map(move |file| dir.join(file)))
        .find(|file| file.is_file())
}

/// The system's library folders, those of Debian's architectures included.
pub(crate) fn library_dirs() -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> =
        ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib"].map(PathBuf::from).into();
    dirs.extend(children("/usr/lib").into_iter().filter(|dir| name_of(dir).contains("-linux-")));
    dirs
}

/// The entries of a folder in the order of their names; none if it cannot be read.
pub(crate) fn children(dir: impl AsRef<Path>) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
}

/// The last part of a path, for matching.
pub(crate) fn name_of(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}
