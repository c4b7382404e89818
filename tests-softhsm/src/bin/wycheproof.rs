//! Prints tests-softhsm/wycheproof.tsv; `cargo xtask wycheproof` runs it.
//!
//! With no argument, on all kinds of tokens that are installed; else `KIND` is the token and
//! `FAMILY` or `FAMILY/SET` what runs on it.
#![allow(clippy::print_stdout, reason = "a command-line program: standard output is its interface")]

use std::env;
use std::process::ExitCode;

use tests_softhsm::{Kind, Stop, wycheproof};

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let named = arguments.next();
    let only = arguments.next().unwrap_or_default();
    let kind = Kind::ALL.iter().find(|kind| named.as_deref() == Some(&kind.to_string()));
    let of_a_process = env::var_os("WYCHEPROOF_DIR").is_some();
    let text = match (kind, named) {
        (Some(&kind), _) if of_a_process => wycheproof::answers(kind, &only),
        (Some(&kind), _) => wycheproof::table(&[kind], &only),
        (None, Some(unknown)) => Err(Stop::Failed(format!("no such token: {unknown}").into())),
        (None, None) => wycheproof::table(Kind::ALL, &only),
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
