//! Reading several attributes in one call: a tuple of them gives a tuple of values.

use super::{Attr, AttributeType, ValueType};
use crate::error::{ErrorKind, Unavailable};
use crate::{Error, Function, Result};

/// One attribute to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) attribute: AttributeType,
    /// The bytes that the value takes at most, where its type tells.
    pub(crate) size: Option<usize>,
}

/// What reading one attribute came to.
pub(crate) type Outcome<'a> = Result<&'a [u8], Unavailable>;

/// One attribute, or a tuple of up to twelve.
///
/// This trait is sealed.
pub trait AttributeList: sealed::Sealed {
    /// The values: of one attribute its own, of a tuple a tuple.
    type Values;
    /// Each attribute's own outcome.
    type Outcomes;

    #[doc(hidden)]
    fn requests(&self) -> sealed::Requests;
    #[doc(hidden)]
    fn values(&self, read: &sealed::Read<'_>) -> Result<Self::Values>;
    #[doc(hidden)]
    fn outcomes(&self, read: &sealed::Read<'_>) -> Self::Outcomes;
}

pub(crate) mod sealed {
    use super::{AttributeType, Outcome, Request};
    use smallvec::SmallVec;

    pub trait Sealed {}

    #[derive(Debug)]
    pub struct Requests(pub(crate) SmallVec<[Request; 12]>);

    #[derive(Debug)]
    pub struct Read<'a>(pub(crate) SmallVec<[(AttributeType, Outcome<'a>); 12]>);
}

fn decode<T: ValueType + ?Sized>(read: &sealed::Read<'_>, index: usize) -> Result<T::Owned> {
    let Some(&(attribute, outcome)) = read.0.get(index) else {
        return Err(Error::invalid("an attribute was not asked for"));
    };
    let failed = |kind: ErrorKind| {
        Error::from(kind).in_function(Function::GetAttributeValue).on_attribute(attribute)
    };
    let bytes = outcome.map_err(|why| failed(ErrorKind::AttributeUnavailable(why)))?;
    T::decode(bytes).ok_or_else(|| {
        failed(ErrorKind::AttributeValue { expected: T::EXPECTED, length: bytes.len() })
    })
}

impl<T: ValueType + ?Sized> sealed::Sealed for Attr<T> {}

impl<T: ValueType + ?Sized> AttributeList for Attr<T> {
    type Values = T::Owned;
    type Outcomes = Result<T::Owned>;

    fn requests(&self) -> sealed::Requests {
        sealed::Requests(
            [Request { attribute: self.attribute(), size: T::SIZE }].into_iter().collect(),
        )
    }

    fn values(&self, read: &sealed::Read<'_>) -> Result<T::Owned> {
        decode::<T>(read, 0)
    }

    fn outcomes(&self, read: &sealed::Read<'_>) -> Result<T::Owned> {
        decode::<T>(read, 0)
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),*))*) => {$(
        impl<$($name: ValueType + ?Sized),*> sealed::Sealed for ($(Attr<$name>,)*) {}

        impl<$($name: ValueType + ?Sized),*> AttributeList for ($(Attr<$name>,)*) {
            type Values = ($($name::Owned,)*);
            type Outcomes = ($(Result<$name::Owned>,)*);

            fn requests(&self) -> sealed::Requests {
                sealed::Requests([
                    $(Request { attribute: self.$index.attribute(), size: $name::SIZE },)*
                ].into_iter().collect())
            }

            fn values(&self, read: &sealed::Read<'_>) -> Result<Self::Values> {
                Ok(($(decode::<$name>(read, $index)?,)*))
            }

            fn outcomes(&self, read: &sealed::Read<'_>) -> Self::Outcomes {
                ($(decode::<$name>(read, $index),)*)
            }
        }
    )*};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}
