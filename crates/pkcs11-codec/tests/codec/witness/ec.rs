//! EC keys and parameters.

use pkcs11_codec::ec::{Basis, EcParameters, EcPrivateKey, ExplicitParameters, Field};
use rasn::{
    AsnType, Decode, Decoder, Encode, Encoder,
    types::{Any, BitString, Integer, IntegerType, ObjectIdentifier, OctetString},
};

use crate::fixtures::ec::keys;

/// RFC 5915 §3.
#[derive(AsnType, Decode, Encode)]
struct PrivateKey {
    version: u8,
    value: OctetString,
    #[rasn(tag(explicit(context, 0)))]
    parameters: Option<Any>,
    #[rasn(tag(explicit(context, 1)))]
    public_key: Option<BitString>,
}

/// RFC 3279 §2.3.5.
#[derive(AsnType, Decode, Encode)]
struct Parameters {
    version: u8,
    field: FieldId,
    curve: Coefficients,
    base: OctetString,
    order: Integer,
    cofactor: Option<Integer>,
}

#[derive(AsnType, Decode, Encode)]
struct FieldId {
    kind: ObjectIdentifier,
    parameters: Any,
}

#[derive(AsnType, Decode, Encode)]
struct CharacteristicTwo {
    degree: u32,
    basis: ObjectIdentifier,
    parameters: Any,
}

#[derive(AsnType, Decode, Encode)]
struct Pentanomial {
    k1: u32,
    k2: u32,
    k3: u32,
}

#[derive(AsnType, Decode, Encode)]
struct Coefficients {
    a: OctetString,
    b: OctetString,
    seed: Option<BitString>,
}

fn unsigned(number: &Integer) -> Vec<u8> {
    let (bytes, length) = number.to_signed_bytes_be();
    match &bytes.as_ref()[..length] {
        [0, rest @ ..] if !rest.is_empty() => rest.to_vec(),
        all => all.to_vec(),
    }
}

fn same_field(field: Field, kind: &ObjectIdentifier, der: &[u8]) {
    let arc = *kind.last().unwrap();
    match field {
        Field::Prime(prime) => {
            assert_eq!(arc, 1);
            assert_eq!(prime, unsigned(&rasn::der::decode(der).unwrap()));
        }
        Field::Binary { degree, basis } => {
            assert_eq!(arc, 2);
            let theirs: CharacteristicTwo = rasn::der::decode(der).unwrap();
            assert_eq!(degree, theirs.degree);
            let der = theirs.parameters.as_bytes();
            match (basis, *theirs.basis.last().unwrap()) {
                (Basis::Trinomial { k }, 2) => {
                    assert_eq!(k, rasn::der::decode::<u32>(der).unwrap())
                }
                (Basis::Pentanomial { k1, k2, k3 }, 3) => {
                    let theirs: Pentanomial = rasn::der::decode(der).unwrap();
                    assert_eq!([k1, k2, k3], [theirs.k1, theirs.k2, theirs.k3]);
                }
                other => panic!("{other:?}"),
            }
        }
        other => panic!("{other:?}"),
    }
}

fn same_parameters(der: &[u8]) {
    let ours = ExplicitParameters::from_der(der).unwrap();
    let theirs: Parameters = rasn::der::decode(der).unwrap();
    assert_eq!(ours.version, u32::from(theirs.version));
    assert_eq!([ours.a, ours.b], [&theirs.curve.a[..], &theirs.curve.b]);
    assert_eq!(ours.seed, theirs.curve.seed.as_ref().map(|seed| seed.as_raw_slice()));
    assert_eq!(ours.base, &theirs.base[..]);
    assert_eq!(ours.order, unsigned(&theirs.order));
    assert_eq!(ours.cofactor.map(<[u8]>::to_vec), theirs.cofactor.as_ref().map(unsigned));
    same_field(ours.field, &theirs.field.kind, theirs.field.parameters.as_bytes());
    assert_eq!(rasn::der::encode(&theirs).unwrap(), der);
}

#[test]
fn private_keys_and_explicit_parameters() {
    for keys in keys() {
        for der in [&keys.named, &keys.explicit, &keys.compressed] {
            let ours = EcPrivateKey::from_der(der).unwrap();
            let theirs: PrivateKey = rasn::der::decode(der).unwrap();
            assert_eq!((theirs.version, ours.value), (1, &theirs.value[..]), "{}", keys.name);
            let parameters = ours.parameters.map(|parameters| parameters.to_der().unwrap());
            assert_eq!(parameters.as_deref(), theirs.parameters.as_ref().map(Any::as_bytes));
            assert_eq!(ours.point, theirs.public_key.as_ref().map(|key| key.as_raw_slice()));
            assert_eq!(rasn::der::encode(&theirs).unwrap(), *der);
            if let Some(EcParameters::Explicit(der)) = ours.parameters {
                same_parameters(der);
            }
        }
    }
}
