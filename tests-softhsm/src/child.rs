//! A test in a process of its own: how it is started, what it says, how that is judged.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use pkcs11::MechanismType;

use crate::process::{Ended, wait};
use crate::registry::Registered;
use crate::{Kind, LABEL, PIN, Stop, TestToken};

/// Names the test that this process is to run.
const NAME: &str = "TOKENS_TEST";
/// Names its folder.
const DIR: &str = "TOKENS_DIR";
/// How many seconds a test has.
const LIMIT: &str = "TOKENS_TIME_LIMIT";

/// Where a test says what it came to; nothing there is a failure, whatever the status.
const VERDICT: &str = "verdict";
const PASSED: &str = "passed";
const SKIPPED: &str = "skipped: ";

/// The exit status of an example whose token cannot do what it shows, and what it says then.
const NOT_OFFERED: i32 = 3;
const NOT_OFFERED_LINE: &str = "not offered by this token: ";

/// What a test came to, as its parent sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Skipped(String),
    Failed(String),
}

/// The test that this process was started for, if it was.
pub(crate) fn wanted() -> Option<String> {
    env::var(NAME).ok()
}

/// Runs a test in this process.
pub(crate) fn run(registered: &Registered) -> ExitCode {
    let Some(dir) = env::var_os(DIR) else {
        eprintln!("{NAME} is set and {DIR} is not");
        return ExitCode::FAILURE;
    };
    let dir = Path::new(&dir);
    let token = TestToken::blank(registered.kind, dir).and_then(|token| {
        if registered.test.initialized {
            token.initialize()?;
        }
        Ok(token)
    });
    let verdict = match token.and_then(|token| (registered.test.run)(&token)) {
        Ok(()) => PASSED.to_owned(),
        Err(Stop::Skip(reason)) => format!("{SKIPPED}{reason}"),
        Err(Stop::Failed(error)) => {
            let mut cause = error.source();
            eprintln!("{error}\n{error:?}");
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            return ExitCode::FAILURE;
        }
    };
    match fs::write(dir.join(VERDICT), verdict) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{VERDICT}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a test in a process of its own.
pub(crate) fn start(registered: &Registered) -> io::Result<Verdict> {
    let dir = tempfile::Builder::new().prefix("tokens-").tempdir()?;
    let place = dir.path();
    let mut command = Command::new(env::current_exe()?);
    command.env(NAME, registered.name()).env(DIR, place);
    for &kind in Kind::ALL {
        if let Some((name, value)) = kind.prepare(place)? {
            command.env(name, value);
        }
    }
    if let Some(module) = registered.kind.module() {
        command.env("PKCS11_MODULE", module);
    }
    command.env("PKCS11_TOKEN", LABEL).env("PKCS11_PIN", PIN);
    // Files, not pipes: they hold what a test says, however much, and a process that it leaves
    // behind keeps nobody waiting.
    let (out, err) = (place.join("stdout"), place.join("stderr"));
    command.stdin(std::process::Stdio::null());
    command.stdout(File::create(&out)?).stderr(File::create(&err)?);
    let ended = wait(&mut command.spawn()?, limit())?;
    let read = |path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let said = fs::read_to_string(place.join(VERDICT)).unwrap_or_default();
    Ok(judge(ended, &said, &read(&out)?, &read(&err)?))
}

fn limit() -> Duration {
    let seconds = env::var(LIMIT).ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(300))
}

fn judge(ended: Ended, said: &str, out: &str, err: &str) -> Verdict {
    let how = match ended {
        Ended::Exited(status) if status.success() => {
            if said == PASSED {
                return Verdict::Passed;
            }
            if let Some(reason) = said.strip_prefix(SKIPPED) {
                return Verdict::Skipped(reason.to_owned());
            }
            "it ended well without coming to its end".to_owned()
        }
        Ended::Exited(status) => {
            if let Some(reason) = not_offered(out).filter(|_| status.code() == Some(NOT_OFFERED)) {
                return Verdict::Skipped(reason);
            }
            format!("its process ended with {status}")
        }
        Ended::Hung(limit) => format!("it hung and was killed after {} s", limit.as_secs()),
    };
    let mut message = how;
    for (name, text) in [("stdout", out), ("stderr", err)] {
        if !text.trim().is_empty() {
            message.push_str(&format!("\n--- {name} ---\n{}", text.trim_end()));
        }
    }
    Verdict::Failed(message)
}

/// What an example said that the token lacks. It must be a mechanism: nothing else skips.
fn not_offered(out: &str) -> Option<String> {
    let last = out.lines().next_back()?;
    let mechanism: MechanismType = last.strip_prefix(NOT_OFFERED_LINE)?.parse().ok()?;
    Some(crate::Skip::TokenLacks(mechanism).to_string())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    fn exited(code: i32) -> Ended {
        Ended::Exited(ExitStatus::from_raw(code << 8))
    }

    #[test]
    fn only_who_says_so_has_passed() {
        assert_eq!(judge(exited(0), "passed", "", ""), Verdict::Passed);
        assert!(matches!(judge(exited(0), "", "", ""), Verdict::Failed(_)));
        assert!(matches!(judge(exited(1), "passed", "", ""), Verdict::Failed(_)));
    }

    #[test]
    fn reasons_come_through() {
        assert_eq!(
            judge(exited(0), "skipped: the token takes no seed", "", ""),
            Verdict::Skipped("the token takes no seed".into())
        );
        let said = "a line\nnot offered by this token: CKM_DES3_KEY_GEN\n";
        assert_eq!(
            judge(exited(3), "", said, ""),
            Verdict::Skipped("the token lacks CKM_DES3_KEY_GEN".into())
        );
        assert!(matches!(judge(exited(3), "", "", ""), Verdict::Failed(_)));
        assert!(matches!(judge(exited(1), "", said, ""), Verdict::Failed(_)));
    }

    #[test]
    fn what_a_failure_said_is_shown() {
        let crash = Ended::Exited(ExitStatus::from_raw(11));
        let Verdict::Failed(text) = judge(crash, "", "out\n", "err\n") else {
            panic!("no failure");
        };
        assert!(text.contains("signal: 11"), "{text}");
        assert!(text.ends_with("--- stdout ---\nout\n--- stderr ---\nerr"));
        let hung = Ended::Hung(Duration::from_secs(5));
        assert_eq!(
            judge(hung, "passed", "", ""),
            Verdict::Failed("it hung and was killed after 5 s".into())
        );
    }
}
