//! Templates: the attributes that an object is made with, looked for by, or changed to.

use std::fmt;

use smallvec::SmallVec;

use crate::attribute::{Attr, AttributeType, IntoValue, Value, ValueType};
use crate::{Error, ErrorKind, Function, Result};

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
/// assert_eq!(template.value(attr::LABEL)?.as_deref(), Some("greeting"));
/// # Ok::<(), pkcs11_core::Error>(())
/// ```
///
/// Some attributes have a template as their value: what keys must have that are unwrapped with this
/// one, or that it may wrap. At most four stand one within another.
///
/// ```
/// use pkcs11_core::{Template, attr};
///
/// let inner = Template::new().with(attr::SENSITIVE, true).with(attr::EXTRACTABLE, false);
/// let template = Template::new().with(attr::UNWRAP, true).with(attr::UNWRAP_TEMPLATE, &inner);
/// let inner = template.value(attr::UNWRAP_TEMPLATE)?.unwrap_or_default();
/// assert_eq!(inner.value(attr::SENSITIVE)?, Some(true));
/// # Ok::<(), pkcs11_core::Error>(())
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
        self.find(attribute).is_some()
    }

    /// The value that an attribute is set to; `None` where it is not set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AttributeValue`] if the value is not of the attribute's type: a template that a
    /// token gave may have that.
    pub fn value<T: ValueType + ?Sized>(&self, attribute: Attr<T>) -> Result<Option<T::Owned>> {
        let attribute = attribute.attribute();
        let Some(value) = self.find(attribute) else { return Ok(None) };
        T::from_value(value).map(Some).ok_or_else(|| {
            let (expected, length) = (T::EXPECTED, value.bytes().len());
            Error::from(ErrorKind::AttributeValue { expected, length }).on_attribute(attribute)
        })
    }

    /// The bytes that an attribute is set to; none of a template, which has
    /// [`value`](Self::value).
    #[must_use]
    pub fn get(&self, attribute: AttributeType) -> Option<&[u8]> {
        self.find(attribute).map(Value::bytes)
    }

    /// The attributes that are set, in their order.
    pub fn attributes(&self) -> impl Iterator<Item = AttributeType> {
        self.entries().map(|(attribute, _)| attribute)
    }

    fn find(&self, attribute: AttributeType) -> Option<&Value<'a>> {
        self.entries().find(|(present, _)| *present == attribute).map(|(_, value)| value)
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

    /// An attribute whose value does not fit the module's type.
    pub(crate) fn unfit(&self) -> Option<AttributeType> {
        self.unfit.first().copied()
    }

    /// The same template, with values of its own.
    #[must_use]
    pub fn into_owned(self) -> Template<'static> {
        let entries = self.entries.into_iter();
        let entries = entries.map(|(attribute, value)| (attribute, value.into_owned()));
        Template { entries: entries.collect(), unfit: self.unfit }
    }

    pub(crate) fn into_entries(self) -> Vec<(AttributeType, Value<'a>)> {
        self.entries.into_vec()
    }

    /// A template of these entries; of several for one attribute the last counts.
    pub(crate) fn from_entries(
        entries: Vec<(AttributeType, Value<'a>)>,
        unfit: Option<AttributeType>,
    ) -> Self {
        let mut template = Self::new();
        for (attribute, value) in entries {
            template.set_value(attribute, value);
        }
        template.unfit.extend(unfit);
        template
    }

    /// The template as the module gets it, for this function.
    pub(crate) fn pack(&self, name: Function) -> Result<crate::raw::PackedTemplate<'_>> {
        crate::raw::PackedTemplate::new(self).map_err(|error| error.or_function(name))
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
    use crate::{ObjectClass, attr};

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
        let template = Template::new().with(attr::DERIVE_TEMPLATE, &template);
        let text = "{CKA_DERIVE_TEMPLATE: {CKA_VALUE: Value(6 bytes)}}";
        assert_eq!(format!("{template:?}"), text);
    }

    #[test]
    fn values_are_read_by_their_type() {
        let template = Template::new()
            .with(attr::CLASS, ObjectClass::SECRET_KEY)
            .with(attr::LABEL.bytes(), &[0xff])
            .with(attr::VALUE_LEN.bytes(), &[1, 2, 3]);
        assert_eq!(template.value(attr::CLASS).unwrap(), Some(ObjectClass::SECRET_KEY));
        assert_eq!(template.value(attr::ID).unwrap(), None);
        assert_eq!(template.value(attr::LABEL.bytes()).unwrap(), Some(vec![0xff]));
        let error = template.value(attr::LABEL).unwrap_err();
        assert_eq!(
            error.to_string(),
            "(CKA_LABEL): the attribute's value of 1 bytes is no UTF-8 text"
        );
        let error = template.value(attr::VALUE_LEN).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::AttributeValue { length: 3, .. }));
        assert!(template.attributes().eq([
            AttributeType::CLASS,
            AttributeType::LABEL,
            AttributeType::VALUE_LEN
        ]));
    }

    #[test]
    fn a_template_owns_or_borrows_the_one_within() {
        let label = String::from("inner");
        let owned = {
            let inner = Template::new().with(attr::LABEL, &label).with(attr::TOKEN, true);
            let outer = Template::new().with(attr::WRAP_TEMPLATE, &inner);
            outer.value(attr::WRAP_TEMPLATE).unwrap().unwrap()
        };
        drop(label);
        assert_eq!(owned.value(attr::LABEL).unwrap().as_deref(), Some("inner"));
        let outer = Template::new().with(attr::WRAP_TEMPLATE, owned);
        assert!(outer.contains(AttributeType::WRAP_TEMPLATE));
        assert_eq!(outer.get(AttributeType::WRAP_TEMPLATE), Some(&[][..]));
        assert!(outer.value(attr::WRAP_TEMPLATE.bytes()).is_err());
    }
}
