//! The tests, by name.

use crate::{Kind, Outcome, TestToken};

/// A test, to be run on each of its kinds of token.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// Its name, without the kind of token.
    pub name: &'static str,
    /// The kinds of token that it is for.
    pub kinds: &'static [Kind],
    /// Whether the token is initialised before the test.
    pub initialized: bool,
    /// The test.
    pub run: fn(&TestToken) -> Outcome,
}

/// A test on one kind of token: `softhsm::aes`.
#[derive(Clone, Copy, Debug)]
pub struct Registered {
    pub(crate) kind: Kind,
    pub(crate) test: Test,
}

impl Registered {
    /// All of these tests, each on each of its kinds.
    ///
    /// # Panics
    ///
    /// If two have one name.
    pub fn all(groups: &[&[Test]]) -> Vec<Self> {
        let mut all = Vec::new();
        for &kind in Kind::ALL {
            let tests = groups.iter().copied().flatten();
            let of_kind = tests.filter(|test| test.kinds.contains(&kind));
            all.extend(of_kind.map(|&test| Self { kind, test }));
        }
        let mut names: Vec<String> = all.iter().map(Self::name).collect();
        names.sort();
        if let Some(twice) = names.array_windows().find(|[one, next]| one == next) {
            panic!("two tests are called {}", twice[0]);
        }
        all
    }

    /// Its full name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}::{}", self.kind, self.test.name)
    }
}

/// Registers the tests of a file as `TESTS`: functions by name, each with what is special:
///
/// ```text
/// tests! {
///     aes;
///     initializes_a_token: blank;
///     counts_calls: only SoftHsm;
///     signs: and Nss;
/// }
/// ```
///
/// A test is for the [usual](Kind::USUAL) kinds, unless it says `only` or `and`.
#[macro_export]
macro_rules! tests {
    ($($name:ident $(: $($special:ident)+)?;)*) => {
        /// The tests of this file.
        pub(crate) const TESTS: &[$crate::Test] = &[$(
            $crate::tests!(@test $name $(, $($special)+)?),
        )*];
    };
    (@test $name:ident) => {
        $crate::tests!(@make $name, $crate::Kind::USUAL, true)
    };
    (@test $name:ident, blank) => {
        $crate::tests!(@make $name, $crate::Kind::USUAL, false)
    };
    (@test $name:ident, blank only $kind:ident) => {
        $crate::tests!(@make $name, &[$crate::Kind::$kind], false)
    };
    (@test $name:ident, and Nss) => {
        $crate::tests!(@make $name, $crate::Kind::ALL, true)
    };
    (@test $name:ident, only $kind:ident) => {
        $crate::tests!(@make $name, &[$crate::Kind::$kind], true)
    };
    (@make $name:ident, $kinds:expr, $initialized:literal) => {
        $crate::Test {
            name: stringify!($name),
            kinds: $kinds,
            initialized: $initialized,
            run: $name,
        }
    };
}
