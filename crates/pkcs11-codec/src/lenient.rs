//! BER, and values with padding behind them, as some tokens return them: made into DER, with
//! a report of what was forgiven.
//!
//! Everything else in this crate is strict, and this is no second decoder: it rewrites, and
//! strict decoding goes on from there. Whoever calls it decides to forgive, and should log
//! what.
//!
//! ```
//! use pkcs11_codec::{lenient, spki::PublicKey};
//!
//! # let der = PublicKey::Edwards { curve: pkcs11_codec::ec::Curve::ED25519, key: &[7; 32] }
//! #     .to_spki_der()?;
//! # let value = [&[0x30, 0x81, 0x2a], &der[2..], &[0; 210]].concat();
//! // The value of an attribute, with a long length, in a buffer of 255 bytes.
//! assert!(PublicKey::from_spki_der(&value).is_err());
//!
//! let recovered = lenient::to_der(&value)?;
//! let key = PublicKey::from_spki_der(recovered.der())?;
//! for forgiven in recovered.forgiven() {
//!     println!("public key of the token: {forgiven}");
//! }
//! # assert_eq!(
//! #     recovered.forgiven().iter().map(ToString::to_string).collect::<Vec<_>>(),
//! #     [
//! #         "at byte 1: a length in more octets than needed",
//! #         "at byte 45: 210 bytes of padding behind the end",
//! #     ],
//! # );
//! # Ok::<(), pkcs11_codec::Error>(())
//! ```
//!
//! Only what needs no schema and leaves the meaning alone is forgiven, see
//! [`Deviation`]. So these stay as they are, and are refused by who decodes the result:
//! - a positive INTEGER without its sign octet, which is another, negative number;
//! - a DEFAULT that is spelt out, or named bits with zeros at the end: only a schema tells;
//! - strings in pieces behind an IMPLICIT tag, for the same reason;
//! - deviations in what an OCTET STRING or BIT STRING holds: give that to [`to_der`] again;
//! - SETs out of order, which the names in certificates have, and which are compared as bytes.
//!
//! A certificate that was rewritten within its signed part may be one whose signature does not
//! fit: it was made over the bytes that its issuer had.

mod scan;

use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::{Error, ErrorKind, tlv::Header};
use scan::{Cursor, Piece, Scan};

/// How many deviations are forgiven in one value; a key or certificate that is BER throughout
/// has some dozens.
pub const MAX_FORGIVEN: usize = 1000;

/// Rewrites one element of BER, and padding behind it, to DER.
///
/// Time and room grow with the length of the input and no faster. What is DER already is
/// borrowed and not copied.
///
/// # Errors
/// When it is not BER either; when something stands behind the element that is not padding
/// ([`ErrorKind::TrailingData`]); when it nests deeper than
/// [`MAX_DEPTH`](crate::tlv::MAX_DEPTH) or has more than [`MAX_FORGIVEN`] deviations. Positions
/// are offsets into `ber`.
pub fn to_der(ber: &[u8]) -> Result<Recovered<'_>, Error> {
    let mut cursor = Cursor::new(ber);
    let mut scan = Scan::default();
    let bytes = scan.element(&mut cursor, 0)?;
    let padding = cursor.rest();
    match padding {
        [] => {}
        [first @ (0x00 | 0xff), rest @ ..] if rest.iter().all(|byte| byte == first) => {
            let bytes = padding.len();
            scan.forgive(cursor.position(), Deviation::Padding { bytes })?;
        }
        _ => {
            let left = padding.len();
            return Err(Error::at(cursor.position(), ErrorKind::TrailingData { left }));
        }
    }
    let der = match scan.pieces[..] {
        // All of it is one piece of the input.
        [Piece::Input { start, end }] => Der::Borrowed(ber.get(start..end).unwrap_or(ber)),
        _ => Der::Owned(write(ber, &scan.pieces, bytes)),
    };
    Ok(Recovered { der, forgiven: scan.forgiven })
}

/// Puts the pieces together; `bytes` is their size, so that no copy is left behind.
fn write(ber: &[u8], pieces: &[Piece], bytes: usize) -> Zeroizing<Vec<u8>> {
    let mut der = Zeroizing::new(Vec::with_capacity(bytes));
    for piece in pieces {
        match *piece {
            Piece::Header { tag, length } => {
                der.extend_from_slice(Header::new(tag, length).octets());
            }
            Piece::Input { start, end } => {
                der.extend_from_slice(ber.get(start..end).unwrap_or_default());
            }
            Piece::Octet(octet) => der.push(octet),
        }
    }
    debug_assert_eq!(der.len(), bytes);
    der
}

/// What [`to_der`] made of a value. Bytes that it owns are zeroized when dropped, for they may
/// be a private key.
pub struct Recovered<'a> {
    der: Der<'a>,
    forgiven: Vec<Forgiven>,
}

enum Der<'a> {
    Borrowed(&'a [u8]),
    Owned(Zeroizing<Vec<u8>>),
}

impl Recovered<'_> {
    /// The value: lengths and forms are those of DER, nothing is behind it.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        match &self.der {
            Der::Borrowed(der) => der,
            Der::Owned(der) => der,
        }
    }

    /// What was forgiven, in the order of the input; nothing when the value was DER.
    #[must_use]
    pub fn forgiven(&self) -> &[Forgiven] {
        &self.forgiven
    }
}

/// Leaves the bytes out: they may be secret.
impl fmt::Debug for Recovered<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Recovered")
            .field("der_bytes", &self.der().len())
            .field("forgiven", &self.forgiven)
            .finish()
    }
}

/// One thing that [`to_der`] forgave. It holds no byte of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgiven {
    deviation: Deviation,
    position: usize,
}

impl Forgiven {
    /// What it was.
    #[must_use]
    pub const fn deviation(&self) -> Deviation {
        self.deviation
    }

    /// Where it was, as an offset into the input.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }
}

impl fmt::Display for Forgiven {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at byte {}: {}", self.position, self.deviation)
    }
}

/// What BER allows and DER does not, and padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Deviation {
    /// Bytes behind the element, all 00 or all FF: the rest of a buffer, or of a file in flash
    /// memory.
    Padding {
        /// How many.
        bytes: usize,
    },
    /// An indefinite length (X.690 §8.1.3.6).
    IndefiniteLength,
    /// A length in more octets than needed (X.690 §8.1.3.5).
    NonMinimalLength,
    /// A string in pieces (X.690 §8.6.4, §8.7.3); they were put together.
    ConstructedString,
    /// An INTEGER in more octets than needed, which BER does not allow either: a number of
    /// fixed width.
    NonMinimalInteger,
    /// A BOOLEAN that is true and not FF (X.690 §8.2.2).
    NonCanonicalTrue,
    /// Unused bits of a BIT STRING that are set (X.690 §8.6.2.4); they were cleared.
    UnusedBitsSet,
}

impl fmt::Display for Deviation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Padding { bytes } => {
                return write!(formatter, "{bytes} bytes of padding behind the end");
            }
            Self::IndefiniteLength => "an indefinite length",
            Self::NonMinimalLength => "a length in more octets than needed",
            Self::ConstructedString => "a string in pieces",
            Self::NonMinimalInteger => "an INTEGER in more octets than needed",
            Self::NonCanonicalTrue => "a BOOLEAN that is true and not FF",
            Self::UnusedBitsSet => "unused bits that are set",
        })
    }
}
