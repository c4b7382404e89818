//! `cargo xtask docs`: the documentation of the workspace, without warnings.

use anyhow::Result;

use crate::paths;
use crate::setup;
use crate::shell::cargo;

/// Builds it.
pub(crate) fn run() -> Result<()> {
    // The embedded token is built before it is documented.
    setup::ensure(setup::TOKENS)?;
    cargo(["doc", "--no-deps", "--workspace"])?
        .env("RUSTDOCFLAGS", "-D warnings")
        .step("Build the documentation")?;
    println!("{}", paths::target()?.join("doc/pkcs11/index.html").display());
    Ok(())
}
