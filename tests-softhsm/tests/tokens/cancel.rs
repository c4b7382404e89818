//! What is abandoned is cancelled: a cell for each kind of operation, mechanism and state.
//!
//! After each cell the same operation and one of every other kind are done, in both orders, and give
//! what they must, each with one Init: the library did not have to clear the session up. How many
//! cells a token has is asserted, and so is what it lacks.

mod exits;
mod left_behind;
mod work;

use pkcs11::OperationKind::{self, Decrypt, Digest, Encrypt, Find, Sign, Verify};
use pkcs11::prelude::*;
use pkcs11::{MechanismFlags, ReturnCode};
use pkcs11_mock::{Lie, Mock};
use pkcs11_sys::CK_RV;
use tests_softhsm::native::{Raw, counted, mocked};
use tests_softhsm::{Kind, LABEL, Outcome, PIN, TestToken, tests};

use self::exits::every_way_out_of_a_stream_cancels;
use self::left_behind::what_others_leave_behind_is_reset;
use self::work::{How, Keys, ROWS, Work, functions};
use crate::common::known_key;

use MechanismType as M;

tests! {
    what_is_abandoned_is_cancelled: and Nss;
    embedded_without_session_cancel: only Embedded;
    nss_without_session_cancel: only Nss;
    every_way_out_of_a_stream_cancels: and Nss;
    what_others_leave_behind_is_reset: and Nss;
}

/// More objects than the first batch of a search takes.
const MANY: usize = 100;
const NAME: &str = "many";

const NOT_ACTIVE: CK_RV = ReturnCode::OPERATION_NOT_INITIALIZED.number();
const BROKEN: Lie = Lie::Code(ReturnCode::DEVICE_ERROR.number());
const BROKEN_AFTER: Lie = Lie::CodeAfter(ReturnCode::DEVICE_ERROR.number());

/// A session with keys, and an operation of each kind.
struct Bench {
    kind: Kind,
    keys: Keys,
    session: Session,
    raw: Raw,
    /// One of each kind but the search.
    usual: Vec<Work>,
    mock: Mock,
}

impl Bench {
    fn new(token: &TestToken, missing: &[&str]) -> Outcome<Self> {
        let (mock, module) = counted(token, token.options()?)?;
        drop(module);
        // The mock leaves functions out of lists that are handed out later.
        missing.iter().for_each(|function| mock.missing(function));
        let module = mocked(&mock, token.options()?)?;
        let session = module.token(label(LABEL))?.open().user_pin(PIN).start()?;
        for _ in 0..MANY {
            let key = known_key(&session, KeyType::GENERIC_SECRET, &[1; 16])?;
            key.set(&Template::new().with(attr::LABEL, NAME))?;
        }
        let mut keys = Keys::new(session.clone());
        let mut usual = Vec::new();
        for (how, kind) in [
            (How::Iv(M::AES_CBC_PAD, &[2; 16]), Encrypt),
            (How::Iv(M::AES_CBC_PAD, &[2; 16]), Decrypt),
            (How::Plain(M::SHA256), Digest),
            (How::Plain(M::SHA256_HMAC), Sign),
            (How::Plain(M::SHA256_HMAC), Verify),
        ] {
            let row = ROWS.iter().find(|row| row.how == how).unwrap();
            usual.push(keys.work(*row, kind)?);
        }
        let raw = Raw::of(&mock);
        Ok(Self { kind: token.kind(), keys, session, raw, usual, mock })
    }

    fn search(&self) -> Result<usize> {
        self.session.find::<SecretKey>().label(NAME).all().map(|found| found.len())
    }

    /// Does something that begins one operation, without the library's having to reset any.
    fn once<T>(&self, cell: &str, kind: OperationKind, action: impl Fn() -> Result<T>) -> T {
        self.mock.reset_counts();
        let value = action().unwrap_or_else(|error| panic!("{cell}: then {kind}: {error:?}"));
        let [init, ..] = functions(kind);
        assert_eq!(self.mock.calls(init), 1, "{cell}: then {kind}: {:?}", self.mock.counts());
        value
    }

    /// The operation of the cell again.
    fn same(&self, cell: &str, work: &Work, parts: bool) {
        for in_parts in [true, false] {
            if in_parts && !parts {
                continue;
            }
            let action = || if in_parts { work.in_parts() } else { work.in_one_shot() };
            let result = self.once(cell, work.kind, action);
            let right = work.is_right(&result);
            assert!(right.is_ok_and(|right| right), "{cell}: then again, in parts: {in_parts}");
        }
    }

    /// An operation of each kind but this.
    fn others(&self, cell: &str, kind: OperationKind) {
        for other in self.usual.iter().filter(|other| other.kind != kind) {
            let result = self.once(cell, other.kind, || other.in_one_shot());
            assert!(other.is_right(&result).unwrap(), "{cell}: then {}", other.kind);
        }
        if kind != Find {
            assert_eq!(self.once(cell, Find, || self.search()), MANY, "{cell}: then a search");
        }
    }
}

/// In what state an operation is abandoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A stream that has had nothing is dropped.
    Fresh,
    /// One that has had a block.
    Block,
    /// One that has had 96 KiB.
    Large,
    /// The token refuses an update that is wrong, and the stream is dropped.
    Refused,
    /// An update fails, after the token has done it.
    Failed,
    /// The call that does it in one shot fails, and does not get to the token.
    Unanswered,
    /// It fails after the token has done it.
    Late,
    /// The token refuses what it is given.
    Wrong,
    /// The PIN that the key wants is wrong.
    Pin,
}

impl State {
    const ALL: [Self; 9] = [
        Self::Fresh,
        Self::Block,
        Self::Large,
        Self::Refused,
        Self::Failed,
        Self::Unanswered,
        Self::Late,
        Self::Wrong,
        Self::Pin,
    ];

    fn is_of_streams(self) -> bool {
        [Self::Fresh, Self::Block, Self::Large, Self::Refused, Self::Failed].contains(&self)
    }

    /// Gets an operation there and abandons it; `false` if it has no such state.
    fn reach(self, bench: &Bench, work: &Work) -> Outcome<bool> {
        let [_, update, one_shot] = functions(work.kind);
        let mock = &bench.mock;
        let cell = || format!("{self:?} {} with {:?}", work.kind, work.how);
        match self {
            _ if self.is_of_streams() && !work.how.is_multi_part() => return Ok(false),
            Self::Fresh => drop(work.start()?),
            Self::Block | Self::Large => {
                let length = if self == Self::Block { 16 } else { 96 << 10 };
                // One that the token refuses is abandoned like the others.
                let _ = work.start()?.update(&vec![0xee; length]);
            }
            Self::Refused => {
                let (raw, session) = (bench.raw, bench.session.handle());
                let stream = work.start()?;
                let code = match bench.kind {
                    // It would read what is not there, so it is given no room instead.
                    Kind::Nss if ![Encrypt, Decrypt].contains(&work.kind) => return Ok(false),
                    Kind::Nss => raw.update(session, work.kind, Some(&[7; 32]), 1),
                    _ => raw.update(session, work.kind, None, 64),
                };
                assert_ne!(code, ReturnCode::OK.number(), "{}", cell());
                drop(stream);
            }
            Self::Failed => {
                let mut stream = work.start()?;
                mock.reset_counts();
                mock.lie_times(update, 1, BROKEN_AFTER);
                let answer = stream.update(&[0xee; 16]);
                mock.truth(update);
                if mock.calls(update) == 0 {
                    // It is hashed here: there is no such call.
                    return Ok(false);
                }
                assert!(answer.is_err(), "{}", cell());
            }
            Self::Unanswered | Self::Late => {
                let late = self == Self::Late;
                mock.lie_times(one_shot, 1, if late { BROKEN_AFTER } else { BROKEN });
                assert!(work.in_one_shot().is_err(), "{}", cell());
                mock.truth(one_shot);
            }
            Self::Wrong => match work.wrong() {
                Some(answer) => assert!(answer.is_err(), "{}: {answer:?}", cell()),
                None => return Ok(false),
            },
            Self::Pin => {
                mock.lie_times("C_Login", 1, Lie::Code(ReturnCode::PIN_INCORRECT.number()));
                let answer = work.with_pin();
                mock.truth("C_Login");
                match answer {
                    Some(answer) => assert!(answer.is_err(), "{}", cell()),
                    None => return Ok(false),
                }
            }
        }
        Ok(true)
    }
}

/// How a search is abandoned.
const SEARCHES: [&[(&str, Lie)]; 5] = [
    // Nothing was asked for yet, one batch has come, two have.
    &[("C_FindObjects", BROKEN)],
    &[("C_FindObjects", BROKEN_AFTER)],
    &[("C_FindObjects", Lie::Truth), ("C_FindObjects", BROKEN_AFTER)],
    // Its end fails.
    &[("C_FindObjectsFinal", BROKEN)],
    &[("C_FindObjectsFinal", BROKEN_AFTER)],
];

fn searches(bench: &Bench) -> usize {
    for lies in SEARCHES {
        for same_first in [true, false] {
            let cell = format!("search: {lies:?}");
            for &(function, lie) in lies {
                bench.mock.lie_times(function, 1, lie);
            }
            assert!(bench.search().is_err(), "{cell}");
            lies.iter().for_each(|(function, _)| bench.mock.truth(function));
            // Where a search may begin while another is active, its Init would not tell.
            match bench.raw.find(bench.session.handle()) {
                Ok(found) => assert!(bench.kind == Kind::Nss && found == 0, "{cell}: {found}"),
                Err(code) => assert_eq!(code, NOT_ACTIVE, "{cell}"),
            }
            if !same_first {
                bench.others(&cell, Find);
            }
            assert_eq!(bench.once(&cell, Find, || bench.search()), MANY, "{cell}");
            if same_first {
                bench.others(&cell, Find);
            }
        }
    }
    SEARCHES.len()
}

/// What a token came to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Report {
    cells: usize,
    /// What it does not offer.
    lacks: Vec<M>,
    /// What it says that it offers, and does not.
    refuses: Vec<(OperationKind, M)>,
    /// What it offers, and does not take in parts.
    whole: Vec<(OperationKind, M)>,
}

fn cells(token: &TestToken, missing: &[&str]) -> Outcome<Report> {
    let mut bench = Bench::new(token, missing)?;
    let mut report = Report { cells: searches(&bench), ..Report::default() };
    for row in ROWS {
        let number = row.how.number();
        let offered = bench.session.token().mechanism_info(number)?;
        let flags = offered.map_or(MechanismFlags::empty(), |info| info.flags);
        for &kind in row.kinds {
            let flag = match kind {
                Encrypt => MechanismFlags::ENCRYPT,
                Decrypt => MechanismFlags::DECRYPT,
                Sign => MechanismFlags::SIGN,
                Verify => MechanismFlags::VERIFY,
                _ => MechanismFlags::DIGEST,
            };
            // NSS does not say that it digests.
            if kind != Digest && !flags.contains(flag) {
                report.lacks.push(number);
                continue;
            }
            let work = match bench.keys.work(*row, kind) {
                Err(error) if matches!(error.kind(), ErrorKind::MechanismNotOffered) => {
                    report.refuses.push((kind, number));
                    continue;
                }
                work => work?,
            };
            let parts = row.how.is_multi_part() && work.in_parts().is_ok();
            if row.how.is_multi_part() && !parts {
                report.whole.push((kind, number));
            }
            for state in State::ALL {
                let cell = format!("{state:?} {kind} with {:?}", row.how);
                // Where the module crashes, the last line tells.
                eprintln!("{cell}");
                let mut reached = false;
                for same_first in [true, false] {
                    reached = state.reach(&bench, &work)?;
                    if !reached {
                        break;
                    }
                    if same_first {
                        bench.same(&cell, &work, parts);
                        bench.others(&cell, kind);
                    } else {
                        bench.others(&cell, kind);
                        bench.same(&cell, &work, parts);
                    }
                }
                report.cells += usize::from(reached);
            }
        }
    }
    report.lacks.dedup();
    Ok(report)
}

/// What each token must come to: with fewer cells, or more missing, something was lost.
fn expected(kind: Kind) -> Report {
    match kind {
        Kind::SoftHsm => Report {
            cells: 397,
            whole: vec![(Sign, M::EDDSA), (Verify, M::EDDSA)],
            ..Report::default()
        },
        Kind::Embedded => Report {
            cells: 331,
            lacks: vec![M::DES3_CBC, M::DES3_CBC_PAD, M::DES3_CMAC, M::DSA_SHA1, M::DSA],
            ..Report::default()
        },
        Kind::Nss => Report {
            cells: 334,
            lacks: vec![M::DES3_CMAC, M::EDDSA],
            refuses: vec![(Verify, M::AES_CMAC)],
            whole: vec![(Encrypt, M::AES_GCM), (Decrypt, M::AES_GCM)],
        },
    }
}

fn what_is_abandoned_is_cancelled(token: &TestToken) -> Outcome {
    assert_eq!(cells(token, &[])?, expected(token.kind()));
    Ok(())
}

/// As with a module of 2.40, by the one-shot call alone.
fn embedded_without_session_cancel(token: &TestToken) -> Outcome {
    assert_eq!(cells(token, &["C_SessionCancel"])?, expected(token.kind()));
    Ok(())
}

fn nss_without_session_cancel(token: &TestToken) -> Outcome {
    assert_eq!(cells(token, &["C_SessionCancel"])?, expected(token.kind()));
    Ok(())
}
