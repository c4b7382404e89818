//! What cargo says that it built.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell::cargo;

/// Makes cargo name what it builds, on standard output; its warnings and errors
/// stay on standard error.
const MESSAGES: &str = "--message-format=json-render-diagnostics";

/// Programs by name.
pub(crate) type Programs = BTreeMap<String, PathBuf>;

/// Builds the embedded token as a module, and returns its path.
pub(crate) fn build_embedded() -> Result<PathBuf> {
    build_module("pkcs11-embedded", "Build the embedded token (minutes the first time)")
}

/// Builds the module that stands before another and notes what it answers.
pub(crate) fn build_spy() -> Result<PathBuf> {
    build_module("pkcs11-mock", "Build the module that notes what another answers")
}

/// The module that `PKCS11_EMBEDDED_MODULE` names, if it does: then none is built.
pub(crate) fn named_embedded() -> Option<PathBuf> {
    std::env::var_os("PKCS11_EMBEDDED_MODULE").filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn build_module(package: &str, title: &str) -> Result<PathBuf> {
    let package_option = format!("--package={package}");
    let options = ["--lib", "--features=module", "--crate-type=cdylib", MESSAGES];
    let lines = cargo(["rustc", &package_option])?.args(options).step(title)?;
    lines
        .iter()
        .rev()
        .find_map(|line| library(line, &package.replace('-', "_")))
        .with_context(|| format!("cargo named no library among what it built of {package}"))
}

/// Builds the example programs of the facade.
pub(crate) fn build_examples() -> Result<Programs> {
    let lines = cargo(["build", "--package=pkcs11", "--examples", MESSAGES])?
        .step("Build the example programs")?;
    Ok(lines.iter().filter_map(|line| program(line)).collect())
}

/// The path of a library in one of cargo's messages, if it is about that one.
fn library(message: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    if message.get("target")?.get("name")?.as_str()? != name {
        return None;
    }
    message
        .get("filenames")?
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .find(|file| file.ends_with(std::env::consts::DLL_SUFFIX))
        .map(PathBuf::from)
}

/// The name and the path of a program in one of cargo's messages.
fn program(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = message.get("executable")?.as_str()?;
    let name = message.get("target")?.get("name")?.as_str()?;
    Some((name.to_owned(), PathBuf::from(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_found_in_cargos_messages() {
        let suffix = std::env::consts::DLL_SUFFIX;
        let message = format!(
            r#"{{"target":{{"name":"a"}},"filenames":["/t/a.rlib","/t/a{suffix}"],"executable":null}}"#
        );
        assert_eq!(library(&message, "a"), Some(PathBuf::from(format!("/t/a{suffix}"))));
        assert_eq!(library(&message, "b"), None);
        assert_eq!(program(&message), None);
    }

    #[test]
    fn programs_are_found_in_cargos_messages() {
        let message = r#"{"target":{"name":"aes"},"filenames":["/t/aes"],"executable":"/t/aes"}"#;
        let found = program(message).unwrap();
        assert_eq!(found, ("aes".to_owned(), PathBuf::from("/t/aes")));
        assert_eq!(program("not JSON"), None);
        assert_eq!(program(r#"{"reason":"build-finished"}"#), None);
    }
}
