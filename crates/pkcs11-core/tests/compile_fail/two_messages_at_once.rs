//! A message begins after the end of the one before, and its nonce and tag are the token's until
//! then.

use pkcs11_core::Result;
use pkcs11_core::mechanism::AesGcmMessage;
use pkcs11_core::message::{MessageEncryptor, MessageSigner};

fn two(encryptor: &mut MessageEncryptor) -> Result<()> {
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    let (mut other_nonce, mut other_tag) = ([0; 12], [0; 16]);
    let message = encryptor.begin(AesGcmMessage::new(&mut nonce, &mut tag), b"")?;
    encryptor.encrypt(AesGcmMessage::new(&mut other_nonce, &mut other_tag), b"", b"abc")?;
    message.finish()?;
    Ok(())
}

fn read_before(encryptor: &mut MessageEncryptor) -> Result<()> {
    let (mut nonce, mut tag) = ([0; 12], [0; 16]);
    let message = encryptor.begin(AesGcmMessage::new(&mut nonce, &mut tag), b"")?;
    println!("{tag:?}");
    message.finish()?;
    Ok(())
}

fn finished_before(mut signer: MessageSigner) -> Result<()> {
    let message = signer.begin()?;
    signer.finish()?;
    message.finish()?;
    Ok(())
}

fn main() {}
