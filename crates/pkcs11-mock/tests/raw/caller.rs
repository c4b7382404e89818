//! What a C program has around its calls.

use std::ptr::null_mut;

use pkcs11_mock::{Mock, SLOT, USER_PIN};
use pkcs11_sys::*;

/// Calls a function of a list by name: `call!(f.C_Login(session, CKU_USER, pin, 4))`.
macro_rules! call {
    ($list:ident.$name:ident($($arg:expr),* $(,)?)) => {
        unsafe { ({ $list.$name }.expect(stringify!($name)))($($arg),*) }
    };
}
pub(crate) use call;

pub(crate) fn list_2_40(entry: EntryPoints) -> CK_FUNCTION_LIST {
    let mut list = null_mut();
    assert_eq!(unsafe { (entry.get_function_list)(&mut list) }, CKR_OK);
    unsafe { list.read_unaligned() }
}

pub(crate) fn interface(entry: EntryPoints, major: u8, minor: u8) -> Result<CK_INTERFACE, CK_RV> {
    let mut version = CK_VERSION { major, minor };
    let mut found = null_mut();
    let name = c"PKCS 11".as_ptr().cast_mut().cast();
    let get = entry.get_interface.expect("C_GetInterface");
    match unsafe { get(name, &mut version, &mut found, 0) } {
        CKR_OK => Ok(unsafe { found.read_unaligned() }),
        code => Err(code),
    }
}

pub(crate) fn list_3_2(entry: EntryPoints) -> CK_FUNCTION_LIST_3_2 {
    let list = interface(entry, 3, 2).unwrap().pFunctionList;
    unsafe { list.cast::<CK_FUNCTION_LIST_3_2>().read_unaligned() }
}

/// Lends bytes to a function that will not write them, whatever its type says.
pub(crate) fn lend(bytes: &[u8]) -> CK_BYTE_PTR {
    bytes.as_ptr().cast_mut()
}

pub(crate) fn attribute<T>(kind: CK_ATTRIBUTE_TYPE, value: &[T]) -> CK_ATTRIBUTE {
    CK_ATTRIBUTE {
        type_: kind,
        pValue: value.as_ptr().cast_mut().cast(),
        ulValueLen: size_of_val(value).try_into().unwrap(),
    }
}

pub(crate) fn mechanism(number: CK_MECHANISM_TYPE, parameter: &[u8]) -> CK_MECHANISM {
    CK_MECHANISM {
        mechanism: number,
        pParameter: if parameter.is_empty() { null_mut() } else { lend(parameter).cast() },
        ulParameterLen: parameter.len().try_into().unwrap(),
    }
}

/// A mechanism whose parameter is this structure, which must outlive it.
pub(crate) fn mechanism_with<T>(number: CK_MECHANISM_TYPE, parameter: &T) -> CK_MECHANISM {
    CK_MECHANISM {
        mechanism: number,
        pParameter: (&raw const *parameter).cast_mut().cast(),
        ulParameterLen: size_of::<T>().try_into().unwrap(),
    }
}

/// An initialised module with a session in which the user is logged in.
pub(crate) struct Caller {
    pub(crate) f: CK_FUNCTION_LIST_3_2,
    pub(crate) session: CK_SESSION_HANDLE,
}

impl Caller {
    pub(crate) fn new(mock: &Mock) -> Self {
        let f = list_3_2(mock.entry_points());
        assert_eq!(call!(f.C_Initialize(null_mut())), CKR_OK);
        let mut session = 0;
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
        assert_eq!(call!(f.C_OpenSession(SLOT, flags, null_mut(), None, &mut session)), CKR_OK);
        let caller = Self { f, session };
        assert_eq!(caller.login(CKU_USER, USER_PIN), CKR_OK);
        caller
    }

    pub(crate) fn login(&self, user: CK_USER_TYPE, pin: &str) -> CK_RV {
        let f = self.f;
        let length = pin.len().try_into().unwrap();
        call!(f.C_Login(self.session, user, lend(pin.as_bytes()), length))
    }

    pub(crate) fn create(&self, template: &mut [CK_ATTRIBUTE]) -> Result<CK_OBJECT_HANDLE, CK_RV> {
        let f = self.f;
        let (mut handle, count) = (0, template.len().try_into().unwrap());
        match call!(f.C_CreateObject(self.session, template.as_mut_ptr(), count, &mut handle)) {
            CKR_OK => Ok(handle),
            code => Err(code),
        }
    }

    /// An AES key whose value can be read.
    pub(crate) fn aes_key(&self) -> CK_OBJECT_HANDLE {
        self.create(&mut [
            attribute(CKA_CLASS, &[CKO_SECRET_KEY]),
            attribute(CKA_KEY_TYPE, &[CKK_AES]),
            attribute(CKA_LABEL, b"aes"),
            attribute(CKA_VALUE, &[7_u8; 16]),
            attribute(CKA_SENSITIVE, &[CK_FALSE]),
            attribute(CKA_EXTRACTABLE, &[CK_TRUE]),
        ])
        .unwrap()
    }

    pub(crate) fn read(&self, object: CK_OBJECT_HANDLE, template: &mut [CK_ATTRIBUTE]) -> CK_RV {
        let f = self.f;
        let count = template.len().try_into().unwrap();
        call!(f.C_GetAttributeValue(self.session, object, template.as_mut_ptr(), count))
    }

    pub(crate) fn find(&self, template: &mut [CK_ATTRIBUTE]) -> Vec<CK_OBJECT_HANDLE> {
        let f = self.f;
        let count = template.len().try_into().unwrap();
        assert_eq!(call!(f.C_FindObjectsInit(self.session, template.as_mut_ptr(), count)), CKR_OK);
        let (mut all, mut batch, mut count) = (Vec::new(), [0; 2], 0);
        loop {
            let room = 2;
            let code = call!(f.C_FindObjects(self.session, batch.as_mut_ptr(), room, &mut count));
            assert_eq!(code, CKR_OK);
            if count == 0 {
                break;
            }
            all.extend(batch.iter().take(count.try_into().unwrap()));
        }
        assert_eq!(call!(f.C_FindObjectsFinal(self.session)), CKR_OK);
        all
    }

    /// Calls a function with a buffer of this size: the code, the length, what is in the buffer.
    pub(crate) fn output(
        &self,
        room: usize,
        function: impl FnOnce(CK_SESSION_HANDLE, CK_BYTE_PTR, CK_ULONG_PTR) -> CK_RV,
    ) -> (CK_RV, CK_ULONG, Vec<u8>) {
        // Not initialised, as a C program's buffer would be.
        let mut buffer = Vec::<u8>::with_capacity(room);
        let mut length = room.try_into().unwrap();
        let code = function(self.session, buffer.as_mut_ptr(), &mut length);
        if code == CKR_OK
            && let Ok(written) = usize::try_from(length)
            && written <= room
        {
            unsafe { buffer.set_len(written) };
        }
        (code, length, buffer)
    }
}
