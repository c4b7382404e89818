//! What tests say of errors.

/// The error of an expression that must fail with a kind of this pattern.
#[macro_export]
macro_rules! fails {
    ($result:expr, $kind:pat $(if $guard:expr)?) => {
        match $result {
            Ok(value) => panic!("{} gave {value:?}", stringify!($result)),
            Err(error) => {
                assert!(
                    matches!(error.kind(), $kind $(if $guard)?),
                    "{}: {error:?}",
                    stringify!($result)
                );
                error
            }
        }
    };
}
