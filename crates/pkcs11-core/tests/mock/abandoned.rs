//! Streams that nobody ends, and streams that fail: they are cancelled, on modules of every version.

use std::thread;

use pkcs11_core::mechanism::AesCbcPad;
use pkcs11_core::sys::{CKR_DEVICE_ERROR, CKR_OPERATION_CANCEL_FAILED};
use pkcs11_core::{Data, ErrorKind, Function, MechanismType, Result, SecretKey, Session};
use pkcs11_mock::{Lie, Mock, Version};
use rstest::rstest;

use crate::support::{MESSAGE, aes_key, failure, hmac_key, open};

const MAC: MechanismType = MechanismType::SHA256_HMAC;

/// A session with a key for each operation.
struct Tools {
    session: Session,
    aes: SecretKey,
    hmac: SecretKey,
}

/// A stream of any kind: it takes data, and is abandoned when dropped.
type Feed = Box<dyn FnMut(&[u8]) -> Result<()> + Send>;

impl Tools {
    fn new(mock: &Mock) -> Self {
        let session = open(mock);
        let (aes, hmac) = (aes_key(&session), hmac_key(&session));
        mock.reset_counts();
        Self { session, aes, hmac }
    }

    fn start(&self, kind: &str) -> Result<Feed> {
        let cbc = AesCbcPad::new(&[0; 16]);
        Ok(match kind {
            "Encrypt" => {
                let mut cipher = self.aes.encryptor(cbc)?;
                Box::new(move |data| cipher.update(data).map(drop))
            }
            "Decrypt" => {
                let mut cipher = self.aes.decryptor(cbc)?;
                Box::new(move |data| cipher.update(data).map(drop))
            }
            "Digest" => {
                let mut digester = self.session.digester(MechanismType::SHA256)?;
                Box::new(move |data| digester.update(data))
            }
            "Sign" => {
                let mut signer = self.hmac.signer(MAC)?;
                Box::new(move |data| signer.update(data))
            }
            _ => {
                let mut verifier = self.hmac.verifier(MAC)?;
                Box::new(move |data| verifier.update(data))
            }
        })
    }
}

/// Other operations work, without having to clean up first.
fn assert_free(mock: &Mock, tools: &Tools) {
    mock.reset_counts();
    tools.hmac.sign(MAC, MESSAGE).unwrap();
    tools.session.digest(MechanismType::SHA256, MESSAGE).unwrap();
    tools.session.find::<Data>().all().unwrap();
    assert_eq!(mock.total(), 7, "{:?}", mock.counts());
}

#[rstest]
fn an_abandoned_stream_is_cancelled(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
    #[values("Encrypt", "Decrypt", "Digest", "Sign", "Verify")] kind: &str,
    #[values(0, 100)] fed: usize,
) {
    let mock = Mock::start();
    mock.version(version);
    let tools = Tools::new(&mock);
    let mut stream = tools.start(kind).unwrap();
    stream(&vec![1; fed]).unwrap();
    mock.reset_counts();
    drop(stream);
    let old = u64::from(version == Version::V2_40);
    assert_eq!(mock.calls("C_SessionCancel"), 1 - old);
    assert_eq!(mock.calls(&format!("C_{kind}")), old);
    assert_eq!(mock.total(), 1, "{:?}", mock.counts());
    assert_free(&mock, &tools);
}

#[rstest]
fn an_abandoned_stream_is_cancelled_in_the_older_way_where_the_new_one_fails(
    #[values("Encrypt", "Decrypt", "Digest", "Sign", "Verify")] kind: &str,
) {
    let mock = Mock::start();
    let tools = Tools::new(&mock);
    mock.lie("C_SessionCancel", Lie::Code(CKR_OPERATION_CANCEL_FAILED));
    let mut stream = tools.start(kind).unwrap();
    stream(MESSAGE).unwrap();
    drop(stream);
    assert_eq!((mock.calls("C_SessionCancel"), mock.calls(&format!("C_{kind}"))), (1, 1));
    assert_free(&mock, &tools);
}

#[rstest]
fn a_stream_abandoned_on_another_thread_gives_the_lock_back(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
    #[values("Encrypt", "Sign")] kind: &str,
) {
    let mock = Mock::start();
    mock.version(version);
    let tools = Tools::new(&mock);
    let mut stream = tools.start(kind).unwrap();
    stream(MESSAGE).unwrap();
    thread::spawn(move || drop(stream)).join().unwrap();
    assert_free(&mock, &tools);
}

#[rstest]
fn a_part_that_fails_cancels_the_stream(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
    #[values("Encrypt", "Decrypt", "Digest", "Sign", "Verify")] kind: &str,
) {
    let mock = Mock::start();
    mock.version(version);
    let tools = Tools::new(&mock);
    let update = format!("C_{kind}Update");
    let mut stream = tools.start(kind).unwrap();
    stream(&[1; 32]).unwrap();
    // It stays active in the mock.
    mock.lie_times(&update, 1, Lie::Code(CKR_DEVICE_ERROR));
    let error = failure!(stream(&[1; 32]), ErrorKind::Failed);
    assert_eq!(error.function().map(Function::name), Some(&*update));
    // The session is free, though the stream still lives; and that is said without a call.
    assert_free(&mock, &tools);
    mock.reset_counts();
    failure!(stream(&[1; 32]), ErrorKind::StreamFailed);
    drop(stream);
    assert_eq!(mock.total(), 0, "{:?}", mock.counts());
}

#[rstest]
fn an_end_that_fails_cancels_the_stream(
    #[values(Version::V2_40, Version::V3_2)] version: Version,
    #[values("C_EncryptFinal", "C_DigestFinal", "C_SignFinal", "C_VerifyFinal")] function: &str,
) {
    let mock = Mock::start();
    mock.version(version);
    let tools = Tools::new(&mock);
    mock.lie_times(function, 1, Lie::Code(CKR_DEVICE_ERROR));
    let cbc = AesCbcPad::new(&[0; 16]);
    let answer = match function {
        "C_EncryptFinal" => {
            let mut stream = tools.aes.encrypt_stream(cbc, [MESSAGE]).unwrap();
            stream.try_for_each(|part| part.map(drop))
        }
        "C_DigestFinal" => tools.session.digest_stream(MechanismType::SHA256, [MESSAGE]).map(drop),
        "C_SignFinal" => tools.hmac.sign_stream(MAC, [MESSAGE]).map(drop),
        _ => tools.hmac.verify_stream(MAC, [MESSAGE], &[0; 32]),
    };
    let error = failure!(answer, ErrorKind::Failed);
    assert_eq!(error.function().map(Function::name), Some(function));
    assert_free(&mock, &tools);
}

#[test]
fn a_producer_that_fails_cancels_the_stream() {
    let mock = Mock::start();
    mock.version(Version::V2_40);
    let tools = Tools::new(&mock);
    let parts = || [Ok(MESSAGE), Err("out of data")];
    let mut stream = tools.aes.encrypt_stream(AesCbcPad::new(&[0; 16]), parts()).unwrap();
    failure!(stream.next().unwrap(), ErrorKind::Producer(_));
    assert!(stream.next().is_none());
    assert_free(&mock, &tools);
    failure!(tools.hmac.sign_stream(MAC, parts()), ErrorKind::Producer(_));
    assert_free(&mock, &tools);
}

#[test]
fn an_abandoned_stream_on_a_token_that_is_gone_makes_no_call() {
    let mock = Mock::start();
    let tools = Tools::new(&mock);
    let mut stream = tools.start("Digest").unwrap();
    mock.lie_times("C_DigestUpdate", 1, Lie::Removed);
    failure!(stream(MESSAGE), ErrorKind::TokenGone);
    mock.reset_counts();
    drop(stream);
    assert_eq!(mock.total(), 0, "{:?}", mock.counts());
}
