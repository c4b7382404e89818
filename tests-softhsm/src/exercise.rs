//! One default of one row, really used on a token: what the tests judge and what docs/defaults.md
//! says.

mod keys;
mod uses;

use std::fmt;

use pkcs11::defaults::{ROWS, Row, Wrap};
use pkcs11::{
    Defaults, Error, ErrorKind, Function, MechanismFlags, MechanismType, Quirks, ReturnCode,
    Session, StandardDefaults, Token, Usage,
};

pub use keys::{Keys, Shape, fresh_iv};

/// A default of a row: the use and the mechanism.
#[derive(Clone, Copy, Debug)]
pub struct Exercise {
    /// The row.
    pub row: &'static Row,
    /// The use; of two that belong together, the first.
    pub usage: Usage,
    /// The default.
    pub mechanism: MechanismType,
}

/// What a token does with a default. The list is closed: whatever is not in it is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was used, and the result is right.
    Used,
    /// This was used in its place, and the result is right.
    UsedInstead(MechanismType),
    /// The token does not list the mechanism for the use: `DEFAULT` was the error that says so, or
    /// the token has no keys of the type to ask it with.
    NotListed,
    /// The token lists the mechanism, but neither makes nor takes keys of the type.
    NoKeys,
}

impl Answer {
    /// Whether the default, or what stands in for it, was used.
    #[must_use]
    pub fn is_use(self) -> bool {
        matches!(self, Self::Used | Self::UsedInstead(_))
    }
}

/// What a token did in place of what its list of mechanisms says.
#[derive(Debug)]
pub struct Unexpected(String);

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unexpected {}

/// Why an exercise ends before its end.
#[derive(Debug)]
pub enum Trouble {
    /// The token neither makes keys of the type nor takes them: what `C_CreateObject` answered.
    NoKeys(Error),
    /// A call failed.
    Refused(Error),
    /// No call failed, and the result is wrong.
    Wrong(&'static str),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKeys(error) => write!(f, "the token has no keys of the type: {error}"),
            Self::Refused(error) => error.fmt(f),
            Self::Wrong(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Trouble {}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl Exercise {
    /// All defaults of all rows, in the order of the table.
    #[must_use]
    pub fn all() -> Vec<Self> {
        ROWS.iter().flat_map(Self::of).collect()
    }

    /// The defaults of a row.
    #[must_use]
    pub fn of(row: &'static Row) -> Vec<Self> {
        let pairs = |made: MechanismType| made.serves().contains(MechanismFlags::GENERATE_KEY_PAIR);
        let generate = match row.generate.is_some_and(pairs) {
            true => Usage::GenerateKeyPair,
            false => Usage::GenerateKey,
        };
        let sign = match row.sign.is_some_and(|sign| sign.verifies_only) {
            true => Usage::Verify,
            false => Usage::Sign,
        };
        let all = [
            (Usage::GenerateParameters, row.parameters),
            (generate, row.generate),
            (Usage::Encrypt, row.encrypt.map(|it| it.mechanism())),
            (sign, row.sign.map(|it| it.mechanism)),
            (Usage::Wrap, row.wrap.map(|it| it.mechanism())),
            (Usage::Derive, row.derive.map(|it| it.mechanism())),
            (Usage::Encapsulate, row.encapsulate),
        ];
        let named = |(usage, mechanism): (_, Option<_>)| {
            mechanism.map(|mechanism| Self { row, usage, mechanism })
        };
        all.into_iter().filter_map(named).collect()
    }

    /// What the token's list says: the default, what comes to the same, or nothing.
    ///
    /// # Errors
    ///
    /// If the token cannot be asked.
    pub fn listed(&self, token: &Token) -> pkcs11::Result<Option<MechanismType>> {
        let mut candidates = vec![self.mechanism];
        match self.usage {
            Usage::Sign | Usage::Verify => {
                let equivalents = self.row.sign.map_or(&[][..], |sign| sign.equivalents);
                candidates.extend(equivalents.iter().map(|equivalent| equivalent.mechanism));
            }
            Usage::Wrap if self.row.wrap == Some(Wrap::Kwp) && quirks(token)?.pad_is_kwp => {
                candidates.push(MechanismType::AES_KEY_WRAP_PAD);
            }
            _ => {}
        }
        for candidate in candidates {
            let info = token.mechanism_info(candidate)?;
            if info.is_some_and(|info| info.flags.contains(self.usage.flag())) {
                return Ok(Some(candidate));
            }
        }
        Ok(None)
    }

    /// Uses the default with keys of every shape of the type, and checks what comes of it.
    ///
    /// # Errors
    ///
    /// The first thing that goes wrong, and the shape.
    pub fn attempt(&self, session: &Session) -> Result<(), (Shape, Trouble)> {
        for shape in Shape::all(self.row.key_type) {
            uses::attempt(self, session, &shape).map_err(|trouble| (shape, trouble))?;
        }
        Ok(())
    }

    /// What the token does with the default.
    ///
    /// # Errors
    ///
    /// If that is not what its list of mechanisms says: it works unlisted, or is listed and fails.
    pub fn judge(&self, session: &Session) -> Result<Answer, Unexpected> {
        let listed = self.listed(session.token());
        let listed = listed.map_err(|error| Unexpected(error.to_string()))?;
        let outcome = self.attempt(session);
        match (&outcome, listed) {
            (Ok(()), Some(used)) if used == self.mechanism => Ok(Answer::Used),
            (Ok(()), Some(used)) => Ok(Answer::UsedInstead(used)),
            (Err((_, Trouble::Refused(error))), None) if self.is_said_missing(error) => {
                Ok(Answer::NotListed)
            }
            (Err((_, Trouble::NoKeys(error))), None) if is_unknown_type(error) => {
                Ok(Answer::NotListed)
            }
            (Err((_, Trouble::NoKeys(error))), Some(_)) if is_unknown_type(error) => {
                Ok(Answer::NoKeys)
            }
            _ => {
                let Self { row, mechanism, .. } = self;
                let listed = listed.map_or("nothing".to_owned(), |listed| listed.to_string());
                Err(Unexpected(format!(
                    "{} with {}: the token has {listed} for {mechanism}; it came to {outcome:?}",
                    self.name(),
                    row.key_type,
                )))
            }
        }
    }

    /// Whether the error is that of a default which the token lacks, and names it.
    fn is_said_missing(&self, error: &Error) -> bool {
        let wanted = format!("the token lacks {};", self.mechanism);
        matches!(error.kind(), ErrorKind::NoDefault(why) if why.contains(&wanted))
    }

    /// The use in a word.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.usage {
            Usage::GenerateParameters => "parameters",
            Usage::GenerateKey | Usage::GenerateKeyPair => "generate",
            Usage::Encrypt => "encrypt",
            Usage::Sign => "sign",
            Usage::Verify => "verify",
            Usage::Wrap => "wrap",
            Usage::Derive => "derive",
            _ => "encapsulate",
        }
    }
}

/// Whether the error is what our tokens answer to a key whose type they do not know.
fn is_unknown_type(error: &Error) -> bool {
    error.function() == Some(Function::CreateObject)
        && error.return_code() == Some(ReturnCode::ATTRIBUTE_VALUE_INVALID)
}

/// How the token deviates from the standard, by our table.
///
/// # Errors
///
/// What `C_GetInfo` and `C_GetTokenInfo` answer.
pub fn quirks(token: &Token) -> pkcs11::Result<Quirks> {
    Ok(StandardDefaults::new().quirks(&token.module().info()?, &token.info()?))
}
