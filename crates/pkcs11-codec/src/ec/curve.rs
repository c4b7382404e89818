//! The table of curves.

mod table;

use core::fmt;

use super::{EcParameters, point};
use crate::{Error, ErrorKind, oid::Oid};

/// What a curve is used for, which decides its key type in PKCS#11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CurveKind {
    /// A short Weierstrass curve, over a prime or a binary field: ECDSA and ECDH, `CKK_EC`.
    Weierstrass,
    /// A twisted Edwards curve: EdDSA, `CKK_EC_EDWARDS`.
    Edwards,
    /// A Montgomery curve: X25519 and X448, `CKK_EC_MONTGOMERY`.
    Montgomery,
}

/// What a curve's field is, which decides the flag that a mechanism needs in PKCS#11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldKind {
    /// The integers modulo a prime: `CKF_EC_F_P`.
    Prime,
    /// Of characteristic two: `CKF_EC_F_2M`.
    Binary,
}

/// A named curve: one row of the table.
///
/// It has the curves of SEC 2 (NIST's are among them), X9.62, Brainpool, WTLS and China's
/// and France's, the four of RFC 8410, and two identifiers of OpenPGP that tokens use for
/// these. The curves of GOST R 34.10 have a key type of their own in PKCS#11 and are not
/// here.
///
/// ```
/// use pkcs11_codec::ec::Curve;
///
/// let curve = Curve::from_name("prime256v1");
/// assert_eq!(curve, Some(Curve::P256));
/// assert_eq!(Curve::P521.order_bytes(), 66);
/// assert_eq!(Curve::ED25519.oid().to_string(), "1.3.101.112");
///
/// // An order may be longer than its field, and shorter.
/// let (long, short) = (Curve::SECP160R1, Curve::SECT233K1);
/// assert_eq!((long.field_bytes(), long.order_bytes()), (20, 21));
/// assert_eq!((short.field_bytes(), short.order_bytes()), (30, 29));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Curve(table::Id);

impl Curve {
    /// The curve with this name, in any of the spellings of the table and in capital or
    /// small letters: the field is not of one mind about these.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let is_name = |known: &str| known.eq_ignore_ascii_case(name);
        let named =
            |curve: &&Self| is_name(curve.name()) || curve.aliases().iter().copied().any(is_name);
        Self::ALL.iter().find(named).copied()
    }

    /// The curve whose OBJECT IDENTIFIER is an algorithm as well: of the key in a
    /// SubjectPublicKeyInfo or PKCS#8 (RFC 8410 §3).
    pub(crate) fn from_algorithm(oid: Oid<'_>) -> Option<Self> {
        Self::from_oid(oid).filter(|curve| curve.is_algorithm())
    }

    /// Whether RFC 8410 makes an algorithm of it.
    pub(crate) const fn is_algorithm(self) -> bool {
        self.curve_name().is_some()
    }

    /// The name: that of the document which gives it its OBJECT IDENTIFIER.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.row().name
    }

    /// Other names for it, such as `P-256` and `prime256v1`.
    #[must_use]
    pub const fn aliases(self) -> &'static [&'static str] {
        self.0.row().aliases
    }

    /// What the curve is used for.
    #[must_use]
    pub const fn kind(self) -> CurveKind {
        self.0.row().kind
    }

    /// The OBJECT IDENTIFIER.
    #[must_use]
    pub const fn oid(self) -> Oid<'static> {
        self.0.row().oid
    }

    /// What the curve's field is.
    #[must_use]
    pub const fn field_kind(self) -> FieldKind {
        self.0.row().field_kind
    }

    /// The size in bits of the field: of its prime, or its degree. Tokens tell which sizes
    /// they take in `CK_MECHANISM_INFO`.
    #[must_use]
    pub const fn field_bits(self) -> usize {
        self.0.row().field_bits
    }

    /// The size of a coordinate in bytes.
    #[must_use]
    pub const fn field_bytes(self) -> usize {
        self.field_bits().div_ceil(8)
    }

    /// The size in bits of the order of the base point.
    #[must_use]
    pub const fn order_bits(self) -> usize {
        self.0.row().order_bits
    }

    /// The size in bytes of the order of the base point, and so of r and of s.
    #[must_use]
    pub const fn order_bytes(self) -> usize {
        self.order_bits().div_ceil(8)
    }

    /// The size of a public key in bytes: of an uncompressed point (SEC 1 §2.3.3), or of the
    /// string of RFC 7748 and RFC 8032.
    #[must_use]
    pub const fn public_key_bytes(self) -> usize {
        match self.kind() {
            CurveKind::Weierstrass => point::uncompressed_bytes(self.field_bytes()),
            // A bit more, for the sign of x.
            CurveKind::Edwards => self.field_bits().saturating_add(1).div_ceil(8),
            CurveKind::Montgomery => self.field_bytes(),
        }
    }

    /// The curve's name as parameters, which PKCS#11 3.x allows for Edwards and Montgomery
    /// curves and some tokens ask for.
    #[must_use]
    pub fn name_parameters(self) -> Option<EcParameters<'static>> {
        self.curve_name().map(EcParameters::CurveName)
    }

    const fn curve_name(self) -> Option<&'static str> {
        match self {
            Self::X25519 => Some("curve25519"),
            Self::X448 => Some("curve448"),
            Self::ED25519 => Some("edwards25519"),
            Self::ED448 => Some("edwards448"),
            _ => None,
        }
    }

    /// Checks that a raw public key has the form and the size that this curve implies: an
    /// uncompressed or compressed point (SEC 1 §2.3.3), or the string of RFC 7748 and RFC
    /// 8032. Whether the point lies on the curve is for the token.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidPoint`] or [`ErrorKind::WrongLength`].
    pub fn check_public_key(self, raw: &[u8]) -> Result<(), Error> {
        match (self.kind(), raw) {
            (_, []) => Err(Error::at(0, ErrorKind::Empty)),
            (CurveKind::Weierstrass, _) => point::check(raw, self.field_bytes()),
            _ => point::check_length(raw, self.public_key_bytes()),
        }
    }

    /// Checks that the private string of RFC 7748 or RFC 8032 has the size of the public one.
    pub(crate) fn check_private_string(self, value: &[u8]) -> Result<(), Error> {
        point::check_length(value, self.public_key_bytes())
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
