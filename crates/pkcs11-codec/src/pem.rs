//! PEM: DER in base64 between two lines that say what it is (RFC 7468).
//!
//! A file may hold several blocks, in any order, with text before, between and after them;
//! [`blocks`] goes through them. Lines may end in LF, CRLF or CR, be of any length, and
//! the last needs no end. Outside of blocks a line that begins like a boundary and is none is
//! text. What stands in a block is strict: base64 with its padding, white space, nothing
//! else, and the same label at its end.
//!
//! ```
//! use pkcs11_codec::pem::{self, Label};
//!
//! let text = "\
//! subject=CN = leaf
//! -----BEGIN PUBLIC KEY-----
//! MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
//! -----END PUBLIC KEY-----
//! ";
//! for block in pem::blocks(text) {
//!     let block = block?;
//!     assert_eq!(block.label(), Label::PublicKey);
//!     let der = block.decode()?;
//!     assert_eq!(der.len(), 44);
//!     assert!(text.ends_with(&**pem::encode(block.label(), &der)?));
//! }
//! # Ok::<(), pkcs11_codec::Error>(())
//! ```
//!
//! The positions of errors are offsets into the text.

mod label;
mod lines;

use alloc::{string::String, vec, vec::Vec};
use core::fmt;

use pem_rfc7468::{Base64Decoder, LineEnding};
use zeroize::Zeroizing;

pub use label::Label;

use crate::{Error, ErrorKind};
use lines::{Boundary, Lines};

/// The blocks of a text, in their order.
pub fn blocks<T: AsRef<[u8]> + ?Sized>(text: &T) -> Blocks<'_> {
    Blocks { lines: Lines::new(text.as_ref()) }
}

/// The blocks of a text that have one of these labels, in their order; blocks with others are
/// passed over.
///
/// ```
/// use pkcs11_codec::pem::{self, Label};
///
/// # let chain = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n".repeat(2);
/// let mut certificates = Vec::new();
/// for block in pem::all(&chain, &[Label::Certificate]) {
///     certificates.push(block?.decode()?);
/// }
/// assert_eq!(certificates.len(), 2);
/// # Ok::<(), pkcs11_codec::Error>(())
/// ```
///
/// Each is an error that is none: one that has not the form of a block, and, where
/// certificates are asked for, one with trust settings
/// ([`ErrorKind::TrustedCertificate`]).
pub fn all<'text, 'labels, T: AsRef<[u8]> + ?Sized>(
    text: &'text T,
    labels: &'labels [Label<'labels>],
) -> impl Iterator<Item = Result<Block<'text>, Error>> + use<'text, 'labels, T> {
    let trusted = labels.contains(&Label::Certificate);
    blocks(text).filter_map(move |block| match block {
        Ok(block) if labels.contains(&block.label) => Some(Ok(block)),
        Ok(block) if trusted && block.label == Label::TrustedCertificate => {
            Some(Err(Error::at(block.position, ErrorKind::TrustedCertificate)))
        }
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    })
}

/// The one block of a text that has one of these labels; blocks with others are passed over.
///
/// # Errors
/// [`ErrorKind::PemMissing`] or [`ErrorKind::PemOther`] when there is none and
/// [`ErrorKind::PemSeveral`] when there are more; those of [`all`].
pub fn one<'a, T: AsRef<[u8]> + ?Sized>(
    text: &'a T,
    labels: &[Label<'static>],
) -> Result<Block<'a>, Error> {
    let mut blocks = all(text, labels);
    let Some(block) = blocks.next() else { return Err(missing(text, labels)) };
    match blocks.next() {
        None => block,
        Some(second) => {
            let expected = first_of(labels);
            Err(Error::at(second?.position, ErrorKind::PemSeveral { expected }))
        }
    }
}

/// The blocks of a text that have one of these labels, one or more, in their order; blocks
/// with others are passed over.
///
/// # Errors
/// [`ErrorKind::PemMissing`] or [`ErrorKind::PemOther`] when there is none; those of [`all`].
pub fn one_or_more<'a, T: AsRef<[u8]> + ?Sized>(
    text: &'a T,
    labels: &[Label<'static>],
) -> Result<Vec<Block<'a>>, Error> {
    let blocks = all(text, labels).collect::<Result<Vec<_>, Error>>()?;
    if blocks.is_empty() { Err(missing(text, labels)) } else { Ok(blocks) }
}

/// What there is in the place of what was asked for.
fn missing<T: AsRef<[u8]> + ?Sized>(text: &T, labels: &[Label<'static>]) -> Error {
    if let Some(Ok(block)) = blocks(text).next() {
        let found = block.label.known().unwrap_or("one without a name here");
        return Error::at(block.position, ErrorKind::PemOther { found });
    }
    // Where nothing else is there, a boundary with a mistake in it is what was meant.
    let boundaries = Lines::new(text.as_ref()).map(|line| line.boundary());
    let missing = ErrorKind::PemMissing { expected: first_of(labels) };
    boundaries.filter_map(Result::err).next().unwrap_or(Error::argument(missing))
}

fn first_of(labels: &[Label<'static>]) -> &'static str {
    labels.first().copied().unwrap_or(Label::Other("")).as_str()
}

/// The block for some DER, with lines of 64 characters that end in LF, in a string that is
/// zeroized when dropped.
///
/// # Errors
/// [`ErrorKind::PemLabel`] when the label is none that [`blocks`] reads.
pub fn encode(label: Label<'_>, der: &[u8]) -> Result<Zeroizing<String>, Error> {
    let wrong = Error::argument(ErrorKind::PemLabel);
    if !lines::is_label(label.as_str()) {
        return Err(wrong);
    }
    pem_rfc7468::encode_string(label.as_str(), LineEnding::LF, der)
        .map(Zeroizing::new)
        .map_err(|_| wrong)
}

/// The blocks of a text: see [`blocks`]. After an error there are no more.
#[derive(Debug)]
#[must_use]
pub struct Blocks<'a> {
    lines: Lines<'a>,
}

impl<'a> Blocks<'a> {
    fn read(&mut self) -> Result<Option<Block<'a>>, Error> {
        let (label, position) = loop {
            let Some(line) = self.lines.next() else {
                return Ok(None);
            };
            // Text that stands outside of blocks may look like anything.
            if let Ok(Boundary::Begin(label)) = line.boundary() {
                break (label, line.position);
            }
        };
        let body_position = self.lines.position();
        let body = self.lines.rest();
        loop {
            let Some(line) = self.lines.next() else {
                return Err(Error::at(self.lines.position(), ErrorKind::PemEnd));
            };
            match line.boundary()? {
                Boundary::None => {}
                Boundary::End(end) if end == label => {
                    let bytes = line.position.saturating_sub(body_position);
                    // The end is behind the beginning, in the same text.
                    let body = body.get(..bytes).unwrap_or_default();
                    let label = Label::from(label);
                    return Ok(Some(Block { label, position, body, body_position }));
                }
                Boundary::Begin(_) | Boundary::End(_) => {
                    return Err(Error::at(line.position, ErrorKind::PemEnd));
                }
            }
        }
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Result<Block<'a>, Error>;

    fn next(&mut self) -> Option<Result<Block<'a>, Error>> {
        let block = self.read();
        if block.is_err() {
            self.lines.end();
        }
        block.transpose()
    }
}

impl core::iter::FusedIterator for Blocks<'_> {}

/// A block: a label, and what is not decoded yet.
pub struct Block<'a> {
    label: Label<'a>,
    position: usize,
    body: &'a [u8],
    body_position: usize,
}

impl<'a> Block<'a> {
    /// What the block says that it is.
    #[must_use]
    pub const fn label(&self) -> Label<'a> {
        self.label
    }

    /// The offset in the text of the block's first line.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// What is in the block, in a buffer that is zeroized when dropped.
    ///
    /// # Errors
    /// [`ErrorKind::PemBase64`]; [`ErrorKind::PemLegacyEncryption`] for a key with the
    /// encryption from before PKCS#8 (`Proc-Type: 4,ENCRYPTED`); [`ErrorKind::PemHeader`] for
    /// other headers, which RFC 7468 has not; [`ErrorKind::Empty`].
    pub fn decode(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.check_headers()?;
        // Room for all: a secret leaves no copy behind.
        let mut base64 = Zeroizing::new(Vec::with_capacity(self.body.len()));
        base64.extend(self.body.iter().filter(|octet| !octet.is_ascii_whitespace()));
        if base64.is_empty() {
            return Err(Error::at(self.body_position, ErrorKind::Empty));
        }
        decode(&base64).ok_or_else(|| Error::at(self.base64_fault(), ErrorKind::PemBase64))
    }

    /// Decodes, and reads what comes out with `read`; errors of `read` come to stand at the
    /// place in the text that the bytes have.
    ///
    /// # Errors
    /// Those of [`decode`](Self::decode) and of `read`.
    pub fn decode_with<T>(
        &self,
        read: impl FnOnce(Zeroizing<Vec<u8>>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        read(self.decode()?).map_err(|error| match error.position() {
            Some(position) => Error::at(self.text_position(position), error.kind()),
            None => error,
        })
    }

    /// The offset in the text of the character in which a byte of the DER begins; that of the
    /// last line for what is behind the end.
    #[must_use]
    pub fn text_position(&self, der_position: usize) -> usize {
        // Four characters hold three bytes, each six bits.
        let character = (der_position / 3).saturating_mul(4).saturating_add(der_position % 3);
        let mut characters =
            self.body.iter().enumerate().filter(|(_, octet)| !octet.is_ascii_whitespace());
        let offset = characters.nth(character).map_or(self.body.len(), |(offset, _)| offset);
        self.body_position.saturating_add(offset)
    }

    /// Headers of RFC 1421 have a colon, which base64 has not.
    fn check_headers(&self) -> Result<(), Error> {
        let header = Lines::new(self.body).find(|line| line.text.contains(&b':'));
        let Some(header) = header else {
            return Ok(());
        };
        let kind = if header.text.starts_with(b"Proc-Type:") && header.text.ends_with(b"ENCRYPTED")
        {
            ErrorKind::PemLegacyEncryption
        } else {
            ErrorKind::PemHeader
        };
        Err(Error::at(self.body_position.saturating_add(header.position), kind))
    }

    /// Where the base64 that does not decode is at fault: the first character that has no
    /// place in it, or else the end, where something is missing or too much.
    fn base64_fault(&self) -> usize {
        let fault = self.body.iter().position(|octet| {
            !matches!(octet, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=')
                && !octet.is_ascii_whitespace()
        });
        self.body_position.saturating_add(fault.unwrap_or(self.body.len()))
    }
}

/// Leaves the body out: it may be secret.
impl fmt::Debug for Block<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Block")
            .field("label", &self.label)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// In constant time for bytes of the same number.
fn decode(base64: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut decoder = Base64Decoder::new(base64).ok()?;
    let mut bytes = Zeroizing::new(vec![0; decoder.remaining_len()]);
    decoder.decode(&mut bytes).ok()?;
    decoder.is_finished().then_some(bytes)
}
