//! A soak in a process of its own, which a crash ends alone.

use std::env;
use std::io;
use std::process::Command;
use std::time::Duration;

use super::{Report, soak};
use crate::process::{Ended, wait};
use crate::{Kind, Outcome, Stop, TestToken};

/// Names the folder of the process that is to work.
const DIR: &str = "SOAK_DIR";

/// How much longer than the work a process may take.
const GRACE: Duration = Duration::from_secs(120);

/// Works in this process, if [`soak_process`] has started it for that.
///
/// # Errors
///
/// As [`soak`].
pub fn soak_child(kind: Kind, time: Duration, seed: u64) -> Option<Outcome<Report>> {
    let dir = env::var_os(DIR)?;
    Some(TestToken::blank(kind, dir.as_ref()).and_then(|token| {
        token.initialize()?;
        soak(&token.token()?, time, seed)
    }))
}

/// Runs this program again with the same arguments, on a new token; its output goes where ours
/// does.
///
/// # Errors
///
/// If it fails, crashes or hangs.
pub fn soak_process(time: Duration) -> Outcome {
    let dir = tempfile::Builder::new().prefix("soak-").tempdir()?;
    let mut command = Command::new(env::current_exe()?);
    command.args(env::args_os().skip(1)).env(DIR, dir.path());
    for &kind in Kind::ALL {
        command.envs(kind.prepare(dir.path())?);
    }
    match wait(&mut command.spawn()?, time.saturating_add(GRACE))? {
        Ended::Exited(status) if status.success() => Ok(()),
        Ended::Exited(status) => Err(Stop::Failed(format!("it ended with {status}").into())),
        Ended::Hung(limit) => {
            let what = format!("it hung and was killed after {} s", limit.as_secs());
            Err(Stop::Failed(io::Error::other(what).into()))
        }
    }
}
