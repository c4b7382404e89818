//! The arrows between our crates: which may depend on which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Finding;
use crate::shell::Shell;

/// Each library, and which others it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("pkcs11-sys", &[]),
    ("pkcs11-codec", &[]),
    ("pkcs11-core", &["pkcs11-sys"]),
    ("pkcs11-mock", &["pkcs11-sys"]),
    ("pkcs11-defaults", &["pkcs11-core"]),
    ("pkcs11-embedded", &["pkcs11-core", "pkcs11-sys"]),
    ("pkcs11", &["pkcs11-codec", "pkcs11-core", "pkcs11-defaults"]),
];

/// What stands on top: these may depend on any library, and nothing on them.
const TOP: &[&str] = &["tests-softhsm", "xtask"];

/// What must build with Rust and a C linker alone never depends on this one.
const EMBEDDED: &str = "pkcs11-embedded";

/// Which of our crates a crate depends on.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// To be built, build scripts included.
    normal: BTreeSet<String>,
    /// To be tested.
    dev: BTreeSet<String>,
}

/// Our crates by name.
pub(super) type Crates = BTreeMap<String, Uses>;

/// Asks cargo.
pub(super) fn read(root: &Path) -> Result<Crates> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = root.join("Cargo.toml");
    let text = Shell::new(cargo)
        .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"])
        .args([manifest])
        .read()?;
    parse(&text).context("cargo metadata is not as expected")
}

fn parse(metadata: &str) -> Option<Crates> {
    let metadata: Value = serde_json::from_str(metadata).ok()?;
    let mut crates = Crates::new();
    for package in metadata.get("packages")?.as_array()? {
        let uses: &mut Uses = crates.entry(text(package, "name")?).or_default();
        for dependency in package.get("dependencies")?.as_array()? {
            // Ours, and only ours, are depended upon by path.
            if dependency.get("path").is_some_and(Value::is_string) {
                let name = text(dependency, "name")?;
                let dev = dependency.get("kind").and_then(Value::as_str) == Some("dev");
                if dev { &mut uses.dev } else { &mut uses.normal }.insert(name);
            }
        }
    }
    Some(crates)
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

/// Finds arrows that are not in the table.
pub(super) fn check(crates: &Crates) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, uses) in crates {
        let mut find = |message| {
            findings.push(Finding { path: "Cargo.toml".to_owned(), line: 0, message });
        };
        let allowed = ARROWS.iter().find(|(of, _)| of == name).map(|(_, to)| *to);
        if allowed.is_none() && !TOP.contains(&name.as_str()) {
            find(format!("{name} is not in the table of arrows (xtask/src/tidy/arrows.rs)"));
            continue;
        }
        for used in &uses.normal {
            let fits = match allowed {
                Some(allowed) => allowed.contains(&used.as_str()),
                None => !TOP.contains(&used.as_str()) && used != EMBEDDED,
            };
            if !fits {
                find(format!("{name} may not depend on {used}"));
            }
        }
        for used in &uses.dev {
            if TOP.contains(&used.as_str()) {
                find(format!("the tests of {name} may not depend on {used}"));
            } else if used != name && reaches(crates, used, name) {
                // Cargo permits it, and then there are two of `name`, whose types differ.
                find(format!("the tests of {name} depend on {used}, which depends on {name}"));
            }
        }
    }
    findings
}

/// Whether a crate is built with another, directly or not.
fn reaches(crates: &Crates, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(name) = waiting.pop() {
        if seen.insert(name) {
            let next = crates.get(name).into_iter().flat_map(|uses| &uses.normal);
            waiting.extend(next.map(String::as_str));
        }
    }
    seen.contains(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;

    /// A crate, what it uses, what its tests use.
    type Row<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);

    fn messages(crates: &[Row<'_>]) -> Vec<String> {
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let crates = crates
            .iter()
            .map(|(name, normal, dev)| {
                let uses = Uses { normal: set(normal), dev: set(dev) };
                ((*name).to_owned(), uses)
            })
            .collect();
        check(&crates).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn the_arrows_of_this_workspace_fit() {
        let crates = read(&paths::root()).unwrap();
        assert_eq!(check(&crates), []);
        for (name, _) in ARROWS {
            assert!(crates.contains_key(*name), "{name} is in the table only");
        }
    }

    #[test]
    fn wrong_arrows_are_found() {
        assert_eq!(
            messages(&[("pkcs11-codec", &["pkcs11-sys"], &[])]),
            ["pkcs11-codec may not depend on pkcs11-sys"]
        );
        assert_eq!(
            messages(&[("pkcs11-core", &["pkcs11-sys", "pkcs11-defaults"], &[])]),
            ["pkcs11-core may not depend on pkcs11-defaults"]
        );
        assert_eq!(
            messages(&[("xtask", &["pkcs11-embedded"], &[])]),
            ["xtask may not depend on pkcs11-embedded"]
        );
        assert_eq!(messages(&[("pkcs11-new", &[], &[])]).len(), 1);
    }

    #[test]
    fn tests_may_use_more_but_never_in_a_circle() {
        let core: Row<'_> = ("pkcs11-core", &["pkcs11-sys"], &["pkcs11-mock"]);
        let mock: Row<'_> = ("pkcs11-mock", &["pkcs11-sys"], &[]);
        assert_eq!(messages(&[core, mock]), [""; 0]);
        assert_eq!(
            messages(&[core, ("pkcs11-sys", &[], &["pkcs11-core"])]),
            ["the tests of pkcs11-sys depend on pkcs11-core, which depends on pkcs11-sys"]
        );
    }

    #[test]
    fn the_table_has_no_circle() {
        let crates: Crates = ARROWS
            .iter()
            .map(|(name, to)| {
                let uses = Uses {
                    normal: to.iter().map(|&name| name.to_owned()).collect(),
                    dev: BTreeSet::new(),
                };
                ((*name).to_owned(), uses)
            })
            .collect();
        for (name, to) in ARROWS {
            assert!(to.iter().all(|used| !reaches(&crates, used, name)), "{name}");
        }
    }
}
