//! `cargo xtask miri`: the unsafe layer's tests under Miri, on the Rust-built
//! function list of `pkcs11-mock`; and the codec's, which has no unsafe code and uses crates
//! that have some.

use anyhow::Result;

use crate::nightly;

/// The tests that Miri runs.
const TESTS: &[&str] =
    &["-p", "pkcs11-codec", "-p", "pkcs11-mock", "-p", "pkcs11-core", "--lib", "--tests"];

/// Runs them.
pub(crate) fn run() -> Result<()> {
    // Miri builds the standard library itself, from its sources.
    nightly::ensure(&["miri", "rust-src"])?;
    nightly::cargo(["miri", "setup"])?.step("Build the standard library for Miri")?;
    nightly::cargo(["miri", "test"])?.args(TESTS).show()
}
