//! Reading several attributes in one call: a tuple of them gives a tuple of values.

use super::{Attr, AttributeType, Value, ValueType};
use crate::error::{ErrorKind, Unavailable};
use crate::{Error, Function, Result};

/// One attribute to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) attribute: AttributeType,
    /// The bytes that the value takes at most, where its type tells.
    pub(crate) size: Option<usize>,
    /// Whether its type is a template.
    pub(crate) template: bool,
}

impl Request {
    fn of<T: ValueType + ?Sized>(attribute: Attr<T>) -> Self {
        Self { attribute: attribute.attribute(), size: T::SIZE, template: T::TEMPLATE }
    }
}

/// What reading one attribute came to.
pub(crate) type Outcome<'a> = Result<Value<'a>, Failure>;

/// Why there is no value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure {
    Unavailable(Unavailable),
    /// There is one, of a length that its type does not have.
    Length(usize),
}

/// One attribute, a tuple of up to twelve, or a slice of attributes of one type.
///
/// This trait is sealed.
pub trait AttributeList: sealed::Sealed {
    /// The values: of one attribute its own, of a tuple a tuple, of a slice a vector.
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
    let Some((attribute, outcome)) = read.0.get(index) else {
        return Err(Error::invalid("an attribute was not asked for"));
    };
    let wrong = |length| ErrorKind::AttributeValue { expected: T::EXPECTED, length };
    let value = match outcome {
        Ok(value) => T::from_value(value).ok_or_else(|| wrong(value.bytes().len())),
        Err(Failure::Length(length)) => Err(wrong(*length)),
        Err(Failure::Unavailable(why)) => Err(ErrorKind::AttributeUnavailable(*why)),
    };
    value.map_err(|kind| {
        Error::from(kind).in_function(Function::GetAttributeValue).on_attribute(*attribute)
    })
}

impl<T: ValueType + ?Sized> sealed::Sealed for Attr<T> {}

impl<T: ValueType + ?Sized> AttributeList for Attr<T> {
    type Values = T::Owned;
    type Outcomes = Result<T::Owned>;

    fn requests(&self) -> sealed::Requests {
        sealed::Requests([Request::of(*self)].into_iter().collect())
    }

    fn values(&self, read: &sealed::Read<'_>) -> Result<T::Owned> {
        decode::<T>(read, 0)
    }

    fn outcomes(&self, read: &sealed::Read<'_>) -> Result<T::Owned> {
        decode::<T>(read, 0)
    }
}

impl<T: ValueType + ?Sized> sealed::Sealed for &[Attr<T>] {}

/// A vector of values, in the order of the slice.
impl<T: ValueType + ?Sized> AttributeList for &[Attr<T>] {
    type Values = Vec<T::Owned>;
    type Outcomes = Vec<Result<T::Owned>>;

    fn requests(&self) -> sealed::Requests {
        sealed::Requests(self.iter().map(|attribute| Request::of(*attribute)).collect())
    }

    fn values(&self, read: &sealed::Read<'_>) -> Result<Self::Values> {
        (0..self.len()).map(|index| decode::<T>(read, index)).collect()
    }

    fn outcomes(&self, read: &sealed::Read<'_>) -> Self::Outcomes {
        (0..self.len()).map(|index| decode::<T>(read, index)).collect()
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),*))*) => {$(
        impl<$($name: ValueType + ?Sized),*> sealed::Sealed for ($(Attr<$name>,)*) {}

        impl<$($name: ValueType + ?Sized),*> AttributeList for ($(Attr<$name>,)*) {
            type Values = ($($name::Owned,)*);
            type Outcomes = ($(Result<$name::Owned>,)*);

            fn requests(&self) -> sealed::Requests {
                sealed::Requests([$(Request::of(self.$index),)*].into_iter().collect())
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
