//! Templates: the attributes that an object is made with, looked for by, or changed to.

use std::fmt;

use smallvec::SmallVec;

use crate::attribute::{Attr, AttributeType, IntoValue, Value, ValueType};
use crate::{Error, Function, Result};

/// Templates of up to this many attributes need no allocation.
pub(crate) const INLINE: usize = 16;

/// Attributes and their values, each attribute once. Values are never printed.
///
/// ```
/// use pkcs11_core::{ObjectClass, Template, attr};
///
/// let template = Template::new()
///     .with(attr::CLASS, ObjectClass::DATA)
///     .with(attr::LABEL, "greeting")
///     .with(attr::VALUE, b"hello");
/// assert_eq!(template.len(), 3);
/// ```
#[derive(Clone, Default)]
pub struct Template<'a> {
    entries: SmallVec<[(AttributeType, Value<'a>); INLINE]>,
    /// Attributes whose value does not fit the module's type; told when the template is used.
    unfit: Vec<AttributeType>,
}

impl<'a> Template<'a> {
    /// A template without attributes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With this attribute set to this value, in place of an earlier one.
    #[must_use]
    pub fn with<T: ?Sized>(mut self, attribute: Attr<T>, value: impl IntoValue<'a, T>) -> Self {
        self.set(attribute, value);
        self
    }

    /// Sets an attribute, in place of an earlier value.
    pub fn set<T: ?Sized>(&mut self, attribute: Attr<T>, value: impl IntoValue<'a, T>) {
        match value.into_value() {
            Some(value) => self.set_value(attribute.attribute(), value),
            None => self.unfit.push(attribute.attribute()),
        }
    }

    /// Sets an attribute unless it is set already.
    pub fn set_default<T: ?Sized>(&mut self, attribute: Attr<T>, value: impl IntoValue<'a, T>) {
        let number = attribute.attribute();
        if !self.contains(number) && !self.unfit.contains(&number) {
            self.set(attribute, value);
        }
    }

    fn set_value(&mut self, attribute: AttributeType, value: Value<'a>) {
        self.unfit.retain(|wrong| *wrong != attribute);
        match self.entries.iter_mut().find(|(present, _)| *present == attribute) {
            Some((_, place)) => *place = value,
            None => self.entries.push((attribute, value)),
        }
    }

    /// Takes an attribute out.
    pub fn remove(&mut self, attribute: AttributeType) {
        self.entries.retain(|(present, _)| *present != attribute);
        self.unfit.retain(|wrong| *wrong != attribute);
    }

    /// Sets all attributes of `other`, in place of earlier values.
    pub fn merge<'b: 'a>(&mut self, other: &Template<'b>) {
        for (attribute, value) in &other.entries {
            self.set_value(*attribute, value.clone());
        }
        self.unfit.extend_from_slice(&other.unfit);
    }

    /// Whether the attribute is set.
    #[must_use]
    pub fn contains(&self, attribute: AttributeType) -> bool {
        self.get(attribute).is_some()
    }

    /// The bytes that an attribute is set to.
    #[must_use]
    pub fn get(&self, attribute: AttributeType) -> Option<&[u8]> {
        self.entries().find(|(present, _)| *present == attribute).map(|(_, value)| value.bytes())
    }

    /// The number that an attribute is set to.
    pub(crate) fn number(&self, attribute: Attr<u64>) -> Option<usize> {
        let number = u64::decode(self.get(attribute.attribute())?)?;
        usize::try_from(number).ok()
    }

    /// How many attributes are set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (AttributeType, &Value<'a>)> {
        self.entries.iter().map(|(attribute, value)| (*attribute, value))
    }

    /// The template as the module gets it, for this function.
    pub(crate) fn pack(&self, name: Function) -> Result<crate::raw::PackedTemplate<'_>> {
        let packed = match self.unfit.first() {
            Some(&attribute) => {
                let what = "the value does not fit the module's type";
                Err(Error::invalid(what).on_attribute(attribute))
            }
            None => crate::raw::PackedTemplate::new(self),
        };
        packed.map_err(|error| error.or_function(name))
    }
}

impl fmt::Debug for Template<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attr;

    #[test]
    fn later_values_replace_earlier_ones() {
        let mut template = Template::new().with(attr::LABEL, "a").with(attr::TOKEN, true);
        template.merge(&Template::new().with(attr::LABEL, "b"));
        template.set_default(attr::TOKEN, false);
        assert_eq!(template.get(AttributeType::LABEL), Some(&b"b"[..]));
        assert_eq!(template.get(AttributeType::TOKEN), Some(&[1][..]));
        template.remove(AttributeType::TOKEN);
        assert_eq!(template.len(), 1);
    }

    #[test]
    fn values_do_not_print() {
        let template = Template::new().with(attr::VALUE, b"secret");
        assert_eq!(format!("{template:?}"), "{CKA_VALUE: Value(6 bytes)}");
    }
}
