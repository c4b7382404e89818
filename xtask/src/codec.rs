//! `cargo xtask codec`: what `pkcs11-codec` promises to those who use it alone.

use std::fs;

use anyhow::{Result, ensure};

use crate::nightly;
use crate::paths;
use crate::shell::{Shell, cargo};

/// A target that has no standard library.
const BARE: &str = "thumbv7em-none-eabihf";

/// The program outside of the workspace, and what it is given.
const EXAMPLE: &str = "examples/codec-alone";
const INPUTS: &str = "crates/pkcs11-codec/tests/fixtures";
const FILES: [&str; 4] = [
    "rivals/certificate.der",
    "rivals/rsa_pkcs8.der",
    "rivals/ec_spki.der",
    "private_keys/ed25519.pem",
];

const PACKAGE: [&str; 3] = ["--package", "pkcs11-codec", "--lib"];

/// Checks all of it.
pub(crate) fn run() -> Result<()> {
    alone()?;
    without_std()?;
    rasn_is_private()?;
    example()
}

/// Whether no crate of ours is built with it, and none that calls C, whatever the features and the
/// target.
fn alone() -> Result<()> {
    let tree = cargo(["tree", "--package", "pkcs11-codec", "--all-features", "--target=all"])?
        .args(["--edges=normal,build,no-proc-macro", "--prefix=none", "--format={p}"])
        .read()?;
    let others = strangers(&tree);
    ensure!(others.is_empty(), "pkcs11-codec depends on {}", others.join(", "));
    println!("pkcs11-codec has none of our crates below it, and none that calls C");
    Ok(())
}

/// The lines of cargo's tree that name something that does not belong there.
fn strangers(tree: &str) -> Vec<&str> {
    let foreign = |line: &&str| {
        let name = line.split(' ').next().unwrap_or_default();
        // What is not of the registry, ours first of all, has a place in parentheses.
        line.contains('/') || name == "libloading" || name.ends_with("-sys")
    };
    // The first is the crate itself.
    tree.lines().skip(1).filter(foreign).collect()
}

/// Whether it builds where there is no standard library.
fn without_std() -> Result<()> {
    Shell::new("rustup").args(["target", "add", BARE]).read()?;
    for features in [&[][..], &["--all-features"]] {
        let check = cargo(["check", "--quiet", "--target", BARE])?.args(PACKAGE).args(features);
        let title = ["Check pkcs11-codec for", BARE].into_iter().chain(features.iter().copied());
        check.step(&title.collect::<Vec<_>>().join(" "))?;
    }
    Ok(())
}

/// Whether the encoder is an implementation detail: the compiler, told that all dependencies are
/// private, names those that the public interface shows.
fn rasn_is_private() -> Result<()> {
    nightly::ensure(&["rustc"])?;
    let warnings = nightly::cargo(["check", "-Zpublic-dependency", "--all-features"])?
        .args(PACKAGE)
        .args(["--message-format=short"])
        .env("CARGO_TARGET_DIR", paths::target()?.join("private"))
        .step_err("Look for dependencies in the interface of pkcs11-codec")?;
    let shown: Vec<_> = warnings.iter().filter(|line| names(line, "rasn")).cloned().collect();
    ensure!(shown.is_empty(), "the interface shows rasn:\n{}", shown.join("\n"));
    // It is meant to be seen: a check that names nothing has looked at nothing.
    ensure!(warnings.iter().any(|line| names(line, "zeroize")), "the compiler names nothing");
    println!("pkcs11-codec's interface shows nothing of rasn");
    Ok(())
}

/// Runs the program that uses the codec and nothing else of ours.
fn example() -> Result<()> {
    let (folder, inputs) = (paths::root().join(EXAMPLE), paths::root().join(INPUTS));
    let lines = cargo(["run", "--quiet", "--manifest-path"])?
        .args([folder.join("Cargo.toml").as_os_str(), "--".as_ref()])
        .args(FILES.map(|file| inputs.join(file)))
        .step(&format!("Run {EXAMPLE}"))?;
    let expected = fs::read_to_string(folder.join("expected.txt"))?;
    ensure!(lines.iter().eq(expected.lines()), "{EXAMPLE} prints\n{}", lines.join("\n"));
    Ok(())
}

fn names(line: &str, dependency: &str) -> bool {
    line.contains(&format!("from private dependency '{dependency}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_named() {
        let tree = "pkcs11-codec v0.1.0 (/a/b)\nrasn v0.30.0\nrasn v0.30.0 (*)\n\
            pkcs11-core v0.1.0 (/a/c)\nlibloading v0.9.0\nopenssl-sys v0.9.1\n";
        let core = "pkcs11-core v0.1.0 (/a/c)";
        assert_eq!(strangers(tree), [core, "libloading v0.9.0", "openssl-sys v0.9.1"]);
    }

    #[test]
    fn private_dependencies_are_read_from_warnings() {
        let line =
            "a.rs:1:2: warning: trait `Encode` from private dependency 'rasn' in public interface";
        assert!(names(line, "rasn"));
        assert!(!names(line, "zeroize"));
    }
}
