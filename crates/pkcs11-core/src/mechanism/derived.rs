//! What a mechanism's parameter gives back.

use pkcs11_sys::{CK_INVALID_HANDLE, CK_OBJECT_HANDLE, CK_ULONG};

use zeroize::Zeroizing;

use crate::ObjectHandle;

/// A place for the handle of a key that the module makes beside the operation's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub struct NewKey(CK_OBJECT_HANDLE);

impl NewKey {
    /// Without a handle so far.
    #[must_use]
    pub const fn new() -> Self {
        Self(CK_INVALID_HANDLE)
    }

    /// The key's handle, for [`Session::object`](crate::Session::object); `None` where no key was
    /// made.
    #[must_use]
    pub fn handle(self) -> Option<ObjectHandle> {
        handle(self.0)
    }
}

/// A place for what a pseudo-random function gives: bytes instead of a key. Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct PrfOutput {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// Of these bytes the module says that it wrote so many; more is not believed.
    pub(crate) written: CK_ULONG,
}

impl PrfOutput {
    /// For this many bytes.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { bytes: Zeroizing::new(vec![0; length]), written: 0 }
    }

    /// What the module wrote; nothing before the call, or where it claims to have written more
    /// than there is room for.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        usize::try_from(self.written).ok().and_then(|end| self.bytes.get(..end)).unwrap_or(&[])
    }
}

impl std::fmt::Debug for PrfOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrfOutput").finish_non_exhaustive()
    }
}

/// A handle that a module may have written.
pub(crate) fn handle(number: CK_OBJECT_HANDLE) -> Option<ObjectHandle> {
    (number != CK_INVALID_HANDLE).then_some(ObjectHandle::new(number))
}

/// Prints the names of types whose fields are secret, and nothing of the fields.
macro_rules! secret {
    ($($name:ident),* $(,)?) => {$(
        impl std::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

pub(crate) use secret;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_no_handle() {
        assert_eq!(NewKey::new().handle(), None);
        assert_eq!(NewKey(7).handle(), Some(ObjectHandle::new(7)));
    }
}
