//! What a program begins past the library and does not end.

use pkcs11::OperationKind::{self, Decrypt, Digest, Encrypt, Find, Sign, Verify};
use pkcs11::ReturnCode;
use pkcs11::prelude::*;
use tests_softhsm::{Kind, Outcome, TestToken};

use super::work::{How, ROWS, functions};
use super::{Bench, MANY};

use MechanismType as M;

/// What is begun, one of each kind and some that take their data whole.
const BEGUN: &[(How, OperationKind)] = &[
    (How::Iv(M::AES_CBC_PAD, &[2; 16]), Encrypt),
    (How::Iv(M::AES_CBC_PAD, &[2; 16]), Decrypt),
    (How::Plain(M::AES_ECB), Encrypt),
    (How::Plain(M::SHA256), Digest),
    (How::Plain(M::SHA256_HMAC), Sign),
    (How::Plain(M::SHA256_HMAC), Verify),
    (How::Plain(M::SHA256_RSA_PKCS), Sign),
    (How::Plain(M::SHA256_RSA_PKCS), Verify),
    (How::Plain(M::RSA_PKCS), Encrypt),
    (How::Plain(M::RSA_PKCS), Decrypt),
    (How::Plain(M::RSA_PKCS), Sign),
    (How::Plain(M::RSA_PKCS), Verify),
    (How::Plain(M::ECDSA), Sign),
    (How::Plain(M::ECDSA), Verify),
];

/// What the library does next: all kinds that every module has.
const NEXT: [OperationKind; 6] = [Find, Encrypt, Decrypt, Digest, Sign, Verify];

/// How many pairs were tried, and in how many the library had to reset the session.
#[derive(Debug, Default, PartialEq, Eq)]
struct Pairs {
    tried: usize,
    reset: usize,
}

/// Each operation that was left behind, with and without data, then each kind by the library.
pub(super) fn what_others_leave_behind_is_reset(token: &TestToken) -> Outcome {
    let mut bench = Bench::new(token, &[])?;
    let mut pairs = Pairs::default();
    let session = bench.session.handle();
    for next in NEXT {
        for fed in [false, true] {
            for &(how, kind) in BEGUN {
                let row = ROWS.iter().find(|row| row.how == how).unwrap();
                let work = bench.keys.work(*row, kind)?;
                let mechanism = match how {
                    How::Iv(number, iv) => (number, iv),
                    _ => (how.number(), &[][..]),
                };
                let code = bench.raw.init(session, kind, mechanism, work.key_handle());
                let cell = format!("{kind} with {how:?} left behind, fed: {fed}, then {next}");
                assert_eq!(code, ReturnCode::OK.number(), "{cell}");
                if fed {
                    // Those that take their data whole refuse it, and may have ended then.
                    let _ = bench.raw.update(session, kind, Some(&[7; 16]), 64);
                }
                pairs.after(&bench, &cell, next);
                // It is gone, at the latest when the same is wanted.
                let result = work.in_one_shot().unwrap_or_else(|error| panic!("{cell}: {error:?}"));
                assert!(work.is_right(&result)?, "{cell}");
                bench.same(&cell, &work, how.is_multi_part());
                bench.others(&cell, kind);
            }
            let code = bench.raw.init(session, Find, (M::SHA256, &[]), None);
            let cell = format!("a search left behind, fed: {fed}, then {next}");
            assert_eq!(code, ReturnCode::OK.number(), "{cell}");
            if fed {
                assert_eq!(bench.raw.find(session), Ok(1), "{cell}");
            }
            pairs.after(&bench, &cell, next);
            assert_eq!(bench.search()?, MANY, "{cell}");
            bench.others(&cell, Find);
        }
    }
    let tried = NEXT.len() * 2 * (BEGUN.len() + 1);
    let reset = match token.kind() {
        // An operation of any kind stands in the way.
        Kind::SoftHsm => 156,
        // One of the same kind.
        Kind::Embedded => 24,
        Kind::Nss => 74,
    };
    assert_eq!(pairs, Pairs { tried, reset });
    Ok(())
}

impl Pairs {
    /// Does an operation of this kind, whatever is active.
    fn after(&mut self, bench: &Bench, cell: &str, kind: OperationKind) {
        bench.mock.reset_counts();
        match bench.usual.iter().find(|work| work.kind == kind) {
            Some(work) => {
                let result = work.in_one_shot().unwrap_or_else(|error| panic!("{cell}: {error:?}"));
                // One Init, or a second one after the reset.
                let [init, ..] = functions(kind);
                let begun = bench.mock.calls(init);
                assert!((1..=2).contains(&begun), "{cell}: {:?}", bench.mock.counts());
                self.reset += usize::from(begun == 2);
                assert!(work.is_right(&result).is_ok_and(|right| right), "{cell}");
            }
            None => {
                let found = bench.search();
                let begun = bench.mock.calls("C_FindObjectsInit");
                self.reset += usize::from(begun == 2);
                assert_eq!(found.ok(), Some(MANY), "{cell}");
            }
        }
        self.tried += 1;
    }
}
