//! Programs with a time limit.

use std::io;
use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// By itself.
    Exited(ExitStatus),
    /// It did not, and was killed.
    Hung(Duration),
}

/// Waits for the program to end; one that does not in time is killed.
pub(crate) fn wait(child: &mut Child, limit: Duration) -> io::Result<Ended> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Ended::Exited(status));
        }
        if started.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(Ended::Hung(limit));
        }
        sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn what_ends_is_waited_for() {
        let mut child = Command::new("sh").args(["-c", "exit 7"]).spawn().unwrap();
        match wait(&mut child, Duration::from_secs(60)).unwrap() {
            Ended::Exited(status) => assert_eq!(status.code(), Some(7)),
            Ended::Hung(_) => panic!("killed"),
        }
    }

    #[test]
    fn what_hangs_is_killed() {
        let limit = Duration::from_millis(50);
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        assert_eq!(wait(&mut child, limit).unwrap(), Ended::Hung(limit));
    }
}
