//! What a program may do with the handles: store them, send them, share them.

use pkcs11_core::message::{
    CipherMessage, MessageDecryptor, MessageEncryptor, MessageSigner, MessageVerifier,
};
use pkcs11_core::{
    AsyncSession, Certificate, Data, DomainParameters, Error, Module, Object, PrivateKey,
    PublicKey, SecretKey, Session, Slot, Token,
};

#[test]
fn handles_go_everywhere() {
    fn anywhere<T: Clone + Send + Sync + 'static>() {}
    anywhere::<Module>();
    anywhere::<Slot>();
    anywhere::<Token>();
    anywhere::<Session>();
    anywhere::<AsyncSession>();
    anywhere::<Object>();
    anywhere::<SecretKey>();
    anywhere::<PublicKey>();
    anywhere::<PrivateKey>();
    anywhere::<Certificate>();
    anywhere::<DomainParameters>();
    anywhere::<Data>();
}

#[test]
fn errors_go_everywhere() {
    fn anywhere<T: std::error::Error + Send + Sync + 'static>() {}
    anywhere::<Error>();
}

#[test]
fn messages_go_to_other_threads() {
    fn sent<T: Send + 'static>() {}
    sent::<MessageEncryptor>();
    sent::<MessageDecryptor>();
    sent::<MessageSigner>();
    sent::<MessageVerifier>();
    sent::<CipherMessage<'static, 'static>>();
}
