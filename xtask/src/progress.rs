//! What a long step shows while it runs.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// A step with a name, from [`Progress::start`] to [`Progress::done`] or
/// [`Progress::failed`]: on a terminal a spinner with the time and the last line
/// of output, elsewhere one line at the start and one at the end.
#[derive(Debug)]
pub(crate) struct Progress {
    title: String,
    started: Instant,
    spinner: Option<ProgressBar>,
}

impl Progress {
    /// Announces the step.
    pub(crate) fn start(title: &str) -> Self {
        let spinner = stderr().is_terminal().then(|| {
            let spinner = ProgressBar::new_spinner().with_prefix(title.to_owned());
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {prefix} [{elapsed}] {wide_msg:.dim}")
            {
                spinner.set_style(style);
            }
            spinner.enable_steady_tick(Duration::from_millis(120));
            spinner
        });
        if spinner.is_none() {
            eprintln!("{title} ...");
        }
        Self { title: title.to_owned(), started: Instant::now(), spinner }
    }

    /// Shows the last line of output.
    pub(crate) fn line(&self, line: &str) {
        if let Some(spinner) = &self.spinner {
            spinner.set_message(line.trim().to_owned());
        }
    }

    /// Ends a step that worked.
    pub(crate) fn done(self) {
        self.end("done");
    }

    /// Ends a step that did not.
    pub(crate) fn failed(self) {
        self.end("FAILED");
    }

    fn end(self, how: &str) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
        let seconds = self.started.elapsed().as_secs_f32();
        eprintln!("{}: {how} in {seconds:.1} s", self.title);
    }
}

/// A heading between the parts of a long output.
pub(crate) fn heading(title: &str) {
    println!("\n=== {title} ===");
}
