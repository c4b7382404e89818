//! Every default of the table, really used on the token.

use tests_softhsm::exercise::Exercise;
use tests_softhsm::{Outcome, TestToken, tests};

tests! {
    every_default_works_or_the_token_says_why;
}

/// What the token lists works; what it does not list is an error that names it.
fn every_default_works_or_the_token_says_why(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let judged = Exercise::all().into_iter().map(|exercise| exercise.judge(&session));
    let unexpected: Vec<String> = judged.filter_map(Result::err).collect();
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
    Ok(())
}
