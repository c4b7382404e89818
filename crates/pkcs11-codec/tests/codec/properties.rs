//! What holds for any bytes, a function for each family of entry points: nothing panics,
//! what decodes is encoded to the same bytes, and it is DER.
//!
//! A fault is a panic, so that random tests, the seeds and the fuzz targets share them.

use std::{collections::BTreeMap, ffi::c_ulong};

use pkcs11_codec::{
    CertificateDer, Error, ErrorKind, PrivateKeyDer, PublicKeyDer,
    algorithm::AlgorithmIdentifier,
    attribute::{AttributeType, Attributes, CurveForm, Forms},
    dh::{DhParameters, X942Parameters},
    digest_info::DigestInfo,
    dsa::{DsaParameters, DsaPrivateKey},
    ec::{self, EcParameters, EcPrivateKey, ExplicitParameters, PointForm},
    integer, lenient,
    oid::Oid,
    pem,
    pkcs1::{RsaPrivateKey, RsaPublicKey},
    pkcs8::{EncryptedPrivateKeyInfo, PrivateKey, PrivateKeyInfo},
    pkcs10::CertificationRequest,
    rsa_parameters::{OaepParameters, PssParameters},
    signature::{MAX_ORDER_BYTES, Signature, max_der_bytes},
    spki::{PublicKey, SubjectPublicKeyInfo},
    tlv::{self, Reader},
    x509::{Certificate, DateTime, Extensions, Name},
};

/// A property of all bytes.
pub(crate) type Property = fn(&[u8]);

/// All of them; the fuzz targets have the same names.
pub(crate) const ALL: &[(&str, Property)] = &[
    ("tlv", tlv),
    ("values", values),
    ("curves", curves),
    ("parameters", parameters),
    ("public_keys", public_keys),
    ("private_keys", private_keys),
    ("signatures", signatures),
    ("attributes", attributes),
    ("certificates", certificates),
    ("requests", requests),
    ("lenient", lenient),
    ("pem", pem),
];

/// What decodes is encoded again to the same bytes.
macro_rules! same {
    ($der:expr, $decoded:expr, $encode:expr) => {
        match $decoded {
            Ok(value) => assert_eq!(&$encode(&value).expect("what decodes")[..], $der),
            Err(error) => in_bounds(&error, $der),
        }
    };
}

/// The same, and every byte of it was looked at.
macro_rules! same_der {
    ($der:expr, $decoded:expr, $encode:expr) => {
        match $decoded {
            Ok(value) => {
                assert_eq!(&$encode(&value).expect("what decodes")[..], $der);
                assert_eq!(tlv::check($der), Ok(()));
            }
            Err(error) => in_bounds(&error, $der),
        }
    };
}

/// The primes of an RSA key with more than two have no place, nor has a number of RSA that is zero;
/// whether the point on a curve that is not known is wrapped cannot be told.
const ONE_WAY: [ErrorKind; 7] = [
    ErrorKind::MissingAttribute { attribute: AttributeType::PUBLIC_EXPONENT },
    ErrorKind::MissingAttribute { attribute: AttributeType::PRIME_1 },
    ErrorKind::MissingAttribute { attribute: AttributeType::PRIME_2 },
    ErrorKind::MissingAttribute { attribute: AttributeType::EXPONENT_1 },
    ErrorKind::MissingAttribute { attribute: AttributeType::EXPONENT_2 },
    ErrorKind::MissingAttribute { attribute: AttributeType::COEFFICIENT },
    ErrorKind::UnknownCurve,
];

/// What a key's attributes say is the same key, as far as attributes go, in the forms of all tokens.
macro_rules! same_attributes {
    ($kind:ident, $key:expr) => {
        let other = Forms { curve: CurveForm::Name, point: PointForm::OctetString };
        for forms in [Forms::default(), other] {
            let Ok(attributes) = $key.attributes(forms) else { continue };
            let attributes = pairs(attributes);
            let value = |of: AttributeType| attributes.get(&of.number()).map(Vec::as_slice);
            match $kind::from_attributes(value) {
                Ok(again) => {
                    assert_eq!(pairs(again.attributes(forms).expect("they were made")), attributes);
                }
                Err(error) => assert!(ONE_WAY.contains(&error.kind()), "{error}"),
            }
        }
    };
}

/// An error says which byte; the end is one behind the last.
fn in_bounds(error: &Error, der: &[u8]) {
    assert!(error.position().is_some_and(|position| position <= der.len()), "{error:?}");
    let _ = error.to_string();
}

/// The strict check, and a walk over what it has accepted.
pub(crate) fn tlv(der: &[u8]) {
    fn walk(reader: &mut Reader<'_>) -> Result<(), Error> {
        while let Some(tag) = reader.peek() {
            if tag.is_constructed() {
                reader.nested(tag, walk)?;
            } else {
                reader.any()?;
            }
        }
        Ok(())
    }
    match tlv::check(der) {
        Ok(()) => assert_eq!(tlv::decode(der, walk), Ok(())),
        Err(error) => in_bounds(&error, der),
    }
}

/// Numbers, identifiers and hashes.
pub(crate) fn values(der: &[u8]) {
    same_der!(der, integer::from_der(der), |value: &&[u8]| integer::to_der(value));
    same_der!(der, Oid::from_der(der), Oid::to_der);
    same_der!(der, DigestInfo::from_der(der), DigestInfo::to_der);
    if let Ok(oid) = Oid::from_content(der) {
        assert!(oid.to_string().contains('.'));
        assert_eq!(Oid::from_der(&oid.to_der().expect("an identifier")), Ok(oid));
    }
    if let Ok(unsigned) = integer::unsigned_from_content(der) {
        assert_eq!(integer::trim(unsigned), unsigned);
        assert_eq!(integer::content_from_unsigned(unsigned).as_deref(), Ok(der));
    }
    if let Ok(der) = integer::to_der(der) {
        assert!(integer::from_der(&der).is_ok());
    }
}

/// `CKA_EC_PARAMS` and `CKA_EC_POINT`.
pub(crate) fn curves(der: &[u8]) {
    same_der!(der, EcParameters::from_der(der), EcParameters::to_der);
    same_der!(der, ExplicitParameters::from_der(der), ExplicitParameters::to_der);
    same_der!(der, ec::unwrap_point(der), |raw: &&[u8]| ec::wrap_point(raw));
    // The parameters, and behind them what a token has for a point.
    let read = tlv::decode(der, |reader| Ok((reader.any()?.der(), reader.rest())));
    let Ok((parameters, value)) = read else { return };
    let Ok(parameters) = EcParameters::from_der(parameters) else { return };
    if let Ok(point) = ec::point_from_attribute(&parameters, value) {
        let form = PointForm::of_attribute(&parameters, value).expect("it was read");
        assert_eq!(form.wrap(point).expect("a point"), value);
        assert_eq!(parameters.check_public_key(point), Ok(()));
    }
}

/// Domain parameters and those of algorithms.
pub(crate) fn parameters(der: &[u8]) {
    same_der!(der, DsaParameters::from_der(der), DsaParameters::to_der);
    same_der!(der, DhParameters::from_der(der), DhParameters::to_der);
    same_der!(der, X942Parameters::from_der(der), X942Parameters::to_der);
    same_der!(der, PssParameters::from_der(der), PssParameters::to_der);
    same_der!(der, OaepParameters::from_der(der), OaepParameters::to_der);
    // The parameters of an algorithm that is not known are not looked at.
    same!(der, AlgorithmIdentifier::from_der(der), AlgorithmIdentifier::to_der);
}

/// Public keys.
pub(crate) fn public_keys(der: &[u8]) {
    same_der!(der, RsaPublicKey::from_der(der), RsaPublicKey::to_der);
    same!(der, PublicKey::from_spki_der(der), PublicKey::to_spki_der);
    if let Ok(key) = PublicKey::from_spki_der(der) {
        same_attributes!(PublicKey, key);
    }
    match (SubjectPublicKeyInfo::from_der(der), PublicKey::from_spki_der(der)) {
        (Ok(info), key) => {
            assert_eq!(info.der, der);
            assert_eq!(info.public_key(), key);
        }
        (Err(_), key) => assert!(key.is_err()),
    }
}

/// Private keys.
pub(crate) fn private_keys(der: &[u8]) {
    same_der!(der, RsaPrivateKey::from_der(der), RsaPrivateKey::to_der);
    same_der!(der, EcPrivateKey::from_der(der), EcPrivateKey::to_der);
    same_der!(der, DsaPrivateKey::from_der(der), DsaPrivateKey::to_der);
    same_der!(der, EncryptedPrivateKeyInfo::from_der(der), EncryptedPrivateKeyInfo::to_der);
    // The parameters of an algorithm that is not known are not looked at.
    same!(der, PrivateKeyInfo::from_der(der), PrivateKeyInfo::to_der);
    if let Ok(info) = PrivateKeyInfo::from_der(der) {
        same_attributes!(PrivateKey, info.key);
    }
    if let Ok(key) = PrivateKeyDer::from_der(der) {
        assert_eq!(key.der(), der);
        let pkcs8 = key.to_pkcs8_der().expect("a key");
        assert!(PrivateKeyInfo::from_der(&pkcs8).is_ok());
    }
}

/// Signatures, for an order whose size is that of P-256, and for one that the bytes tell.
pub(crate) fn signatures(der: &[u8]) {
    let told = der.first().map_or(0, |&octet| usize::from(octet));
    for (order_bytes, der) in [(32, der), (told, der.get(1..).unwrap_or_default())] {
        match Signature::from_der(der, order_bytes) {
            Ok(signature) => {
                assert_eq!(signature.to_der(), der);
                assert_eq!(tlv::check(der), Ok(()));
                let fixed = signature.to_fixed();
                assert_eq!(Signature::from_fixed(&fixed, order_bytes), Ok(signature));
            }
            Err(error) if error.position().is_some() => in_bounds(&error, der),
            Err(_) => assert!(order_bytes == 0 || order_bytes > 128),
        }
        if let Ok(signature) = Signature::from_fixed(der, order_bytes) {
            assert_eq!(signature.to_fixed(), der);
            let der = signature.to_der();
            assert_eq!(signature.der_bytes(), der.len());
            assert!(der.len() <= max_der_bytes(order_bytes));
            assert_eq!(Signature::from_der(&der, order_bytes), Ok(signature));
        }
    }
}

/// What a token may give for a key: its type and parameter set by an octet each, then values, each
/// behind the octets of its attribute and of its length.
pub(crate) fn attributes(bytes: &[u8]) {
    let [key_type, parameter_set, rest @ ..] = bytes else { return };
    let numbers = [*key_type, *parameter_set].map(|octet| c_ulong::from(octet).to_ne_bytes());
    let mut values: BTreeMap<c_ulong, &[u8]> = BTreeMap::new();
    let mut rest = rest;
    while let [attribute, length, value @ ..] = rest {
        let Some((value, behind)) = value.split_at_checked(usize::from(*length)) else { break };
        let attribute = usize::from(*attribute) % AttributeType::ALL.len();
        values.insert(AttributeType::ALL.get(attribute).expect("in it").number(), value);
        rest = behind;
    }
    values.insert(AttributeType::KEY_TYPE.number(), &numbers[0]);
    values.insert(AttributeType::PARAMETER_SET.number(), &numbers[1]);
    let value = |wanted: AttributeType| values.get(&wanted.number()).copied();
    if let Ok(key) = PublicKey::from_attributes(value) {
        same_attributes!(PublicKey, key);
    }
    if let Ok(key) = PrivateKey::from_attributes(value) {
        same_attributes!(PrivateKey, key);
    }
}

/// The pairs of an iterator over attributes.
fn pairs(attributes: Attributes<'_>) -> BTreeMap<c_ulong, Vec<u8>> {
    attributes.map(|one| (one.attribute().number(), one.value().to_vec())).collect()
}

/// Certificates and what is in them: all of it are slices of what came in, which make the same
/// certificate again.
pub(crate) fn certificates(der: &[u8]) {
    same_der!(der, DateTime::from_der(der), DateTime::to_der);
    if let Ok(name) = Name::from_der(der) {
        assert_eq!(name.der(), der);
        let _ = name.to_string();
    }
    if let Ok(extensions) = Extensions::from_der(der) {
        self::extensions(&extensions, der);
    }
    let certificate = match Certificate::from_der(der) {
        Ok(certificate) => certificate,
        Err(error) => return in_bounds(&error, der),
    };
    let Certificate { tbs_certificate, signature_algorithm, signature, .. } = certificate;
    let again = Certificate::assemble(tbs_certificate, signature_algorithm, signature);
    assembled(again, der, signature_algorithm, signature);
    let serial_number = certificate.serial_number;
    assert!(tlv::check(serial_number).is_ok());
    for part in [
        tbs_certificate,
        serial_number,
        certificate.issuer.der(),
        certificate.subject.der(),
        certificate.subject_public_key_info.der,
    ] {
        assert!(der.as_ptr_range().contains(&part.as_ptr()) && part.len() < der.len());
    }
    for time in [certificate.validity.not_before(), certificate.validity.not_after()] {
        match time {
            Ok(time) => assert_eq!(DateTime::from_der(&time.to_der().expect("a time")), Ok(time)),
            Err(error) => in_bounds(&error, der),
        }
    }
    if let Err(error) = certificate.public_key() {
        in_bounds(&error, der);
    }
    self::extensions(&certificate.extensions, der);
    let attributes = pairs(certificate.attributes());
    assert_eq!(attributes.get(&AttributeType::VALUE.number()).map(Vec::as_slice), Some(der));
    let _ = format!("{certificate:?}");
}

/// What was read is put together again, unless it has a signature of two numbers that are none,
/// or parameters that are no DER: those are passed over in reading and never written.
fn assembled(
    again: Result<Vec<u8>, Error>,
    der: &[u8],
    algorithm: AlgorithmIdentifier<'_>,
    signature: &[u8],
) {
    match again {
        Ok(again) => assert_eq!(again, der),
        Err(error) => assert!(
            Signature::from_der(signature, MAX_ORDER_BYTES).is_err()
                || algorithm.parameters.is_some_and(|parameters| tlv::check(parameters).is_err()),
            "{error}"
        ),
    }
}

/// What passes the strict check can be read.
fn extensions(extensions: &Extensions<'_>, der: &[u8]) {
    let read = [
        extensions.key_usage().map(drop),
        extensions.basic_constraints().map(drop),
        extensions.subject_key_identifier().map(drop),
        extensions.authority_key_identifier().map(drop),
        extensions.extended_key_usage().map(drop),
        extensions.subject_alternative_names().map(drop),
    ];
    read.iter().filter_map(|result| result.as_ref().err()).for_each(|error| in_bounds(error, der));
    match extensions.check() {
        Ok(()) => assert_eq!(read, [Ok(()); 6]),
        Err(error) => in_bounds(&error, der),
    }
}

/// Requests for certificates.
pub(crate) fn requests(der: &[u8]) {
    let request = match CertificationRequest::from_der(der) {
        Ok(request) => request,
        Err(error) => return in_bounds(&error, der),
    };
    let CertificationRequest { certification_request_info, signature_algorithm, signature, .. } =
        request;
    let again =
        CertificationRequest::assemble(certification_request_info, signature_algorithm, signature);
    assembled(again, der, signature_algorithm, signature);
    for result in [request.public_key().map(drop), request.challenge_password().map(drop)] {
        if let Err(error) = result {
            in_bounds(&error, der);
        }
    }
    match request.extensions() {
        Ok(extensions) => self::extensions(&extensions, der),
        Err(error) => in_bounds(&error, der),
    }
}

/// BER: what the strict reader takes is borrowed, what is rewritten is DER and needs it once.
pub(crate) fn lenient(ber: &[u8]) {
    let recovered = lenient::to_der(ber);
    if tlv::check(ber).is_ok() {
        assert!(recovered.as_ref().is_ok_and(|recovered| recovered.forgiven().is_empty()));
    }
    let recovered = match recovered {
        Ok(recovered) => recovered,
        Err(error) => return in_bounds(&error, ber),
    };
    if recovered.forgiven().is_empty() {
        assert!(std::ptr::eq(recovered.der(), ber));
    }
    assert!(recovered.forgiven().iter().all(|forgiven| forgiven.position() <= ber.len()));
    let again = lenient::to_der(recovered.der()).expect("DER");
    assert_eq!(again.forgiven(), &[]);
    assert_eq!(again.der(), recovered.der());
}

/// Blocks of text: what one holds is written and read again.
pub(crate) fn pem(text: &[u8]) {
    for block in pem::blocks(text) {
        let block = match block {
            Ok(block) => block,
            Err(error) => return in_bounds(&error, text),
        };
        match block.decode() {
            Ok(der) => {
                let again = pem::encode(block.label(), &der).expect("a label that was read");
                let [Ok(again)] = &pem::blocks(&*again).collect::<Vec<_>>()[..] else {
                    panic!("{again:?} is no block");
                };
                assert_eq!((again.label(), again.decode()), (block.label(), Ok(der)));
            }
            Err(error) => in_bounds(&error, text),
        }
    }
    let errors = [
        PrivateKeyDer::from_pem(text).err(),
        PublicKeyDer::from_pem(text).err(),
        CertificateDer::chain_from_pem(text).err(),
    ];
    for error in errors.iter().flatten() {
        // Where nothing is, there is no place.
        if !matches!(error.kind(), ErrorKind::PemMissing { .. }) {
            in_bounds(error, text);
        }
    }
}
