//! The table of curves.

use core::fmt;

use super::EcParameters;
use crate::{Error, ErrorKind, oid::Oid};

/// What a curve is used for, which decides its key type in PKCS#11.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CurveKind {
    /// A short Weierstrass curve: ECDSA and ECDH, `CKK_EC`.
    Weierstrass,
    /// A twisted Edwards curve: EdDSA, `CKK_EC_EDWARDS`.
    Edwards,
    /// A Montgomery curve: X25519 and X448, `CKK_EC_MONTGOMERY`.
    Montgomery,
}

/// A named curve: one row of the table.
///
/// ```
/// use pkcs11_codec::ec::Curve;
///
/// let curve = Curve::from_name("prime256v1");
/// assert_eq!(curve, Some(Curve::P256));
/// assert_eq!(Curve::P521.order_bytes(), 66);
/// assert_eq!(Curve::ED25519.oid().to_string(), "1.3.101.112");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Curve(&'static Row);

#[derive(PartialEq, Eq)]
struct Row {
    name: &'static str,
    /// Other names in use: of NIST, SEC 2, X9.62, RFC 8032.
    aliases: &'static [&'static str],
    /// The PrintableString that PKCS#11 3.x allows instead of the OID.
    curve_name: Option<&'static str>,
    kind: CurveKind,
    field_bytes: usize,
    order_bytes: usize,
    /// Of an uncompressed point, or of the string of bytes of RFC 7748 and RFC 8032.
    public_key_bytes: usize,
    oid: Oid<'static>,
}

/// A Weierstrass curve whose order has as many bytes as its field.
const fn weierstrass(
    name: &'static str,
    aliases: &'static [&'static str],
    bytes: usize,
    oid: &'static [u8],
) -> Row {
    Row {
        name,
        aliases,
        curve_name: None,
        kind: CurveKind::Weierstrass,
        field_bytes: bytes,
        order_bytes: bytes,
        public_key_bytes: 1 + 2 * bytes,
        oid: Oid::constant(oid),
    }
}

macro_rules! curves {
    ($($(#[$doc:meta])* $constant:ident = $row:expr;)*) => {
        impl Curve {
            $($(#[$doc])* pub const $constant: Self = Self(&$row);)*

            /// Every curve of the table.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];
        }
    };
}

curves! {
    /// secp192r1, 1.2.840.10045.3.1.1 (RFC 5480 §2.1.1.1).
    P192 = weierstrass("secp192r1", &["P-192", "prime192v1"], 24,
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01]);
    /// secp224r1, 1.3.132.0.33 (RFC 5480 §2.1.1.1).
    P224 = weierstrass("secp224r1", &["P-224"], 28, &[0x2b, 0x81, 0x04, 0x00, 0x21]);
    /// secp256r1, 1.2.840.10045.3.1.7 (RFC 5480 §2.1.1.1).
    P256 = weierstrass("secp256r1", &["P-256", "prime256v1"], 32,
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
    /// secp384r1, 1.3.132.0.34 (RFC 5480 §2.1.1.1).
    P384 = weierstrass("secp384r1", &["P-384"], 48, &[0x2b, 0x81, 0x04, 0x00, 0x22]);
    /// secp521r1, 1.3.132.0.35 (RFC 5480 §2.1.1.1).
    P521 = weierstrass("secp521r1", &["P-521"], 66, &[0x2b, 0x81, 0x04, 0x00, 0x23]);
    /// secp256k1, 1.3.132.0.10 (SEC 2 §A.2.1).
    SECP256K1 = weierstrass("secp256k1", &[], 32, &[0x2b, 0x81, 0x04, 0x00, 0x0a]);
    /// brainpoolP256r1, 1.3.36.3.3.2.8.1.1.7 (RFC 5639 §4.1).
    BRAINPOOL_P256R1 = weierstrass("brainpoolP256r1", &[], 32,
        &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07]);
    /// brainpoolP384r1, 1.3.36.3.3.2.8.1.1.11 (RFC 5639 §4.1).
    BRAINPOOL_P384R1 = weierstrass("brainpoolP384r1", &[], 48,
        &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b]);
    /// brainpoolP512r1, 1.3.36.3.3.2.8.1.1.13 (RFC 5639 §4.1).
    BRAINPOOL_P512R1 = weierstrass("brainpoolP512r1", &[], 64,
        &[0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d]);
    /// id-X25519, 1.3.101.110 (RFC 8410 §3).
    X25519 = Row {
        name: "X25519",
        aliases: &["curve25519"],
        curve_name: Some("curve25519"),
        kind: CurveKind::Montgomery,
        field_bytes: 32,
        order_bytes: 32,
        public_key_bytes: 32,
        oid: Oid::constant(&[0x2b, 0x65, 0x6e]),
    };
    /// id-X448, 1.3.101.111 (RFC 8410 §3).
    X448 = Row {
        name: "X448",
        aliases: &["curve448"],
        curve_name: Some("curve448"),
        kind: CurveKind::Montgomery,
        field_bytes: 56,
        order_bytes: 56,
        public_key_bytes: 56,
        oid: Oid::constant(&[0x2b, 0x65, 0x6f]),
    };
    /// id-Ed25519, 1.3.101.112 (RFC 8410 §3).
    ED25519 = Row {
        name: "Ed25519",
        aliases: &["edwards25519"],
        curve_name: Some("edwards25519"),
        kind: CurveKind::Edwards,
        field_bytes: 32,
        order_bytes: 32,
        public_key_bytes: 32,
        oid: Oid::constant(&[0x2b, 0x65, 0x70]),
    };
    /// id-Ed448, 1.3.101.113 (RFC 8410 §3).
    ED448 = Row {
        name: "Ed448",
        aliases: &["edwards448"],
        curve_name: Some("edwards448"),
        kind: CurveKind::Edwards,
        field_bytes: 56,
        order_bytes: 56,
        public_key_bytes: 57,
        oid: Oid::constant(&[0x2b, 0x65, 0x71]),
    };
}

impl Curve {
    /// The curve with this OBJECT IDENTIFIER.
    #[must_use]
    pub fn from_oid(oid: Oid<'_>) -> Option<Self> {
        Self::ALL.iter().copied().find(|curve| curve.oid() == oid)
    }

    /// The curve with this name, in any of the spellings of the table.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let named = |curve: &Self| curve.name() == name || curve.aliases().contains(&name);
        Self::ALL.iter().copied().find(named)
    }

    /// The name: of SEC 2, RFC 5639 or RFC 8410.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Other names for it, such as `P-256` and `prime256v1`.
    #[must_use]
    pub const fn aliases(self) -> &'static [&'static str] {
        self.0.aliases
    }

    /// What the curve is used for.
    #[must_use]
    pub const fn kind(self) -> CurveKind {
        self.0.kind
    }

    /// The OBJECT IDENTIFIER.
    #[must_use]
    pub const fn oid(self) -> Oid<'static> {
        self.0.oid
    }

    /// The size of a coordinate in bytes.
    #[must_use]
    pub const fn field_bytes(self) -> usize {
        self.0.field_bytes
    }

    /// The size in bytes of the order of the base point, and so of r and of s.
    #[must_use]
    pub const fn order_bytes(self) -> usize {
        self.0.order_bytes
    }

    /// The size of a public key in bytes: of an uncompressed point (SEC 1 §2.3.3), or of the
    /// string of RFC 7748 and RFC 8032.
    #[must_use]
    pub const fn public_key_bytes(self) -> usize {
        self.0.public_key_bytes
    }

    /// The curve's name as parameters, which PKCS#11 3.x allows for Edwards and Montgomery
    /// curves and some tokens ask for.
    #[must_use]
    pub fn name_parameters(self) -> Option<EcParameters<'static>> {
        self.0.curve_name.map(EcParameters::CurveName)
    }

    /// Checks that a raw public key has the form and the size that this curve implies: an
    /// uncompressed or compressed point (SEC 1 §2.3.3), or the string of RFC 7748 and RFC
    /// 8032. Whether the point lies on the curve is for the token.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidPoint`] or [`ErrorKind::WrongLength`].
    pub fn check_public_key(self, raw: &[u8]) -> Result<(), Error> {
        let expected = match (self.kind(), raw.first()) {
            (_, None) => return Err(Error::at(0, ErrorKind::Empty)),
            (CurveKind::Weierstrass, Some(0x02 | 0x03)) => self.field_bytes().saturating_add(1),
            (CurveKind::Weierstrass, Some(first)) if *first != 0x04 => {
                return Err(Error::at(0, ErrorKind::InvalidPoint));
            }
            _ => self.public_key_bytes(),
        };
        match raw.len() {
            found if found == expected => Ok(()),
            found => Err(Error::at(0, ErrorKind::WrongLength { expected, found })),
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Debug for Curve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Curve({self})")
    }
}
