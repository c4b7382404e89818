//! `cargo xtask demo`: the example programs, one after the other, on a token.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::artifacts::{self, Programs};
use crate::progress::heading;
use crate::setup;
use crate::shell::Shell;
use crate::token::{self, Token};

/// What the demo runs on.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Your token's PKCS#11 module; without it, a new embedded token is used
    #[arg(long, value_name = "PATH", requires = "token")]
    module: Option<PathBuf>,
    /// Your token's label
    #[arg(long, value_name = "LABEL", requires = "module")]
    token: Option<String>,
    /// Your token's user PIN; better in the environment, as PKCS11_PIN
    #[arg(long, requires = "module")]
    pin: Option<String>,
}

/// The programs that every token is meant to run.
const COMMON: &[&str] = &[
    "list",
    "aes",
    "rsa",
    "ecdsa",
    "diffie_hellman",
    "ecdh",
    "data_objects",
    "encrypt_file",
    "fips_policy",
    "import_key",
    "tls_certificate",
];

/// Programs for what the embedded token does not offer, and what that is.
const SOFTHSM_ONLY: &[(&str, &str)] = &[
    ("des3", "3DES (CKM_DES3_KEY_GEN, CKM_DES3_CBC_PAD)"),
    ("dsa", "DSA (CKM_DSA_PARAMETER_GEN, CKM_DSA_KEY_PAIR_GEN)"),
    ("dh_parameters", "generated DH parameters (CKM_DH_PKCS_PARAMETER_GEN)"),
];

/// The program that initialises a token.
const INIT: &str = "init_token";

/// The exit status of a program whose token cannot do what it shows.
const NOT_OFFERED: i32 = 3;

/// What came of the programs on one token.
#[derive(Debug, Default)]
struct Outcome {
    passed: Vec<&'static str>,
    /// With what the program said is missing.
    not_offered: Vec<(&'static str, String)>,
    /// With how it ended.
    failed: Vec<(&'static str, String)>,
}

/// Runs the demo.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    match (arguments.module, arguments.token) {
        (Some(module), Some(label)) => {
            let pin = arguments
                .pin
                .or_else(|| std::env::var("PKCS11_PIN").ok())
                .context("give the PIN with --pin or in PKCS11_PIN")?;
            let module = std::path::absolute(module)?;
            on_your_token(&Token::existing(&module, &label, &pin))
        }
        _ => on_our_tokens(),
    }
}

fn on_your_token(token: &Token) -> Result<()> {
    let programs = artifacts::build_examples()?;
    let outcome = run_on(token, &programs, &all())?;
    heading("Summary");
    outcome.report("your token")
}

/// The names of all programs.
fn all() -> Vec<&'static str> {
    let softhsm_only = SOFTHSM_ONLY.iter().map(|&(name, _)| name);
    COMMON.iter().copied().chain(softhsm_only).collect()
}

fn on_our_tokens() -> Result<()> {
    setup::ensure(setup::TOKENS)?;
    let module = artifacts::build_embedded()?;
    let programs = artifacts::build_examples()?;
    let init = program(&programs, INIT)?;
    let embedded = run_on(&Token::embedded(&module, init)?, &programs, COMMON)?;
    println!("\nThe same on SoftHSM, and what the embedded token does not offer:");
    for (_, what) in SOFTHSM_ONLY {
        println!("  {what}");
    }
    let token = Token::softhsm(&token::softhsm_module()?, init)?;
    let softhsm = run_on(&token, &programs, &all())?;

    heading("Summary");
    embedded.report("the embedded token")?;
    softhsm.report("SoftHSM")?;
    if !embedded.not_offered.is_empty() || !softhsm.not_offered.is_empty() {
        bail!("a token does not offer what the demo knows it to offer");
    }
    Ok(())
}

fn program<'a>(programs: &'a Programs, name: &str) -> Result<&'a Path> {
    let path = programs.get(name).with_context(|| format!("no example is called {name}"))?;
    Ok(path)
}

/// Runs the programs one after the other, whatever becomes of each.
fn run_on(token: &Token, programs: &Programs, names: &[&'static str]) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for &name in names {
        heading(name);
        let (status, lines) = Shell::new(program(programs, name)?).envs(token.env()).tee()?;
        match status.code() {
            Some(0) => outcome.passed.push(name),
            Some(NOT_OFFERED) => outcome.not_offered.push((name, reason(&lines))),
            _ => outcome.failed.push((name, status.to_string())),
        }
    }
    Ok(outcome)
}

/// What a program says is missing.
fn reason(lines: &[String]) -> String {
    lines
        .iter()
        .find_map(|line| line.split_once("not offered by this token: "))
        .map_or_else(|| "no reason given".to_owned(), |(_, what)| what.trim().to_owned())
}

impl Outcome {
    /// Prints the outcome; a failure is an error.
    fn report(&self, place: &str) -> Result<()> {
        println!("{} ran on {place}: {}", self.passed.len(), self.passed.join(", "));
        for (name, what) in &self.not_offered {
            println!("  not offered by {place}: {name} ({what})");
        }
        for (name, how) in &self.failed {
            println!("  failed on {place}: {name} ({how})");
        }
        ensure!(self.failed.is_empty(), "{} failed on {place}", self.failed.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_read_from_the_programs_output() {
        let lines = ["x", "not offered by this token: CKM_DSA"].map(str::to_owned);
        assert_eq!(reason(&lines), "CKM_DSA");
        assert_eq!(reason(&[]), "no reason given");
    }

    #[test]
    fn a_module_without_a_label_is_refused() {
        use clap::Parser;
        #[derive(Debug, Parser)]
        struct Line {
            #[command(flatten)]
            arguments: Arguments,
        }
        assert!(Line::try_parse_from(["demo", "--module", "m.so"]).is_err());
        assert!(Line::try_parse_from(["demo", "--token", "t"]).is_err());
        let line = Line::try_parse_from(["demo", "--module", "m.so", "--token", "t"]).unwrap();
        assert_eq!(line.arguments.token.as_deref(), Some("t"));
    }
}
