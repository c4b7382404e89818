//! The nightly toolchain: some checks are there alone.

use std::ffi::OsStr;

use anyhow::{Context, Result};

use crate::shell::{self, Env, Shell, cargo_of};

const TOOLCHAIN: &str = "nightly";

/// Installs it where it or one of these components is missing.
pub(crate) fn ensure(components: &[&str]) -> Result<()> {
    if has(components) {
        return Ok(());
    }
    Shell::new("rustup")
        .args(["toolchain", "install", TOOLCHAIN, "--profile", "minimal"])
        .args(["--component", &components.join(",")])
        .step(&format!("Install a nightly toolchain with {}", components.join(" and ")))?;
    Ok(())
}

/// Its cargo.
pub(crate) fn cargo<const N: usize>(args: [&str; N]) -> Result<Shell> {
    cargo_of(TOOLCHAIN, args)
}

/// A program, to whom `cargo` is its cargo.
pub(crate) fn run(program: impl AsRef<OsStr>) -> Result<Shell> {
    let shell = shell::cargo_at("rustup", ["run", TOOLCHAIN])?;
    Ok(shell.args([program]).without("RUSTUP_TOOLCHAIN"))
}

/// The target that it builds for by itself.
pub(crate) fn host() -> Result<String> {
    let text = Shell::new("rustup").args(["run", TOOLCHAIN, "rustc", "-vV"]).read()?;
    host_in(&text).map(str::to_owned).context("rustc -vV names no host")
}

/// The compiler's flags of the environment, and these.
pub(crate) fn flags(more: &str) -> Env {
    let mut flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    flags.push(' ');
    flags.push_str(more);
    vec![("RUSTFLAGS".to_owned(), flags.trim().into())]
}

fn has(components: &[&str]) -> bool {
    let installed = Shell::new("rustup")
        .args(["component", "list", "--installed", "--toolchain", TOOLCHAIN])
        .read()
        .unwrap_or_default();
    components.iter().all(|name| installed.lines().any(|line| line.starts_with(name)))
}

fn host_in(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.strip_prefix("host: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_read() {
        let text = "rustc 1.97.0-nightly\nbinary: rustc\nhost: aarch64-apple-darwin\nrelease: 1\n";
        assert_eq!(host_in(text), Some("aarch64-apple-darwin"));
        assert_eq!(host_in("rustc 1.97.0-nightly\n"), None);
    }
}
