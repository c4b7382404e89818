//! One job, done with each of the crates that users reach for. What comes out is the same, and
//! is what PKCS#11 wants: a test compares it, the measurement times it.

#[allow(clippy::result_large_err, reason = "the derived code returns the crate's own errors")]
pub(crate) mod asn1;
pub(crate) mod ours;
pub(crate) mod rasn;
pub(crate) mod rustcrypto;
pub(crate) mod x509_parser;

use std::borrow::Cow;

/// What is read, see the README there.
pub(crate) const CERTIFICATE: &[u8] = include_bytes!("../../tests/fixtures/rivals/certificate.der");
pub(crate) const RSA_PKCS1: &[u8] = include_bytes!("../../tests/fixtures/rivals/rsa_pkcs1.der");
pub(crate) const RSA_PKCS8: &[u8] = include_bytes!("../../tests/fixtures/rivals/rsa_pkcs8.der");
pub(crate) const RSA_SPKI: &[u8] = include_bytes!("../../tests/fixtures/rivals/rsa_spki.der");
pub(crate) const EC_SPKI: &[u8] = include_bytes!("../../tests/fixtures/rivals/ec_spki.der");
pub(crate) const ED25519_SPKI: &[u8] =
    include_bytes!("../../tests/fixtures/rivals/ed25519_spki.der");
pub(crate) const ECDSA: &[u8] = include_bytes!("../../tests/fixtures/rivals/ecdsa.der");

/// Borrowed where a crate lends what it has read.
pub(crate) type Bytes<'a> = Cow<'a, [u8]>;

/// Year, month, day.
pub(crate) type Day = (u16, u8, u8);

/// r‖s on P-256.
pub(crate) type Fixed = [u8; 64];

/// A certificate, for the attributes of its object and of its key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Certificate<'a> {
    pub(crate) subject: Bytes<'a>,
    pub(crate) issuer: Bytes<'a>,
    /// The contents octets, or with tag and length, as a crate has it at hand.
    pub(crate) serial: Bytes<'a>,
    pub(crate) start: Day,
    pub(crate) end: Day,
    pub(crate) key_info: Bytes<'a>,
    pub(crate) key: Key<'a>,
}

/// A public key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    Rsa { modulus: Bytes<'a>, public_exponent: Bytes<'a> },
    P256(Bytes<'a>),
    Ed25519(Bytes<'a>),
}

/// n, e, d, p, q, dP, dQ, qInv.
pub(crate) type RsaPrivateKey<'a> = [Bytes<'a>; 8];

/// The number without the zero that keeps an INTEGER from being negative.
fn unsigned(content: &[u8]) -> &[u8] {
    content.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(content)
}

/// Writes r and s to their places.
fn fixed(r: &[u8], s: &[u8], out: &mut Fixed) {
    out.fill(0);
    let (left, right) = out.split_at_mut(32);
    for (number, place) in [(r, left), (s, right)] {
        let zeros = place.len().checked_sub(number.len()).expect("a number of P-256");
        place.split_at_mut(zeros).1.copy_from_slice(number);
    }
}
