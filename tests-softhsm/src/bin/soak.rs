//! Works on a token with many threads for a time; `cargo xtask soak` runs it.
//!
//! `soak KIND SECONDS SEED`, where KIND is `softhsm` or `embedded`.
#![allow(clippy::print_stdout, reason = "a command-line program: standard output is its interface")]

use std::process::ExitCode;
use std::time::Duration;

use tests_softhsm::soak::{soak_child, soak_process};
use tests_softhsm::{Kind, Stop};

fn main() -> ExitCode {
    let Some((kind, time, seed)) = arguments() else {
        eprintln!("usage: soak KIND SECONDS SEED");
        return ExitCode::FAILURE;
    };
    let outcome = match soak_child(kind, time, seed) {
        Some(outcome) => outcome.map(|report| print!("{report}")),
        None => soak_process(time),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Skip(reason)) => {
            eprintln!("{kind}: {reason}");
            ExitCode::FAILURE
        }
        Err(Stop::Failed(error)) => {
            eprintln!("{kind}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Option<(Kind, Duration, u64)> {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next()?;
    let kind = Kind::ALL.iter().copied().find(|it| it.to_string() == kind)?;
    let seconds = arguments.next()?.parse().ok()?;
    Some((kind, Duration::from_secs(seconds), arguments.next()?.parse().ok()?))
}
