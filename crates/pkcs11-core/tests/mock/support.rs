//! What the tests share: loading the mock, a session with keys, and modules that answer what the
//! mock does not.

use std::ptr::null_mut;
use std::sync::Mutex;

use pkcs11_core::sys::{
    CK_FUNCTION_LIST, CK_FUNCTION_LIST_PTR, CK_MECHANISM, CK_RV, CK_ULONG, CKF_RW_SESSION,
    CKF_SERIAL_SESSION, CKM_SHA256, CKR_CRYPTOKI_ALREADY_INITIALIZED, CKR_OK, CKU_USER,
    EntryPoints,
};
use pkcs11_core::{
    Attr, Data, IntoValue, KeyType, LoadOptions, Module, ObjectClass, PrivateKey, PublicKey,
    Result, SecretKey, Session, SessionHandle, Template, Token, attr, label,
};
use pkcs11_mock::{LABEL, Mock, SLOT, USER_PIN};

/// The error of a result, which must be of this kind.
macro_rules! failure {
    ($result:expr, $kind:pat) => {
        match $result {
            Err(error) if matches!(error.kind(), $kind) => error,
            Err(error) => panic!("{}: {error:?}", stringify!($result)),
            Ok(_) => panic!("{} is no error", stringify!($result)),
        }
    };
}
pub(crate) use failure;

/// A message to be signed, encrypted or digested.
pub(crate) const MESSAGE: &[u8] = b"INPUT DATA";

pub(crate) fn try_load(mock: &Mock, options: LoadOptions) -> Result<Module> {
    // SAFETY: the mock's functions do what the standard says, lies apart, and its lists are never
    // freed.
    unsafe { options.load_entry_points(mock.entry_points()) }
}

pub(crate) fn load(mock: &Mock) -> Module {
    try_load(mock, LoadOptions::new()).unwrap()
}

pub(crate) fn token(mock: &Mock) -> Token {
    load(mock).token(label(LABEL)).unwrap()
}

/// A session in which the user is logged in. Nothing that it took to open it is counted.
pub(crate) fn open(mock: &Mock) -> Session {
    open_on(mock, &token(mock))
}

pub(crate) fn open_on(mock: &Mock, token: &Token) -> Session {
    let session = token.open().user_pin(USER_PIN).start().unwrap();
    mock.reset_counts();
    session
}

/// A session of a module that was loaded in another way.
pub(crate) fn open_session(module: &Module) -> Session {
    module.token(label(LABEL)).unwrap().open().user_pin(USER_PIN).start().unwrap()
}

/// A session object that is a secret key.
pub(crate) fn secret_key(session: &Session, key_type: KeyType) -> SecretKey {
    let template = Template::new()
        .with(attr::KEY_TYPE, key_type)
        .with(attr::VALUE, &[7; 16])
        .with(attr::LABEL, "key")
        .with(attr::ID, &[1, 2]);
    session.create(&template).unwrap()
}

pub(crate) fn aes_key(session: &Session) -> SecretKey {
    secret_key(session, KeyType::AES)
}

/// Makes MACs.
pub(crate) fn hmac_key(session: &Session) -> SecretKey {
    secret_key(session, KeyType::GENERIC_SECRET)
}

/// An RSA pair whose modulus the library does not know the length of, as of a key that was found.
pub(crate) fn rsa_pair(session: &Session) -> (PublicKey, PrivateKey) {
    let template = |class| {
        Template::new()
            .with(attr::CLASS, class)
            .with(attr::KEY_TYPE, KeyType::RSA)
            .with(attr::MODULUS, &[9; 256])
    };
    (
        session.create(&template(ObjectClass::PUBLIC_KEY)).unwrap(),
        session.create(&template(ObjectClass::PRIVATE_KEY)).unwrap(),
    )
}

/// A data object with this attribute.
pub(crate) fn data<'v, T: ?Sized>(
    session: &Session,
    attribute: Attr<T>,
    value: impl IntoValue<'v, T>,
) -> Data {
    session.create(&Template::new().with(attribute, value)).unwrap()
}

/// Initialises the mock as a host program does that uses it beside this library.
pub(crate) fn initialize_as_host(mock: &Mock) {
    let initialize = list_of(mock).C_Initialize.unwrap();
    // SAFETY: NULL arguments are allowed, and no other thread uses the mock yet.
    let code = unsafe { initialize(null_mut()) };
    assert!([CKR_OK, CKR_CRYPTOKI_ALREADY_INITIALIZED].contains(&code));
}

/// The mock's list of 2.40.
pub(crate) fn list_of(mock: &Mock) -> CK_FUNCTION_LIST {
    let mut list: CK_FUNCTION_LIST_PTR = null_mut();
    let get_function_list = mock.entry_points().get_function_list;
    // SAFETY: `list` is a local.
    assert_eq!(unsafe { get_function_list(&raw mut list) }, CKR_OK);
    // SAFETY: it answered OK, and the mock's lists are never freed.
    unsafe { list.read_unaligned() }
}

/// Lists with functions of a test in place of the mock's; never freed, the newest last.
static PATCHED: Mutex<Vec<&'static CK_FUNCTION_LIST>> = Mutex::new(Vec::new());

/// Loads the mock as a module of 2.40 with some of its functions replaced.
pub(crate) fn load_patched(mock: &Mock, patch: impl FnOnce(&mut CK_FUNCTION_LIST)) -> Module {
    load_patched_with(mock, LoadOptions::new(), patch)
}

pub(crate) fn load_patched_with(
    mock: &Mock,
    options: LoadOptions,
    patch: impl FnOnce(&mut CK_FUNCTION_LIST),
) -> Module {
    let mut list = list_of(mock);
    patch(&mut list);
    PATCHED.lock().unwrap().push(Box::leak(Box::new(list)));
    let points = EntryPoints {
        get_function_list: patched_list,
        get_interface: None,
        get_interface_list: None,
    };
    // SAFETY: the mock's functions and those of the test do what the standard says, lies apart,
    // and the list is never freed.
    unsafe { options.load_entry_points(points) }.unwrap()
}

unsafe extern "C" fn patched_list(place: *mut CK_FUNCTION_LIST_PTR) -> CK_RV {
    let list = PATCHED.lock().unwrap().last().copied().unwrap();
    // SAFETY: the caller gives a place for a pointer.
    unsafe { place.write(std::ptr::from_ref(list).cast_mut()) };
    CKR_OK
}

/// What a function of a test answers a caller who gives it a place: all values, and how many
/// (unless `count` is NULL).
pub(crate) fn copy_out<T: Copy>(values: &[T], place: *mut T, count: *mut CK_ULONG) -> CK_RV {
    if !count.is_null() {
        // SAFETY: not NULL, so the caller gives a place for the count.
        unsafe { count.write_unaligned(values.len().try_into().unwrap()) };
    }
    if !place.is_null() {
        // SAFETY: not NULL, so the caller gives room; the tests' values are few.
        unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), place, values.len()) };
    }
    CKR_OK
}

/// Opens a session as the host program and logs its user in; the session stays open.
pub(crate) fn login_as_host(mock: &Mock, pin: &str) {
    let functions = list_of(mock);
    let (open, login) = (functions.C_OpenSession.unwrap(), functions.C_Login.unwrap());
    let mut session = 0;
    let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
    // SAFETY: no callback is given; `session` is a local.
    let code = unsafe { open(SLOT, flags, null_mut(), None, &raw mut session) };
    assert_eq!(code, CKR_OK);
    let length = pin.len().try_into().unwrap();
    // SAFETY: the PIN has that length, and the module only reads it.
    let code = unsafe { login(session, CKU_USER, pin.as_ptr().cast_mut(), length) };
    assert_eq!(code, CKR_OK);
}

/// Starts a digest that nobody ends, past the library.
pub(crate) fn leave_a_digest_behind(mock: &Mock, session: SessionHandle) {
    let init = list_of(mock).C_DigestInit.unwrap();
    let mut mechanism = CK_MECHANISM { mechanism: CKM_SHA256, ..Default::default() };
    // SAFETY: the mechanism is a local and takes no parameter.
    let code = unsafe { init(session.number(), &raw mut mechanism) };
    assert_eq!(code, CKR_OK);
}
