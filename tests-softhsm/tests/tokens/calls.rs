//! How many C functions are called: on a network HSM each is a round trip.

use pkcs11::Function;
use pkcs11::mechanism::RsaPssDigest;
use pkcs11::prelude::*;
use pkcs11_mock::Mock;
use tests_softhsm::native::counted;
use tests_softhsm::{LABEL, Outcome, PIN, TestToken, fails, tests};

use crate::common::{aes_key, data};

tests! {
    operations_are_two_calls: and Nss;
    operations_on_stored_keys_are_two_calls: and Nss;
    failed_operations_are_cancelled_once;
    streams_are_one_call_for_each_chunk;
    streams_of_signatures_and_digests_are_one_call_for_each_chunk;
    empty_chunks_are_no_call;
    chunks_of_less_than_a_block_wait_for_the_rest;
    readers_and_writers_are_one_call_for_each_64_kib;
    an_authenticated_stream_asks_for_room_once;
    a_dropped_stream_is_cancelled_once;
    reading_attributes_is_one_call;
    finding_a_thousand_objects: and Nss;
    finding_one_object: and Nss;
    generating_is_one_call: and Nss;
    keys_come_and_go_in_one_call;
    signatures_in_der_are_two_calls;
    random_bytes_come_in_pieces: and Nss;
    a_signature_of_no_length_costs_no_call: and Nss;
    a_digest_of_another_length_costs_no_call: and Nss;
    opening_and_closing: and Nss;
}

fn session(token: &TestToken) -> Outcome<(Mock, Session)> {
    let (mock, module) = counted(token, token.options()?)?;
    let session = module.token(label(LABEL))?.open().user_pin(PIN).start()?;
    Ok((mock, session))
}

/// The calls of `work`, once it has been done before.
fn calls_when_warm<T>(mock: &Mock, work: impl Fn() -> Result<T>) -> Result<Vec<(&str, u64)>> {
    work()?;
    mock.reset_counts();
    work()?;
    Ok(mock.counts())
}

fn operations_are_two_calls(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let iv = [0; 16];
    let aes = aes_key(&session)?;
    let hmac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let (rsa_public, rsa) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let (ec_public, ec) = session.generate_key_pair(Curve::P256).create()?;

    for length in [10, 100, 100_000] {
        let data = vec![1; length];
        let counts = calls_when_warm(&mock, || aes.encrypt(DEFAULT.iv(&iv), &data))?;
        assert_eq!(counts, [("C_EncryptInit", 1), ("C_Encrypt", 1)]);
        let ciphertext = aes.encrypt(DEFAULT.iv(&iv), &data)?;
        let counts = calls_when_warm(&mock, || aes.decrypt(DEFAULT.iv(&iv), &ciphertext))?;
        assert_eq!(counts, [("C_DecryptInit", 1), ("C_Decrypt", 1)]);
        let counts = calls_when_warm(&mock, || session.digest(DEFAULT, &data))?;
        assert_eq!(counts, [("C_DigestInit", 1), ("C_Digest", 1)]);
    }
    let gcm = AesGcm::new(&[0; 12]);
    let counts = calls_when_warm(&mock, || aes.encrypt(gcm, b"abc"))?;
    assert_eq!(counts, [("C_EncryptInit", 1), ("C_Encrypt", 1)]);

    for private in [&rsa, &ec] {
        let counts = calls_when_warm(&mock, || private.sign(DEFAULT, b"message"))?;
        assert_eq!(counts, [("C_SignInit", 1), ("C_Sign", 1)]);
        let into = || private.sign_into(DEFAULT, b"message", &mut [0; 256]);
        assert_eq!(calls_when_warm(&mock, into)?, [("C_SignInit", 1), ("C_Sign", 1)]);
    }
    for (public, private) in [(&rsa_public, &rsa), (&ec_public, &ec)] {
        let signature = private.sign(DEFAULT, b"message")?;
        let verify = || public.verify(DEFAULT, b"message", &signature);
        assert_eq!(calls_when_warm(&mock, verify)?, [("C_VerifyInit", 1), ("C_Verify", 1)]);
    }
    let counts = calls_when_warm(&mock, || hmac.sign(DEFAULT, b"message"))?;
    assert_eq!(counts, [("C_SignInit", 1), ("C_Sign", 1)]);
    let counts = calls_when_warm(&mock, || rsa_public.encrypt(DEFAULT, b"abc"))?;
    assert_eq!(counts, [("C_EncryptInit", 1), ("C_Encrypt", 1)]);
    let ciphertext = rsa_public.encrypt(DEFAULT, b"abc")?;
    let counts = calls_when_warm(&mock, || rsa.decrypt(DEFAULT, &ciphertext))?;
    assert_eq!(counts, [("C_DecryptInit", 1), ("C_Decrypt", 1)]);
    Ok(())
}

fn operations_on_stored_keys_are_two_calls(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    session.generate_key_pair(KeyType::RSA).bits(2048).label("stored").store(true).create()?;
    let private = session.find::<PrivateKey>().label("stored").one()?;
    mock.reset_counts();
    // By name there is nothing to ask: not the type of the key, nor its length.
    private.sign(MechanismType::SHA256_RSA_PKCS, b"message")?;
    assert_eq!(mock.counts(), [("C_SignInit", 1), ("C_Sign", 1)]);
    let counts = calls_when_warm(&mock, || private.sign(DEFAULT, b"message"))?;
    assert_eq!(counts, [("C_SignInit", 1), ("C_Sign", 1)]);
    Ok(())
}

fn failed_operations_are_cancelled_once(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let key = aes_key(&session)?;
    let mut small = [0; 8];
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    mock.reset_counts();
    key.encrypt_into(DEFAULT.iv(&[0; 16]), b"abc", &mut small).unwrap_err();
    assert_eq!(mock.calls("C_EncryptInit"), 1);
    assert_eq!(mock.calls("C_Encrypt") + mock.calls("C_SessionCancel"), 2, "{:?}", mock.counts());
    mock.reset_counts();
    key.encrypt(DEFAULT.iv(&[0; 16]), b"abc")?;
    assert_eq!(mock.counts(), [("C_EncryptInit", 1), ("C_Encrypt", 1)]);
    Ok(())
}

/// Init, ten chunks, Final.
const TEN_CHUNKS: [[u8; 1600]; 10] = [[1; 1600]; 10];

fn all(mut stream: impl Iterator<Item = Result<bytes::Bytes>>) -> Result<()> {
    stream.try_for_each(|part| part.map(drop))
}

fn streams_are_one_call_for_each_chunk(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let aes = aes_key(&session)?;
    let (iv, chunks) = ([0; 16], TEN_CHUNKS);
    let counts = calls_when_warm(&mock, || all(aes.encrypt_stream(DEFAULT.iv(&iv), chunks)?))?;
    assert_eq!(counts, [("C_EncryptInit", 1), ("C_EncryptUpdate", 10), ("C_EncryptFinal", 1)]);
    let counts = calls_when_warm(&mock, || all(aes.encrypt_stream(AesCbc::new(&iv), chunks)?))?;
    assert_eq!(counts, [("C_EncryptInit", 1), ("C_EncryptUpdate", 10), ("C_EncryptFinal", 1)]);
    let sealed = || all(aes.encrypt_stream(AesGcm::new(&[0; 12]), chunks)?);
    let counts = calls_when_warm(&mock, sealed)?;
    assert_eq!(counts, [("C_EncryptInit", 1), ("C_EncryptUpdate", 10), ("C_EncryptFinal", 1)]);
    let ciphertext = aes.encrypt(AesCbc::new(&iv), &chunks.concat())?;
    let parts = || ciphertext.chunks(1600);
    let counts = calls_when_warm(&mock, || all(aes.decrypt_stream(AesCbc::new(&iv), parts())?))?;
    assert_eq!(counts, [("C_DecryptInit", 1), ("C_DecryptUpdate", 10), ("C_DecryptFinal", 1)]);
    let ciphertext = aes.encrypt(DEFAULT.iv(&iv), &chunks.concat())?;
    // One more, of the padding alone.
    let parts = || ciphertext.chunks(1600);
    let counts = calls_when_warm(&mock, || all(aes.decrypt_stream(DEFAULT.iv(&iv), parts())?))?;
    assert_eq!(counts, [("C_DecryptInit", 1), ("C_DecryptUpdate", 11), ("C_DecryptFinal", 1)]);
    Ok(())
}

fn streams_of_signatures_and_digests_are_one_call_for_each_chunk(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let hmac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let chunks = TEN_CHUNKS;
    let counts = calls_when_warm(&mock, || session.digest_stream(DEFAULT, chunks))?;
    assert_eq!(counts, [("C_DigestInit", 1), ("C_DigestUpdate", 10), ("C_DigestFinal", 1)]);
    let signed = [("C_SignInit", 1), ("C_SignUpdate", 10), ("C_SignFinal", 1)];
    assert_eq!(calls_when_warm(&mock, || hmac.sign_stream(DEFAULT, chunks))?, signed);
    assert_eq!(calls_when_warm(&mock, || private.sign_stream(DEFAULT, chunks))?, signed);
    let verified = [("C_VerifyInit", 1), ("C_VerifyUpdate", 10), ("C_VerifyFinal", 1)];
    let mac = hmac.sign_stream(DEFAULT, chunks)?;
    let counts = calls_when_warm(&mock, || hmac.verify_stream(DEFAULT, chunks, &mac))?;
    assert_eq!(counts, verified);
    let signature = private.sign_stream(DEFAULT, chunks)?;
    let counts = calls_when_warm(&mock, || public.verify_stream(DEFAULT, chunks, &signature))?;
    assert_eq!(counts, verified);
    // By hand, and into a buffer.
    let counts = calls_when_warm(&mock, || {
        let mut signer = private.signer(DEFAULT)?;
        chunks.iter().try_for_each(|chunk| signer.update(chunk))?;
        signer.finish_into(&mut [0; 512])
    })?;
    assert_eq!(counts, signed);
    Ok(())
}

fn empty_chunks_are_no_call(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let aes = aes_key(&session)?;
    let hmac = session.generate_key(KeyType::GENERIC_SECRET).bits(256).create()?;
    let mac = hmac.sign(DEFAULT, b"abc")?;
    let iv = [0; 16];
    let (mut encryptor, mut digester);
    encryptor = aes.encryptor(DEFAULT.iv(&iv))?;
    mock.reset_counts();
    assert!(encryptor.update(b"")?.is_empty());
    assert_eq!(mock.total(), 0, "{:?}", mock.counts());
    drop(encryptor);
    digester = session.digester(DEFAULT)?;
    mock.reset_counts();
    digester.update(b"")?;
    assert_eq!(mock.total(), 0, "{:?}", mock.counts());
    drop(digester);
    let parts = ["", "a", "", "", "bc", ""];
    let counts = calls_when_warm(&mock, || hmac.sign_stream(DEFAULT, parts))?;
    assert_eq!(counts, [("C_SignInit", 1), ("C_SignUpdate", 2), ("C_SignFinal", 1)]);
    let counts = calls_when_warm(&mock, || hmac.verify_stream(DEFAULT, parts, &mac))?;
    assert_eq!(counts, [("C_VerifyInit", 1), ("C_VerifyUpdate", 2), ("C_VerifyFinal", 1)]);
    // Without any data it is the call that takes none.
    let none = ["", ""];
    let counts = calls_when_warm(&mock, || all(aes.encrypt_stream(DEFAULT.iv(&iv), none)?))?;
    assert_eq!(counts, [("C_EncryptInit", 1), ("C_Encrypt", 1)]);
    let counts = calls_when_warm(&mock, || session.digest_stream(DEFAULT, none))?;
    assert_eq!(counts, [("C_DigestInit", 1), ("C_Digest", 1)]);
    Ok(())
}

fn chunks_of_less_than_a_block_wait_for_the_rest(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let aes = aes_key(&session)?;
    // 160 bytes, one at a time: a call when a block is full, none between.
    let counts = calls_when_warm(&mock, || {
        all(aes.encrypt_stream(DEFAULT.iv(&[0; 16]), std::iter::repeat_n([1], 160))?)
    })?;
    assert_eq!(counts, [("C_EncryptInit", 1), ("C_EncryptUpdate", 10), ("C_EncryptFinal", 1)]);
    // What is left of the last block is a call of its own.
    let counts =
        calls_when_warm(&mock, || all(aes.encrypt_stream(DEFAULT.iv(&[0; 16]), [[1; 1601]; 10])?))?;
    assert_eq!(counts, [("C_EncryptInit", 1), ("C_EncryptUpdate", 11), ("C_EncryptFinal", 1)]);
    Ok(())
}

fn readers_and_writers_are_one_call_for_each_64_kib(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let aes = aes_key(&session)?;
    let (iv, data) = ([0; 16], vec![1; 640 << 10]);
    aes.encrypt(DEFAULT.iv(&iv), b"abc")?;
    mock.reset_counts();
    let mut reader = aes.encrypt_reader(DEFAULT.iv(&iv), &data[..])?;
    std::io::copy(&mut reader, &mut std::io::sink())?;
    let expected = [("C_EncryptInit", 1), ("C_EncryptUpdate", 10), ("C_EncryptFinal", 1)];
    assert_eq!(mock.counts(), expected);
    mock.reset_counts();
    let mut writer = aes.encrypt_writer(DEFAULT.iv(&iv), std::io::sink())?;
    std::io::Write::write_all(&mut writer, &data)?;
    writer.finish()?;
    assert_eq!(mock.counts(), expected);
    // An iterator's chunks are as large as it makes them, up to 256 KiB for a call.
    let counts = calls_when_warm(&mock, || all(aes.encrypt_stream(DEFAULT.iv(&iv), [&data])?))?;
    assert_eq!(counts, [("C_EncryptInit", 1), ("C_EncryptUpdate", 3), ("C_EncryptFinal", 1)]);
    Ok(())
}

/// A token that gives all plaintext at the end wants room for all of it from the second part on;
/// that is asked once.
fn an_authenticated_stream_asks_for_room_once(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let aes = aes_key(&session)?;
    let gcm = || AesGcm::new(&[0; 12]);
    let sealed = aes.encrypt(gcm(), &TEN_CHUNKS.concat())?;
    let parts = || sealed.chunks(1600);
    let counts = calls_when_warm(&mock, || all(aes.decrypt_stream(gcm(), parts())?))?;
    // Ten chunks, and one of the tag alone.
    let updates = if token.is_softhsm() { 11 + 1 } else { 11 };
    let expected = [("C_DecryptInit", 1), ("C_DecryptUpdate", updates), ("C_DecryptFinal", 1)];
    assert_eq!(counts, expected);
    Ok(())
}

fn a_dropped_stream_is_cancelled_once(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let aes = aes_key(&session)?;
    let mut cipher = aes.encryptor(DEFAULT.iv(&[0; 16]))?;
    cipher.update(&[1; 100])?;
    mock.reset_counts();
    drop(cipher);
    assert_eq!(mock.total(), 1, "{:?}", mock.counts());
    let mut digester = session.digester(DEFAULT)?;
    digester.update(b"abc")?;
    mock.reset_counts();
    drop(digester);
    assert_eq!(mock.total(), 1, "{:?}", mock.counts());
    // One that has ended is not cancelled.
    let mut digester = session.digester(DEFAULT)?;
    digester.update(b"abc")?;
    mock.reset_counts();
    digester.finish()?;
    assert_eq!(mock.counts(), [("C_DigestFinal", 1)]);
    Ok(())
}

fn reading_attributes_is_one_call(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let key = session.generate_key(KeyType::AES).bits(256).label("a label").id(b"id").create()?;
    let once = [("C_GetAttributeValue", 1)];
    key.get(attr::CLASS)?;
    let counts = calls_when_warm(&mock, || key.get((attr::CLASS, attr::LABEL, attr::ID)))?;
    assert_eq!(counts, once);
    let counts = calls_when_warm(&mock, || {
        key.get((attr::TOKEN, attr::PRIVATE, attr::VALUE_LEN, attr::KEY_TYPE, attr::LABEL))
    })?;
    assert_eq!(counts, once);
    // One that is missing is known from the same call.
    let counts = calls_when_warm(&mock, || key.try_get((attr::CLASS, attr::VALUE)))?;
    assert_eq!(counts, once);
    let large = data(&session, "large", &[1; 10_000])?;
    let counts = calls_when_warm(&mock, || large.get((attr::LABEL, attr::VALUE)))?;
    assert_eq!(counts, [("C_GetAttributeValue", 2)]);
    Ok(())
}

fn finding_a_thousand_objects(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    for _ in 0..1000 {
        data(&session, "many", b"")?;
    }
    mock.reset_counts();
    assert_eq!(session.find::<Data>().label("many").all()?.len(), 1000);
    assert_eq!(mock.calls("C_FindObjectsInit"), 1);
    assert!(mock.calls("C_FindObjects") <= 12, "{}", mock.calls("C_FindObjects"));
    assert_eq!(mock.calls("C_FindObjectsFinal"), 1);
    // Nothing is read of what is found.
    assert_eq!(mock.total(), 2 + mock.calls("C_FindObjects"));
    Ok(())
}

fn finding_one_object(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    data(&session, "one", b"")?;
    let counts = calls_when_warm(&mock, || session.find::<Data>().label("one").first())?;
    assert_eq!(counts, [("C_FindObjectsInit", 1), ("C_FindObjects", 1), ("C_FindObjectsFinal", 1)]);
    let counts = calls_when_warm(&mock, || session.find::<Data>().label("one").one())?;
    assert!(counts.iter().map(|(_, calls)| calls).sum::<u64>() <= 4, "{counts:?}");
    Ok(())
}

fn generating_is_one_call(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let counts = calls_when_warm(&mock, || aes_key(&session))?;
    assert_eq!(counts, [("C_GenerateKey", 1)]);
    let pair = || session.generate_key_pair(Curve::P256).create();
    assert_eq!(calls_when_warm(&mock, pair)?, [("C_GenerateKeyPair", 1)]);
    let counts = calls_when_warm(&mock, || session.random::<16>())?;
    assert_eq!(counts, [("C_GenerateRandom", 1)]);
    Ok(())
}

fn random_bytes_come_in_pieces(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    for (length, calls) in [(0, 0), (1, 1), (32_768, 1), (32_769, 2), (200_000, 7)] {
        let mut bytes = vec![0; length];
        mock.reset_counts();
        session.fill_random(&mut bytes)?;
        assert_eq!((mock.calls("C_GenerateRandom"), mock.total()), (calls, calls), "{length}");
        // A run of 16 zeros is not to be expected: something would be left unfilled.
        assert!(!bytes.windows(16).any(|window| window == [0; 16]));
        let unlike: std::collections::HashSet<&[u8]> = bytes.chunks_exact(16).collect();
        assert_eq!(unlike.len(), length / 16, "no piece comes twice");
    }
    Ok(())
}

fn a_signature_of_no_length_costs_no_call(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let (public, private) = session.generate_key_pair(Curve::P256).create()?;
    let signature = private.sign(DEFAULT, b"message")?;
    let longer = [&signature[..], &[0, 0]].concat();
    mock.reset_counts();
    for wrong in [&[][..], &signature[..1], &signature[..63], &longer[..65], &longer] {
        let error = fails!(public.verify(DEFAULT, b"message", wrong), ErrorKind::SignatureInvalid);
        assert_eq!(error.function(), Some(Function::Verify));
    }
    assert_eq!(mock.total(), 0);
    // Two shorter numbers are the token's to judge.
    fails!(public.verify(DEFAULT, b"message", &signature[..62]), ErrorKind::SignatureInvalid);
    assert!(mock.calls("C_Verify") >= 1);
    public.verify(DEFAULT, b"message", &signature)?;
    Ok(())
}

/// NSS would read a whole digest, whatever there is.
fn a_digest_of_another_length_costs_no_call(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let (public, private) = session.generate_key_pair(KeyType::RSA).bits(2048).create()?;
    let pss = RsaPssDigest(RsaPss::new(Hash::Sha256));
    let signature = private.sign(pss, &[7; 32])?;
    mock.reset_counts();
    for length in [0, 1, 31, 33, 64] {
        let digest = vec![7; length];
        fails!(private.sign(pss, &digest), ErrorKind::InvalidInput(_));
        fails!(public.verify(pss, &digest, &signature), ErrorKind::InvalidInput(_));
    }
    assert_eq!(mock.total(), 0);
    public.verify(pss, &[7; 32], &signature)?;
    Ok(())
}

fn opening_and_closing(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    let made = session.token().clone();
    mock.reset_counts();
    made.open().start()?.close()?;
    assert_eq!(mock.counts(), [("C_OpenSession", 1), ("C_CloseSession", 1)]);
    mock.reset_counts();
    // The flags say whether a PIN may be tried.
    made.open().user_pin(PIN).start()?.close()?;
    assert_eq!(
        mock.counts(),
        [("C_GetTokenInfo", 1), ("C_OpenSession", 1), ("C_CloseSession", 1), ("C_Login", 1)]
    );
    Ok(())
}

/// What is made here is known here: nothing is read before a key is written.
fn keys_come_and_go_in_one_call(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    for fixture in [&crate::import::RSA, &crate::import::P256] {
        let public = PublicKeyDer::from_der(fixture.public)?;
        let counts = calls_when_warm(&mock, || session.import(&public).label("in").create())?;
        assert_eq!(counts, [("C_CreateObject", 1)]);
        let private = PrivateKeyDer::from_der(fixture.private)?;
        let counts = calls_when_warm(&mock, || session.import_pair(&private).create())?;
        assert_eq!(counts, [("C_CreateObject", 2)]);
        let object = session.import(&public).create()?;
        let counts = calls_when_warm(&mock, || object.to_spki_der())?;
        assert_eq!(counts, [("C_GetAttributeValue", 1)]);
        let open = session.import(&private).with(attr::SENSITIVE, false);
        let open = open.with(attr::EXTRACTABLE, true).create()?;
        let counts = calls_when_warm(&mock, || open.to_pkcs8_der())?;
        assert_eq!(counts, [("C_GetAttributeValue", 1)]);
    }
    let (public, _) = session.generate_key_pair(Curve::P384).create()?;
    mock.reset_counts();
    public.to_spki_der()?;
    assert_eq!(mock.counts(), [("C_GetAttributeValue", 1)]);
    Ok(())
}

fn signatures_in_der_are_two_calls(token: &TestToken) -> Outcome {
    let (mock, session) = session(token)?;
    for (fixture, algorithm) in [
        (&crate::import::RSA, SignatureAlgorithm::SHA256_WITH_RSA),
        (&crate::import::P256, SignatureAlgorithm::ECDSA_WITH_SHA256),
    ] {
        let key = PrivateKeyDer::from_der(fixture.private)?;
        let (public, private) = session.import_pair(&key).create()?;
        let counts = calls_when_warm(&mock, || private.sign_der(algorithm, b"message"))?;
        assert_eq!(counts, [("C_SignInit", 1), ("C_Sign", 1)]);
        let verify = || public.verify_der(algorithm, b"message", fixture.signature);
        let counts = calls_when_warm(&mock, verify)?;
        assert_eq!(counts, [("C_VerifyInit", 1), ("C_Verify", 1)]);
    }
    Ok(())
}
