//! Packing templates: safe values in, `CK_ATTRIBUTE` out.

use std::marker::PhantomData;

use pkcs11_sys::{CK_ATTRIBUTE, CK_ULONG};
use smallvec::SmallVec;

use super::{ck_len, input};
use crate::Result;
use crate::template::{INLINE, Template};

/// A template as the module wants it; its entries point into the template it was made of.
#[derive(Debug)]
pub(crate) struct PackedTemplate<'t> {
    entries: SmallVec<[CK_ATTRIBUTE; INLINE]>,
    template: PhantomData<&'t Template<'t>>,
}

impl<'t> PackedTemplate<'t> {
    pub(crate) fn new(template: &'t Template<'_>) -> Result<Self> {
        let entries = template
            .entries()
            .map(|(attribute, value)| {
                let bytes = value.bytes();
                Ok(CK_ATTRIBUTE {
                    type_: attribute.number(),
                    pValue: input(bytes).cast(),
                    ulValueLen: ck_len(bytes.len())?,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Self { entries, template: PhantomData })
    }

    /// The entries and their number. Modules only read templates, so a shared borrow will do.
    pub(super) fn pointer(&self) -> Result<(*mut CK_ATTRIBUTE, CK_ULONG)> {
        Ok((self.entries.as_ptr().cast_mut(), ck_len(self.entries.len())?))
    }
}
