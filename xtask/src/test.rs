//! `cargo xtask test` and `cargo xtask softhsm-test`.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::artifacts;
use crate::layouts;
use crate::paths;
use crate::progress::heading;
use crate::setup;
use crate::shell::{Env, Shell, cargo};
use crate::token;

/// What the harness of the token tests is told besides.
#[derive(Debug, clap::Args)]
pub(crate) struct SofthsmArguments {
    /// For the test harness: a filter, --list, --test-threads N ...
    #[arg(last = true)]
    harness: Vec<String>,
}

/// The crates whose tests need a token built or installed: they are run apart.
const APART: &[&str] = &["--exclude", "tests-softhsm", "--exclude", "pkcs11-embedded"];

/// What each test suite came to, in the order in which they ran.
#[derive(Debug, Default)]
struct Suites {
    results: Vec<(&'static str, u64, Option<String>)>,
}

/// Runs all tests. A suite that fails does not keep the next from running.
pub(crate) fn run() -> Result<()> {
    setup::ensure(setup::TESTS)?;
    let embedded = artifacts::build_embedded()?;
    let env = modules(Some(&embedded))?;

    let mut suites = Suites::default();
    suites.run("workspace", || run_tests(&["--workspace"], APART, &env));
    suites.run("documentation", || {
        cargo(["test", "--doc", "--workspace"])?.args(APART).envs(&env).show()
    });
    suites.run("loom", run_loom);
    suites.run("layouts", layouts::run);
    suites.run("embedded token", || run_tests(&["--package", "pkcs11-embedded"], &[], &env));
    suites.run("tokens", || run_token_tests(&env, &[]));
    suites.finish()
}

/// Runs the integration tests on SoftHSM alone.
pub(crate) fn run_softhsm(arguments: &SofthsmArguments) -> Result<()> {
    setup::ensure(setup::SOFTHSM)?;
    let alone = ["--skip", "embedded::", "--skip", "nss::"].map(str::to_owned);
    run_token_tests(&modules(None)?, &[&alone[..], &arguments.harness].concat())
}

/// Which modules the tests run on.
fn modules(embedded: Option<&Path>) -> Result<Env> {
    let mut env: Env = vec![("SOFTHSM2_MODULE".to_owned(), token::softhsm_module()?.into())];
    env.extend(embedded.map(|path| ("PKCS11_EMBEDDED_MODULE".to_owned(), path.into())));
    env.extend(paths::nss().map(|path| ("NSS_MODULE".to_owned(), path.into())));
    Ok(env)
}

/// Unit and integration tests, each in a process of its own where nextest is there.
fn run_tests(packages: &[&str], exclude: &[&str], env: &Env) -> Result<()> {
    let runner: &[&str] = if paths::find_program("cargo-nextest").is_some() {
        &["nextest", "run"]
    } else {
        &["test", "--lib", "--bins", "--tests"]
    };
    let with = |args: &[&str]| -> Result<Shell> {
        Ok(cargo(runner)?.args(packages).args(exclude).args(args).envs(env))
    };
    with(&["--no-run"])?.step("Build the tests")?;
    with(&[])?.show()
}

fn run_token_tests(env: &Env, harness: &[String]) -> Result<()> {
    let tests = ["test", "--package", "tests-softhsm", "--test", "tokens"];
    cargo(tests)?.args(["--no-run"]).envs(env).step("Build the token tests")?;
    let mut run = cargo(tests)?.args(["--"]).args(harness).envs(env);
    if env.iter().all(|(name, _)| name != "PKCS11_EMBEDDED_MODULE") {
        run = run.without("PKCS11_EMBEDDED_MODULE");
    }
    run.show()
}

/// The operation lock under loom, which needs every crate built its own way.
fn run_loom() -> Result<()> {
    let mut flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    flags.push_str(" --cfg loom");
    let with = |args: &[&str]| -> Result<Shell> {
        Ok(cargo(["test", "--release", "--package", "pkcs11-core", "--lib", "loom"])?
            .args(args)
            .env("RUSTFLAGS", flags.trim())
            .env("CARGO_TARGET_DIR", paths::target()?.join("loom")))
    };
    // A filter that fits no test passes: see first that there are some.
    let list = with(&["--", "--list"])?.step("Build the loom tests")?;
    if !list.iter().any(|line| line.ends_with(": test")) {
        bail!("pkcs11-core has no test with `loom` in its name");
    }
    with(&[])?.show()
}

impl Suites {
    fn run(&mut self, name: &'static str, suite: impl FnOnce() -> Result<()>) {
        heading(name);
        let started = Instant::now();
        let error = suite().err().map(|error| format!("{error:#}"));
        if let Some(error) = &error {
            eprintln!("{name}: {error}");
        }
        self.results.push((name, started.elapsed().as_secs(), error));
    }

    fn finish(self) -> Result<()> {
        heading("Summary");
        for (name, seconds, error) in &self.results {
            match error {
                None => println!("ok      {name} ({seconds} s)"),
                Some(error) => println!("FAILED  {name} ({seconds} s): {error}"),
            }
        }
        let failed = self.results.iter().filter(|(_, _, error)| error.is_some()).count();
        if failed > 0 {
            bail!("{failed} of {} test suites failed", self.results.len());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_suite_fails_all() {
        let mut suites = Suites::default();
        suites.run("first", || bail!("no"));
        suites.run("second", || Ok(()));
        assert_eq!(suites.results.len(), 2);
        let error = suites.finish().unwrap_err();
        assert_eq!(error.to_string(), "1 of 2 test suites failed");
    }
}
