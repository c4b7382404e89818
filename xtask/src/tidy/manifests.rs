//! What every crate's manifest takes from the workspace's.

use toml::{Table, Value};

use super::{File, Finding};

/// Keys of `[package]` that each crate inherits.
const INHERITED: &[&str] = &["version", "edition", "rust-version", "license", "publish"];

/// Finds crates with lints, versions or licences of their own.
pub(super) fn check(file: &File) -> Vec<Finding> {
    let manifest: Table = match file.text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![file.finding(0, format!("not TOML: {error}"))],
    };
    // What is a workspace of its own has nothing to inherit from.
    let apart = manifest.contains_key("workspace");
    let Some(package) = manifest.get("package").filter(|_| !apart) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if !manifest.get("lints").is_some_and(inherits) {
        findings.push(file.finding(0, "no `[lints] workspace = true`"));
    }
    for key in INHERITED {
        if !package.get(key).is_some_and(inherits) {
            findings.push(file.finding(0, format!("no `{key}.workspace = true`")));
        }
    }
    findings
}

fn inherits(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    const GOOD: &str = "[package]\nname = \"x\"\nversion.workspace = true\n\
        edition = { workspace = true }\nrust-version.workspace = true\n\
        license.workspace = true\npublish.workspace = true\n[lints]\nworkspace = true\n";

    fn messages(text: &str) -> Vec<String> {
        let findings = check(&file("crates/x/Cargo.toml", text));
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_crate_inherits() {
        assert_eq!(messages(GOOD), [""; 0]);
        assert_eq!(messages("[workspace]\nmembers = []\n"), [""; 0]);
        assert_eq!(messages("[workspace]\n[package]\nname = \"x\"\n"), [""; 0]);
    }

    #[test]
    fn what_is_not_inherited_is_found() {
        let own = GOOD.replace("license.workspace = true", "license = \"MIT\"");
        assert_eq!(messages(&own), ["no `license.workspace = true`"]);
        let own =
            GOOD.replace("[lints]\nworkspace = true", "[lints.rust]\nunsafe_code = \"allow\"");
        assert_eq!(messages(&own), ["no `[lints] workspace = true`"]);
    }
}
