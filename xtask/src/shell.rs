//! Starting other programs.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::progress::Progress;

/// Environment to add to a program's.
pub(crate) type Env = Vec<(String, OsString)>;

/// A program to start in the root of the checkout, with no standard input.
#[derive(Debug)]
pub(crate) struct Shell {
    command: Command,
}

/// Which of its two pipes a program wrote a line to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pipe {
    Out,
    Err,
}

/// `cargo`, with the target directory that these commands share.
pub(crate) fn cargo<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Result<Shell> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    cargo_at(program, args)
}

/// Another toolchain's `cargo`, with the same target directory.
pub(crate) fn cargo_of<A: AsRef<OsStr>>(
    toolchain: &str,
    args: impl IntoIterator<Item = A>,
) -> Result<Shell> {
    let shell = cargo_at("rustup", ["run", toolchain, "cargo"])?;
    Ok(shell.args(args).without("RUSTUP_TOOLCHAIN"))
}

/// What runs a `cargo`, of one sort or another, with the same target directory.
pub(crate) fn cargo_at<A: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    args: impl IntoIterator<Item = A>,
) -> Result<Shell> {
    let mut shell = Shell::new(program).args(args);
    // What `cargo run` tells this program about itself is nothing for the children.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text == "CARGO" || text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_")
        {
            shell.command.env_remove(&name);
        }
    }
    Ok(shell.env("CARGO_TARGET_DIR", paths::target()?))
}

impl Shell {
    /// A program without arguments.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(paths::root()).stdin(Stdio::null());
        Self { command }
    }

    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets one variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets many variables.
    pub(crate) fn envs(mut self, env: &Env) -> Self {
        self.command.envs(env.iter().map(|(name, value)| (name, value)));
        self
    }

    /// Unsets a variable.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs it with its output where ours goes; an error unless it succeeds.
    pub(crate) fn show(mut self) -> Result<()> {
        let status = self.command.status().with_context(|| self.failed_to_start())?;
        self.succeeded(status)
    }

    /// Runs it behind a progress line, and shows the output only if it fails.
    /// Returns what it wrote to standard output.
    pub(crate) fn step(self, title: &str) -> Result<Vec<String>> {
        let log = self.logged(title, usize::MAX)?;
        Ok(log.into_iter().filter_map(|(pipe, line)| (pipe == Pipe::Out).then_some(line)).collect())
    }

    /// The same for a program that talks on standard error, and much: of a failure the end is shown.
    pub(crate) fn step_err(self, title: &str) -> Result<Vec<String>> {
        let log = self.logged(title, 60)?;
        Ok(log.into_iter().filter_map(|(pipe, line)| (pipe == Pipe::Err).then_some(line)).collect())
    }

    fn logged(mut self, title: &str, most: usize) -> Result<Vec<(Pipe, String)>> {
        let progress = Progress::start(title);
        let mut log = Vec::new();
        let status = self.lines(|pipe, line| {
            if pipe == Pipe::Err || !line.starts_with('{') {
                progress.line(line);
            }
            log.push((pipe, line.to_owned()));
        });
        let result = status.and_then(|status| self.succeeded(status));
        if let Err(error) = result {
            progress.failed();
            let end = log.iter().skip(log.len().saturating_sub(most));
            for (_, line) in end.filter(|(_, line)| !line.starts_with('{')) {
                eprintln!("    {line}");
            }
            return Err(error);
        }
        progress.done();
        Ok(log)
    }

    /// Runs it, passing its output on as it comes, and returns how it ended and
    /// what it wrote.
    pub(crate) fn tee(mut self) -> Result<(ExitStatus, Vec<String>)> {
        let mut lines = Vec::new();
        let status = self.lines(|pipe, line| {
            match pipe {
                Pipe::Out => println!("{line}"),
                Pipe::Err => eprintln!("{line}"),
            }
            lines.push(line.to_owned());
        })?;
        std::io::stdout().flush()?;
        Ok((status, lines))
    }

    /// Runs it and returns its standard output; an error unless it succeeds.
    pub(crate) fn read(mut self) -> Result<String> {
        let output = self.command.output().with_context(|| self.failed_to_start())?;
        if !output.status.success() {
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
        }
        self.succeeded(output.status)?;
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Whether it starts and succeeds; its output is dropped.
    pub(crate) fn works(mut self) -> bool {
        self.command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Runs it and hands on every line of output as it comes.
    fn lines(&mut self, mut each: impl FnMut(Pipe, &str)) -> Result<ExitStatus> {
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| self.failed_to_start())?;
        let (sender, receiver) = channel();
        let out = child.stdout.take().map(|pipe| forward(Pipe::Out, pipe, sender.clone()));
        let err = child.stderr.take().map(|pipe| forward(Pipe::Err, pipe, sender));
        for (pipe, line) in receiver {
            each(pipe, &line);
        }
        for thread in [out, err].into_iter().flatten() {
            thread.join().ok();
        }
        Ok(child.wait()?)
    }

    fn succeeded(&self, status: ExitStatus) -> Result<()> {
        if !status.success() {
            bail!("`{}` ended with {status}", self.text());
        }
        Ok(())
    }

    fn failed_to_start(&self) -> String {
        format!("cannot start `{}`", self.text())
    }

    fn text(&self) -> String {
        std::iter::once(self.command.get_program())
            .chain(self.command.get_args())
            .map(OsStr::to_string_lossy)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Reads a pipe on a thread of its own, so that neither pipe fills up.
fn forward(
    pipe: Pipe,
    reader: impl Read + Send + 'static,
    sender: Sender<(Pipe, String)>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if sender.send((pipe, line)).is_err() {
                return;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_returns_standard_output_only() {
        let script = "echo one; echo two >&2; echo three";
        let lines = Shell::new("sh").args(["-c", script]).step("a step").unwrap();
        assert_eq!(lines, ["one", "three"]);
    }

    #[test]
    fn a_failing_step_names_the_command() {
        let error = Shell::new("sh").args(["-c", "exit 3"]).step("a step").unwrap_err();
        assert!(error.to_string().contains("`sh -c exit 3`"), "{error}");
    }

    #[test]
    fn a_missing_program_is_an_error() {
        let error = Shell::new("no-such-program-here").show().unwrap_err();
        assert!(error.to_string().contains("cannot start"), "{error}");
    }
}
