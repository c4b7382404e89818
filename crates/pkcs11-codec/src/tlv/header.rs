//! Writing a tag and a length.

use super::Tag;

/// The tag and the length of an element in DER.
#[derive(Clone, Copy)]
pub(crate) struct Header {
    octets: [u8; 6],
    bytes: usize,
}

impl Header {
    /// `length` is of at most four octets, as DER has it here.
    #[inline]
    pub(crate) const fn new(tag: Tag, length: usize) -> Self {
        let tag = tag.octet();
        let [.., high, c, b, low] = length.to_be_bytes();
        let octets = match length {
            0..0x80 => [tag, low, 0, 0, 0, 0],
            0x80..0x100 => [tag, 0x81, low, 0, 0, 0],
            0x100..0x1_0000 => [tag, 0x82, b, low, 0, 0],
            0x1_0000..0x100_0000 => [tag, 0x83, c, b, low, 0],
            _ => [tag, 0x84, high, c, b, low],
        };
        Self { octets, bytes: header_bytes(length) }
    }

    #[inline]
    pub(crate) fn octets(&self) -> &[u8] {
        self.octets.get(..self.bytes).unwrap_or(&self.octets)
    }
}

/// The size of an element whose value has `length` bytes.
#[inline]
pub(crate) const fn element_bytes(length: usize) -> usize {
    length.saturating_add(header_bytes(length))
}

const fn header_bytes(length: usize) -> usize {
    match length {
        0..0x80 => 2,
        0x80..0x100 => 3,
        0x100..0x1_0000 => 4,
        0x1_0000..0x100_0000 => 5,
        _ => 6,
    }
}
