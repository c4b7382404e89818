//! Asynchronous sessions: none of these tokens has them, and each is asked no more than that.

use pkcs11::Function;
use pkcs11::prelude::*;
use tests_softhsm::{Outcome, TestToken, fails, tests};

use crate::common::assert_usable;

tests! {
    tokens_without_them_say_so: and Nss;
}

fn tokens_without_them_say_so(token: &TestToken) -> Outcome {
    let session = token.session()?;
    let open = session.token().info()?.sessions;
    let error = fails!(session.open_async(), ErrorKind::FunctionNotSupported);
    let named = [Function::AsyncComplete, Function::OpenSession];
    assert!(named.map(Some).contains(&error.function()), "{error}");
    assert_eq!(session.token().info()?.sessions, open);
    assert_usable(&session)
}
