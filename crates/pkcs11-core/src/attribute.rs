//! Attributes with the type of their value.

mod big_integer;
mod date;
mod list;
mod nested;
mod number;
mod table;
mod value;

use std::fmt;
use std::marker::PhantomData;

use pkcs11_sys::CK_ATTRIBUTE_TYPE;

pub use big_integer::BigInteger;
pub use date::Date;
pub use list::AttributeList;
pub(crate) use list::{Failure, Outcome, Request, sealed};
pub(crate) use nested::{MOST_NESTED, Nested};
pub use table::{AttributeType, attr};
pub use value::{IntoValue, Value, ValueType};

/// An attribute whose value is a `T`.
///
/// Those of the standard are in [`attr`]; a vendor's is one line:
///
/// ```
/// use pkcs11_core::Attr;
///
/// const USAGE_COUNT: Attr<u64> = Attr::new(0x8000_0001);
/// ```
pub struct Attr<T: ?Sized> {
    number: CK_ATTRIBUTE_TYPE,
    value: PhantomData<fn() -> Box<T>>,
}

impl<T: ?Sized> Attr<T> {
    /// The attribute of this number.
    #[must_use]
    pub const fn new(number: CK_ATTRIBUTE_TYPE) -> Self {
        Self { number, value: PhantomData }
    }

    /// Its number and name.
    #[must_use]
    pub const fn attribute(self) -> AttributeType {
        AttributeType::new(self.number)
    }

    /// The same attribute with its value as plain bytes: for text that is no UTF-8, or a value
    /// that a module gives in another form than the standard's.
    #[must_use]
    pub const fn bytes(self) -> Attr<[u8]> {
        Attr::new(self.number)
    }
}

impl<T: ?Sized> Clone for Attr<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Attr<T> {}

impl<T: ?Sized> fmt::Debug for Attr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attr({})", self.attribute())
    }
}
