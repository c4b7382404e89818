//! Prints docs/defaults.md; `cargo xtask defaults` runs it.
#![allow(clippy::print_stdout, reason = "a command-line program: standard output is its interface")]

use std::process::ExitCode;

use tests_softhsm::{Kind, Stop, answers, page};

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1);
    let kind = Kind::USUAL.iter().find(|kind| wanted.as_deref() == Some(&kind.to_string()));
    let text = match kind {
        Some(&kind) => answers(kind),
        None => page(),
    };
    match text {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(Stop::Skip(reason)) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
        Err(Stop::Failed(error)) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
