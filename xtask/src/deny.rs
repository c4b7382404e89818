//! `cargo xtask deny`: the rules of deny.toml for the crates that we depend on.

use std::path::PathBuf;

use anyhow::Result;

use crate::paths::{find_program, tools};
use crate::shell::{Shell, cargo};

/// The series of cargo-deny whose configuration deny.toml is written for.
const VERSION: &str = "^0.20";

/// Checks them.
pub(crate) fn run() -> Result<()> {
    Shell::new(find_or_install()?)
        .args(["check", "--hide-inclusion-graph", "bans", "licenses", "sources"])
        .show()
}

fn find_or_install() -> Result<PathBuf> {
    if let Some(program) = find_program("cargo-deny") {
        return Ok(program);
    }
    let tools = tools()?;
    let program = tools.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        cargo(["install", "--locked", "cargo-deny", "--version", VERSION])?
            .args([std::ffi::OsStr::new("--root"), tools.as_os_str()])
            .step("Install cargo-deny (minutes, once)")?;
    }
    Ok(program)
}
