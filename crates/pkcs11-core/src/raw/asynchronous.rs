//! Calls that a module may finish later (PKCS#11 §5.21), and the memory that it is lent for them.
//!
//! What such a call is given stays at one place and untouched until the module says that it has
//! done with it. It is freed in three cases: the call or `C_AsyncComplete` answers `CKR_OK`, and,
//! where there is a buffer, names it; it fails, at the call itself or naming the buffer; or
//! `C_AsyncGetID` answers `CKR_OK`. In every other case it is never freed.

use std::ffi::CString;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use pkcs11_sys::{
    CK_ASYNC_DATA, CK_INVALID_HANDLE, CK_MECHANISM, CK_OBJECT_HANDLE, CK_RV, CK_ULONG, CKR_OK,
    CKR_PENDING,
};
use zeroize::Zeroize;

use super::mechanism::PackedMechanism;
use super::{
    Cryptoki, ObjectHandle, PackedTemplate, SessionHandle, check, ck_len, failed, input, made,
    written,
};
use crate::mechanism::Mechanism;
use crate::{Error, Function, Result, Template};

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
    /// NULL in the call that joins: there the length comes with the result alone.
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
    fn new(function: Function) -> Self {
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

    /// With a buffer, of which all bytes are initialised.
    fn with_output(mut self, bytes: Vec<u8>) -> Result<Self> {
        let length = Fixed::new(ck_len(bytes.len())?);
        let mut bytes = ManuallyDrop::new(bytes);
        let place = bytes.as_mut_ptr();
        self.output = Some(Output { bytes, place, length });
        Ok(self)
    }

    fn output_place(&self) -> Option<*mut u8> {
        self.output.as_ref().map(|output| output.place)
    }

    /// The end of the call itself: pending, done, or failed.
    fn answered(self, code: CK_RV) -> Result<Step> {
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
    fn done(self, length: CK_ULONG, objects: [CK_OBJECT_HANDLE; 2]) -> Result<Step> {
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
    unsafe fn free(mut self) -> Vec<u8> {
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
fn fits(mechanism: &Mechanism<'_>, templates: &[&Template<'_>], name: Function) -> Result<()> {
    mechanism.check().map_err(|error| error.or_function(name))?;
    templates.iter().try_for_each(|template| template.pack(name).map(drop))
}

/// The name of a function as the asynchronous functions want it.
fn c_name(function: Function) -> Result<CString> {
    CString::new(function.name()).map_err(|_| Error::invalid("a function's name has no zero byte"))
}

impl Cryptoki {
    /// Whether the function list has what an asynchronous session cannot do without.
    pub(crate) fn has_async_complete(&self) -> bool {
        // By value: a field of a packed struct has no reference.
        { self.list.C_AsyncComplete }.is_some()
    }

    /// Wraps `C_EncryptInit`, `C_DecryptInit` and `C_SignInit` in an asynchronous session.
    pub(crate) fn async_init(
        &self,
        session: SessionHandle,
        function: Function,
        mechanism: Mechanism<'static>,
        key: ObjectHandle,
    ) -> Result<Step> {
        let call = match function {
            Function::EncryptInit => self.list.C_EncryptInit,
            Function::DecryptInit => self.list.C_DecryptInit,
            Function::SignInit => self.list.C_SignInit,
            _ => None,
        };
        let (call, _guard) = self.enter(function, call)?;
        let lent = LentMechanism::new(mechanism, function)?;
        let place = lent.ck.place();
        let loan = Loan { mechanism: Some(lent), ..Loan::new(function) };
        // SAFETY: the mechanism, and what it points to, stays until the call has ended.
        let code = unsafe { call(session.0, place, key.0) };
        loan.answered(code)
    }

    /// Wraps `C_Encrypt`, `C_Decrypt` and `C_Sign` in an asynchronous session.
    pub(crate) fn async_one_shot(
        &self,
        session: SessionHandle,
        function: Function,
        data: Vec<u8>,
        output: Vec<u8>,
    ) -> Result<Step> {
        let call = match function {
            Function::Encrypt => self.list.C_Encrypt,
            Function::Decrypt => self.list.C_Decrypt,
            Function::Sign => self.list.C_Sign,
            _ => None,
        };
        let (call, _guard) = self.enter(function, call)?;
        let data_length = ck_len(data.len())?;
        let mut loan = Loan::new(function).with_output(output)?;
        loan.input = ManuallyDrop::new(data);
        let (place, length) = match &loan.output {
            Some(output) => (output.place, output.length.place()),
            None => (std::ptr::null_mut(), std::ptr::null_mut()),
        };
        let data = input(&loan.input);
        // SAFETY: input, output and length stay until the call has ended, with these lengths.
        let code = unsafe { call(session.0, data, data_length, place, length) };
        loan.answered(code)
    }

    /// Wraps `C_GenerateKey` in an asynchronous session.
    pub(crate) fn async_generate_key(
        &self,
        session: SessionHandle,
        mechanism: Mechanism<'static>,
        template: Template<'static>,
    ) -> Result<Step> {
        let name = Function::GenerateKey;
        let (call, _guard) = self.enter(name, self.list.C_GenerateKey)?;
        fits(&mechanism, &[&template], name)?;
        let template = LentTemplate::new(template, name)?;
        // SAFETY: the borrow ends here; what is made of it are pointers.
        let (attributes, count) = unsafe { template.packed.borrow() }.pointer()?;
        let lent = LentMechanism::new(mechanism, name)?;
        let mechanism = lent.ck.place();
        let objects = Fixed::new([CK_INVALID_HANDLE; 2]);
        let key = objects.place().cast::<CK_OBJECT_HANDLE>();
        let loan = Loan {
            mechanism: Some(lent),
            templates: vec![template],
            objects: Some(objects),
            ..Loan::new(name)
        };
        // SAFETY: mechanism, template and the place for the handle stay until the call has ended.
        let code = unsafe { call(session.0, mechanism, attributes, count, key) };
        loan.answered(code)
    }

    /// Wraps `C_GenerateKeyPair` in an asynchronous session.
    pub(crate) fn async_generate_key_pair(
        &self,
        session: SessionHandle,
        mechanism: Mechanism<'static>,
        public: Template<'static>,
        private: Template<'static>,
    ) -> Result<Step> {
        let name = Function::GenerateKeyPair;
        let (call, _guard) = self.enter(name, self.list.C_GenerateKeyPair)?;
        fits(&mechanism, &[&public, &private], name)?;
        let (public, private) =
            (LentTemplate::new(public, name)?, LentTemplate::new(private, name)?);
        // SAFETY: the borrow ends here; what is made of it are pointers.
        let (for_public, public_count) = unsafe { public.packed.borrow() }.pointer()?;
        // SAFETY: the same.
        let (for_private, private_count) = unsafe { private.packed.borrow() }.pointer()?;
        let lent = LentMechanism::new(mechanism, name)?;
        let mechanism = lent.ck.place();
        let objects = Fixed::new([CK_INVALID_HANDLE; 2]);
        let public_key = objects.place().cast::<CK_OBJECT_HANDLE>();
        let private_key = public_key.wrapping_add(1);
        let loan = Loan {
            mechanism: Some(lent),
            templates: vec![public, private],
            objects: Some(objects),
            ..Loan::new(name)
        };
        // SAFETY: mechanism, templates and the two places stay until the call has ended.
        let code = unsafe {
            call(
                session.0,
                mechanism,
                for_public,
                public_count,
                for_private,
                private_count,
                public_key,
                private_key,
            )
        };
        loan.answered(code)
    }

    /// Wraps `C_AsyncComplete` (PKCS#11 §5.21.1). The code of an error is that of the function
    /// that was called.
    pub(crate) fn async_complete(&self, session: SessionHandle, loan: Loan) -> Result<Step> {
        let name = Function::AsyncComplete;
        let (call, _guard) = self.enter(name, self.list.C_AsyncComplete)?;
        let text = c_name(loan.function)?;
        let mut result = CK_ASYNC_DATA::default();
        // SAFETY: the text ends with a zero byte, and `result` is a local: this call itself is
        // not pending, it tells of another one.
        let code = unsafe { call(session.0, text.as_ptr().cast_mut().cast(), &raw mut result) };
        let named = loan.output_place() == Some(result.pValue);
        match code {
            CKR_PENDING => Ok(Step::Pending(loan)),
            CKR_OK if named || loan.output.is_none() => {
                loan.done(result.ulValue, [result.hObject, result.hAdditionalObject])
            }
            CKR_OK => {
                Err(Error::misbehaved(name, "it completed a call with a buffer of another one"))
            }
            code => {
                let error = failed(loan.function, code);
                if named {
                    // SAFETY: with an error, the module names the buffer for it to be freed
                    // (PKCS#11 §5.21.1): the call has ended.
                    unsafe { loan.free() }.zeroize();
                }
                Err(error)
            }
        }
    }

    /// Wraps `C_AsyncGetID` (PKCS#11 §5.21.2), after which nobody uses what the call was lent. Where
    /// it fails, the call goes on.
    pub(crate) fn async_id(
        &self,
        session: SessionHandle,
        loan: &mut Option<Loan>,
    ) -> Result<CK_ULONG> {
        let name = Function::AsyncGetID;
        let (call, _guard) = self.enter(name, self.list.C_AsyncGetID)?;
        let none = || Error::invalid("no call is pending").in_function(name);
        let text = c_name(loan.as_ref().ok_or_else(none)?.function)?;
        let mut id = 0;
        // SAFETY: the text ends with a zero byte, and `id` is a local.
        let code = unsafe { call(session.0, text.as_ptr().cast_mut().cast(), &raw mut id) };
        check(name, code)?;
        if let Some(loan) = loan.take() {
            // SAFETY: after success the caller should free what it passed (PKCS#11 §5.21.2).
            unsafe { loan.free() }.zeroize();
        }
        Ok(id)
    }

    /// Wraps `C_AsyncJoin` (PKCS#11 §5.21.3). An empty buffer is none.
    pub(crate) fn async_join(
        &self,
        session: SessionHandle,
        function: Function,
        id: CK_ULONG,
        output: Vec<u8>,
    ) -> Result<Loan> {
        let name = Function::AsyncJoin;
        let (call, _guard) = self.enter(name, self.list.C_AsyncJoin)?;
        let text = c_name(function)?;
        let capacity = ck_len(output.len())?;
        let mut loan = Loan::new(function);
        if capacity > 0 {
            loan = loan.with_output(output)?;
        }
        let place = loan.output_place().unwrap_or_default();
        let text = text.as_ptr().cast_mut().cast();
        // SAFETY: the text ends with a zero byte and is a local; the buffer stays until the call
        // that is joined has ended.
        let code = unsafe { call(session.0, text, id, place, capacity) };
        match check(name, code) {
            Ok(()) => Ok(loan),
            Err(error) => {
                // SAFETY: nothing was joined (PKCS#11 §5.1).
                drop(unsafe { loan.free() });
                Err(error)
            }
        }
    }
}
