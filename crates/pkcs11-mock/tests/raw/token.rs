//! The built-in token keeps to the protocols.

use std::ptr::null_mut;

use pkcs11_mock::{EMPTY_SLOT, LABEL, Mock, SLOT, SO_PIN, USER_PIN};
use pkcs11_sys::*;

use crate::caller::{Caller, attribute, call, lend, list_2_40, mechanism, mechanism_with};

#[test]
fn initialize_records_its_arguments() {
    let mock = Mock::start();
    let f = list_2_40(mock.entry_points());
    let mut info = CK_INFO::default();
    assert_eq!(call!(f.C_GetInfo(&mut info)), CKR_CRYPTOKI_NOT_INITIALIZED);
    let mut args = CK_C_INITIALIZE_ARGS {
        flags: CKF_OS_LOCKING_OK,
        pReserved: c"configdir=''".as_ptr().cast_mut().cast(),
        ..Default::default()
    };
    let args = (&raw mut args).cast();
    assert_eq!(call!(f.C_Initialize(args)), CKR_OK);
    assert_eq!(call!(f.C_Initialize(args)), CKR_CRYPTOKI_ALREADY_INITIALIZED);
    let recorded = mock.initialize_args().unwrap();
    assert_eq!(recorded.flags, CKF_OS_LOCKING_OK);
    assert_eq!(recorded.reserved.as_deref(), Some(c"configdir=''"));
    assert_eq!(call!(f.C_GetInfo(&mut info)), CKR_OK);
    assert_eq!((info.cryptokiVersion.major, info.cryptokiVersion.minor), (3, 2));
    assert_eq!(call!(f.C_Finalize(null_mut())), CKR_OK);
    assert_eq!(call!(f.C_Finalize(null_mut())), CKR_CRYPTOKI_NOT_INITIALIZED);
    assert_eq!(mock.initialize_args(), None);
}

#[test]
fn slots_tokens_and_mechanisms() {
    let mock = Mock::start();
    let f = Caller::new(&mock).f;
    let mut count = 0;
    assert_eq!(call!(f.C_GetSlotList(CK_FALSE, null_mut(), &mut count)), CKR_OK);
    assert_eq!(count, 2);
    let mut slots = [0; 2];
    count = 1;
    let code = call!(f.C_GetSlotList(CK_FALSE, slots.as_mut_ptr(), &mut count));
    assert_eq!((code, count), (CKR_BUFFER_TOO_SMALL, 2));
    assert_eq!(call!(f.C_GetSlotList(CK_FALSE, slots.as_mut_ptr(), &mut count)), CKR_OK);
    assert_eq!(slots, [EMPTY_SLOT, SLOT]);
    assert_eq!(call!(f.C_GetSlotList(CK_TRUE, slots.as_mut_ptr(), &mut count)), CKR_OK);
    assert_eq!((count, slots[0]), (1, SLOT));

    let mut info = CK_TOKEN_INFO::default();
    assert_eq!(call!(f.C_GetTokenInfo(EMPTY_SLOT, &mut info)), CKR_TOKEN_NOT_PRESENT);
    assert_eq!(call!(f.C_GetTokenInfo(99, &mut info)), CKR_SLOT_ID_INVALID);
    assert_eq!(call!(f.C_GetTokenInfo(SLOT, &mut info)), CKR_OK);
    let label = info.label;
    assert_eq!(str::from_utf8(&label).unwrap().trim_end(), LABEL);

    let mut numbers = [0; 32];
    count = 32;
    assert_eq!(call!(f.C_GetMechanismList(SLOT, numbers.as_mut_ptr(), &mut count)), CKR_OK);
    for number in &numbers[..count.try_into().unwrap()] {
        let mut info = CK_MECHANISM_INFO::default();
        assert_eq!(call!(f.C_GetMechanismInfo(SLOT, *number, &mut info)), CKR_OK);
    }
}

#[test]
fn login_counts_the_tries() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session) = (caller.f, caller.session);
    let flags = || {
        let mut info = CK_TOKEN_INFO::default();
        assert_eq!(call!(f.C_GetTokenInfo(SLOT, &mut info)), CKR_OK);
        info.flags & (CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED)
    };
    assert_eq!(caller.login(CKU_USER, USER_PIN), CKR_USER_ALREADY_LOGGED_IN);
    assert_eq!(caller.login(CKU_USER, "wrong"), CKR_USER_ALREADY_LOGGED_IN);
    assert_eq!(caller.login(CKU_SO, SO_PIN), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
    assert_eq!(call!(f.C_Logout(session)), CKR_OK);
    assert_eq!(call!(f.C_Logout(session)), CKR_USER_NOT_LOGGED_IN);
    let low = CKF_USER_PIN_COUNT_LOW;
    for expected in [low, low | CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED] {
        assert_eq!(caller.login(CKU_USER, "wrong"), CKR_PIN_INCORRECT);
        assert_eq!(flags(), expected);
    }
    assert_eq!(caller.login(CKU_USER, USER_PIN), CKR_PIN_LOCKED);
    // The security officer gives a new one.
    assert_eq!(caller.login(CKU_SO, SO_PIN), CKR_OK);
    assert_eq!(call!(f.C_InitPIN(session, lend(b"4321"), 4)), CKR_OK);
    assert_eq!(call!(f.C_Logout(session)), CKR_OK);
    assert_eq!(call!(f.C_SetPIN(session, lend(b"4321"), 4, lend(b"98765"), 5)), CKR_OK);
    assert_eq!(caller.login(CKU_USER, "98765"), CKR_OK);
    let mut info = CK_SESSION_INFO::default();
    assert_eq!(call!(f.C_GetSessionInfo(session, &mut info)), CKR_OK);
    assert_eq!({ info.state }, CKS_RW_USER_FUNCTIONS);
}

#[test]
fn init_token_empties_it() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let f = caller.f;
    let label = lend(b"NEW                             ");
    let init = || call!(f.C_InitToken(SLOT, lend(SO_PIN.as_bytes()), 8, label));
    assert_eq!(init(), CKR_SESSION_EXISTS);
    assert_eq!(call!(f.C_CloseAllSessions(SLOT)), CKR_OK);
    assert_eq!(call!(f.C_CloseSession(caller.session)), CKR_SESSION_HANDLE_INVALID);
    assert_eq!(init(), CKR_OK);
    let mut info = CK_TOKEN_INFO::default();
    assert_eq!(call!(f.C_GetTokenInfo(SLOT, &mut info)), CKR_OK);
    assert_eq!(info.flags & CKF_USER_PIN_INITIALIZED, 0);
    assert!(info.label.starts_with(b"NEW "));
}

#[test]
fn attributes_each_have_their_own_outcome() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let key = caller.aes_key();
    let (mut class, mut label, mut value) = ([0; 1], [0_u8; 2], [0_u8; 64]);
    let mut template = [
        attribute(CKA_CLASS, &[0_u8; 0]),
        attribute(CKA_LABEL, &label),
        attribute(CKA_VALUE, &[0_u8; 0]),
        attribute(CKA_MODULUS, &[0_u8; 0]),
    ];
    template[0].pValue = class.as_mut_ptr().cast();
    template[0].ulValueLen = size_of::<CK_ULONG>().try_into().unwrap();
    template[1].pValue = label.as_mut_ptr().cast();
    template[2].pValue = value.as_mut_ptr().cast();
    template[2].ulValueLen = 64;
    assert_eq!(caller.read(key, &mut template), CKR_ATTRIBUTE_TYPE_INVALID);
    let lengths = template.map(|entry| entry.ulValueLen);
    let none = CK_UNAVAILABLE_INFORMATION;
    assert_eq!(lengths, [size_of::<CK_ULONG>().try_into().unwrap(), none, 16, none]);
    assert_eq!((class, &value[..16]), ([CKO_SECRET_KEY], [7; 16].as_slice()));

    // A query; a buffer that is too small; a value that must not be seen.
    let mut query = [CK_ATTRIBUTE { type_: CKA_LABEL, ..Default::default() }];
    assert_eq!(caller.read(key, &mut query), CKR_OK);
    assert_eq!({ query[0].ulValueLen }, 3);
    query[0].pValue = label.as_mut_ptr().cast();
    query[0].ulValueLen = 2;
    assert_eq!(caller.read(key, &mut query), CKR_BUFFER_TOO_SMALL);
    let f = caller.f;
    let mut hide = [attribute(CKA_SENSITIVE, &[CK_TRUE])];
    assert_eq!(call!(f.C_SetAttributeValue(caller.session, key, hide.as_mut_ptr(), 1)), CKR_OK);
    let mut secret = [CK_ATTRIBUTE { type_: CKA_VALUE, ..Default::default() }];
    assert_eq!(caller.read(key, &mut secret), CKR_ATTRIBUTE_SENSITIVE);
    assert_eq!({ secret[0].ulValueLen }, none);
}

#[test]
fn nested_templates_are_read_in_three_calls() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let inner = [attribute(CKA_LABEL, b"inner"), attribute(CKA_EXTRACTABLE, &[CK_TRUE])];
    let key = caller
        .create(&mut [
            attribute(CKA_CLASS, &[CKO_SECRET_KEY]),
            attribute(CKA_KEY_TYPE, &[CKK_AES]),
            attribute(CKA_VALUE, &[1_u8; 32]),
            attribute(CKA_UNWRAP_TEMPLATE, &inner),
            attribute(CKA_ALLOWED_MECHANISMS, &[CKM_AES_CBC, CKM_AES_CBC_PAD]),
        ])
        .unwrap();
    let mut outer = [CK_ATTRIBUTE { type_: CKA_UNWRAP_TEMPLATE, ..Default::default() }];
    assert_eq!(caller.read(key, &mut outer), CKR_OK);
    assert_eq!(usize::try_from(outer[0].ulValueLen).unwrap(), size_of_val(&inner));
    let mut entries = [CK_ATTRIBUTE::default(); 2];
    outer[0].pValue = entries.as_mut_ptr().cast();
    assert_eq!(caller.read(key, &mut outer), CKR_OK);
    assert_eq!(entries.map(|e| (e.type_, e.ulValueLen)), [(CKA_LABEL, 5), (CKA_EXTRACTABLE, 1)]);
    let (mut label, mut flag) = ([0_u8; 5], [9_u8]);
    entries[0].pValue = label.as_mut_ptr().cast();
    entries[1].pValue = flag.as_mut_ptr().cast();
    outer[0].pValue = entries.as_mut_ptr().cast();
    assert_eq!(caller.read(key, &mut outer), CKR_OK);
    assert_eq!((&label, flag), (b"inner", [CK_TRUE]));
}

#[test]
fn objects_are_found_copied_and_destroyed() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session) = (caller.f, caller.session);
    let keys: Vec<_> = (0..5).map(|_| caller.aes_key()).collect();
    assert_eq!(caller.find(&mut [attribute(CKA_LABEL, b"aes")]), keys);
    assert_eq!(caller.find(&mut [attribute(CKA_LABEL, b"other")]), []);
    let mut copy = 0;
    let mut change = [attribute(CKA_LABEL, b"other")];
    assert_eq!(call!(f.C_CopyObject(session, keys[0], change.as_mut_ptr(), 1, &mut copy)), CKR_OK);
    assert_eq!(caller.find(&mut [attribute(CKA_LABEL, b"other")]), [copy]);
    let mut size = 0;
    assert_eq!(call!(f.C_GetObjectSize(session, copy, &mut size)), CKR_OK);
    assert!(size > 16);
    assert_eq!(call!(f.C_DestroyObject(session, copy)), CKR_OK);
    assert_eq!(call!(f.C_DestroyObject(session, copy)), CKR_OBJECT_HANDLE_INVALID);
    assert_eq!(call!(f.C_FindObjectsFinal(session)), CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(caller.create(&mut []), Err(CKR_TEMPLATE_INCOMPLETE));
    // Private objects are out of sight for the public; session objects go with their session.
    assert_eq!(call!(f.C_Logout(session)), CKR_OK);
    assert_eq!(caller.find(&mut []), []);
}

#[test]
fn encryption_comes_back_at_once_and_in_parts() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, key) = (caller.f, caller.session, caller.aes_key());
    let data: Vec<u8> = (0..45).collect();
    let mut cbc = mechanism(CKM_AES_CBC_PAD, &[3; 16]);
    let init = |cbc: &mut CK_MECHANISM| call!(f.C_EncryptInit(session, cbc, key));
    let encrypt =
        |room| caller.output(room, |s, out, len| call!(f.C_Encrypt(s, lend(&data), 45, out, len)));
    assert_eq!(encrypt(64).0, CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(init(&mut mechanism(CKM_AES_CBC_PAD, &[3; 8])), CKR_MECHANISM_PARAM_INVALID);
    assert_eq!(init(&mut mechanism(CKM_AES_OFB, &[3; 16])), CKR_MECHANISM_INVALID);
    assert_eq!(init(&mut mechanism(CKM_ECDSA, &[])), CKR_MECHANISM_INVALID);
    assert_eq!(init(&mut cbc), CKR_OK);
    assert_eq!(init(&mut cbc), CKR_OPERATION_ACTIVE);
    let mut length = 0;
    assert_eq!(call!(f.C_Encrypt(session, lend(&data), 45, null_mut(), &mut length)), CKR_OK);
    assert_eq!(length, 48);
    assert_eq!(encrypt(47), (CKR_BUFFER_TOO_SMALL, 48, vec![]));
    let (code, _, ciphertext) = encrypt(48);
    assert_eq!((code, ciphertext.len()), (CKR_OK, 48));
    assert_eq!(encrypt(48).0, CKR_OPERATION_NOT_INITIALIZED);

    for part in [1, 15, 16, 17, 48] {
        assert_eq!(call!(f.C_DecryptInit(session, &mut cbc, key)), CKR_OK);
        let mut plain = Vec::new();
        for part in ciphertext.chunks(part) {
            let size = part.len().try_into().unwrap();
            let (code, _, mut bytes) = caller
                .output(64, |s, out, len| call!(f.C_DecryptUpdate(s, lend(part), size, out, len)));
            assert_eq!(code, CKR_OK);
            plain.append(&mut bytes);
        }
        let (code, _, mut bytes) =
            caller.output(64, |s, out, len| call!(f.C_DecryptFinal(s, out, len)));
        assert_eq!(code, CKR_OK);
        plain.append(&mut bytes);
        assert_eq!(plain, data);
    }
    assert_eq!(call!(f.C_DecryptInit(session, &mut cbc, key)), CKR_OK);
    let cut =
        caller.output(64, |s, out, len| call!(f.C_Decrypt(s, lend(&ciphertext), 47, out, len)));
    assert_eq!(cut.0, CKR_ENCRYPTED_DATA_LEN_RANGE);
    assert_eq!(call!(f.C_DecryptInit(session, &mut cbc, key)), CKR_OK);
    assert_eq!(call!(f.C_SessionCancel(session, CKF_DECRYPT)), CKR_OK);
    assert_eq!(call!(f.C_DecryptInit(session, &mut cbc, key)), CKR_OK);
}

#[test]
fn key_pairs_sign_and_agree() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session) = (caller.f, caller.session);
    let pair = |number, public: &mut [CK_ATTRIBUTE]| {
        let (mut a, mut b, count) = (0, 0, public.len().try_into().unwrap());
        let (mut generate, public) = (mechanism(number, &[]), public.as_mut_ptr());
        let code = call!(f.C_GenerateKeyPair(
            session,
            &mut generate,
            public,
            count,
            null_mut(),
            0,
            &mut a,
            &mut b
        ));
        assert_eq!(code, CKR_OK);
        (a, b)
    };
    let p256 = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7_u8];
    let ec = || pair(CKM_EC_KEY_PAIR_GEN, &mut [attribute(CKA_EC_PARAMS, &p256)]);
    let (ec_a, ec_b) = (ec(), ec());
    let bits: [CK_ULONG; 1] = [1024];
    let rsa = pair(CKM_RSA_PKCS_KEY_PAIR_GEN, &mut [attribute(CKA_MODULUS_BITS, &bits)]);

    for (number, (public, private), width) in [(CKM_ECDSA, ec_a, 64), (CKM_RSA_PKCS, rsa, 128)] {
        let mut sign = mechanism(number, &[]);
        assert_eq!(call!(f.C_SignInit(session, &mut sign, private)), CKR_OK);
        let (code, length, signature) =
            caller.output(256, |s, out, len| call!(f.C_Sign(s, lend(b"data"), 4, out, len)));
        assert_eq!((code, length), (CKR_OK, width));
        for (data, expected) in [(b"data", CKR_OK), (b"Data", CKR_SIGNATURE_INVALID)] {
            assert_eq!(call!(f.C_VerifyInit(session, &mut sign, public)), CKR_OK);
            let code = call!(f.C_Verify(session, lend(data), 4, lend(&signature), length));
            assert_eq!(code, expected);
        }
        assert_eq!(call!(f.C_VerifyInit(session, &mut sign, public)), CKR_OK);
        let code = call!(f.C_Verify(session, lend(b"data"), 4, lend(&signature), 5));
        assert_eq!(code, CKR_SIGNATURE_LEN_RANGE);
    }

    let agree = |own: CK_OBJECT_HANDLE, other: CK_OBJECT_HANDLE| {
        let mut point = [0_u8; 67];
        let mut read = [attribute(CKA_EC_POINT, &[0_u8; 0])];
        read[0].pValue = point.as_mut_ptr().cast();
        read[0].ulValueLen = 67;
        assert_eq!(caller.read(other, &mut read), CKR_OK);
        let parameters = CK_ECDH1_DERIVE_PARAMS {
            kdf: CKD_NULL,
            ulPublicDataLen: 65,
            pPublicData: lend(&point[2..]),
            ..Default::default()
        };
        let mut ecdh = mechanism_with(CKM_ECDH1_DERIVE, &parameters);
        let shown = [attribute(CKA_SENSITIVE, &[CK_FALSE]), attribute(CKA_EXTRACTABLE, &[CK_TRUE])];
        let (mut secret, shown) = (0, shown.as_ptr().cast_mut());
        let code = call!(f.C_DeriveKey(session, &mut ecdh, own, shown, 2, &mut secret));
        assert_eq!(code, CKR_OK);
        let mut value = [0_u8; 32];
        let mut read = [attribute(CKA_VALUE, &[0_u8; 0])];
        read[0].pValue = value.as_mut_ptr().cast();
        read[0].ulValueLen = 32;
        assert_eq!(caller.read(secret, &mut read), CKR_OK);
        value
    };
    assert_eq!(agree(ec_a.1, ec_b.0), agree(ec_b.1, ec_a.0));
}

#[test]
fn keys_are_generated_and_wrapped() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session, wrapping) = (caller.f, caller.session, caller.aes_key());
    let length: [CK_ULONG; 1] = [24];
    let mut template = [attribute(CKA_VALUE_LEN, &length), attribute(CKA_EXTRACTABLE, &[CK_TRUE])];
    let (mut generate, mut key) = (mechanism(CKM_AES_KEY_GEN, &[]), 0);
    let t = template.as_mut_ptr();
    assert_eq!(call!(f.C_GenerateKey(session, &mut generate, t, 2, &mut key)), CKR_OK);
    let mut cbc = mechanism(CKM_AES_CBC_PAD, &[0; 16]);
    let (code, length, wrapped) =
        caller.output(64, |s, out, len| call!(f.C_WrapKey(s, &mut cbc, wrapping, key, out, len)));
    assert_eq!((code, length), (CKR_OK, 32));
    let mut template =
        [attribute(CKA_CLASS, &[CKO_SECRET_KEY]), attribute(CKA_KEY_TYPE, &[CKK_AES])];
    let (t, mut back, w) = (template.as_mut_ptr(), 0, lend(&wrapped));
    let code = call!(f.C_UnwrapKey(session, &mut cbc, wrapping, w, 32, t, 2, &mut back));
    assert_eq!(code, CKR_OK);

    // The same key: a MAC of one is verified by the other.
    let mut hmac = mechanism(CKM_SHA256_HMAC, &[]);
    assert_eq!(call!(f.C_SignInit(session, &mut hmac, key)), CKR_OK);
    for part in [b"da", b"ta"] {
        assert_eq!(call!(f.C_SignUpdate(session, lend(part), 2)), CKR_OK);
    }
    let (code, _, mac) = caller.output(64, |s, out, len| call!(f.C_SignFinal(s, out, len)));
    assert_eq!((code, mac.len()), (CKR_OK, 32));
    assert_eq!(call!(f.C_VerifyInit(session, &mut hmac, back)), CKR_OK);
    assert_eq!(call!(f.C_Verify(session, lend(b"data"), 4, lend(&mac), 32)), CKR_OK);
}

#[test]
fn digests_random_bytes_and_the_rest() {
    let mock = Mock::start();
    let caller = Caller::new(&mock);
    let (f, session) = (caller.f, caller.session);
    let mut sha = mechanism(CKM_SHA256, &[]);
    assert_eq!(call!(f.C_DigestInit(session, &mut sha)), CKR_OK);
    let once = caller.output(32, |s, out, len| call!(f.C_Digest(s, lend(b"data"), 4, out, len)));
    assert_eq!((once.0, once.1), (CKR_OK, 32));
    assert_eq!(call!(f.C_DigestInit(session, &mut sha)), CKR_OK);
    assert_eq!(call!(f.C_DigestUpdate(session, lend(b"data"), 4)), CKR_OK);
    assert_eq!(caller.output(32, |s, out, len| call!(f.C_DigestFinal(s, out, len))), once);

    assert_eq!(call!(f.C_SeedRandom(session, lend(&[4]), 1)), CKR_OK);
    let mut random = [0; 3];
    assert_eq!(call!(f.C_GenerateRandom(session, random.as_mut_ptr(), 3)), CKR_OK);
    assert_eq!(random, [5, 6, 7]);
    assert_eq!(call!(f.C_GenerateRandom(session, null_mut(), 3)), CKR_ARGUMENTS_BAD);
    let mut slot = 0;
    let code = call!(f.C_WaitForSlotEvent(CKF_DONT_BLOCK, &mut slot, null_mut()));
    assert_eq!(code, CKR_NO_EVENT);
    assert_eq!(call!(f.C_SignRecoverInit(session, &mut sha, 1)), CKR_MECHANISM_INVALID);
    for code in [call!(f.C_GetFunctionStatus(session)), call!(f.C_CancelFunction(session))] {
        assert_eq!(code, CKR_FUNCTION_NOT_PARALLEL);
    }
}
