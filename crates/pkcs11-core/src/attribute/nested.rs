//! Templates as values of attributes (`CKA_UNWRAP_TEMPLATE` and its like).

use std::fmt;

use super::AttributeType;
use super::value::{IntoValue, Value, ValueType};
use crate::Template;

/// How many templates may stand one within another, the outermost not counted.
pub(crate) const MOST_NESTED: usize = 4;

/// A template that is the value of an attribute.
#[derive(Clone, Default)]
pub(crate) struct Nested<'a> {
    entries: Vec<(AttributeType, Value<'a>)>,
    /// How many templates it is, one within another. Those that are too many are left out.
    depth: usize,
    /// An attribute whose value does not fit the module's type.
    unfit: Option<AttributeType>,
}

impl<'a> Nested<'a> {
    pub(crate) fn new(
        entries: Vec<(AttributeType, Value<'a>)>,
        unfit: Option<AttributeType>,
    ) -> Self {
        let inner = entries.iter().filter_map(|(_, value)| value.as_template());
        let depth = 1 + inner.map(|template| template.depth).max().unwrap_or(0);
        let entries = if depth > MOST_NESTED { Vec::new() } else { entries };
        Self { entries, depth, unfit }
    }

    pub(crate) fn entries(&self) -> impl ExactSizeIterator<Item = (AttributeType, &Value<'a>)> {
        self.entries.iter().map(|(attribute, value)| (*attribute, value))
    }

    pub(crate) fn is_too_deep(&self) -> bool {
        self.depth > MOST_NESTED
    }

    pub(crate) fn unfit(&self) -> Option<AttributeType> {
        self.unfit
    }

    pub(super) fn reborrowed(&'a self) -> Self {
        let entries = self.entries().map(|(attribute, value)| (attribute, value.reborrowed()));
        Self { entries: entries.collect(), depth: self.depth, unfit: self.unfit }
    }

    pub(super) fn into_owned(self) -> Nested<'static> {
        let entries = self.entries.into_iter();
        let entries = entries.map(|(attribute, value)| (attribute, value.into_owned()));
        Nested { entries: entries.collect(), depth: self.depth, unfit: self.unfit }
    }
}

impl fmt::Debug for Nested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries()).finish()
    }
}

impl ValueType for Template<'static> {
    type Owned = Self;
    const EXPECTED: &'static str = "template";
    const SIZE: Option<usize> = None;
    const TEMPLATE: bool = true;

    /// `None`: bytes are no template.
    fn decode(_: &[u8]) -> Option<Self> {
        None
    }

    fn from_value(value: &Value<'_>) -> Option<Self> {
        let template = value.as_template()?.clone().into_owned();
        Some(Template::from_entries(template.entries, template.unfit))
    }
}

impl<'a> IntoValue<'a, Template<'static>> for &'a Template<'_> {
    fn into_value(self) -> Option<Value<'a>> {
        let entries = self.entries().map(|(attribute, value)| (attribute, value.reborrowed()));
        Some(Value::template(Nested::new(entries.collect(), self.unfit())))
    }
}

impl<'a> IntoValue<'a, Template<'static>> for Template<'a> {
    fn into_value(self) -> Option<Value<'a>> {
        let unfit = self.unfit();
        Some(Value::template(Nested::new(self.into_entries(), unfit)))
    }
}
