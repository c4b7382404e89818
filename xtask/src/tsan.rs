//! `cargo xtask tsan`: the tests of `pkcs11-core` that need no token under ThreadSanitizer, which
//! finds data races: threads, locks, logins, loading and finalizing, on the function list of
//! `pkcs11-mock`.

use anyhow::Result;

use crate::nightly;
use crate::paths;
use crate::shell::Shell;

/// The tests that it watches.
const TESTS: &[&str] = &["--package", "pkcs11-core", "--lib", "--test", "mock"];

/// Runs them. Nothing is suppressed.
pub(crate) fn run() -> Result<()> {
    // The standard library's own locks must be watched too, or they would be taken for none.
    nightly::ensure(&["rust-src"])?;
    let host = nightly::host()?;
    let test = |args: &[&str]| -> Result<Shell> {
        Ok(nightly::cargo(["test", "-Zbuild-std", "--target"])?
            .args([&host])
            .args(TESTS)
            .args(args)
            .envs(&nightly::flags("-Zsanitizer=thread"))
            // Every crate is built its own way here.
            .env("CARGO_TARGET_DIR", paths::target()?.join("tsan")))
    };
    test(&["--no-run"])?.step("Build the tests for ThreadSanitizer")?;
    test(&[])?.show()
}
