//! `cargo xtask tidy`: what docs/ARCHITECTURE.md promises about the tree, checked.

mod arrows;
mod files;
mod manifests;
mod named_tests;
mod unsafety;

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::paths::{self, children, name_of};
use crate::{bindings, setup};

/// Folders that hold nothing of ours.
const FOREIGN: &[&str] = &[".git", "target", "book", "node_modules"];

/// Something that breaks a promise.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    /// From 1; 0 for the file as a whole.
    line: usize,
    message: String,
}

/// A text file of the tree; its path is relative to the root, with `/`.
#[derive(Debug)]
struct File {
    path: String,
    text: String,
}

/// Runs all checks and prints what they find.
pub(crate) fn run() -> Result<()> {
    let root = paths::root();
    let tree = read_tree(&root)?;
    let mut findings = check(&tree);
    findings.extend(named_tests::check(&tree));
    findings.extend(arrows::check(&arrows::read(&root)?));
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings; the rules are in docs/ARCHITECTURE.md", findings.len());
    }
    if setup::finds_libclang() {
        bindings::run(true)?;
    } else {
        println!("no libclang here: generated files are left to `cargo xtask bindings --check`");
    }
    println!("{} files, no findings", tree.len());
    Ok(())
}

/// The checks that need only the text of the files.
fn check(tree: &[File]) -> Vec<Finding> {
    tree.iter()
        .flat_map(|file| {
            let mut findings = files::check(file);
            if file.path.ends_with(".rs") {
                findings.extend(unsafety::check(file));
            }
            if file.path.ends_with("Cargo.toml") {
                findings.extend(manifests::check(file));
            }
            findings
        })
        .collect()
}

/// Every text file below the root that is ours.
fn read_tree(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in children(&folder) {
            if path.is_symlink() || FOREIGN.contains(&&*name_of(&path)) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            // What is not text (a DER fixture) has no lines to check.
            if let Ok(text) = String::from_utf8(bytes) {
                let relative = path.strip_prefix(root)?;
                let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
                files.push(File { path: parts.join("/"), text });
            }
        }
    }
    Ok(files)
}

impl File {
    fn finding(&self, line: usize, message: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, message: message.into() }
    }

    /// The lines with their numbers.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

#[cfg(test)]
fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A copy of the crates' sources, to break without harm.
    fn copy_of_crates() -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        for file in read_tree(&paths::root().join("crates")).unwrap() {
            let path = copy.path().join("crates").join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file.text).unwrap();
        }
        copy
    }

    fn unsafe_findings(root: &Path) -> Vec<String> {
        let tree = read_tree(root).unwrap();
        let rust = tree.iter().filter(|file| file.path.ends_with(".rs"));
        rust.flat_map(unsafety::check).map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn unsafe_in_the_facade_is_found() {
        let copy = copy_of_crates();
        assert_eq!(unsafe_findings(copy.path()), [""; 0]);

        let facade = copy.path().join("crates/pkcs11/src/lib.rs");
        let mut text = std::fs::read_to_string(&facade).unwrap();
        let line = text.lines().count() + 2;
        text.push_str("\nfn peek(p: *const u8) -> u8 { unsafe { *p } }\n");
        std::fs::write(&facade, text).unwrap();

        let findings = unsafe_findings(copy.path());
        assert_eq!(findings.len(), 1, "{findings:?}");
        let at = format!("crates/pkcs11/src/lib.rs:{line}: ");
        assert!(findings[0].starts_with(&at), "{findings:?}");
    }

    #[test]
    fn files_that_are_not_ours_are_not_read() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("target/debug")).unwrap();
        std::fs::write(root.path().join("target/debug/x.rs"), "unsafe").unwrap();
        std::fs::create_dir(root.path().join("src")).unwrap();
        std::fs::write(root.path().join("src/a.rs"), "").unwrap();
        std::fs::write(root.path().join("src/key.der"), [0x30, 0x80, 0xff]).unwrap();
        let tree = read_tree(root.path()).unwrap();
        assert_eq!(tree.len(), 1);
        assert_eq!(tree[0].path, "src/a.rs");
    }
}
