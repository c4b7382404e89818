//! Properties of PEM: no text panics, what is written is read.

use pkcs11_codec::{
    ErrorKind, PrivateKeyDer,
    pem::{self, Label},
};
use proptest::{collection::vec, prelude::*, sample::select};

/// What PEM is made of.
const PARTS: &[&[u8]] = &[
    b"-----BEGIN CMS-----",
    b"-----END CMS-----",
    b"-----BEGIN PRIVATE KEY-----",
    b"-----END PRIVATE KEY-----",
    b"-----BEGIN ",
    b"-----END ",
    b"\n",
    b"\n",
    b"\r\n",
    b"BAIB/w==",
    b"MA",
    b"=",
    b": ",
    b"\xff",
];

proptest! {
    #![proptest_config(crate::random::config())]

    #[test]
    fn any_text(parts in vec(select(PARTS), 0..14)) {
        let text = parts.concat();
        for block in pem::blocks(&text) {
            let decoded = block.and_then(|block| {
                let der = block.decode()?;
                assert!(block.text_position(der.len()) <= text.len());
                Ok((block.label().to_string(), der))
            });
            match decoded {
                Ok((label, der)) => {
                    let again = pem::encode(Label::from(&*label), &der).unwrap();
                    let block = pem::blocks(&**again).next().unwrap().unwrap();
                    prop_assert_eq!(block.label(), Label::from(&*label));
                    prop_assert_eq!(block.decode().unwrap(), der);
                }
                Err(error) => prop_assert!(error.position().unwrap() <= text.len()),
            }
        }
        if let Err(error) = PrivateKeyDer::from_pem(&text) {
            // Where nothing is, there is no place.
            let nothing = matches!(error.kind(), ErrorKind::PemMissing { .. });
            prop_assert_ne!(error.position().is_some_and(|at| at <= text.len()), nothing);
        }
    }

    #[test]
    fn any_bytes_come_back(der in vec(any::<u8>(), 1..200)) {
        let text = pem::encode(Label::Other("CMS"), &der).unwrap();
        let crlf = text.replace('\n', "\r\n");
        for text in [&**text, &crlf, text.trim_end()] {
            let block = pem::one(text, &[Label::Other("CMS")]).unwrap();
            prop_assert_eq!(&**block.decode().unwrap(), &der[..]);
        }
        prop_assert!(text.lines().all(|line| line.len() <= 64));
    }
}
