//! Mechanism parameters in the standard's layout, packed from the typed mechanisms.
//!
//! A struct here points to bytes of the caller, whose borrow the lifetime keeps, or to memory
//! that [`Packed`] keeps beside it.

mod aead;
mod agreement;
mod block;
mod cms;
mod dsa;
mod gost;
mod historical;
mod ike;
mod kdf;
mod key_wrap;
mod kip;
mod mac;
mod nested;
mod otp;
mod pbe;
mod ratchet;
mod rsa;
mod set;
mod signature;
mod simple_derivation;
mod ssl3;
mod stream;
mod tls;
mod wtls;

use std::any::Any;
use std::ffi::c_void;
use std::marker::PhantomData;

use aead::CK_GCM_PARAMS_2_20;
pub use dsa::DsaSeed;
pub use set::SetOaepData;
pub use tls::TlsKeys;
pub use wtls::WtlsKeys;

use pkcs11_sys::*;
use smallvec::SmallVec;

use super::{ck_len, input};
use crate::defaults::Quirks;
use crate::object::Object;
use crate::vocabulary::{Generator, Parameter, parameters};
use crate::{MechanismType, Result};

/// A typed mechanism with a parameter.
pub(crate) trait Pack<'a>: Sized {
    /// The objects that it names beside the operation's own key; all of one token.
    fn objects(&self) -> Objects<'_> {
        Objects::new()
    }

    /// The parameter, for a token with these quirks.
    fn pack(self, quirks: Quirks) -> Result<Packed<'a>>;
}

/// The objects that a parameter names.
pub(crate) type Objects<'m> = SmallVec<[&'m Object; 4]>;

/// A parameter. What it points to is borrowed for `'a`, some of it to be written by the module,
/// or kept here.
pub(crate) struct Packed<'a> {
    value: Value<'a>,
    kept: Option<Box<Kept>>,
    borrowed: PhantomData<&'a mut [u8]>,
}

enum Value<'a> {
    Nothing,
    Bytes(&'a [u8]),
    OwnedBytes(Vec<u8>),
    /// An initialisation vector that the module may write.
    WrittenIv(*mut u8, usize),
    /// Either struct of GCM; apart, since some modules make the initialisation vector and write
    /// it where one was: they get a copy.
    Gcm(Struct, &'a [u8]),
    Struct(Struct),
    /// A struct in the caller's memory, where what the module makes of it is read afterwards.
    InPlace(Struct, *mut c_void),
    /// A struct that only a vendor knows.
    Vendor(*mut c_void, usize),
}

// SAFETY: its pointers lead to what it borrows or keeps, as `&mut [u8]` and `Vec` would; all of
// it may go to another thread.
unsafe impl Send for Packed<'_> {}

macro_rules! structs {
    ($($name:ident: $raw:ident;)*) => {
        structs! {
            $($name: $raw => $name;)*
            // What some tokens want in place of another.
            GcmOf220: CK_GCM_PARAMS_2_20 => Gcm;
            OldPbkdf2: CK_PKCS5_PBKD2_PARAMS => Pbkdf2;
        }
    };
    ($($name:ident: $raw:ident => $kind:ident;)*) => {
        /// A parameter of each kind, as it stands in C.
        #[derive(Clone, Copy)]
        pub(super) enum Struct {
            $($name($raw),)*
        }

        impl Struct {
            fn kind(&self) -> Parameter {
                match self {
                    $(Self::$name(_) => Parameter::$kind,)*
                }
            }

            fn place(&mut self) -> (*mut c_void, usize) {
                match self {
                    $(Self::$name(value) => (std::ptr::from_mut(value).cast(), size_of::<$raw>()),)*
                }
            }
        }
    };
}

parameters!(structs);

impl Struct {
    /// Writes the struct to a place of its own type, which is borrowed for it; where that is.
    fn write_to(mut self, place: *mut c_void) -> (*mut c_void, usize) {
        let (from, length) = self.place();
        // SAFETY: `in_place` has made the place from a `&mut` of the same struct, which is borrowed
        // for as long as the parameter lives; `from` is a local.
        unsafe { std::ptr::copy_nonoverlapping(from.cast::<u8>(), place.cast(), length) };
        (place, length)
    }

    /// Sets where GCM's initialisation vector is.
    fn set_gcm_iv(&mut self, iv: *mut u8) {
        match self {
            Self::Gcm(value) => value.pIv = iv,
            Self::GcmOf220(value) => value.pIv = iv,
            _ => {}
        }
    }
}

impl<'a> Packed<'a> {
    #[inline]
    const fn of(value: Value<'a>) -> Self {
        Self { value, kept: None, borrowed: PhantomData }
    }

    #[inline]
    pub(crate) const fn nothing() -> Self {
        Self::of(Value::Nothing)
    }

    pub(crate) const fn bytes(bytes: &'a [u8]) -> Self {
        Self::of(Value::Bytes(bytes))
    }

    pub(crate) const fn owned_bytes(bytes: Vec<u8>) -> Self {
        Self::of(Value::OwnedBytes(bytes))
    }

    /// A struct whose pointers lead to what is borrowed for `'a`; whoever makes it sees to that.
    pub(super) fn new(value: Struct) -> Self {
        Self::of(Value::Struct(value))
    }

    /// The same in a place of the caller's, who reads there what the module has changed. Each
    /// call finds it as it is now.
    pub(super) fn in_place<T>(kind: fn(T) -> Struct, value: T, place: &'a mut T) -> Self {
        Self::of(Value::InPlace(kind(value), std::ptr::from_mut(place).cast()))
    }

    /// The same, with what else it points to (see [`Kept`]).
    pub(super) fn with(value: Struct, kept: Kept) -> Self {
        let kept = (!kept.0.is_empty()).then(|| Box::new(kept));
        Self { kept, ..Self::new(value) }
    }

    /// What kind it is; a vendor's struct is none.
    #[inline]
    pub(crate) fn kind(&self) -> Option<Parameter> {
        match &self.value {
            Value::Nothing => Some(Parameter::Nothing),
            Value::Bytes(_) | Value::OwnedBytes(_) => Some(Parameter::Bytes),
            Value::WrittenIv(_, length) => Some(Parameter::Iv(*length)),
            Value::Gcm(..) => Some(Parameter::Gcm),
            Value::Struct(value) | Value::InPlace(value, _) => Some(value.kind()),
            Value::Vendor(..) => None,
        }
    }

    /// The bytes, if it is plain bytes.
    pub(crate) fn as_bytes(&self) -> Option<&[u8]> {
        match &self.value {
            Value::Bytes(bytes) => Some(bytes),
            Value::OwnedBytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The length of the MAC in bytes, if the parameter tells it.
    pub(crate) fn mac_length(&self) -> Option<usize> {
        let length = match self.value {
            Value::Struct(Struct::MacLength(length)) => length,
            Value::Struct(Struct::TlsMac(parameter)) => parameter.ulMacLength,
            Value::Struct(Struct::Rc2Mac(parameter)) => parameter.ulMacLength,
            Value::Struct(Struct::Rc5Mac(parameter)) => parameter.ulMacLength,
            // Half a block, which is a word.
            Value::Struct(Struct::Rc5(parameter)) => parameter.ulWordsize,
            _ => return None,
        };
        usize::try_from(length).ok()
    }

    /// The length of a message in bytes, if its parameter tells it.
    pub(crate) fn message_length(&self) -> Option<usize> {
        match self.value {
            Value::Struct(Struct::CcmMessage(value)) => usize::try_from(value.ulDataLen).ok(),
            _ => None,
        }
    }

    /// Who makes the nonce of a message, if anybody but the caller may.
    pub(crate) fn generator(&self) -> Option<Generator> {
        match self.value {
            Value::Struct(Struct::GcmMessage(value)) => Some(Generator::new(value.ivGenerator)),
            Value::Struct(Struct::CcmMessage(value)) => Some(Generator::new(value.nonceGenerator)),
            _ => None,
        }
    }

    /// The hash function of the data to be signed, if the parameter names it.
    pub(crate) fn signature_hash(&self) -> Option<MechanismType> {
        match self.value {
            Value::Struct(Struct::Pss(value)) => Some(MechanismType::new(value.hashAlg)),
            Value::Struct(Struct::HashSignContext(value)) => Some(MechanismType::new(value.hash)),
            _ => None,
        }
    }

    /// The parameter for one call.
    #[inline]
    pub(super) fn for_call(&self) -> ForCall<'_> {
        match &self.value {
            Value::Nothing => ForCall::at(std::ptr::null_mut(), 0),
            Value::Bytes(bytes) => ForCall::at(input(bytes).cast(), bytes.len()),
            Value::OwnedBytes(bytes) => ForCall::at(input(bytes).cast(), bytes.len()),
            Value::WrittenIv(iv, length) => ForCall::at(iv.cast(), *length),
            Value::Vendor(place, length) => ForCall::at(*place, *length),
            Value::Struct(value) => ForCall::of(Place::Struct(*value)),
            Value::InPlace(value, place) => {
                let (place, length) = value.write_to(*place);
                ForCall::at(place, length)
            }
            Value::Gcm(value, iv) => ForCall::of(Place::Gcm(*value, SmallVec::from_slice(iv))),
        }
    }
}

/// Memory that a struct points to and that is nobody's: it goes with the [`Packed`]. It is in
/// vectors, whose elements stay where they are when this is moved.
#[derive(Default)]
pub(super) struct Kept(Vec<Box<dyn Any>>);

impl Kept {
    /// Keeps the values; where the first of them is. NULL if there are none.
    pub(super) fn keep<T: 'static>(&mut self, mut values: Vec<T>) -> *mut T {
        if values.is_empty() {
            return std::ptr::null_mut();
        }
        // The elements of a vector do not move with it.
        let first = values.as_mut_ptr();
        self.0.push(Box::new(values));
        first
    }

    /// Keeps a struct that another one points to; where it is, and its length.
    fn keep_struct(&mut self, value: Struct) -> (*mut c_void, usize) {
        let mut values = vec![value];
        let place = values.first_mut().map(Struct::place);
        self.0.push(Box::new(values));
        place.unwrap_or((std::ptr::null_mut(), 0))
    }
}

/// A parameter during one call.
pub(super) struct ForCall<'p> {
    place: Place,
    borrowed: PhantomData<&'p ()>,
}

enum Place {
    At(*mut c_void, usize),
    Struct(Struct),
    /// With the copy of the initialisation vector.
    Gcm(Struct, SmallVec<[u8; 16]>),
}

impl ForCall<'_> {
    #[inline]
    fn of(place: Place) -> Self {
        Self { place, borrowed: PhantomData }
    }

    #[inline]
    fn at(place: *mut c_void, length: usize) -> Self {
        Self::of(Place::At(place, length))
    }

    /// Where the parameter is, and its length; `self` must stay where it is during the call.
    #[inline]
    pub(super) fn pointer(&mut self) -> (*mut c_void, usize) {
        match &mut self.place {
            Place::At(place, length) => (*place, *length),
            Place::Struct(value) => value.place(),
            Place::Gcm(value, copy) => {
                value.set_gcm_iv(copy.as_mut_ptr());
                value.place()
            }
        }
    }
}

/// Bytes for a pointer field and its length.
fn bytes(bytes: &[u8]) -> Result<(*mut u8, CK_ULONG)> {
    Ok((input(bytes), ck_len(bytes.len())?))
}

/// The same, with NULL where there are none: some modules refuse a pointer then.
fn bytes_or_null(slice: &[u8]) -> Result<(*mut u8, CK_ULONG)> {
    if slice.is_empty() { Ok((std::ptr::null_mut(), 0)) } else { bytes(slice) }
}

/// Bytes that the module may write.
fn bytes_mut(bytes: &mut [u8]) -> Result<(*mut u8, CK_ULONG)> {
    Ok((bytes.as_mut_ptr(), ck_len(bytes.len())?))
}

/// A parameter that only a vendor's module knows.
///
/// `&mut` of a type with this trait is a mechanism, as `key.encrypt(&mut parameter, data)`.
///
/// # Safety
///
/// The type is what the module reads as the parameter of [`mechanism`](Self::mechanism), all of
/// its `size_of` bytes initialised; what it points to is valid for as long as the value is
/// borrowed, and may be written wherever the module writes.
pub unsafe trait VendorParameter {
    /// The mechanism whose parameter it is; one of a vendor's.
    fn mechanism(&self) -> MechanismType;
}

impl<'a> Packed<'a> {
    pub(crate) fn vendor<T: VendorParameter>(parameter: &'a mut T) -> Self {
        Self::of(Value::Vendor(std::ptr::from_mut(parameter).cast(), size_of::<T>()))
    }
}

#[cfg(test)]
mod read_back;
