//! Measurements: programs that run on a new token of each kind, in a process of their own.

use std::env;
use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::{Kind, Outcome, Stop, TestToken};

/// Names the folder of the tokens.
const DIR: &str = "MEASURE_DIR";

/// Runs this program again with an environment for the tokens, and there `run` on each whose module
/// is found.
#[must_use]
pub fn measure(run: impl Fn(&TestToken) -> Outcome) -> ExitCode {
    let answer = match env::var_os(DIR) {
        Some(dir) => on_tokens(Path::new(&dir), run),
        None => again(),
    };
    answer.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

/// A module reads its environment only once: it must be there when the process starts.
fn again() -> Result<ExitCode, Box<dyn Error>> {
    let dir = tempfile::Builder::new().prefix("measure-").tempdir()?;
    let mut command = Command::new(env::current_exe()?);
    command.args(env::args_os().skip(1)).env(DIR, dir.path());
    for &kind in Kind::ALL {
        command.envs(kind.prepare(dir.path())?);
    }
    let status = command.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn on_tokens(dir: &Path, run: impl Fn(&TestToken) -> Outcome) -> Result<ExitCode, Box<dyn Error>> {
    for &kind in Kind::ALL {
        let token = TestToken::blank(kind, dir).and_then(|token| {
            token.initialize()?;
            Ok(token)
        });
        match token.and_then(|token| run(&token)) {
            Ok(()) => {}
            Err(Stop::Skip(reason)) => eprintln!("not measured on {kind}: {reason}"),
            Err(Stop::Failed(error)) => return Err(error),
        }
    }
    Ok(ExitCode::SUCCESS)
}
