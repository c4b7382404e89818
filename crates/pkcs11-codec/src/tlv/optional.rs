//! Elements that may be missing, and lists.

use super::{Reader, Tag, Tlv};
use crate::{Error, ErrorKind};

impl<'a> Reader<'a> {
    /// Reads the next element if it has this tag; of its value nothing is checked.
    ///
    /// ```
    /// use pkcs11_codec::tlv::{self, Tag, Tlv};
    ///
    /// // A number that may be missing, and one behind an IMPLICIT tag that may too.
    /// let numbers = tlv::decode(&[0x82, 0x01, 0x07], |reader| {
    ///     let plain = reader.optional(Tag::INTEGER)?.map(Tlv::unsigned).transpose()?;
    ///     let tagged = reader.optional(Tag::context(2))?.map(Tlv::unsigned).transpose()?;
    ///     Ok((plain, tagged))
    /// })?;
    /// assert_eq!(numbers, (None, Some(&[7][..])));
    /// # Ok::<(), pkcs11_codec::Error>(())
    /// ```
    ///
    /// # Errors
    /// When its length is not DER, or the value is cut.
    pub fn optional(&mut self, tag: Tag) -> Result<Option<Tlv<'a>>, Error> {
        match self.peek() {
            Some(found) if found == tag => self.any().map(Some),
            _ => Ok(None),
        }
    }

    /// Reads the next element if it has this tag, and what is in it with `read`: an EXPLICIT
    /// tag, or an optional SEQUENCE.
    ///
    /// # Errors
    /// Those of [`optional`](Self::optional) and [`nested`](Self::nested).
    pub fn optional_nested<T>(
        &mut self,
        tag: Tag,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.optional(tag)?.map(|tlv| tlv.nested(read)).transpose()
    }

    /// Reads a value with a DEFAULT: that, if there is no element with this tag. DER leaves
    /// a default value out, so one that is spelt out is refused (X.690 §11.5).
    ///
    /// ```
    /// use pkcs11_codec::tlv::{self, Reader, Tag, Tlv};
    ///
    /// // cA BOOLEAN DEFAULT FALSE, and saltLength [2] EXPLICIT INTEGER DEFAULT 20.
    /// let ca = |reader: &mut Reader<'_>| reader.or_default(Tag::BOOLEAN, false, Tlv::boolean);
    /// let salt = |reader: &mut Reader<'_>| {
    ///     reader.or_default(Tag::context_constructed(2), 20, |tlv| {
    ///         tlv.nested(Reader::unsigned_u32)
    ///     })
    /// };
    /// assert_eq!(tlv::decode(&[], ca), Ok(false));
    /// assert_eq!(tlv::decode(&[0xa2, 0x03, 0x02, 0x01, 0x20], salt), Ok(32));
    /// assert!(tlv::decode(&[0x01, 0x01, 0x00], ca).is_err());
    /// ```
    ///
    /// # Errors
    /// Those of [`optional`](Self::optional) and of `read`; [`ErrorKind::ExplicitDefault`].
    pub fn or_default<T: PartialEq>(
        &mut self,
        tag: Tag,
        default: T,
        read: impl FnOnce(Tlv<'a>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Some(tlv) = self.optional(tag)? else { return Ok(default) };
        let value = read(tlv)?;
        if value == default {
            return Err(Error::at(tlv.position(), ErrorKind::ExplicitDefault));
        }
        Ok(value)
    }

    /// Reads a SET OF and gives each of its elements to `each`. DER sorts them by their
    /// encodings (X.690 §11.6).
    ///
    /// # Errors
    /// Those of [`nested`](Self::nested) and of `each`; [`ErrorKind::UnsortedSet`].
    pub fn set_of(
        &mut self,
        tag: Tag,
        mut each: impl FnMut(Tlv<'a>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.nested(tag, |set| {
            let mut before: &[u8] = &[];
            while !set.is_empty() {
                let tlv = set.any()?;
                // No encoding is the start of another, so plain order is X.690's.
                if tlv.der < before {
                    return Err(Error::at(tlv.position(), ErrorKind::UnsortedSet));
                }
                before = tlv.der;
                each(tlv)?;
            }
            Ok(())
        })
    }
}
