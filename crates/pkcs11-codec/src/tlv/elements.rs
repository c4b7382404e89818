//! The elements of a value, read one after another as they are asked for.

use super::{Reader, Tlv};
use crate::Error;

/// What iterators over a SEQUENCE OF are made of. It ends after the first error.
#[derive(Debug, Clone)]
pub(crate) struct Elements<'a>(Reader<'a>);

impl<'a> Elements<'a> {
    /// No elements.
    pub(crate) const EMPTY: Self = Self(Reader { rest: &[], end: 0, depth: 0 });

    /// Reads the next element with `read`; `None` at the end.
    pub(crate) fn next_with<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
    ) -> Option<Result<T, Error>> {
        if self.0.is_empty() {
            return None;
        }
        let result = read(&mut self.0);
        if result.is_err() {
            self.0.rest();
        }
        Some(result)
    }

    /// Whether everything is read.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> Tlv<'a> {
    /// The elements in the value.
    pub(crate) const fn elements(&self) -> Elements<'a> {
        Elements(Reader {
            rest: self.value,
            end: self.value_position.saturating_add(self.value.len()),
            depth: self.depth.saturating_add(1),
        })
    }
}
