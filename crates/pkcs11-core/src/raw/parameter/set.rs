//! SET.

use std::fmt;

use super::*;
use crate::Error;
use crate::mechanism::SetOaepWrap;

/// The most bytes that go with the key.
const MOST: usize = 128;

/// What goes with a key that is wrapped as SET does, or comes with one that is unwrapped
/// (`CK_KEY_WRAP_SET_OAEP_PARAMS`).
pub struct SetOaepData {
    /// Its pointer is set anew for each use, and only the module follows it.
    parameter: CK_KEY_WRAP_SET_OAEP_PARAMS,
    /// As many as go with the key, or as there is room for.
    bytes: Vec<u8>,
}

// SAFETY: the pointer inside is never followed from here, and what it leads to is in the vector
// beside it, which may go to another thread.
unsafe impl Send for SetOaepData {}
// SAFETY: through a shared reference nothing of it changes.
unsafe impl Sync for SetOaepData {}

impl SetOaepData {
    fn of(block_contents: u8, length: CK_ULONG, bytes: Vec<u8>) -> Self {
        let parameter = CK_KEY_WRAP_SET_OAEP_PARAMS {
            bBC: block_contents,
            pX: std::ptr::null_mut(),
            ulXLen: length,
        };
        Self { parameter, bytes }
    }

    /// To wrap a key with: the block contents byte, and the hash of the plaintext and the extra
    /// data, at most 128 bytes, empty for neither.
    #[must_use]
    pub fn new(block_contents: u8, extra: &[u8]) -> Self {
        // More than a CK_ULONG can say is more than 128, and refused when it is used.
        let length = CK_ULONG::try_from(extra.len()).unwrap_or(CK_ULONG::MAX);
        Self::of(block_contents, length, extra.to_vec())
    }

    /// A place for what comes with a key that is unwrapped, for as much as can come.
    #[must_use]
    pub fn for_unwrapping() -> Self {
        Self::of(0, 0, vec![0; MOST])
    }

    /// The block contents byte.
    #[must_use]
    pub fn block_contents(&self) -> u8 {
        self.parameter.bBC
    }

    /// The hash of the plaintext and the extra data; nothing before a key is unwrapped, or where
    /// the module claims to have written more than there is room for.
    #[must_use]
    pub fn extra(&self) -> &[u8] {
        let length = usize::try_from(self.parameter.ulXLen).ok();
        length.and_then(|length| self.bytes.get(..length)).unwrap_or(&[])
    }
}

impl fmt::Debug for SetOaepData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetOaepData").finish_non_exhaustive()
    }
}

impl<'a> Pack<'a> for SetOaepWrap<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let SetOaepData { parameter, bytes } = self.data;
        if bytes.len() > MOST {
            return Err(Error::invalid(
                "CKM_KEY_WRAP_SET_OAEP takes at most 128 bytes beside the key",
            ));
        }
        let (extra, length) = bytes_mut(bytes)?;
        let value = CK_KEY_WRAP_SET_OAEP_PARAMS { bBC: parameter.bBC, pX: extra, ulXLen: length };
        Ok(Packed::in_place(Struct::SetOaep, value, parameter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::parameter::read_back::{behind, packed, refused, write};

    #[test]
    fn wrapping() {
        let mut data = SetOaepData::new(3, &[1; 20]);
        let packed = packed(SetOaepWrap::new(&mut data));
        let found: CK_KEY_WRAP_SET_OAEP_PARAMS = packed.read();
        assert_eq!(found.bBC, 3);
        assert_eq!(behind(found.pX, found.ulXLen), [1; 20]);
        drop(packed);
        assert_eq!((data.block_contents(), data.extra()), (3, &[1; 20][..]));
        refused(SetOaepWrap::new(&mut SetOaepData::new(3, &[0; 129])));
        assert_eq!(format!("{data:?}"), "SetOaepData { .. }");
    }

    #[test]
    fn unwrapping() {
        let mut data = SetOaepData::for_unwrapping();
        assert_eq!((data.block_contents(), data.extra()), (0, &[][..]));
        let packed = packed(SetOaepWrap::new(&mut data));
        let found: CK_KEY_WRAP_SET_OAEP_PARAMS = packed.read();
        assert_eq!({ found.ulXLen }, 128);
        write(found.pX, &[8; 36]);
        packed.answer(CK_KEY_WRAP_SET_OAEP_PARAMS { bBC: 3, ulXLen: 36, ..found });
        drop(packed);
        assert_eq!((data.block_contents(), data.extra()), (3, &[8; 36][..]));
    }

    #[test]
    fn more_than_there_is_room_for_is_not_believed() {
        for (claimed, believed) in [(128, 128), (129, 0), (CK_ULONG::MAX, 0)] {
            let mut data = SetOaepData::for_unwrapping();
            let packed = packed(SetOaepWrap::new(&mut data));
            let found: CK_KEY_WRAP_SET_OAEP_PARAMS = packed.read();
            // Where the pointer leads after the call is never asked.
            let pointer = std::ptr::dangling_mut();
            packed.answer(CK_KEY_WRAP_SET_OAEP_PARAMS { ulXLen: claimed, pX: pointer, ..found });
            drop(packed);
            assert_eq!(data.extra().len(), believed);
        }
    }
}
