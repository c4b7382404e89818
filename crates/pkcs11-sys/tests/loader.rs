//! The loader on files that are a module, a library but no module, no library, and not there.
#![cfg(feature = "loader")]
#![allow(unsafe_code, reason = "opening a library is unsafe")]
#![allow(clippy::unwrap_used, reason = "a test whose set-up does not work has failed")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pkcs11_sys::CKR_FUNCTION_FAILED;
use pkcs11_sys::loader::{Library, LoadError, OpenFlags};

fn open(path: &Path) -> Result<Library, LoadError> {
    // SAFETY: the tests open only what they made.
    unsafe { Library::open(path, OpenFlags::new()) }
}

/// Compiles `source` to a library in the folder that cargo gives to tests.
fn library(name: &str, source: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("{name}{}", env::consts::DLL_SUFFIX));
    let source_path = folder.join(format!("{name}.rs"));
    fs::write(&source_path, source).unwrap();
    let status = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition", "2024", "--crate-type", "cdylib", "-A", "non_snake_case", "-o"])
        .arg(&path)
        .arg(&source_path)
        .status()
        .unwrap();
    assert!(status.success());
    path
}

#[test]
fn opens_a_module() {
    let library = open(&library("module", include_str!("loader/module.rs"))).unwrap();
    let entry = library.entry_points();
    assert!(entry.get_interface.is_none());
    assert!(entry.get_interface_list.is_none());

    // SAFETY: the module writes nothing.
    let rv = unsafe { (entry.get_function_list)(std::ptr::null_mut()) };
    assert_eq!(rv, CKR_FUNCTION_FAILED);

    // SAFETY: the module has no indirect functions.
    let function = unsafe { library.symbol(c"C_GetFunctionList") };
    assert!(function.is_some());
    // SAFETY: as above.
    let missing = unsafe { library.symbol(c"C_NoSuchFunction") };
    assert!(missing.is_none());

    library.leak();
    // SAFETY: a leaked library stays mapped.
    let rv = unsafe { (entry.get_function_list)(std::ptr::null_mut()) };
    assert_eq!(rv, CKR_FUNCTION_FAILED);
}

#[test]
fn a_library_without_the_function_is_no_module() {
    let path = library("empty", "");
    assert!(matches!(open(&path), Err(LoadError::NotAModule { path: named }) if named == path));
}

#[test]
fn a_text_is_no_library() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let error = open(&path).unwrap_err();
    assert!(matches!(error, LoadError::NotALibrary { .. }), "{error:?}");
    assert_eq!(error.path(), path);
    // The loader's own words are the error's source.
    assert!(!std::error::Error::source(&error).unwrap().to_string().is_empty());
}

#[test]
fn what_is_not_there_is_not_found() {
    for path in ["/nowhere/module.so", "nowhere/module.so", ""] {
        let error = open(Path::new(path)).unwrap_err();
        assert!(matches!(error, LoadError::NotFound { .. }), "{path}: {error:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_the_search_path_lacks_is_not_found() {
    let error = open(Path::new("libno-such-module.so")).unwrap_err();
    assert!(matches!(error, LoadError::NotFound { .. }), "{error:?}");
}
