//! Runs the tests, each in a process of its own: this program, started again.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Failed, FormatSetting, Trial};

use crate::child::{self, Verdict};
use crate::registry::{Registered, Test};
use crate::summary::Skipped;

/// The program: runs the tests that the arguments ask for, or, started by itself, one.
#[must_use]
pub fn run(groups: &[&[Test]]) -> ExitCode {
    let tests = Registered::all(groups);
    if let Some(name) = child::wanted() {
        return match tests.iter().find(|test| test.name() == name) {
            Some(test) => child::run(test),
            None => {
                eprintln!("no test is called {name}");
                ExitCode::FAILURE
            }
        };
    }
    let arguments = Arguments::from_args();
    let skipped = Arc::new(Skipped::default());
    let trials = tests.into_iter().map(|test| trial(test, &skipped));
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    let machine = arguments.format == Some(FormatSetting::Json);
    if !arguments.list && !machine {
        print_summary(&conclusion, &skipped);
    }
    conclusion.exit_code()
}

fn trial(test: Registered, skipped: &Arc<Skipped>) -> Trial {
    let skipped = Arc::clone(skipped);
    Trial::ignorable_test(test.name(), move || match child::start(&test)? {
        Verdict::Passed => Ok(Completion::Completed),
        Verdict::Skipped(reason) => {
            skipped.add(&test, &reason);
            Ok(Completion::ignored_with(reason))
        }
        Verdict::Failed(message) => Err(Failed::from(message)),
    })
}

#[allow(clippy::print_stdout, reason = "the report of a test program")]
fn print_summary(conclusion: &libtest_mimic::Conclusion, skipped: &Skipped) {
    println!(
        "tokens: {} passed, {} failed, {} skipped",
        conclusion.num_passed, conclusion.num_failed, conclusion.num_ignored
    );
    print!("{skipped}");
}
