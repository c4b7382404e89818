//! PEM as OpenSSL and others write it, and as it must not be.

use pkcs11_codec::{
    CertificateDer, ErrorKind, PrivateKeyDer, PrivateKeyForm, PublicKeyDer,
    dh::{DhParameters, X942Parameters},
    dsa::{DsaParameters, DsaPrivateKey},
    ec::{Curve, EcParameters},
    pem::{self, Label},
    pkcs8::{PrivateKey, PrivateKeyInfo},
    spki::PublicKey,
    tlv::Tag,
};
use rstest::rstest;

use crate::{fault, fixtures, fixtures::private_keys as files};

fn labels(text: &[u8]) -> Vec<String> {
    pem::blocks(text).map(|block| block.unwrap().label().to_string()).collect()
}

#[test]
fn files_of_several_blocks() {
    let expected = ["CERTIFICATE", "PRIVATE KEY", "CERTIFICATE"];
    assert_eq!(labels(files::BUNDLE_PEM), expected);
    assert_eq!(labels(files::BAG_ATTRIBUTES_PEM), ["CERTIFICATE", "PRIVATE KEY"]);
    assert_eq!(labels(files::EC_WITH_PARAMETERS_PEM), ["EC PARAMETERS", "EC PRIVATE KEY"]);
    assert_eq!(labels(b""), [""; 0]);
    assert_eq!(labels(b"nothing -----BEGIN at the beginning of a line"), [""; 0]);

    for block in pem::blocks(files::BUNDLE_PEM) {
        let block = block.unwrap();
        let der = block.decode().unwrap();
        assert_eq!(der[0], 0x30);
        // OpenSSL's lines are those of RFC 7468.
        let text = pem::encode(block.label(), &der).unwrap();
        let end = block.position() + text.len();
        assert_eq!(&files::BUNDLE_PEM[block.position()..end], text.as_bytes());
    }
}

/// The same key in each form that OpenSSL has, and as it writes it in PKCS#8.
#[rstest]
#[case(files::RSA_TRADITIONAL_PEM, PrivateKeyForm::Pkcs1, files::RSA)]
#[case(files::RSA_THREE_PRIMES_TRADITIONAL_PEM, PrivateKeyForm::Pkcs1, files::RSA_THREE_PRIMES)]
#[case(files::DSA_TRADITIONAL_PEM, PrivateKeyForm::Dsa, files::DSA)]
#[case(files::EC_NO_PUBLIC_PEM, PrivateKeyForm::Sec1, files::EC_NO_PUBLIC)]
#[case(files::EC_EXPLICIT_PEM, PrivateKeyForm::Sec1, files::EC_EXPLICIT)]
#[case(files::ED25519_PEM, PrivateKeyForm::Pkcs8, files::ED25519)]
fn private_keys(#[case] text: &[u8], #[case] form: PrivateKeyForm, #[case] pkcs8: &[u8]) {
    let key = PrivateKeyDer::from_pem(text).unwrap();
    assert_eq!(key.form(), form);
    assert_eq!(key.to_pem().unwrap().as_bytes(), text);
    assert_eq!(*key.to_pkcs8_der().unwrap(), pkcs8);

    // The form is told by the DER too.
    assert_eq!(PrivateKeyDer::from_der(key.der()).unwrap().form(), form);
    let again = PrivateKeyDer::from_der(pkcs8).unwrap();
    assert_eq!((again.form(), again.der()), (PrivateKeyForm::Pkcs8, pkcs8));
    let kind = std::mem::discriminant(&again.key().unwrap());
    assert_eq!(kind, std::mem::discriminant(&key.key().unwrap()));
    assert_eq!(format!("{key:?}"), format!("PrivateKeyDer {{ form: {form:?}, .. }}"));
}

#[test]
#[cfg_attr(miri, ignore = "nine keys of up to 4096 bits take a minute")]
fn keys_of_rfc_9500() {
    for (name, text) in files::RFC_9500 {
        let key = PrivateKeyDer::from_pem(text).unwrap();
        assert_eq!(key.to_pem().unwrap().as_bytes(), *text, "{name}");
        let bits = match key.key().unwrap() {
            PrivateKey::Rsa(rsa) => {
                assert_eq!(*rsa.to_der().unwrap(), key.der());
                rsa.modulus.len() * 8
            }
            PrivateKey::Dsa { parameters, .. } => {
                let dsa = DsaPrivateKey::from_der(key.der()).unwrap();
                assert_eq!(dsa.parameters, parameters);
                assert_eq!(*dsa.to_der().unwrap(), key.der());
                // Up to ten bits less than the name says.
                (parameters.prime.len() * 8).next_multiple_of(1024)
            }
            PrivateKey::Ec { parameters, key: ec } => {
                assert_eq!(*ec.to_der().unwrap(), key.der());
                match parameters.curve().unwrap() {
                    Curve::P256 => 256,
                    Curve::P384 => 384,
                    Curve::P521 => 521,
                    curve => panic!("{curve:?}"),
                }
            }
            other => panic!("{other:?}"),
        };
        assert!(name.ends_with(&bits.to_string()), "{name}: {bits}");

        let pkcs8 = key.to_pkcs8_der().unwrap();
        let info = PrivateKeyInfo::from_der(&pkcs8).unwrap();
        assert_eq!(*info.to_der().unwrap(), *pkcs8);
    }
}

#[test]
fn a_key_among_other_blocks() {
    let alone = PrivateKeyDer::from_pem(files::EC_TRADITIONAL_PEM).unwrap();
    let key = PrivateKeyDer::from_pem(files::EC_WITH_PARAMETERS_PEM).unwrap();
    assert_eq!(key.der(), alone.der());
    let in_bundle = PrivateKeyDer::from_pem(files::BUNDLE_PEM).unwrap();
    let in_bag = PrivateKeyDer::from_pem(files::BAG_ATTRIBUTES_PEM).unwrap();
    assert_eq!(in_bundle.der(), in_bag.der());
    assert!(matches!(in_bundle.key().unwrap(), PrivateKey::Edwards { curve: Curve::ED25519, .. }));
}

#[test]
fn none_and_several() {
    let none = PrivateKeyDer::from_pem(files::TRUSTED_PEM);
    let found = "TRUSTED CERTIFICATE";
    assert_eq!(fault(none), (Some(0), ErrorKind::PemOther { found }));

    let two = [files::ED25519_PEM, files::DSA_TRADITIONAL_PEM].concat();
    let several = ErrorKind::PemSeveral { expected: "PRIVATE KEY" };
    assert_eq!(fault(PrivateKeyDer::from_pem(&two)), (Some(files::ED25519_PEM.len()), several));

    let missing = ErrorKind::PemMissing { expected: "PUBLIC KEY" };
    assert_eq!(fault(PublicKeyDer::from_pem("")), (None, missing));
    let says = |text: &[u8]| PublicKeyDer::from_pem(text).unwrap_err().to_string();
    assert_eq!(says(b""), "expected a PEM block PUBLIC KEY, found none");
    assert_eq!(
        says(files::ED25519_PEM),
        "at byte 0: expected a PEM block of another kind, found PRIVATE KEY",
    );
    let openssh = b"-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n-----END OPENSSH PRIVATE KEY-----\n";
    assert_eq!(
        says(openssh),
        "at byte 0: expected a PEM block of another kind, found OPENSSH PRIVATE KEY"
    );
    let pgp = b"-----BEGIN PGP MESSAGE-----\nAA==\n-----END PGP MESSAGE-----\n";
    assert_eq!(
        says(pgp),
        "at byte 0: expected a PEM block of another kind, found one without a name here"
    );
}

/// The mistakes of every day are told by their names.
#[test]
fn another_file_than_der() {
    let pem = fault(PrivateKeyDer::from_der(files::ED25519_PEM));
    assert_eq!(pem, (Some(0), ErrorKind::PemForDer));
    assert_eq!(fault(PublicKeyDer::from_der(files::ED25519_PEM)), pem);
    assert_eq!(fault(CertificateDer::from_der(files::ED25519_PEM)), pem);
    let encrypted = pem::one(files::AES256_PEM, &[Label::EncryptedPrivateKey]).unwrap();
    let encrypted = PrivateKeyDer::from_der(&encrypted.decode().unwrap());
    assert_eq!(fault(encrypted), (Some(0), ErrorKind::EncryptedKey));
}

#[test]
fn legacy_encryption_is_refused_with_advice() {
    let error = PrivateKeyDer::from_pem(files::RSA_LEGACY_ENCRYPTED_PEM).unwrap_err();
    let header = "-----BEGIN RSA PRIVATE KEY-----\n".len();
    assert_eq!((error.position(), error.kind()), (Some(header), ErrorKind::PemLegacyEncryption));
    assert!(error.to_string().contains("openssl pkcs8 -topk8"), "{error}");
    // It spoils nothing but itself.
    let text = [files::RSA_LEGACY_ENCRYPTED_PEM, files::BUNDLE_PEM].concat();
    assert_eq!(labels(&text).len(), 4);
}

#[test]
fn certificates() {
    let all = |text| -> Vec<_> { pem::all(text, &[Label::Certificate]).collect() };
    assert_eq!(all(files::BUNDLE_PEM).len(), 2);
    assert!(all(files::BUNDLE_PEM).iter().all(Result::is_ok));
    let [trusted] = <[_; 1]>::try_from(all(files::TRUSTED_PEM)).unwrap();
    assert_eq!(fault(trusted), (Some(0), ErrorKind::TrustedCertificate));
    // Who asks for it gets it.
    pem::one(files::TRUSTED_PEM, &[Label::TrustedCertificate]).unwrap();
}

#[test]
fn owned_certificates() {
    let chain = CertificateDer::chain_from_pem(files::BUNDLE_PEM).unwrap();
    let [first, second] = &chain[..] else { panic!("{} certificates", chain.len()) };
    assert_ne!(first, second);
    let text = first.to_pem().unwrap();
    assert_eq!(CertificateDer::from_pem(&text).as_ref(), Ok(first));
    assert_eq!(first.certificate().unwrap().der, first.der());
    let several = CertificateDer::from_pem(files::BUNDLE_PEM);
    assert!(matches!(fault(several).1, ErrorKind::PemSeveral { expected: "CERTIFICATE" }));
    let none = CertificateDer::chain_from_pem(files::ED25519_PEM);
    assert_eq!(fault(none).1, ErrorKind::PemOther { found: "PRIVATE KEY" });
    // The first byte of the DER is the first of the base64, in the text.
    let broken = "-----BEGIN CERTIFICATE-----\nMQA=\n-----END CERTIFICATE-----\n";
    assert_eq!(CertificateDer::from_pem(broken).unwrap_err().position(), Some(28));
}

#[test]
fn parameters() {
    let only = |text: &[u8], label| {
        let block = pem::one(text, &[label]).unwrap();
        let der = block.decode().unwrap();
        assert_eq!(pem::encode(label, &der).unwrap().as_bytes(), &text[block.position()..]);
        der
    };
    let der = only(files::DSA_PARAMETERS_PEM, Label::DsaParameters);
    assert_eq!(DsaParameters::from_der(&der).unwrap().subprime.len(), 20);
    let der = only(files::DH_PARAMETERS_PEM, Label::DhParameters);
    assert_eq!(DhParameters::from_der(&der).unwrap().base, [2]);
    let der = only(files::X942_PARAMETERS_PEM, Label::X942DhParameters);
    assert_eq!(X942Parameters::from_der(&der).unwrap().subprime.len(), 20);
    let block = pem::one(files::EC_WITH_PARAMETERS_PEM, &[Label::EcParameters]).unwrap();
    let der = block.decode().unwrap();
    assert_eq!(EcParameters::from_der(&der).unwrap().curve(), Some(Curve::P256));
}

#[test]
fn public_keys() {
    for (label, der) in
        [(Label::PublicKey, fixtures::RSA_SPKI), (Label::RsaPublicKey, fixtures::RSA_PUBLIC_KEY)]
    {
        let key = PublicKeyDer::from_pem(&pem::encode(label, der).unwrap().as_bytes()).unwrap();
        assert_eq!(key, PublicKeyDer::from_der(der).unwrap());
        assert_eq!(key.der(), fixtures::RSA_SPKI);
        assert!(matches!(key.key().unwrap(), PublicKey::Rsa(key) if key.modulus.len() == 128));
        let text = pem::encode(Label::PublicKey, fixtures::RSA_SPKI).unwrap();
        assert_eq!(key.to_pem().unwrap(), *text);
        assert_eq!(key.key().unwrap().to_pem().unwrap(), *text);
    }
}

#[test]
fn labels_have_one_spelling() {
    for (written, label) in [
        ("X509 CERTIFICATE", Label::Certificate),
        ("NEW CERTIFICATE REQUEST", Label::CertificateRequest),
        ("CRL", Label::Crl),
        ("X509 CRL", Label::Crl),
        ("TRUSTED CERTIFICATE", Label::TrustedCertificate),
        ("PKCS7", Label::Other("PKCS7")),
        ("certificate", Label::Other("certificate")),
    ] {
        assert_eq!(Label::from(written), label);
        assert_eq!(Label::from(label.as_str()), label);
    }
}

/// One octet string in all the ways that lines may be.
#[rstest]
#[case::crlf("-----BEGIN CMS-----\r\nBAIB\r\n/w==\r\n-----END CMS-----\r\n")]
#[case::cr("-----BEGIN CMS-----\rBAIB\r/w==\r-----END CMS-----\r")]
#[case::no_end_of_the_last_line("-----BEGIN CMS-----\nBAIB/w==\n-----END CMS-----")]
#[case::short_lines("-----BEGIN CMS-----\nB\nA\nI\nB\n/\nw\n=\n=\n-----END CMS-----\n")]
#[case::blank_lines("\n\n-----BEGIN CMS-----\n\nBAIB/w==\n\n-----END CMS-----\n\n")]
#[case::white_space("-----BEGIN CMS-----  \n \tBAIB /w==\t\n-----END CMS-----\t\n")]
#[case::text("a: b\n----- BEGIN\n-----BEGIN CMS-----\nBAIB/w==\n-----END CMS-----\nmore\n")]
#[case::byte_order_mark("\u{feff}-----BEGIN CMS-----\nBAIB/w==\n-----END CMS-----\n")]
#[case::stray_end("-----END CMS-----\n-----BEGIN CMS-----\nBAIB/w==\n-----END CMS-----\n")]
fn lines(#[case] text: &str) {
    let block = pem::one(text, &[Label::Other("CMS")]).unwrap();
    assert_eq!(**block.decode().unwrap(), [0x04, 0x02, 0x01, 0xff]);
    assert_eq!(block.position(), text.find("-----BEGIN CMS").unwrap());
    for (der, character) in ["B", "A", "I", "/"].iter().enumerate() {
        let position = block.text_position(der);
        assert_eq!(&text[position..=position], *character);
    }
}

#[rstest]
#[case::no_end("-----BEGIN CMS-----\nBAIB\n", 25, ErrorKind::PemEnd)]
#[case::other_end("-----BEGIN CMS-----\nBAIB\n-----END CRL-----\n", 25, ErrorKind::PemEnd)]
#[case::other_spelling(
    "-----BEGIN X509 CRL-----\nBAIB\n-----END CRL-----\n",
    30,
    ErrorKind::PemEnd
)]
#[case::begun_again("-----BEGIN CMS-----\nBAIB\n-----BEGIN CMS-----\n", 25, ErrorKind::PemEnd)]
#[case::broken_end("-----BEGIN CMS-----\nBAIB\n-----END CMS\n", 25, ErrorKind::PemBoundary)]
#[case::broken_begin(
    "-----BEGIN CMS-----\nBAIB\n-----BEGIN CMS\n-----END CMS-----\n",
    25,
    ErrorKind::PemBoundary
)]
fn what_are_no_blocks(#[case] text: &str, #[case] position: usize, #[case] kind: ErrorKind) {
    let mut blocks = pem::blocks(text);
    assert_eq!(fault(blocks.next().unwrap()), (Some(position), kind));
    assert!(blocks.next().is_none());
}

/// A mail may quote half of a boundary, or say where it ends.
#[rstest]
#[case::four_dashes("-----BEGIN CMS----\nBAIB\n", true)]
#[case::more_behind("-----BEGIN CMS-----BAIB-----END CMS-----\n", true)]
#[case::six_dashes("-----BEGIN CMS------\nBAIB\n", true)]
#[case::control("-----BEGIN C\tS-----\nBAIB\n", true)]
#[case::prose("-----BEGIN of what was signed\n", true)]
#[case::end_of_prose("-----END of the message\n", true)]
#[case::other_text("-----BEGIN\n----- END CMS-----\n", false)]
fn text_that_is_like_a_boundary(#[case] text: &str, #[case] alike: bool) {
    assert!(pem::blocks(text).next().is_none());
    let block = "-----BEGIN CMS-----\nBAIB/w==\n-----END CMS-----\n";
    let around = [text, block, text].concat();
    let found = pem::one(&around, &[Label::Other("CMS")]).unwrap();
    assert_eq!((found.position(), found.decode().unwrap().len()), (text.len(), 4));

    // With no block beside it, it is the mistake that was made.
    let alone = ["x\n", text].concat();
    let expected = if alike {
        (Some(2), ErrorKind::PemBoundary)
    } else {
        (None, ErrorKind::PemMissing { expected: "CERTIFICATE" })
    };
    assert_eq!(fault(pem::one(&alone, &[Label::Certificate])), expected);
    assert_eq!(fault(pem::one_or_more(&alone, &[Label::Certificate])), expected);
}

#[rstest]
#[case::empty("", 20, ErrorKind::Empty)]
#[case::blank("\n \n", 20, ErrorKind::Empty)]
#[case::character("BAI*/w==\n", 23, ErrorKind::PemBase64)]
#[case::url_alphabet("BAIB_w==\n", 24, ErrorKind::PemBase64)]
#[case::no_padding("BAIB/w\n", 27, ErrorKind::PemBase64)]
#[case::one_padding("BAIB/w=\n", 28, ErrorKind::PemBase64)]
#[case::much_padding("BAIB/w===\n", 30, ErrorKind::PemBase64)]
#[case::one_character("BAIB/\n", 26, ErrorKind::PemBase64)]
#[case::padding_inside("BA==BAIB\n", 29, ErrorKind::PemBase64)]
// The last four bits belong to no octet.
#[case::unused_bits("BAIB/x==\n", 29, ErrorKind::PemBase64)]
#[case::utf8("BAIB/w=\u{e9}\n", 27, ErrorKind::PemBase64)]
#[case::header("Comment: x\n\nBAIB/w==\n", 20, ErrorKind::PemHeader)]
#[case::clear_header("Proc-Type: 4,MIC-CLEAR\n\nBAIB/w==\n", 20, ErrorKind::PemHeader)]
#[case::encrypted("\nProc-Type: 4,ENCRYPTED\n\nBAIB/w==\n", 21, ErrorKind::PemLegacyEncryption)]
fn what_is_in_no_block(#[case] body: &str, #[case] position: usize, #[case] kind: ErrorKind) {
    let text = format!("-----BEGIN CMS-----\n{body}-----END CMS-----\n");
    let block = pem::blocks(&text).next().unwrap().unwrap();
    assert_eq!(fault(block.decode()), (Some(position), kind));
}

/// What is wrong in the DER is found in the text.
#[test]
fn positions_are_those_of_the_text() {
    let text = std::str::from_utf8(files::ED25519_PEM).unwrap();
    // The version is byte 4 of the DER, in the second group of four characters: Ag EA.
    let wrong = text.replacen("MC4CAQAw", "MC4CAf8w", 1);
    let key = PrivateKeyDer::from_pem(&wrong);
    let begin = "-----BEGIN PRIVATE KEY-----\n".len();
    assert_eq!(fault(key), (Some(begin + 5), ErrorKind::NegativeInteger));

    // A key of another form than its label says.
    let wrong = text.replace("PRIVATE KEY", "EC PRIVATE KEY");
    let kind = ErrorKind::UnsupportedVersion { expected: 1 };
    assert_eq!(fault(PrivateKeyDer::from_pem(&wrong)), (Some(begin + 3 + 2), kind));
}

#[test]
fn labels_that_cannot_be_written() {
    for label in ["A\nB", "-----", "\u{e9}", "", " a", "a ", "A\tB", "a  b", "a--b", "-a"] {
        assert_eq!(fault(pem::encode(Label::Other(label), &[5, 0])), (None, ErrorKind::PemLabel));
    }
    let text = pem::encode(Label::Other("CMS"), &[0x04, 0x02, 0x01, 0xff]).unwrap();
    assert_eq!(**text, *"-----BEGIN CMS-----\nBAIB/w==\n-----END CMS-----\n");
}

#[test]
fn forms_that_are_none() {
    for (der, position, kind) in [
        (
            &[0x05, 0x00][..],
            0,
            ErrorKind::UnexpectedTag { expected: Tag::SEQUENCE, found: Tag::NULL },
        ),
        (&[0x30, 0x00], 2, ErrorKind::Missing { expected: Tag::INTEGER }),
        (&[0x30, 0x03, 0x02, 0x01, 0x00], 5, ErrorKind::Missing { expected: Tag::SEQUENCE }),
        (&[0x30, 0x03, 0x02, 0x01, 0x00, 0x00], 5, ErrorKind::TrailingData { left: 1 }),
        // RFC 5915 without parameters: there is no telling the curve.
        (
            &[0x30, 0x06, 0x02, 0x01, 0x01, 0x04, 0x01, 0x07],
            0,
            ErrorKind::Missing { expected: Tag::context_constructed(0) },
        ),
    ] {
        assert_eq!(fault(PrivateKeyDer::from_der(der)), (Some(position), kind));
    }
}
