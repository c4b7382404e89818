//! The table of the 104 functions, in the order of the standard's lists.
//!
//! A row: name, arguments as in the header, in brackets what a [`Lie`](crate::Lie) can overwrite
//! afterwards, and after the arrow what the built-in token answers; a row without an arrow answers
//! `CKR_FUNCTION_NOT_SUPPORTED`. `Input(pin, pin_len)` is a view on lent memory ([`crate::view`]).

use std::ptr::null_mut;

use pkcs11_sys::*;

use crate::front::{answer, argument, each_function, full_list};
use crate::token::{
    authenticated, crypt, derive, dual, kem, keys, login, mechanisms, messages, objects, state,
};
use crate::{late, lists, token, view::*};

crate::front::functions! {
    v2_40 {
        C_Initialize(init_args: CK_VOID_PTR) [] => token::initialize(InitializeArgs(init_args));
        C_Finalize(reserved: CK_VOID_PTR) [] => token::finalize(reserved);
        C_GetInfo(info: CK_INFO_PTR) [] => token::info(Place(info));
        C_GetFunctionList(function_list: CK_FUNCTION_LIST_PTR_PTR) [list(function_list)]
            => lists::function_list(Place(function_list));
        C_GetSlotList(token_present: CK_BBOOL, slots: CK_SLOT_ID_PTR, count: CK_ULONG_PTR)
            [length(count)]
            => token::slot_list(token_present, Output(slots, count));
        C_GetSlotInfo(slot: CK_SLOT_ID, info: CK_SLOT_INFO_PTR) []
            => token::slot_info(slot, Place(info));
        C_GetTokenInfo(slot: CK_SLOT_ID, info: CK_TOKEN_INFO_PTR) []
            => token::token_info(slot, Place(info));
        C_GetMechanismList(slot: CK_SLOT_ID, mechanism_list: CK_MECHANISM_TYPE_PTR,
            count: CK_ULONG_PTR) [length(count)]
            => mechanisms::mechanism_list(slot, Output(mechanism_list, count));
        C_GetMechanismInfo(slot: CK_SLOT_ID, type_: CK_MECHANISM_TYPE,
            info: CK_MECHANISM_INFO_PTR) []
            => mechanisms::mechanism_info(slot, type_, Place(info));
        C_InitToken(slot: CK_SLOT_ID, pin: CK_UTF8CHAR_PTR, pin_len: CK_ULONG,
            label: CK_UTF8CHAR_PTR) []
            => login::init_token(slot, Input(pin, pin_len), Label(label));
        C_InitPIN(session: CK_SESSION_HANDLE, pin: CK_UTF8CHAR_PTR, pin_len: CK_ULONG) []
            => login::init_pin(session, Input(pin, pin_len));
        C_SetPIN(session: CK_SESSION_HANDLE, old_pin: CK_UTF8CHAR_PTR, old_len: CK_ULONG,
            new_pin: CK_UTF8CHAR_PTR, new_len: CK_ULONG) []
            => login::set_pin(session, Input(old_pin, old_len), Input(new_pin, new_len));
        C_OpenSession(slot: CK_SLOT_ID, flags: CK_FLAGS, application: CK_VOID_PTR,
            notify: CK_NOTIFY, session: CK_SESSION_HANDLE_PTR) [handle(session)]
            => token::open_session(slot, flags, Place(session));
        C_CloseSession(session: CK_SESSION_HANDLE) [] => token::close_session(session);
        C_CloseAllSessions(slot: CK_SLOT_ID) [] => token::close_all_sessions(slot);
        C_GetSessionInfo(session: CK_SESSION_HANDLE, info: CK_SESSION_INFO_PTR) []
            => token::session_info(session, Place(info));
        C_GetOperationState(session: CK_SESSION_HANDLE, operation_state: CK_BYTE_PTR,
            operation_state_len: CK_ULONG_PTR) [length(operation_state_len)]
            => state::save(session, Output(operation_state, operation_state_len));
        C_SetOperationState(session: CK_SESSION_HANDLE, operation_state: CK_BYTE_PTR,
            operation_state_len: CK_ULONG, encryption_key: CK_OBJECT_HANDLE,
            authentication_key: CK_OBJECT_HANDLE) []
            => state::restore(session, Input(operation_state, operation_state_len), encryption_key,
                authentication_key);
        C_Login(session: CK_SESSION_HANDLE, user_type: CK_USER_TYPE, pin: CK_UTF8CHAR_PTR,
            pin_len: CK_ULONG) []
            => login::login(session, user_type, Input(pin, pin_len));
        C_Logout(session: CK_SESSION_HANDLE) [] => login::logout(session);
        C_CreateObject(session: CK_SESSION_HANDLE, template: CK_ATTRIBUTE_PTR, count: CK_ULONG,
            object: CK_OBJECT_HANDLE_PTR) [handle(object)]
            => objects::create(session, Template(template, count), Place(object));
        C_CopyObject(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE,
            template: CK_ATTRIBUTE_PTR, count: CK_ULONG, new_object: CK_OBJECT_HANDLE_PTR)
            [handle(new_object)]
            => objects::copy(session, object, Template(template, count), Place(new_object));
        C_DestroyObject(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE) []
            => objects::destroy(session, object);
        C_GetObjectSize(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE, size: CK_ULONG_PTR)
            [length(size)]
            => objects::object_size(session, object, Place(size));
        C_GetAttributeValue(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE,
            template: CK_ATTRIBUTE_PTR, count: CK_ULONG) [attributes(template, count)]
            => objects::attributes(session, object, Template(template, count));
        C_SetAttributeValue(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE,
            template: CK_ATTRIBUTE_PTR, count: CK_ULONG) []
            => objects::set_attributes(session, object, Template(template, count));
        C_FindObjectsInit(session: CK_SESSION_HANDLE, template: CK_ATTRIBUTE_PTR, count: CK_ULONG)
            []
            => objects::find_init(session, Template(template, count));
        C_FindObjects(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE_PTR,
            max_object_count: CK_ULONG, object_count: CK_ULONG_PTR) [handle(if max_object_count ==
            0 { null_mut() } else { object }), length(object_count)]
            => objects::find(session, Room(object, max_object_count), Place(object_count));
        C_FindObjectsFinal(session: CK_SESSION_HANDLE) [] => objects::find_final(session);
        C_EncryptInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            key: CK_OBJECT_HANDLE) []
            => late::init(CKF_ENCRYPT, session, Mechanism(mechanism), key);
        C_Encrypt(session: CK_SESSION_HANDLE, data: CK_BYTE_PTR, data_len: CK_ULONG,
            encrypted_data: CK_BYTE_PTR, encrypted_data_len: CK_ULONG_PTR)
            [length(encrypted_data_len)]
            => late::one_shot(CKF_ENCRYPT, session, Input(data, data_len), Output(encrypted_data,
                encrypted_data_len));
        C_EncryptUpdate(session: CK_SESSION_HANDLE, part: CK_BYTE_PTR, part_len: CK_ULONG,
            encrypted_part: CK_BYTE_PTR, encrypted_part_len: CK_ULONG_PTR)
            [length(encrypted_part_len)]
            => crypt::update(CKF_ENCRYPT, session, Input(part, part_len), Output(encrypted_part,
                encrypted_part_len));
        C_EncryptFinal(session: CK_SESSION_HANDLE, last_encrypted_part: CK_BYTE_PTR,
            last_encrypted_part_len: CK_ULONG_PTR) [length(last_encrypted_part_len)]
            => crypt::finish(CKF_ENCRYPT, session, Output(last_encrypted_part,
                last_encrypted_part_len));
        C_DecryptInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            key: CK_OBJECT_HANDLE) []
            => late::init(CKF_DECRYPT, session, Mechanism(mechanism), key);
        C_Decrypt(session: CK_SESSION_HANDLE, encrypted_data: CK_BYTE_PTR,
            encrypted_data_len: CK_ULONG, data: CK_BYTE_PTR, data_len: CK_ULONG_PTR)
            [length(data_len)]
            => late::one_shot(CKF_DECRYPT, session, Input(encrypted_data, encrypted_data_len),
                Output(data, data_len));
        C_DecryptUpdate(session: CK_SESSION_HANDLE, encrypted_part: CK_BYTE_PTR,
            encrypted_part_len: CK_ULONG, part: CK_BYTE_PTR, part_len: CK_ULONG_PTR)
            [length(part_len)]
            => crypt::update(CKF_DECRYPT, session, Input(encrypted_part, encrypted_part_len),
                Output(part, part_len));
        C_DecryptFinal(session: CK_SESSION_HANDLE, last_part: CK_BYTE_PTR,
            last_part_len: CK_ULONG_PTR) [length(last_part_len)]
            => crypt::finish(CKF_DECRYPT, session, Output(last_part, last_part_len));
        C_DigestInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR) []
            => crypt::digest_init(session, Mechanism(mechanism));
        C_Digest(session: CK_SESSION_HANDLE, data: CK_BYTE_PTR, data_len: CK_ULONG,
            digest: CK_BYTE_PTR, digest_len: CK_ULONG_PTR) [length(digest_len)]
            => crypt::one_shot(CKF_DIGEST, session, Input(data, data_len), Output(digest,
                digest_len));
        C_DigestUpdate(session: CK_SESSION_HANDLE, part: CK_BYTE_PTR, part_len: CK_ULONG) []
            => crypt::feed(CKF_DIGEST, session, Input(part, part_len));
        C_DigestKey(session: CK_SESSION_HANDLE, key: CK_OBJECT_HANDLE) []
            => crypt::digest_key(session, key);
        C_DigestFinal(session: CK_SESSION_HANDLE, digest: CK_BYTE_PTR, digest_len: CK_ULONG_PTR)
            [length(digest_len)]
            => crypt::finish(CKF_DIGEST, session, Output(digest, digest_len));
        C_SignInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR, key: CK_OBJECT_HANDLE)
            []
            => late::init(CKF_SIGN, session, Mechanism(mechanism), key);
        C_Sign(session: CK_SESSION_HANDLE, data: CK_BYTE_PTR, data_len: CK_ULONG,
            signature: CK_BYTE_PTR, signature_len: CK_ULONG_PTR) [length(signature_len)]
            => late::one_shot(CKF_SIGN, session, Input(data, data_len), Output(signature,
                signature_len));
        C_SignUpdate(session: CK_SESSION_HANDLE, part: CK_BYTE_PTR, part_len: CK_ULONG) []
            => crypt::feed(CKF_SIGN, session, Input(part, part_len));
        C_SignFinal(session: CK_SESSION_HANDLE, signature: CK_BYTE_PTR,
            signature_len: CK_ULONG_PTR) [length(signature_len)]
            => crypt::finish(CKF_SIGN, session, Output(signature, signature_len));
        C_SignRecoverInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            key: CK_OBJECT_HANDLE) []
            => crypt::init(CKF_SIGN_RECOVER, session, Mechanism(mechanism), key);
        C_SignRecover(session: CK_SESSION_HANDLE, data: CK_BYTE_PTR, data_len: CK_ULONG,
            signature: CK_BYTE_PTR, signature_len: CK_ULONG_PTR) [length(signature_len)]
            => crypt::one_shot(CKF_SIGN_RECOVER, session, Input(data, data_len), Output(signature,
                signature_len));
        C_VerifyInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            key: CK_OBJECT_HANDLE) []
            => crypt::init(CKF_VERIFY, session, Mechanism(mechanism), key);
        C_Verify(session: CK_SESSION_HANDLE, data: CK_BYTE_PTR, data_len: CK_ULONG,
            signature: CK_BYTE_PTR, signature_len: CK_ULONG) []
            => crypt::verify(session, Input(data, data_len), Input(signature, signature_len));
        C_VerifyUpdate(session: CK_SESSION_HANDLE, part: CK_BYTE_PTR, part_len: CK_ULONG) []
            => crypt::feed(CKF_VERIFY, session, Input(part, part_len));
        C_VerifyFinal(session: CK_SESSION_HANDLE, signature: CK_BYTE_PTR, signature_len: CK_ULONG)
            []
            => crypt::verify_final(session, Input(signature, signature_len));
        C_VerifyRecoverInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            key: CK_OBJECT_HANDLE) []
            => crypt::init(CKF_VERIFY_RECOVER, session, Mechanism(mechanism), key);
        C_VerifyRecover(session: CK_SESSION_HANDLE, signature: CK_BYTE_PTR,
            signature_len: CK_ULONG, data: CK_BYTE_PTR, data_len: CK_ULONG_PTR) [length(data_len)]
            => crypt::one_shot(CKF_VERIFY_RECOVER, session, Input(signature, signature_len),
                Output(data, data_len));
        C_DigestEncryptUpdate(session: CK_SESSION_HANDLE, part: CK_BYTE_PTR, part_len: CK_ULONG,
            encrypted_part: CK_BYTE_PTR, encrypted_part_len: CK_ULONG_PTR)
            [length(encrypted_part_len)]
            => dual::encrypt(CKF_DIGEST, session, Input(part, part_len), Output(encrypted_part,
                encrypted_part_len));
        C_DecryptDigestUpdate(session: CK_SESSION_HANDLE, encrypted_part: CK_BYTE_PTR,
            encrypted_part_len: CK_ULONG, part: CK_BYTE_PTR, part_len: CK_ULONG_PTR)
            [length(part_len)]
            => dual::decrypt(CKF_DIGEST, session, Input(encrypted_part, encrypted_part_len),
                Output(part, part_len));
        C_SignEncryptUpdate(session: CK_SESSION_HANDLE, part: CK_BYTE_PTR, part_len: CK_ULONG,
            encrypted_part: CK_BYTE_PTR, encrypted_part_len: CK_ULONG_PTR)
            [length(encrypted_part_len)]
            => dual::encrypt(CKF_SIGN, session, Input(part, part_len), Output(encrypted_part,
                encrypted_part_len));
        C_DecryptVerifyUpdate(session: CK_SESSION_HANDLE, encrypted_part: CK_BYTE_PTR,
            encrypted_part_len: CK_ULONG, part: CK_BYTE_PTR, part_len: CK_ULONG_PTR)
            [length(part_len)]
            => dual::decrypt(CKF_VERIFY, session, Input(encrypted_part, encrypted_part_len),
                Output(part, part_len));
        C_GenerateKey(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            template: CK_ATTRIBUTE_PTR, count: CK_ULONG, key: CK_OBJECT_HANDLE_PTR) [handle(key)]
            => late::generate(session, Mechanism(mechanism), Template(template, count),
                Place(key));
        C_GenerateKeyPair(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            public_key_template: CK_ATTRIBUTE_PTR, public_key_attribute_count: CK_ULONG,
            private_key_template: CK_ATTRIBUTE_PTR, private_key_attribute_count: CK_ULONG,
            public_key: CK_OBJECT_HANDLE_PTR, private_key: CK_OBJECT_HANDLE_PTR)
            [handle(public_key), handle(private_key)]
            => late::generate_pair(session, Mechanism(mechanism), Template(public_key_template,
                public_key_attribute_count), Template(private_key_template,
                private_key_attribute_count), Place(public_key), Place(private_key));
        C_WrapKey(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            wrapping_key: CK_OBJECT_HANDLE, key: CK_OBJECT_HANDLE, wrapped_key: CK_BYTE_PTR,
            wrapped_key_len: CK_ULONG_PTR) [length(wrapped_key_len)]
            => keys::wrap(session, Mechanism(mechanism), wrapping_key, key, Output(wrapped_key,
                wrapped_key_len));
        C_UnwrapKey(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            unwrapping_key: CK_OBJECT_HANDLE, wrapped_key: CK_BYTE_PTR, wrapped_key_len: CK_ULONG,
            template: CK_ATTRIBUTE_PTR, attribute_count: CK_ULONG, key: CK_OBJECT_HANDLE_PTR)
            [handle(key)]
            => keys::unwrap(session, Mechanism(mechanism), unwrapping_key, Input(wrapped_key,
                wrapped_key_len), Template(template, attribute_count), Place(key));
        C_DeriveKey(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            base_key: CK_OBJECT_HANDLE, template: CK_ATTRIBUTE_PTR, attribute_count: CK_ULONG,
            key: CK_OBJECT_HANDLE_PTR) [handle(key)]
            => derive::derive(session, Mechanism(mechanism), base_key, Template(template,
                attribute_count), Place(key));
        C_SeedRandom(session: CK_SESSION_HANDLE, seed: CK_BYTE_PTR, seed_len: CK_ULONG) []
            => keys::seed_random(session, Input(seed, seed_len));
        C_GenerateRandom(session: CK_SESSION_HANDLE, random_data: CK_BYTE_PTR,
            random_len: CK_ULONG) []
            => keys::generate_random(session, Room(random_data, random_len));
        C_GetFunctionStatus(session: CK_SESSION_HANDLE) [] => token::parallel(session);
        C_CancelFunction(session: CK_SESSION_HANDLE) [] => token::parallel(session);
        C_WaitForSlotEvent(flags: CK_FLAGS, slot: CK_SLOT_ID_PTR, rserved: CK_VOID_PTR)
            [handle(slot)]
            => token::wait_for_slot_event(flags, Place(slot));
    }
    v3_0 {
        C_GetInterfaceList(interfaces_list: CK_INTERFACE_PTR, count: CK_ULONG_PTR) [length(count)]
            => lists::interface_list(Output(interfaces_list, count));
        C_GetInterface(interface_name: CK_UTF8CHAR_PTR, version: CK_VERSION_PTR,
            interface: CK_INTERFACE_PTR_PTR, flags: CK_FLAGS) [list(interface)]
            => lists::interface(Text(interface_name), Given(version), Place(interface), flags);
        C_LoginUser(session: CK_SESSION_HANDLE, user_type: CK_USER_TYPE, pin: CK_UTF8CHAR_PTR,
            pin_len: CK_ULONG, username: CK_UTF8CHAR_PTR, username_len: CK_ULONG) []
            => login::login(session, user_type, Input(pin, pin_len));
        C_SessionCancel(session: CK_SESSION_HANDLE, flags: CK_FLAGS) []
            => late::cancel(session, flags);
        C_MessageEncryptInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            key: CK_OBJECT_HANDLE) []
            => messages::init(CKF_MESSAGE_ENCRYPT, session, Mechanism(mechanism), key);
        C_EncryptMessage(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG, associated_data: CK_BYTE_PTR, associated_data_len: CK_ULONG,
            plaintext: CK_BYTE_PTR, plaintext_len: CK_ULONG, ciphertext: CK_BYTE_PTR,
            ciphertext_len: CK_ULONG_PTR) [length(ciphertext_len)]
            => messages::whole(CKF_MESSAGE_ENCRYPT, session, MessageParameter(parameter,
                parameter_len), Input(associated_data, associated_data_len), Input(plaintext,
                plaintext_len), Output(ciphertext, ciphertext_len));
        C_EncryptMessageBegin(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG, associated_data: CK_BYTE_PTR, associated_data_len: CK_ULONG)
            []
            => messages::begin(CKF_MESSAGE_ENCRYPT, session, MessageParameter(parameter,
                parameter_len), Input(associated_data, associated_data_len));
        C_EncryptMessageNext(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG, plaintext_part: CK_BYTE_PTR, plaintext_part_len: CK_ULONG,
            ciphertext_part: CK_BYTE_PTR, ciphertext_part_len: CK_ULONG_PTR, flags: CK_FLAGS)
            [length(ciphertext_part_len)]
            => messages::next(CKF_MESSAGE_ENCRYPT, session, MessageParameter(parameter,
                parameter_len), Input(plaintext_part, plaintext_part_len), Output(ciphertext_part,
                ciphertext_part_len), flags);
        C_MessageEncryptFinal(session: CK_SESSION_HANDLE) []
            => messages::end(CKF_MESSAGE_ENCRYPT, session);
        C_MessageDecryptInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            key: CK_OBJECT_HANDLE) []
            => messages::init(CKF_MESSAGE_DECRYPT, session, Mechanism(mechanism), key);
        C_DecryptMessage(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG, associated_data: CK_BYTE_PTR, associated_data_len: CK_ULONG,
            ciphertext: CK_BYTE_PTR, ciphertext_len: CK_ULONG, plaintext: CK_BYTE_PTR,
            plaintext_len: CK_ULONG_PTR) [length(plaintext_len)]
            => messages::whole(CKF_MESSAGE_DECRYPT, session, MessageParameter(parameter,
                parameter_len), Input(associated_data, associated_data_len), Input(ciphertext,
                ciphertext_len), Output(plaintext, plaintext_len));
        C_DecryptMessageBegin(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG, associated_data: CK_BYTE_PTR, associated_data_len: CK_ULONG)
            []
            => messages::begin(CKF_MESSAGE_DECRYPT, session, MessageParameter(parameter,
                parameter_len), Input(associated_data, associated_data_len));
        C_DecryptMessageNext(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG, ciphertext_part: CK_BYTE_PTR, ciphertext_part_len: CK_ULONG,
            plaintext_part: CK_BYTE_PTR, plaintext_part_len: CK_ULONG_PTR, flags: CK_FLAGS)
            [length(plaintext_part_len)]
            => messages::next(CKF_MESSAGE_DECRYPT, session, MessageParameter(parameter,
                parameter_len), Input(ciphertext_part, ciphertext_part_len), Output(plaintext_part,
                plaintext_part_len), flags);
        C_MessageDecryptFinal(session: CK_SESSION_HANDLE) []
            => messages::end(CKF_MESSAGE_DECRYPT, session);
        C_MessageSignInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            key: CK_OBJECT_HANDLE) []
            => messages::init(CKF_MESSAGE_SIGN, session, Mechanism(mechanism), key);
        C_SignMessage(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR, parameter_len: CK_ULONG,
            data: CK_BYTE_PTR, data_len: CK_ULONG, signature: CK_BYTE_PTR,
            signature_len: CK_ULONG_PTR) [length(signature_len)]
            => messages::sign(session, MessageParameter(parameter, parameter_len), Input(data,
                data_len), Output(signature, signature_len));
        C_SignMessageBegin(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG) []
            => messages::begin_signature(CKF_MESSAGE_SIGN, session, MessageParameter(parameter,
                parameter_len));
        C_SignMessageNext(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG, data: CK_BYTE_PTR, data_len: CK_ULONG,
            signature: CK_BYTE_PTR, signature_len: CK_ULONG_PTR) [length(signature_len)]
            => messages::sign_next(session, MessageParameter(parameter, parameter_len), Input(data,
                data_len), Output(signature, signature_len));
        C_MessageSignFinal(session: CK_SESSION_HANDLE) []
            => messages::end(CKF_MESSAGE_SIGN, session);
        C_MessageVerifyInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            key: CK_OBJECT_HANDLE) []
            => messages::init(CKF_MESSAGE_VERIFY, session, Mechanism(mechanism), key);
        C_VerifyMessage(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG, data: CK_BYTE_PTR, data_len: CK_ULONG,
            signature: CK_BYTE_PTR, signature_len: CK_ULONG) []
            => messages::verify(session, MessageParameter(parameter, parameter_len), Input(data,
                data_len), Input(signature, signature_len));
        C_VerifyMessageBegin(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG) []
            => messages::begin_signature(CKF_MESSAGE_VERIFY, session, MessageParameter(parameter,
                parameter_len));
        C_VerifyMessageNext(session: CK_SESSION_HANDLE, parameter: CK_VOID_PTR,
            parameter_len: CK_ULONG, data: CK_BYTE_PTR, data_len: CK_ULONG,
            signature: CK_BYTE_PTR, signature_len: CK_ULONG) []
            => messages::verify_next(session, MessageParameter(parameter, parameter_len),
                Input(data, data_len), Input(signature, signature_len));
        C_MessageVerifyFinal(session: CK_SESSION_HANDLE) []
            => messages::end(CKF_MESSAGE_VERIFY, session);
    }
    v3_2 {
        C_EncapsulateKey(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            public_key: CK_OBJECT_HANDLE, template: CK_ATTRIBUTE_PTR, attribute_count: CK_ULONG,
            ciphertext: CK_BYTE_PTR, ciphertext_len: CK_ULONG_PTR, key: CK_OBJECT_HANDLE_PTR)
            [length(ciphertext_len), handle(key)]
            => kem::encapsulate(session, Mechanism(mechanism), public_key, Template(template,
                attribute_count), Output(ciphertext, ciphertext_len), Place(key));
        C_DecapsulateKey(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            private_key: CK_OBJECT_HANDLE, template: CK_ATTRIBUTE_PTR, attribute_count: CK_ULONG,
            ciphertext: CK_BYTE_PTR, ciphertext_len: CK_ULONG, key: CK_OBJECT_HANDLE_PTR)
            [handle(key)]
            => kem::decapsulate(session, Mechanism(mechanism), private_key, Template(template,
                attribute_count), Input(ciphertext, ciphertext_len), Place(key));
        C_VerifySignatureInit(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            key: CK_OBJECT_HANDLE, signature: CK_BYTE_PTR, signature_len: CK_ULONG) []
            => crypt::verify_signature_init(session, Mechanism(mechanism), key, Input(signature,
                signature_len));
        C_VerifySignature(session: CK_SESSION_HANDLE, data: CK_BYTE_PTR, data_len: CK_ULONG) []
            => crypt::verify_signature(session, Input(data, data_len));
        C_VerifySignatureUpdate(session: CK_SESSION_HANDLE, part: CK_BYTE_PTR, part_len: CK_ULONG)
            []
            => crypt::verify_signature_update(session, Input(part, part_len));
        C_VerifySignatureFinal(session: CK_SESSION_HANDLE) []
            => crypt::verify_signature_final(session);
        C_GetSessionValidationFlags(session: CK_SESSION_HANDLE,
            type_: CK_SESSION_VALIDATION_FLAGS_TYPE, flags: CK_FLAGS_PTR) []
            => token::validation_flags(session, type_, Place(flags));
        C_AsyncComplete(session: CK_SESSION_HANDLE, function_name: CK_UTF8CHAR_PTR,
            result: CK_ASYNC_DATA_PTR) []
            => late::complete(session, Text(function_name), Place(result));
        C_AsyncGetID(session: CK_SESSION_HANDLE, function_name: CK_UTF8CHAR_PTR, id: CK_ULONG_PTR)
            [length(id)]
            => late::id(session, Text(function_name), Place(id));
        C_AsyncJoin(session: CK_SESSION_HANDLE, function_name: CK_UTF8CHAR_PTR, id: CK_ULONG,
            data: CK_BYTE_PTR, data_len: CK_ULONG) []
            => late::join(session, Text(function_name), id, Room(data, data_len));
        C_WrapKeyAuthenticated(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            wrapping_key: CK_OBJECT_HANDLE, key: CK_OBJECT_HANDLE, associated_data: CK_BYTE_PTR,
            associated_data_len: CK_ULONG, wrapped_key: CK_BYTE_PTR,
            wrapped_key_len: CK_ULONG_PTR) [length(wrapped_key_len)]
            => authenticated::wrap(session, Mechanism(mechanism), wrapping_key, key,
                Input(associated_data, associated_data_len), Output(wrapped_key, wrapped_key_len));
        C_UnwrapKeyAuthenticated(session: CK_SESSION_HANDLE, mechanism: CK_MECHANISM_PTR,
            unwrapping_key: CK_OBJECT_HANDLE, wrapped_key: CK_BYTE_PTR, wrapped_key_len: CK_ULONG,
            template: CK_ATTRIBUTE_PTR, attribute_count: CK_ULONG, associated_data: CK_BYTE_PTR,
            associated_data_len: CK_ULONG, key: CK_OBJECT_HANDLE_PTR) [handle(key)]
            => authenticated::unwrap(session, Mechanism(mechanism), unwrapping_key,
                Input(wrapped_key, wrapped_key_len), Template(template, attribute_count),
                Input(associated_data, associated_data_len), Place(key));
    }
}
