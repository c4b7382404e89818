//! The buffer that parts of the output are handed out of.

use bytes::{Bytes, BytesMut};

/// How much is taken from the allocator at once, in bytes.
const BLOCK: usize = 64 << 10;

/// A buffer whose every byte is initialised, whatever a module says that it wrote.
#[derive(Debug, Default)]
pub(super) struct Output(BytesMut);

impl Output {
    /// Room for this many bytes. What was handed out and dropped is used again.
    pub(super) fn room(&mut self, length: usize) -> &mut [u8] {
        if self.0.len() < length {
            self.0.clear();
            self.0.resize(length.max(BLOCK), 0);
        }
        self.0.get_mut(..length).unwrap_or_default()
    }

    /// Hands out the first bytes of the room.
    pub(super) fn take(&mut self, length: usize) -> Bytes {
        self.0.split_to(length.min(self.0.len())).freeze()
    }
}
