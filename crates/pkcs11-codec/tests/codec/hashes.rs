//! DigestInfo against OpenSSL and the list of RFC 8017.

use hex_literal::hex;
use pkcs11_codec::{
    ErrorKind,
    digest_info::{Digest, DigestInfo},
};
use rstest::rstest;

use crate::{fault, fixtures};

#[rstest]
#[case(Digest::SHA1, fixtures::DIGEST_INFO_SHA1)]
#[case(Digest::SHA224, fixtures::DIGEST_INFO_SHA224)]
#[case(Digest::SHA256, fixtures::DIGEST_INFO_SHA256)]
#[case(Digest::SHA384, fixtures::DIGEST_INFO_SHA384)]
#[case(Digest::SHA512, fixtures::DIGEST_INFO_SHA512)]
#[case(Digest::SHA512_224, fixtures::DIGEST_INFO_SHA512_224)]
#[case(Digest::SHA512_256, fixtures::DIGEST_INFO_SHA512_256)]
#[case(Digest::SHA3_224, fixtures::DIGEST_INFO_SHA3_224)]
#[case(Digest::SHA3_256, fixtures::DIGEST_INFO_SHA3_256)]
#[case(Digest::SHA3_384, fixtures::DIGEST_INFO_SHA3_384)]
#[case(Digest::SHA3_512, fixtures::DIGEST_INFO_SHA3_512)]
fn as_openssl_writes_it(#[case] algorithm: Digest, #[case] der: &[u8]) {
    let info = DigestInfo::from_der(der).unwrap();
    assert_eq!(info.algorithm(), algorithm);
    assert_eq!(info.digest().len(), algorithm.digest_bytes());
    assert_eq!(info.to_der().unwrap(), der);
    assert_eq!([algorithm.prefix(), info.digest()].concat(), der);
}

/// RFC 8017 §9.2, note 1.
#[rstest]
#[case(Digest::SHA1, &hex!("30 21 30 09 06 05 2b 0e 03 02 1a 05 00 04 14"))]
#[case(Digest::SHA224, &hex!("30 2d 30 0d 06 09 60 86 48 01 65 03 04 02 04 05 00 04 1c"))]
#[case(Digest::SHA256, &hex!("30 31 30 0d 06 09 60 86 48 01 65 03 04 02 01 05 00 04 20"))]
#[case(Digest::SHA384, &hex!("30 41 30 0d 06 09 60 86 48 01 65 03 04 02 02 05 00 04 30"))]
#[case(Digest::SHA512, &hex!("30 51 30 0d 06 09 60 86 48 01 65 03 04 02 03 05 00 04 40"))]
#[case(Digest::SHA512_224, &hex!("30 2d 30 0d 06 09 60 86 48 01 65 03 04 02 05 05 00 04 1c"))]
#[case(Digest::SHA512_256, &hex!("30 31 30 0d 06 09 60 86 48 01 65 03 04 02 06 05 00 04 20"))]
fn as_the_rfc_lists_it(#[case] algorithm: Digest, #[case] prefix: &[u8]) {
    assert_eq!(algorithm.prefix(), prefix);
}

#[test]
fn each_prefix_is_what_the_encoder_writes() {
    assert_eq!(Digest::ALL.len(), 11);
    for algorithm in Digest::ALL {
        let hash = vec![0x5a; algorithm.digest_bytes()];
        let der = DigestInfo::new(*algorithm, &hash).unwrap().to_der().unwrap();
        assert_eq!([algorithm.prefix(), &hash].concat(), der, "{algorithm}");
        assert_eq!(Digest::from_oid(algorithm.oid()), Some(*algorithm));
    }
}

#[test]
fn what_is_no_digest_info_is_refused() {
    let kind = ErrorKind::WrongLength { expected: 32, found: 20 };
    assert_eq!(fault(DigestInfo::new(Digest::SHA256, &[0; 20])), (None, kind));

    let sha1_as_sha256 =
        [&hex!("30 25 300d 0609 608648016503040201 0500 0414")[..], &[0; 20]].concat();
    assert_eq!(fault(DigestInfo::from_der(&sha1_as_sha256)), (Some(17), kind));

    let no_parameters = [&hex!("30 1f 3007 0605 2b0e03021a 0414")[..], &[0; 20]].concat();
    let (position, _) = fault(DigestInfo::from_der(&no_parameters));
    assert_eq!(position, Some(11));

    let unknown = [&hex!("30 1d 3005 0601 2a 0500 0414")[..], &[0; 20]].concat();
    let (position, _) = fault(DigestInfo::from_der(&unknown));
    assert_eq!(position, Some(4));
}
