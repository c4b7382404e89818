//! `cargo xtask defaults`: makes docs/defaults.md from the tables and from what tokens do with
//! them; with `--check` only compares.

use std::path::Path;

use anyhow::{Result, bail};

use crate::generated::deliver;
use crate::shell::{Env, cargo};
use crate::{artifacts, paths, setup, token};

const PAGE: &str = "docs/defaults.md";

/// Writes the page, or with `check` compares it with what is committed.
pub(crate) fn run(check: bool) -> Result<()> {
    setup::ensure(setup::TESTS)?;
    let env: Env = vec![
        ("SOFTHSM2_MODULE".to_owned(), token::softhsm_module()?.into()),
        ("PKCS11_EMBEDDED_MODULE".to_owned(), artifacts::build_embedded()?.into()),
    ];
    let run = ["run", "--quiet", "--package", "tests-softhsm", "--bin", "defaults-page"];
    let page = cargo(run)?.envs(&env).read()?;
    let mut stale = Vec::new();
    deliver(&paths::root(), Path::new(PAGE), &page, check, &mut stale)?;
    if !stale.is_empty() {
        bail!("{PAGE} is out of date; run `cargo xtask defaults` and commit the result");
    }
    Ok(())
}
