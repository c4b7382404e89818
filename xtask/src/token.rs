//! Tokens for the demo and the tests: the embedded one as a module, and SoftHSM.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::paths;
use crate::shell::{Env, Shell};

/// The label of the tokens made here.
const LABEL: &str = "DEMO";
/// Their user's PIN.
const PIN: &str = "12345678";
/// Their security officer's PIN.
const SO_PIN: &str = "87654321";

/// A token to run programs on: what they are told in their environment.
#[derive(Debug)]
pub(crate) struct Token {
    env: Env,
    /// Deleted with the token.
    _dir: Option<TempDir>,
}

impl Token {
    /// One that exists already.
    pub(crate) fn existing(module: &Path, label: &str, pin: &str) -> Self {
        Self { env: environment(module, label, pin), _dir: None }
    }

    /// A new embedded token, kept in a file so that programs can share it.
    pub(crate) fn embedded(module: &Path, init: &Path) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let file = dir.path().join("kryoptic.conf");
        std::fs::write(&file, kryoptic_conf(&dir.path().join("token.sql")))?;
        Self::create(module, init, dir, ("KRYOPTIC_CONF", file))
    }

    /// A new token of SoftHSM.
    pub(crate) fn softhsm(module: &Path, init: &Path) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let tokens = dir.path().join("tokens");
        std::fs::create_dir(&tokens)?;
        let file = dir.path().join("softhsm2.conf");
        std::fs::write(&file, softhsm_conf(&tokens))?;
        Self::create(module, init, dir, ("SOFTHSM2_CONF", file))
    }

    /// What a program needs in its environment to use the token.
    pub(crate) fn env(&self) -> &Env {
        &self.env
    }

    /// Initialises it with a program of the library, `init`.
    fn create(module: &Path, init: &Path, dir: TempDir, conf: (&str, PathBuf)) -> Result<Self> {
        let mut env = environment(module, LABEL, PIN);
        env.push((conf.0.to_owned(), conf.1.into()));
        Shell::new(init).envs(&env).env("PKCS11_SO_PIN", SO_PIN).step("Initialise a token")?;
        Ok(Self { env, _dir: Some(dir) })
    }
}

fn environment(module: &Path, label: &str, pin: &str) -> Env {
    [
        ("PKCS11_MODULE", OsString::from(module)),
        ("PKCS11_TOKEN", label.into()),
        ("PKCS11_PIN", pin.into()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn kryoptic_conf(database: &Path) -> String {
    let mut slot = toml::Table::new();
    slot.insert("slot".into(), 0.into());
    slot.insert("dbtype".into(), "sqlite".into());
    slot.insert("dbargs".into(), database.to_string_lossy().as_ref().into());
    let mut conf = toml::Table::new();
    conf.insert("slots".into(), vec![toml::Value::from(slot)].into());
    conf.to_string()
}

fn softhsm_conf(tokens: &Path) -> String {
    format!(
        "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
        tokens.display()
    )
}

/// SoftHSM's module, which the set-up has seen to.
pub(crate) fn softhsm_module() -> Result<PathBuf> {
    paths::softhsm().context("SoftHSM is not installed, or SOFTHSM2_MODULE does not name it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_is_toml() {
        let text = kryoptic_conf(Path::new("/t/\"odd\" name/token.sql"));
        let conf: toml::Table = text.parse().unwrap();
        let slot = &conf["slots"][0];
        assert_eq!(slot["dbargs"].as_str(), Some("/t/\"odd\" name/token.sql"));
        assert_eq!(slot["slot"].as_integer(), Some(0));
    }
}
