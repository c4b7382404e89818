//! `cargo xtask deny`: the rules of deny.toml for the crates that we depend on.

use anyhow::Result;

use crate::setup;
use crate::shell::Shell;

/// The series of cargo-deny whose configuration deny.toml is written for.
const VERSION: &str = "^0.20";

/// Checks them.
pub(crate) fn run() -> Result<()> {
    Shell::new(setup::tool("cargo-deny", VERSION)?)
        .args(["check", "--hide-inclusion-graph", "bans", "licenses", "sources"])
        .show()
}
