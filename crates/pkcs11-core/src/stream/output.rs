//! The buffer that parts of the output are handed out of.

use std::sync::Arc;

use bytes::Bytes;

/// A buffer whose every byte is initialised, whatever a module says that it wrote: it is filled with
/// zeros once, and used again when what was handed out of it is dropped.
#[derive(Debug, Default)]
pub(super) struct Output(Arc<Vec<u8>>);

impl Output {
    /// Room for this many bytes.
    pub(super) fn room(&mut self, length: usize) -> &mut [u8] {
        if Arc::get_mut(&mut self.0).is_none_or(|buffer| buffer.len() < length) {
            self.0 = Arc::new(vec![0; length]);
        }
        let buffer = Arc::get_mut(&mut self.0).and_then(|buffer| buffer.get_mut(..length));
        buffer.unwrap_or_default()
    }

    /// Hands out the first bytes of the room.
    pub(super) fn take(&mut self, length: usize) -> Bytes {
        let part = self.0.get(..length).unwrap_or(&self.0);
        // Who keeps a small part keeps no large buffer.
        if part.len() < self.0.len() / 2 {
            return Bytes::copy_from_slice(part);
        }
        let length = part.len();
        Bytes::from_owner(Lent { buffer: Arc::clone(&self.0), length })
    }
}

/// A buffer that was handed out.
struct Lent {
    buffer: Arc<Vec<u8>>,
    length: usize,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_is_used_again() {
        let mut output = Output::default();
        let place = output.room(1000).as_ptr();
        let part = output.take(1000);
        assert_eq!(part.as_ptr(), place);
        drop(part);
        assert_eq!(output.room(1000).as_ptr(), place);
        let part = output.take(900);
        output.room(1000).fill(7);
        assert_eq!(part, vec![0; 900], "it is still read");
        let other = output.take(600);
        drop(output);
        assert_eq!(other, vec![7; 600], "parts outlive the stream");
    }

    #[test]
    fn a_small_part_keeps_no_large_buffer() {
        let mut output = Output::default();
        let place = output.room(1000).as_ptr();
        output.room(1000).fill(7);
        let part = output.take(10);
        assert_eq!(part, vec![7; 10]);
        assert_eq!(output.room(1000).as_ptr(), place);
        assert_eq!(output.take(0), Bytes::new());
    }

    #[test]
    fn the_room_is_as_large_as_is_asked() {
        let mut output = Output::default();
        assert_eq!(output.room(10).len(), 10);
        assert_eq!(output.room(100).len(), 100);
        assert_eq!(output.room(10).len(), 10);
        assert_eq!(output.take(1000).len(), 100, "no more than there is");
    }
}
