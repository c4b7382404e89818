//! The form of a typed mechanism, and what follows from it.

/// Makes a public struct with plain fields, its constructor and setters, of a mechanism whose
/// parameter [`Pack`](crate::raw::Pack) packs.
///
/// The fields of the first block are given to `new` in their order; those of `with` have a
/// default and a setter each. The number may depend on the fields.
macro_rules! typed {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(<$life:lifetime>)? {
            $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)*
        }
        $(with {
            $($(#[$option_meta:meta])* pub $option:ident: $option_type:ty = $default:expr,)*
        })?
        |$this:ident| $number:expr
    ) => {
        $(#[$meta])*
        pub struct $name $(<$life>)? {
            $($(#[$field_meta])* pub $field: $type,)*
            $($($(#[$option_meta])* pub $option: $option_type,)*)?
        }

        impl $(<$life>)? $name $(<$life>)? {
            /// With these parameters, in the order of the fields, and defaults for the others.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "one without fields needs no second way")]
            pub const fn new($($field: $type),*) -> Self {
                Self { $($field,)* $($($option: $default,)*)? }
            }

            $($(
                $(#[$option_meta])*
                #[must_use]
                pub fn $option(mut self, $option: $option_type) -> Self {
                    self.$option = $option;
                    self
                }
            )*)?
        }

        crate::mechanism::typed::packed!($name $(<$life>)?, |$this| $number);
    };
}

/// Makes a mechanism of a type whose parameter [`Pack`](crate::raw::Pack) packs.
macro_rules! packed {
    ($name:ident, |$this:ident| $number:expr) => {
        impl<'a> crate::mechanism::IntoMechanism<'a> for $name {
            crate::mechanism::typed::packed!(@body |$this| $number);
        }
    };
    ($name:ident<$life:lifetime>, |$this:ident| $number:expr) => {
        impl<$life> crate::mechanism::IntoMechanism<$life> for $name<$life> {
            crate::mechanism::typed::packed!(@body_of $life |$this| $number);
        }
    };
    (@body |$this:ident| $number:expr) => {
        crate::mechanism::typed::packed!(@body_of 'a |$this| $number);
    };
    (@body_of $life:lifetime |$this:ident| $number:expr) => {
        fn into_mechanism(
            self,
            context: &crate::mechanism::Context<'_>,
        ) -> crate::Result<crate::mechanism::Mechanism<$life>> {
            let number = {
                let $this = &self;
                $number
            };
            crate::mechanism::Mechanism::typed(number, self, context)
        }
    };
}

/// Makes a mechanism whose parameter is an initialisation vector of one length.
macro_rules! with_iv {
    ($($(#[$meta:meta])* $name:ident, $number:ident, $iv:literal;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<'a> {
            #[doc = concat!("The initialisation vector: ", stringify!($iv), " bytes.")]
            pub iv: &'a [u8; $iv],
        }

        impl<'a> $name<'a> {
            /// With this initialisation vector.
            #[must_use]
            pub const fn new(iv: &'a [u8; $iv]) -> Self {
                Self { iv }
            }
        }

        impl<'a> crate::mechanism::IntoMechanism<'a> for $name<'a> {
            fn into_mechanism(
                self,
                _: &crate::mechanism::Context<'_>,
            ) -> crate::Result<crate::mechanism::Mechanism<'a>> {
                Ok(crate::mechanism::Mechanism::with_bytes(crate::MechanismType::$number, self.iv))
            }
        }
    )*};
}

pub(crate) use {packed, typed, with_iv};
