//! Messages: how many C calls they take, whose nonce it is, and what they make.

#[cfg(not(miri))]
#[path = "messages/failing.rs"]
mod failing;

use pkcs11_core::mechanism::{
    AesCbcPad, AesCcmMessage, AesGcm, AesGcmMessage, ChaCha20Poly1305Message,
};
use pkcs11_core::message::CipherMessage;
use pkcs11_core::sys::CKR_AEAD_DECRYPT_FAILED;
use pkcs11_core::{
    ErrorKind, Function, Generator, Hash, Mechanism, MechanismFlags, MechanismType, ReturnCode,
    SecretKey, Session,
};
use pkcs11_mock::Mock;

use crate::support::{aes_key, failure, hmac_key, open, rsa_pair};

const GCM: MechanismType = MechanismType::AES_GCM;
const MAC: MechanismType = MechanismType::SHA256_HMAC;
const HASH: MechanismType = MechanismType::SHA256;
const COUNT: Generator = Generator::GENERATE_COUNTER;
const OURS: Generator = Generator::NO_GENERATE;

/// What one message is: nonce, ciphertext, tag.
type Sealed = ([u8; 12], Vec<u8>, [u8; 16]);

fn assert_free(session: &Session) {
    session.digest(HASH, b"abc").unwrap();
}

/// A message with this nonce, in one call of three.
fn seal(aes: &SecretKey, mut nonce: [u8; 12], plaintext: &[u8]) -> Sealed {
    let mut tag = [0; 16];
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(OURS);
    let ciphertext = aes.encrypt_message(gcm, b"header", plaintext).unwrap();
    (nonce, ciphertext, tag)
}

#[test]
fn a_message_is_one_call() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    mock.reset_counts();
    let mut encryptor = aes.message_encryptor(GCM).unwrap();
    assert_eq!(encryptor.mechanism(), GCM);
    let mut sealed: Vec<Sealed> = Vec::new();
    for plaintext in [&b""[..], b"one", &[7; 1000]] {
        let (mut nonce, mut tag) = ([0xee; 12], [0; 16]);
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(COUNT);
        let ciphertext = encryptor.encrypt(gcm, b"header", plaintext).unwrap();
        assert_eq!(ciphertext.len(), plaintext.len());
        sealed.push((nonce, ciphertext, tag));
    }
    encryptor.finish().unwrap();
    assert_eq!(
        mock.counts(),
        [("C_MessageEncryptInit", 1), ("C_EncryptMessage", 3), ("C_MessageEncryptFinal", 1)]
    );
    // The token's nonces came back, and each is another.
    assert_eq!(sealed[1].0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    mock.reset_counts();
    let mut decryptor = aes.message_decryptor(GCM).unwrap();
    for (mut nonce, ciphertext, mut tag) in sealed.clone() {
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
        decryptor.decrypt(gcm, b"header", &ciphertext).unwrap();
    }
    decryptor.finish().unwrap();
    assert_eq!(
        mock.counts(),
        [("C_MessageDecryptInit", 1), ("C_DecryptMessage", 3), ("C_MessageDecryptFinal", 1)]
    );
    // Tag and ciphertext side by side are what one shot makes.
    for (nonce, ciphertext, tag) in sealed {
        let joined = [&ciphertext[..], &tag].concat();
        let plaintext = aes.decrypt(AesGcm::new(&nonce).aad(b"header"), &joined).unwrap();
        assert_eq!(plaintext.len(), ciphertext.len());
    }
}

#[test]
fn the_mechanism_may_bring_a_parameter_to_the_init() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    aes.message_encryptor(gcm).unwrap().finish().unwrap();
    // That of a whole encryption is another struct.
    let error = failure!(aes.message_encryptor(AesGcm::new(&[0; 12])), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::MessageEncryptInit));
    assert!(error.to_string().contains("CK_GCM_MESSAGE_PARAMS"), "{error}");
    assert_free(&session);
}

#[test]
fn one_message_is_three_calls() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    mock.reset_counts();
    let (mut nonce, ciphertext, mut tag) = seal(&aes, [5; 12], b"INPUT DATA");
    assert_eq!(
        mock.counts(),
        [("C_MessageEncryptInit", 1), ("C_EncryptMessage", 1), ("C_MessageEncryptFinal", 1)]
    );
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    assert_eq!(aes.decrypt_message(gcm, b"header", &ciphertext).unwrap(), b"INPUT DATA");
    assert_eq!(nonce, [5; 12]);
    let whole = aes.encrypt(AesGcm::new(&[5; 12]).aad(b"header"), b"INPUT DATA").unwrap();
    assert_eq!(whole, [&ciphertext[..], &tag].concat());
}

#[test]
fn a_count_that_begins_anew_each_time_makes_no_nonces() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    mock.reset_counts();
    for generator in [COUNT, Generator::GENERATE] {
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(generator);
        let error = failure!(aes.encrypt_message(gcm, b"", b"abc"), ErrorKind::InvalidInput(_));
        assert_eq!(error.function(), Some(Function::EncryptMessage));
    }
    assert_eq!(mock.total(), 0);
    // If nothing is said they are random.
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    aes.encrypt_message(gcm, b"", b"abc").unwrap();
    assert_eq!(nonce[0], 0xa5);
}

#[test]
fn part_of_a_nonce_may_be_the_callers() {
    let mock = Mock::start();
    let session = open(&mock);
    let mut encryptor = aes_key(&session).message_encryptor(GCM).unwrap();
    let (mut nonce, mut tag) = ([7; 12], [0; 16]);
    for count in [0, 1] {
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(COUNT).fixed_bits(32);
        encryptor.encrypt(gcm, b"", b"abc").unwrap();
        assert_eq!(nonce, [7, 7, 7, 7, 0, 0, 0, 0, 0, 0, 0, count]);
    }
}

#[test]
fn parts_make_what_one_call_makes() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let plaintext = [9; 100];
    let (_, whole, whole_tag) = seal(&aes, [5; 12], &plaintext);
    mock.reset_counts();
    let mut encryptor = aes.message_encryptor(GCM).unwrap();
    for _ in 0..2 {
        let (mut nonce, mut tag) = ([5; 12], [0; 16]);
        let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(OURS);
        let mut message = encryptor.begin(gcm, b"header").unwrap();
        let mut ciphertext = message.update(&plaintext[..33]).unwrap();
        ciphertext.extend(message.update(&[]).unwrap());
        let mut buffer = [0; 67 + CipherMessage::MARGIN];
        failure!(message.update_into(&plaintext[33..], &mut [0; 67]), ErrorKind::BufferTooSmall);
        let length = message.update_into(&plaintext[33..], &mut buffer).unwrap();
        ciphertext.extend(&buffer[..length]);
        ciphertext.extend(message.finish().unwrap());
        assert_eq!((ciphertext, tag), (whole.clone(), whole_tag));
    }
    encryptor.finish().unwrap();
    assert_eq!(
        mock.counts(),
        [
            ("C_MessageEncryptInit", 1),
            ("C_EncryptMessageBegin", 2),
            ("C_EncryptMessageNext", 6),
            ("C_MessageEncryptFinal", 1)
        ]
    );
    // The mock holds all back until it has seen the tag.
    let (mut nonce, mut tag) = ([5; 12], whole_tag);
    let mut decryptor = aes.message_decryptor(GCM).unwrap();
    let mut message = decryptor.begin(AesGcmMessage::new(&mut nonce, &mut tag), b"header").unwrap();
    for part in whole.chunks(30) {
        assert!(message.update(part).unwrap().is_empty());
    }
    assert_eq!(message.finish().unwrap(), plaintext);
    decryptor.finish().unwrap();
    assert_eq!(mock.calls("C_DecryptMessageNext"), 5);
    assert_free(&session);
}

#[test]
#[cfg_attr(miri, ignore = "half a MiB takes it minutes")]
fn large_parts_go_in_pieces() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let mut encryptor = aes.message_encryptor(GCM).unwrap();
    let (mut nonce, mut tag) = ([5; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(OURS);
    let mut message = encryptor.begin(gcm, b"header").unwrap();
    let plaintext = vec![3; (512 << 10) + 1];
    let ciphertext = message.update(&plaintext).unwrap();
    message.finish().unwrap();
    assert_eq!(mock.calls("C_EncryptMessageNext"), 4);
    encryptor.finish().unwrap();
    assert_eq!((ciphertext, tag), {
        let (_, ciphertext, tag) = seal(&aes, [5; 12], &plaintext);
        (ciphertext, tag)
    });
}

#[test]
fn ciphers_that_do_not_authenticate_have_messages_too() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let number = MechanismType::AES_CBC_PAD;
    let mut encryptor = aes.message_encryptor(number).unwrap();
    let mut ciphertexts = Vec::new();
    for iv in [[1; 16], [2; 16]] {
        let ciphertext = encryptor.encrypt(AesCbcPad::new(&iv), b"", b"INPUT DATA").unwrap();
        ciphertexts.push(ciphertext);
    }
    let mut message = encryptor.begin(AesCbcPad::new(&[1; 16]), b"").unwrap();
    let mut parts = message.update(b"INPUT").unwrap();
    parts.extend(message.update(b" DATA").unwrap());
    parts.extend(message.finish().unwrap());
    assert_eq!(parts, ciphertexts[0]);
    let mut small = [0; 16];
    let answer = encryptor.encrypt_into(AesCbcPad::new(&[1; 16]), b"", b"abc", &mut small);
    failure!(answer, ErrorKind::BufferTooSmall);
    let error = failure!(
        encryptor.encrypt(AesCbcPad::new(&[1; 16]), b"header", b"abc"),
        ErrorKind::InvalidInput(_)
    );
    assert!(error.to_string().contains("additional data"), "{error}");
    encryptor.finish().unwrap();
    for (iv, ciphertext) in [[1; 16], [2; 16]].iter().zip(ciphertexts) {
        assert_eq!(ciphertext, aes.encrypt(AesCbcPad::new(iv), b"INPUT DATA").unwrap());
        let plaintext = aes.decrypt_message(AesCbcPad::new(iv), b"", &ciphertext).unwrap();
        assert_eq!(plaintext, b"INPUT DATA");
    }
}

#[test]
fn into_buffers() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let mut encryptor = aes.message_encryptor(GCM).unwrap();
    let (mut nonce, mut tag) = ([5; 12], [0; 16]);
    let mut buffer = [0; 10];
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(OURS);
    let error = failure!(
        encryptor.encrypt_into(gcm, b"header", b"INPUT DATA", &mut buffer[..9]),
        ErrorKind::BufferTooSmall
    );
    assert_eq!(error.function(), Some(Function::EncryptMessage));
    assert_eq!(mock.calls("C_EncryptMessage"), 0, "the nonce is not spent");
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag).generator(OURS);
    assert_eq!(encryptor.encrypt_into(gcm, b"header", b"INPUT DATA", &mut buffer).unwrap(), 10);
    let (mut other, mut other_tag) = ([6; 12], [0; 16]);
    let gcm = AesGcmMessage::new(&mut other, &mut other_tag).generator(OURS);
    assert_eq!(encryptor.encrypt_into(gcm, b"header", b"", &mut []).unwrap(), 0);
    encryptor.finish().unwrap();
    assert_eq!((buffer.to_vec(), tag), {
        let (_, ciphertext, tag) = seal(&aes, [5; 12], b"INPUT DATA");
        (ciphertext, tag)
    });
    let mut decryptor = aes.message_decryptor(GCM).unwrap();
    let mut plaintext = [1; 12];
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    assert_eq!(decryptor.decrypt_into(gcm, b"header", &buffer, &mut plaintext).unwrap(), 10);
    assert_eq!(&plaintext[..10], b"INPUT DATA");
    // Nothing is left of what does not authenticate.
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let answer = decryptor.decrypt_into(gcm, b"other", &buffer, &mut plaintext);
    let error = failure!(answer, ErrorKind::Failed);
    assert_eq!(error.return_code(), Some(ReturnCode::new(CKR_AEAD_DECRYPT_FAILED)));
    assert_eq!(plaintext, [0; 12]);
    assert_free(&session);
}

#[test]
fn what_cannot_be_right_is_refused_before_the_call() {
    let mock = Mock::start();
    let session = open(&mock);
    let aes = aes_key(&session);
    let mut encryptor = aes.message_encryptor(GCM).unwrap();
    mock.reset_counts();
    let (mut nonce, mut tag) = ([5; 12], [0; 17]);
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag);
    let error = failure!(encryptor.encrypt(gcm, b"", b"abc"), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::EncryptMessage));
    assert_eq!(error.mechanism(), Some(GCM));
    let gcm = AesGcmMessage::new(&mut [], &mut tag[..16]);
    failure!(encryptor.encrypt(gcm, b"", b"abc"), ErrorKind::InvalidInput(_));
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag[..16]).fixed_bits(97);
    let error = failure!(encryptor.begin(gcm, b""), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::EncryptMessageBegin));
    failure!(encryptor.encrypt(GCM, b"", b"abc"), ErrorKind::InvalidInput(_));
    failure!(encryptor.encrypt(AesGcm::new(&[5; 12]), b"", b"abc"), ErrorKind::InvalidInput(_));
    let ccm = AesCcmMessage::new(&mut nonce, &mut tag[..16], 3);
    let error = failure!(encryptor.encrypt(ccm, b"", b"abc"), ErrorKind::InvalidInput(_));
    assert!(error.to_string().contains("CKM_AES_CCM"), "{error}");
    assert_eq!(mock.total(), 0);
    // None of this ends them.
    let gcm = AesGcmMessage::new(&mut nonce, &mut tag[..16]);
    encryptor.encrypt(gcm, b"", b"abc").unwrap();
    encryptor.finish().unwrap();

    let error =
        failure!(aes.message_encryptor(MechanismType::SHA256_RSA_PKCS), ErrorKind::InvalidInput(_));
    assert_eq!(error.function(), Some(Function::MessageEncryptInit));
    // Messages are not hashed here.
    let (_, private) = rsa_pair(&session);
    let prehashed = Mechanism::new(MechanismType::RSA_PKCS).prehashed_info(Hash::Sha256);
    failure!(private.message_signer(prehashed), ErrorKind::InvalidInput(_));
    let nonce = [0; 16];
    let mut tag = [0; 16];
    let poly = ChaCha20Poly1305Message::new(&nonce, &mut tag);
    failure!(aes.encrypt_message(poly, b"", b"abc"), ErrorKind::InvalidInput(_));
    assert_free(&session);
}

#[test]
fn signatures_and_macs_of_messages() {
    let mock = Mock::start();
    let session = open(&mock);
    let hmac = hmac_key(&session);
    let info = session.token().mechanism_info(MAC).unwrap().unwrap();
    assert!(info.flags.contains(MechanismFlags::MESSAGE_SIGN | MechanismFlags::MESSAGE_VERIFY));
    let whole = hmac.sign(MAC, b"INPUT DATA").unwrap();
    mock.reset_counts();
    let mut signer = hmac.message_signer(MAC).unwrap();
    assert_eq!(signer.sign(b"INPUT DATA").unwrap(), whole);
    let mut buffer = [0; 64];
    assert_eq!(signer.sign_into(b"INPUT DATA", &mut buffer).unwrap(), 32);
    assert_eq!(buffer[..32], whole);
    failure!(signer.sign_into(b"INPUT DATA", &mut buffer[..31]), ErrorKind::BufferTooSmall);
    let mut message = signer.begin().unwrap();
    message.update(b"INPUT").unwrap();
    std::io::copy(&mut &b" DATA"[..], &mut message).unwrap();
    assert_eq!(message.finish().unwrap(), whole);
    signer.finish().unwrap();
    assert_eq!(
        mock.counts(),
        [
            ("C_MessageSignInit", 1),
            ("C_SignMessage", 2),
            ("C_SignMessageBegin", 1),
            ("C_SignMessageNext", 3),
            ("C_MessageSignFinal", 1)
        ]
    );
    mock.reset_counts();
    let mut verifier = hmac.message_verifier(MAC).unwrap();
    verifier.verify(b"INPUT DATA", &whole).unwrap();
    // The module is not asked about a MAC of another length, so the next can come.
    failure!(verifier.verify(b"INPUT DATA", &whole[..31]), ErrorKind::SignatureInvalid);
    let mut message = verifier.begin().unwrap();
    message.update(b"INPUT").unwrap();
    message.update(b" DATA").unwrap();
    message.finish(&whole).unwrap();
    verifier.finish().unwrap();
    assert_eq!(
        mock.counts(),
        [
            ("C_MessageVerifyInit", 1),
            ("C_VerifyMessage", 1),
            ("C_VerifyMessageBegin", 1),
            ("C_VerifyMessageNext", 3),
            ("C_MessageVerifyFinal", 1)
        ]
    );
    let mut verifier = hmac.message_verifier(MAC).unwrap();
    let error = failure!(verifier.verify(b"other", &whole), ErrorKind::SignatureInvalid);
    assert_eq!(error.function(), Some(Function::VerifyMessage));
    failure!(verifier.verify(b"INPUT DATA", &whole), ErrorKind::StreamFailed);
    let mut verifier = hmac.message_verifier(MAC).unwrap();
    let mut message = verifier.begin().unwrap();
    message.update(b"other").unwrap();
    failure!(message.finish(&whole), ErrorKind::SignatureInvalid);
    assert_free(&session);
}
