//! Packing templates: safe values in, `CK_ATTRIBUTE` out.

use std::marker::PhantomData;

use pkcs11_sys::{CK_ATTRIBUTE, CK_ULONG, CKF_ARRAY_ATTRIBUTE};
use smallvec::SmallVec;

use super::{ck_len, input};
use crate::template::{INLINE, Template};
use crate::{AttributeType, Error, Result};

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
                check_plain(attribute)?;
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

    /// The entries, which point into the template.
    pub(super) fn into_entries(self) -> Vec<CK_ATTRIBUTE> {
        self.entries.into_vec()
    }

    /// The entries and their number. Modules only read templates, so a shared borrow will do.
    pub(super) fn pointer(&self) -> Result<(*mut CK_ATTRIBUTE, CK_ULONG)> {
        Ok((self.entries.as_ptr().cast_mut(), ck_len(self.entries.len())?))
    }
}

/// Refuses attributes whose value is a template: its bytes are pointers, which nobody may make
/// up, and which a module may hand out as it has them.
pub(super) fn check_plain(attribute: AttributeType) -> Result<()> {
    if attribute.is_plain() {
        return Ok(());
    }
    Err(Error::invalid("a template is no plain value").on_attribute(attribute))
}

impl AttributeType {
    /// Whether the value is plain bytes, and no template.
    pub(crate) fn is_plain(self) -> bool {
        // NSS numbers its attributes, which are all plain, without a thought of that bit.
        let nss = self.number() & 0xffff_0000 == 0xce53_0000;
        self.number() & CKF_ARRAY_ATTRIBUTE == 0 || self == Self::ALLOWED_MECHANISMS || nss
    }
}
