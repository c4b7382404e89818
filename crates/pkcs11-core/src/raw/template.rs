//! Packing templates: safe values in, `CK_ATTRIBUTE` out.

use std::marker::PhantomData;

use pkcs11_sys::{CK_ATTRIBUTE, CK_ULONG, CKF_ARRAY_ATTRIBUTE};
use smallvec::SmallVec;

use super::{ck_len, input};
use crate::attribute::{MOST_NESTED, Value};
use crate::template::{INLINE, Template};
use crate::{AttributeType, Error, Result};

/// A template as the module wants it; its entries point into the template it was made of.
#[derive(Debug)]
pub(crate) struct PackedTemplate<'t> {
    entries: SmallVec<[CK_ATTRIBUTE; INLINE]>,
    /// The entries of templates within, which `entries` and one another point to.
    _nested: Vec<Vec<CK_ATTRIBUTE>>,
    template: PhantomData<&'t Template<'t>>,
}

impl<'t> PackedTemplate<'t> {
    pub(crate) fn new(template: &'t Template<'_>) -> Result<Self> {
        check_fit(template.unfit())?;
        let mut nested = Vec::new();
        let entries =
            template.entries().map(|(attribute, value)| pack(attribute, value, &mut nested));
        let entries = entries.collect::<Result<_>>()?;
        Ok(Self { entries, _nested: nested, template: PhantomData })
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

/// One entry. Where its value is a template, that one's entries are kept in `nested`.
fn pack(
    attribute: AttributeType,
    value: &Value<'_>,
    nested: &mut Vec<Vec<CK_ATTRIBUTE>>,
) -> Result<CK_ATTRIBUTE> {
    let (place, length) = match value.as_template() {
        None => {
            check_plain(attribute)?;
            (input(value.bytes()).cast(), value.bytes().len())
        }
        Some(template) => {
            check_template(attribute)?;
            check_fit(template.unfit())?;
            if template.is_too_deep() {
                let what = format!("templates are nested deeper than {MOST_NESTED}");
                return Err(Error::invalid(what).on_attribute(attribute));
            }
            let entries = template.entries().map(|(inner, value)| pack(inner, value, nested));
            let entries = entries.collect::<Result<Vec<_>>>()?;
            let (place, length) = (entries.as_ptr().cast_mut(), size_of_val(entries.as_slice()));
            // The entries stay where they are when the list that holds them grows.
            nested.push(entries);
            (place.cast(), length)
        }
    };
    Ok(CK_ATTRIBUTE { type_: attribute.number(), pValue: place, ulValueLen: ck_len(length)? })
}

/// Refuses a template with a value that does not fit.
fn check_fit(unfit: Option<AttributeType>) -> Result<()> {
    let what = "the value does not fit the module's type";
    unfit.map_or(Ok(()), |attribute| Err(Error::invalid(what).on_attribute(attribute)))
}

/// Refuses attributes whose value is plain, where a template is given or asked for.
pub(super) fn check_template(attribute: AttributeType) -> Result<()> {
    if !attribute.is_plain() {
        return Ok(());
    }
    let what = "no template can be its value: its number lacks CKF_ARRAY_ATTRIBUTE";
    Err(Error::invalid(what).on_attribute(attribute))
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
