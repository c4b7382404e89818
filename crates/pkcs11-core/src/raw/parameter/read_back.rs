//! Reading packed parameters back, as a module would.

use super::*;

/// The parameter for a token without quirks.
pub(in crate::raw) fn packed<'a>(mechanism: impl Pack<'a>) -> Packed<'a> {
    mechanism.pack(Quirks::NONE).unwrap()
}

/// Expects that the mechanism's fields are refused.
pub(in crate::raw) fn refused<'a>(mechanism: impl Pack<'a>) {
    let error = mechanism.pack(Quirks::NONE).err().unwrap();
    assert!(matches!(error.kind(), crate::ErrorKind::InvalidInput(_)), "{error}");
}

impl ForCall<'_> {
    /// The struct as the module finds it.
    pub(in crate::raw) fn read<T: Copy>(&mut self) -> T {
        let (place, length) = self.pointer();
        assert_eq!(length, size_of::<T>());
        // SAFETY: the parameter is a T of that size, and `self` is alive.
        unsafe { place.cast::<T>().read_unaligned() }
    }
}

impl Packed<'_> {
    /// The struct as the module finds it; what it points to lives on.
    pub(in crate::raw) fn read<T: Copy>(&self) -> T {
        self.for_call().read()
    }
}

impl Packed<'_> {
    /// A module's writing to the struct itself, where the caller has its place.
    pub(in crate::raw) fn answer<T: Copy>(&self, answer: T) {
        let Value::InPlace(_, place) = self.value else { panic!("not in place") };
        write(place.cast(), &[answer]);
    }
}

/// What stands behind a pointer of a packed parameter.
pub(in crate::raw) fn behind<T: Copy>(pointer: *const T, length: CK_ULONG) -> Vec<T> {
    let length = usize::try_from(length).unwrap();
    // SAFETY: the tests pass pointers and lengths of packed parameters that are alive.
    (0..length).map(|index| unsafe { pointer.wrapping_add(index).read_unaligned() }).collect()
}

/// A module's writing through a pointer of a packed parameter.
pub(in crate::raw) fn write<T: Copy>(pointer: *mut T, values: &[T]) {
    for (index, value) in values.iter().enumerate() {
        // SAFETY: the tests pass pointers to as many writable values as they give.
        unsafe { pointer.wrapping_add(index).write_unaligned(*value) };
    }
}
