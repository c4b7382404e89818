//! Wrong answers that are the tokens' own, each with its proof.

use crate::Kind;

/// Vectors of a set that a token answers wrongly.
#[derive(Debug)]
struct Defect {
    token: Kind,
    set: &'static str,
    /// Their `tcId`s.
    cases: &'static [usize],
    /// What it does, and how we know that it is the token.
    why: &'static str,
}

/// The vectors whose nonce has 257 bytes.
const LONG_NONCE: &[usize] = &[268, 272, 276];
/// The vectors whose key has 20 bytes.
const ODD_LENGTH: &[usize] = &[21, 63, 118];
const FILLED: &str = "it fills a key up with zeros whose length is no multiple of 8, as PKCS#11 2.40 \
                      allows and RFC 3394 does not; the embedded token refuses the same key";
/// The vectors whose key has 384 bytes.
const LONG_KEY: &str = "it makes no secret key of more than 256 bytes when it unwraps \
                        (CKR_TEMPLATE_INCONSISTENT), but does when told its value; SoftHSM and the \
                        embedded token unwrap the same";
const SHORT_SIGNATURE: &str = "it halves a signature of any even length, so that r and s may have \
                               too few or too many bytes; the other tokens refuse the same bytes";

const DEFECTS: &[Defect] = &[
    Defect {
        token: Kind::SoftHsm,
        set: "aead/AesGcm",
        cases: LONG_NONCE,
        why: "it encrypts to other bytes: the nonce is longer than the 128 bytes of its OpenSSL, \
              whose refusal it does not look at; NSS gives the vector's ciphertext",
    },
    Defect {
        token: Kind::Embedded,
        set: "aead/AesGcm",
        cases: LONG_NONCE,
        why: "CKR_DEVICE_ERROR: OpenSSL takes nonces of 128 bytes at most, the standard has 2^32 - 1; \
              NSS gives the vector's ciphertext",
    },
    Defect { token: Kind::SoftHsm, set: "key wrap/AesKeyWrap", cases: ODD_LENGTH, why: FILLED },
    Defect { token: Kind::Nss, set: "key wrap/AesKeyWrap", cases: ODD_LENGTH, why: FILLED },
    Defect { token: Kind::Nss, set: "key wrap/AesKeyWrap", cases: &[10, 52, 107], why: LONG_KEY },
    Defect {
        token: Kind::Nss,
        set: "key wrap/AesKeyWrapWithPadding",
        cases: &[10, 85, 170],
        why: LONG_KEY,
    },
    Defect {
        token: Kind::Nss,
        set: "ecdsa/EcdsaSecp256r1Sha256P1363",
        cases: &[121, 123, 125, 127, 129, 131, 133, 135, 145, 147, 149, 151],
        why: SHORT_SIGNATURE,
    },
    Defect {
        token: Kind::Nss,
        set: "ecdsa/EcdsaSecp256r1Sha512P1363",
        cases: &[191, 193, 195, 197, 199, 201, 203, 205, 215, 217, 219, 221],
        why: SHORT_SIGNATURE,
    },
    Defect {
        token: Kind::Nss,
        set: "ecdsa/EcdsaSecp384r1Sha384P1363",
        cases: &[153, 155, 157, 159, 161, 163, 173, 175, 177, 179],
        why: SHORT_SIGNATURE,
    },
    Defect {
        token: Kind::Nss,
        set: "ecdsa/EcdsaSecp384r1Sha512P1363",
        cases: &[191, 193, 195, 197, 199, 201, 211, 213, 215, 217],
        why: SHORT_SIGNATURE,
    },
    Defect {
        token: Kind::Nss,
        set: "ecdsa/EcdsaSecp521r1Sha512P1363",
        cases: &[190, 192, 194, 196, 198, 200, 210, 212, 214, 216],
        why: SHORT_SIGNATURE,
    },
];

/// Why this vector is answered wrongly, if it is known to be.
pub(super) fn known(token: Kind, set: &str, case: usize) -> Option<&'static str> {
    let names = |it: &&Defect| it.token == token && it.set == set && it.cases.contains(&case);
    DEFECTS.iter().find(names).map(|defect| defect.why)
}
