//! `cargo xtask miri`: the unsafe layer's tests under Miri, on the Rust-built
//! function list of `pkcs11-mock`.

use anyhow::Result;

use crate::shell::{Shell, cargo_of};

/// The toolchain that has Miri.
const TOOLCHAIN: &str = "nightly";

/// The tests that Miri runs.
const TESTS: &[&str] = &["-p", "pkcs11-mock", "-p", "pkcs11-core", "--lib", "--tests"];

/// Runs them.
pub(crate) fn run() -> Result<()> {
    if !is_there() {
        Shell::new("rustup")
            .args(["toolchain", "install", TOOLCHAIN, "--profile", "minimal"])
            .args(["--component", "miri,rust-src"])
            .step("Install a nightly toolchain with Miri")?;
    }
    cargo_of(TOOLCHAIN, ["miri", "setup"])?.step("Build the standard library for Miri")?;
    cargo_of(TOOLCHAIN, ["miri", "test"])?.args(TESTS).show()
}

/// Miri builds the standard library itself, from its sources.
fn is_there() -> bool {
    let components = Shell::new("rustup")
        .args(["component", "list", "--installed", "--toolchain", TOOLCHAIN])
        .read()
        .unwrap_or_default();
    ["miri", "rust-src"].iter().all(|name| components.lines().any(|line| line.starts_with(name)))
}
