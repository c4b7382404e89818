//! `cargo xtask soak`: many threads at random, checked work on each token, for a time.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::artifacts;
use crate::progress::heading;
use crate::setup;
use crate::shell::{Env, cargo};
use crate::token;

/// How long, and with which choices.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How long on each token
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// What the random choices come from; that of an earlier run repeats its choices, though not
    /// the order in which threads meet
    #[arg(long)]
    seed: Option<u64>,
    /// One token alone
    #[arg(long, value_parser = TOKENS)]
    token: Option<String>,
}

const TOKENS: [&str; 2] = ["softhsm", "embedded"];

/// Runs the soak on each token, in a process of its own, whatever comes of the other.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let wanted = |token: &&str| arguments.token.as_deref().is_none_or(|only| only == *token);
    let tokens: Vec<&str> = TOKENS.into_iter().filter(wanted).collect();
    let env = modules(&tokens)?;
    let seed = arguments.seed.unwrap_or_else(seed_of_the_clock);
    let (seconds, seed) = (arguments.seconds.to_string(), seed.to_string());
    let program = ["run", "--quiet", "--package", "tests-softhsm", "--bin", "soak"];
    cargo(["build", "--package", "tests-softhsm", "--bin", "soak"])?.step("Build the soak")?;
    let mut outcome = Ok(());
    for token in tokens {
        heading(&format!("{token}: seed {seed}"));
        let soak = cargo(program)?.args(["--", token, &seconds, &seed]).envs(&env);
        match soak.step(&format!("Soak {token} for {seconds} s")) {
            Ok(report) => report.iter().for_each(|line| println!("{line}")),
            Err(error) => outcome = Err(error.context(format!("{token}, --seed {seed}"))),
        }
    }
    outcome
}

/// The modules: the embedded token's is built, unless `PKCS11_EMBEDDED_MODULE` names one.
fn modules(tokens: &[&str]) -> Result<Env> {
    let builds = tokens.contains(&"embedded") && artifacts::named_embedded().is_none();
    setup::ensure(if builds { setup::TOKENS } else { setup::SOFTHSM })?;
    let mut env: Env = vec![("SOFTHSM2_MODULE".to_owned(), token::softhsm_module()?.into())];
    if builds {
        let module = artifacts::build_embedded()?;
        env.push(("PKCS11_EMBEDDED_MODULE".to_owned(), module.into()));
    }
    Ok(env)
}

fn seed_of_the_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_tokens_are_taken() {
        use clap::Parser;
        #[derive(Debug, Parser)]
        struct Line {
            #[command(flatten)]
            arguments: Arguments,
        }
        let line = Line::try_parse_from(["soak", "--seed", "7", "--token", "softhsm"]).unwrap();
        assert_eq!((line.arguments.seconds, line.arguments.seed), (60, Some(7)));
        assert!(Line::try_parse_from(["soak", "--token", "other"]).is_err());
    }
}
