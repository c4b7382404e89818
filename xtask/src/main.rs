//! The project's commands: `cargo xtask --help` lists them.

#![allow(clippy::print_stdout, reason = "a command-line program: standard output is its interface")]

mod artifacts;
mod bindings;
mod codec;
mod defaults;
mod demo;
mod deny;
mod docs;
mod functions;
mod fuzz;
mod generated;
mod header;
mod layouts;
mod miri;
mod nightly;
mod paths;
mod progress;
mod setup;
mod shell;
mod soak;
mod test;
mod tidy;
mod token;
mod tsan;
mod wycheproof;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The project's commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the example programs, on the embedded token or on one of your own
    Demo(demo::Arguments),
    /// Run all tests, those on tokens included
    Test,
    /// Run the integration tests on SoftHSM alone
    SofthsmTest(test::SofthsmArguments),
    /// Make the raw bindings from headers/pkcs11.h
    Bindings {
        /// Change nothing; fail if the committed files differ
        #[arg(long)]
        check: bool,
    },
    /// Make docs/defaults.md from the tables and from what the tokens do with them
    Defaults {
        /// Change nothing; fail if the committed page differs
        #[arg(long)]
        check: bool,
    },
    /// Make docs/functions.md from the documentation and from what the tokens answer in the tests
    Functions {
        /// Change nothing; fail if the committed page differs
        #[arg(long)]
        check: bool,
    },
    /// Work on the tokens with many threads for a time, and check every result
    Soak(soak::Arguments),
    /// Run the test vectors of Project Wycheproof on the tokens
    Wycheproof {
        /// Write the counts instead of comparing them
        #[arg(long)]
        update: bool,
    },
    /// Check what pkcs11-codec promises: alone, without std, nothing of rasn to be seen
    Codec,
    /// Run the codec's fuzz targets for a time, from all examples of its tests
    Fuzz(fuzz::Arguments),
    /// Compare the layouts of the bindings with the C compiler's
    Layouts,
    /// Check what docs/ARCHITECTURE.md promises about the tree
    Tidy,
    /// Build the documentation; a warning is an error
    Docs,
    /// Check dependencies: licences, bans, sources
    Deny,
    /// Run the unsafe layer's tests under Miri
    Miri,
    /// Run the tests that need no token under ThreadSanitizer
    Tsan,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Demo(arguments) => demo::run(arguments),
        Command::Test => test::run(),
        Command::SofthsmTest(arguments) => test::run_softhsm(&arguments),
        Command::Bindings { check } => {
            setup::ensure(setup::HEADERS)?;
            bindings::run(check)
        }
        Command::Defaults { check } => defaults::run(check),
        Command::Functions { check } => functions::run(check),
        Command::Soak(arguments) => soak::run(&arguments),
        Command::Wycheproof { update } => wycheproof::run(update),
        Command::Codec => codec::run(),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::Layouts => layouts::run(),
        Command::Tidy => tidy::run(),
        Command::Docs => docs::run(),
        Command::Deny => deny::run(),
        Command::Miri => miri::run(),
        Command::Tsan => tsan::run(),
    }
}
