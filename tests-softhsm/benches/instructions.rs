//! What the library adds to a call: the instructions on a module that does nothing, ours and by
//! hand, counted by valgrind. Two runs of different length are compared, so that only the calls
//! count.
#![allow(clippy::print_stdout, reason = "its report")]

mod operations;

use std::env;
use std::error::Error;
use std::process::{Command, ExitCode};

use pkcs11_mock::Mock;

/// Says what the process is to run: the operation's index, the side and how often.
const RUN: &str = "INSTRUCTIONS_RUN";
const SHORT: u64 = 1_000;
const LONG: u64 = 11_000;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mock = Mock::start();
    let operations = operations::operations(&mock)?;
    if let Ok(wanted) = env::var(RUN) {
        let mut words = wanted.split(' ');
        let mut next = || words.next().ok_or("three words are wanted");
        let (index, side, times): (usize, _, _) = (next()?.parse()?, next()?, next()?.parse()?);
        let mut operation = operations.into_iter().nth(index).ok_or("no such operation")?;
        let run = if side == "ours" { &mut operation.ours } else { &mut operation.by_hand };
        run(times);
        return Ok(ExitCode::SUCCESS);
    }
    println!("{:36} {:>8} {:>8} {:>8}", "instructions for each call", "by hand", "ours", "added");
    for (index, operation) in operations.iter().enumerate() {
        let [by_hand, ours] = [instructions(index, "hand")?, instructions(index, "ours")?];
        let added = i128::from(ours) - i128::from(by_hand);
        println!("{:36} {by_hand:8} {ours:8} {added:8}", operation.name);
    }
    Ok(ExitCode::SUCCESS)
}

fn instructions(index: usize, side: &str) -> Result<u64, Box<dyn Error>> {
    let more = total(index, side, LONG)?.saturating_sub(total(index, side, SHORT)?);
    Ok(more / (LONG - SHORT))
}

/// All instructions of a process that runs the operation so many times.
fn total(index: usize, side: &str, times: u64) -> Result<u64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .env(RUN, format!("{index} {side} {times}"))
        .output()
        .map_err(|error| format!("valgrind is needed: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    let (_, number) = collected.ok_or_else(|| format!("valgrind counted nothing: {said}"))?;
    Ok(number.trim().parse()?)
}
