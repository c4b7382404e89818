//! The memory that a module is lent for a call which it may finish later (PKCS#11 §5.21).
//!
//! What such a call is given stays at one place and untouched until the module says that it has
//! done with it. It is freed in three cases: the call or `C_AsyncComplete` answers `CKR_OK`, and,
//! where there is a buffer, names it; it fails, at the call itself or naming the buffer; or
//! `C_AsyncGetID` answers `CKR_OK`. In every other case it is never freed.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use pkcs11_sys::{
    CK_ATTRIBUTE_PTR, CK_BYTE_PTR, CK_INVALID_HANDLE, CK_MECHANISM, CK_MECHANISM_PTR,
    CK_OBJECT_HANDLE, CK_OBJECT_HANDLE_PTR, CK_RV, CK_ULONG, CK_ULONG_PTR, CKR_OK, CKR_PENDING,
};
use zeroize::Zeroize;

use crate::mechanism::Mechanism;
use crate::raw::mechanism::PackedMechanism;
use crate::raw::{ObjectHandle, PackedTemplate, ck_len, failed, input, made, written};
use crate::{Function, Result, Template};

/// A value at a place of its own. Dropped, it stays there for good.
struct Fixed<T: 'static>(NonNull<T>);

impl<T> Fixed<T> {
    fn new(value: T) -> Self {
        Self(NonNull::from(Box::leak(Box::new(value))))
    }

    fn place(&self) -> *mut T {
        self.0.as_ptr()
    }

    /// # Safety
    ///
    /// The borrow is not used after `free`, and nothing writes there before.
    unsafe fn borrow(&self) -> &'static T {
        // SAFETY: the value lives until `free`, which takes `self`; else as the caller promises.
        unsafe { self.0.as_ref() }
    }

    /// # Safety
    ///
    /// Nobody uses the place any more, the module included.
    unsafe fn free(self) -> T {
        // SAFETY: `new` made it from a box, and taking `self` shows that it was not freed.
        *unsafe { Box::from_raw(self.0.as_ptr()) }
    }
}

/// A mechanism that a module may read until the call has ended.
struct LentMechanism {
    mechanism: Fixed<Mechanism<'static>>,
    /// Points into `mechanism`.
    packed: Fixed<PackedMechanism<'static>>,
    /// Points into `packed`.
    ck: Fixed<CK_MECHANISM>,
}

impl LentMechanism {
    fn new(mechanism: Mechanism<'static>, name: Function) -> Result<Self> {
        fits(&mechanism, &[], name)?;
        let mechanism = Fixed::new(mechanism);
        // SAFETY: `free` ends the packed form before it.
        let packed = Fixed::new(unsafe { mechanism.borrow() }.pack(name)?);
        // SAFETY: this is the only borrow, and it ends here; what is made of it are pointers.
        let ck = unsafe { &mut *packed.place() }.ck_mechanism()?;
        Ok(Self { mechanism, packed, ck: Fixed::new(ck) })
    }

    /// # Safety
    ///
    /// The module does not use it any more.
    unsafe fn free(self) {
        // SAFETY: as the caller promises.
        let _ = unsafe { self.ck.free() };
        // SAFETY: the pointers to it went with `ck`.
        drop(unsafe { self.packed.free() });
        // SAFETY: what borrowed it went with `packed`.
        drop(unsafe { self.mechanism.free() });
    }
}

/// A template that a module may read until the call has ended.
struct LentTemplate {
    template: Fixed<Template<'static>>,
    /// Points into `template`, and into itself.
    packed: Fixed<PackedTemplate<'static>>,
}

impl LentTemplate {
    fn new(template: Template<'static>, name: Function) -> Result<Self> {
        let template = Fixed::new(template);
        // SAFETY: `free` ends the packed form before it.
        let packed = Fixed::new(unsafe { template.borrow() }.pack(name)?);
        Ok(Self { template, packed })
    }

    /// # Safety
    ///
    /// The module does not use it any more.
    unsafe fn free(self) {
        // SAFETY: as the caller promises.
        drop(unsafe { self.packed.free() });
        // SAFETY: what borrowed it went with `packed`.
        drop(unsafe { self.template.free() });
    }
}

/// The memory of one call. Dropped, it is never freed: the module may still use it.
pub(crate) struct Loan {
    function: Function,
    mechanism: Option<LentMechanism>,
    templates: Vec<LentTemplate>,
    input: ManuallyDrop<Vec<u8>>,
    output: Option<Output>,
    objects: Option<Fixed<[CK_OBJECT_HANDLE; 2]>>,
}

struct Output {
    bytes: ManuallyDrop<Vec<u8>>,
    place: *mut u8,
    length: Fixed<CK_ULONG>,
}

// SAFETY: all that it points to is its own or the module's, which takes calls from any thread.
unsafe impl Send for Loan {}

/// What a call has given.
pub(crate) struct Returned {
    pub(crate) output: Vec<u8>,
    objects: [CK_OBJECT_HANDLE; 2],
    function: Function,
}

impl Returned {
    /// The first object that was made.
    pub(crate) fn object(&self) -> Result<ObjectHandle> {
        let [first, _] = self.objects;
        made(self.function, first).map(ObjectHandle)
    }

    /// The second one.
    pub(crate) fn additional_object(&self) -> Result<ObjectHandle> {
        let [_, second] = self.objects;
        made(self.function, second).map(ObjectHandle)
    }
}

/// How far a call has come.
pub(crate) enum Step {
    Pending(Loan),
    Done(Returned),
}

impl Loan {
    pub(super) fn new(function: Function) -> Self {
        Self {
            function,
            mechanism: None,
            templates: Vec::new(),
            input: ManuallyDrop::default(),
            output: None,
            objects: None,
        }
    }

    /// The function that was called.
    pub(crate) fn function(&self) -> Function {
        self.function
    }

    /// Where the mechanism is until the loan is freed.
    pub(super) fn lend_mechanism(
        &mut self,
        mechanism: Mechanism<'static>,
    ) -> Result<CK_MECHANISM_PTR> {
        let lent = LentMechanism::new(mechanism, self.function)?;
        let place = lent.ck.place();
        self.mechanism = Some(lent);
        Ok(place)
    }

    /// Where the template is until the loan is freed, and how many entries it has.
    pub(super) fn lend_template(
        &mut self,
        template: Template<'static>,
    ) -> Result<(CK_ATTRIBUTE_PTR, CK_ULONG)> {
        let lent = LentTemplate::new(template, self.function)?;
        // SAFETY: the borrow ends here; what is made of it are pointers.
        let pointer = unsafe { lent.packed.borrow() }.pointer();
        self.templates.push(lent);
        pointer
    }

    /// Where the data is until the loan is freed, and its length.
    pub(super) fn lend_input(&mut self, data: Vec<u8>) -> Result<(CK_BYTE_PTR, CK_ULONG)> {
        self.input = ManuallyDrop::new(data);
        Ok((input(&self.input), ck_len(self.input.len())?))
    }

    /// Where the buffer, all of it initialised, and its length are until the loan is freed.
    pub(super) fn lend_output(&mut self, bytes: Vec<u8>) -> Result<(CK_BYTE_PTR, CK_ULONG_PTR)> {
        let length = Fixed::new(ck_len(bytes.len())?);
        let mut bytes = ManuallyDrop::new(bytes);
        let (place, length_place) = (bytes.as_mut_ptr(), length.place());
        self.output = Some(Output { bytes, place, length });
        Ok((place, length_place))
    }

    /// Two places for handles until the loan is freed.
    pub(super) fn lend_places(&mut self) -> [CK_OBJECT_HANDLE_PTR; 2] {
        let objects = Fixed::new([CK_INVALID_HANDLE; 2]);
        let first = objects.place().cast::<CK_OBJECT_HANDLE>();
        self.objects = Some(objects);
        [first, first.wrapping_add(1)]
    }

    /// Where the buffer is, if there is one.
    pub(super) fn output_place(&self) -> Option<CK_BYTE_PTR> {
        self.output.as_ref().map(|output| output.place)
    }

    /// The end of the call itself: pending, done, or failed.
    pub(super) fn answered(self, code: CK_RV) -> Result<Step> {
        match code {
            CKR_PENDING => return Ok(Step::Pending(self)),
            CKR_OK => {}
            code => {
                let error = failed(self.function, code);
                // SAFETY: the call has failed, so none is pending (PKCS#11 §5.1).
                drop(unsafe { self.free() });
                return Err(error);
            }
        }
        // SAFETY: the place lives, and the call has ended: nobody writes there.
        let length = self.output.as_ref().map(|output| unsafe { *output.length.place() });
        // SAFETY: the same.
        let objects = self.objects.as_ref().map(|objects| unsafe { *objects.place() });
        self.done(length.unwrap_or(0), objects.unwrap_or_default())
    }

    /// The results of a call that has ended well.
    pub(super) fn done(self, length: CK_ULONG, objects: [CK_OBJECT_HANDLE; 2]) -> Result<Step> {
        let function = self.function;
        // SAFETY: the module has answered CKR_OK: the call has ended (PKCS#11 §5.21.1).
        let mut output = unsafe { self.free() };
        let length = match output.len() {
            // Without a buffer the length means nothing.
            0 => 0,
            capacity => written(function, length, capacity).inspect_err(|_| output.zeroize())?,
        };
        output.get_mut(length..).unwrap_or_default().zeroize();
        output.truncate(length);
        Ok(Step::Done(Returned { output, objects, function }))
    }

    /// Frees what was lent, and gives the buffer back.
    ///
    /// # Safety
    ///
    /// The module does not use it any more.
    pub(super) unsafe fn free(mut self) -> Vec<u8> {
        // It may be plaintext.
        self.input.zeroize();
        drop(ManuallyDrop::into_inner(self.input));
        if let Some(mechanism) = self.mechanism {
            // SAFETY: as the caller promises.
            unsafe { mechanism.free() };
        }
        for template in self.templates {
            // SAFETY: as the caller promises.
            unsafe { template.free() };
        }
        if let Some(objects) = self.objects {
            // SAFETY: as the caller promises.
            unsafe { objects.free() };
        }
        self.output.map_or_else(Vec::new, |output| {
            // SAFETY: as the caller promises.
            unsafe { output.length.free() };
            ManuallyDrop::into_inner(output.bytes)
        })
    }
}

/// Refuses what cannot be packed, before anything is lent.
pub(super) fn fits(
    mechanism: &Mechanism<'_>,
    templates: &[&Template<'_>],
    name: Function,
) -> Result<()> {
    mechanism.check().map_err(|error| error.or_function(name))?;
    templates.iter().try_for_each(|template| template.pack(name).map(drop))
}
