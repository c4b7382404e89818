//! Which modules answered `CKR_OK` to a C function: the tests are run with every call noted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::shell::{Env, cargo};
use crate::{artifacts, paths, setup, token};

/// Who answered, in the page's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answerer {
    SoftHsm,
    Embedded,
    Nss,
    /// The function list in Rust.
    Mock,
}

/// By C function, who answered.
pub(super) type Answers = BTreeMap<String, BTreeSet<Answerer>>;

/// The tokens: who, the name of its notes, and what tells the tests where its module is.
const TOKENS: [(Answerer, &str, &str); 3] = [
    (Answerer::SoftHsm, "softhsm", "SOFTHSM2_MODULE"),
    (Answerer::Embedded, "embedded", "PKCS11_EMBEDDED_MODULE"),
    (Answerer::Nss, "nss", "NSS_MODULE"),
];

/// More tests at a time than there are processors: each is a process of its own, and many wait.
const THREADS: &str = "--test-threads=8";

/// Runs the tests on tokens and those on the function list in Rust.
pub(super) fn gather() -> Result<Answers> {
    let modules = modules()?;
    let spy = artifacts::build_spy()?;
    let dir = tempfile::tempdir()?;
    let mut env = Env::new();
    for ((_, name, variable), module) in TOKENS.iter().zip(modules) {
        env.push(((*variable).to_owned(), place(dir.path(), name, &spy, &module)?.into()));
    }
    let tests = ["test", "--package=tests-softhsm", "--test=tokens"];
    cargo(tests)?.args(["--no-run"]).step("Build the token tests")?;
    cargo(tests)?
        .args(["--", THREADS])
        .envs(&env)
        .step("Run the token tests, and note what the modules answer")?;

    let mock = notes(dir.path(), "mock");
    let tests = ["test", "--package=pkcs11-core", "--test=mock"];
    cargo(tests)?.args(["--no-run"]).step("Build the tests on the function list in Rust")?;
    cargo(tests)?
        .env("PKCS11_MOCK_NOTES", &mock)
        .step("Run the tests on the function list in Rust, and note what it answers")?;

    let mut answers = Answers::new();
    let tokens = TOKENS.iter().map(|(answerer, name, _)| (*answerer, notes(dir.path(), name)));
    for (answerer, file) in tokens.chain([(Answerer::Mock, mock)]) {
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{answerer:?} has answered nothing: {}", file.display()))?;
        for function in text.lines() {
            answers.entry(function.to_owned()).or_default().insert(answerer);
        }
    }
    Ok(answers)
}

/// The tokens' modules, in their order; the embedded one is built unless the environment names it.
fn modules() -> Result<[PathBuf; 3]> {
    let named = artifacts::named_embedded();
    setup::ensure(if named.is_some() { setup::MODULES } else { setup::TESTS })?;
    let Some(nss) = paths::nss() else {
        bail!("NSS is not installed, or NSS_MODULE does not name it");
    };
    let embedded = named.map_or_else(artifacts::build_embedded, Ok)?;
    Ok([token::softhsm_module()?, embedded, nss])
}

/// Puts a spy in front of the module.
fn place(dir: &Path, name: &str, spy: &Path, module: &Path) -> Result<PathBuf> {
    let file = dir.join(name).with_extension(std::env::consts::DLL_EXTENSION);
    // Each is a file of its own, or the loader would take them for one library.
    fs::copy(spy, &file)?;
    let module = module.to_str().context("the module's path is no text")?;
    fs::write(file.with_extension("module"), module)?;
    Ok(file)
}

/// Where the spy notes what is answered.
fn notes(dir: &Path, name: &str) -> PathBuf {
    dir.join(name).with_extension("ok")
}
