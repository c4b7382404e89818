//! The parameters of mechanisms as safe values; `raw` packs them.

use smallvec::SmallVec;

use super::typed::Kdf;
use crate::hash::Hash;

/// A point of a curve, in the form that the token wants.
pub(crate) type Point = SmallVec<[u8; 136]>;

/// What a mechanism's parameter is made of.
pub(crate) enum Parameters<'a> {
    Nothing,
    Bytes(&'a [u8]),
    Oaep { hash: Hash, mgf: Hash, label: &'a [u8] },
    Pss { hash: Hash, mgf: Hash, salt_length: usize },
    Gcm { iv: &'a [u8], aad: &'a [u8], tag_bits: usize },
    Ctr { counter_bits: usize, block: [u8; 16] },
    EdDsa { prehash: bool, context: &'a [u8] },
    Ecdh1 { kdf: Kdf, shared: &'a [u8], point: Point },
}
