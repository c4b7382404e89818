//! The schemas of what is spelt out, in ASN.1 and for the encoder.

use rasn::{AsnType, Encode, types::Any};

use crate::der;

/// RFC 3279 §2.3.5, with the hash function of X9.62 of 2005:
///
/// ```text
/// ECParameters ::= SEQUENCE {
///     version   ECPVer,          -- version is always 1
///     fieldID   FieldID {{FieldTypes}},
///     curve     Curve,
///     base      ECPoint,         -- base point G
///     order     INTEGER,         -- order n of the base point
///     cofactor  INTEGER OPTIONAL,
///     hash      HashAlgorithm OPTIONAL
/// }
/// ```
#[derive(AsnType, Encode)]
pub(super) struct EcParametersSchema<'a> {
    pub(super) version: u32,
    pub(super) field_id: FieldIdSchema<'a>,
    pub(super) curve: CurveSchema<'a>,
    pub(super) base: der::OctetString<'a>,
    pub(super) order: der::Integer<'a>,
    pub(super) cofactor: Option<Any>,
    pub(super) hash: Option<Any>,
}

/// ```text
/// FieldID ::= SEQUENCE {
///     fieldType   OBJECT IDENTIFIER,
///     parameters  ANY DEFINED BY fieldType
/// }
/// Prime-p ::= INTEGER
/// ```
#[derive(AsnType, Encode)]
pub(super) struct FieldIdSchema<'a> {
    pub(super) field_type: der::ObjectIdentifier<'a>,
    pub(super) parameters: Any,
}

/// ```text
/// Characteristic-two ::= SEQUENCE {
///     m           INTEGER,       -- Field size 2^m
///     basis       OBJECT IDENTIFIER,
///     parameters  ANY DEFINED BY basis
/// }
/// Trinomial ::= INTEGER
/// ```
#[derive(AsnType, Encode)]
pub(super) struct CharacteristicTwoSchema<'a> {
    pub(super) m: u32,
    pub(super) basis: der::ObjectIdentifier<'a>,
    pub(super) parameters: Any,
}

/// ```text
/// Pentanomial ::= SEQUENCE { k1 INTEGER, k2 INTEGER, k3 INTEGER }
/// ```
#[derive(AsnType, Encode)]
pub(super) struct PentanomialSchema {
    pub(super) k1: u32,
    pub(super) k2: u32,
    pub(super) k3: u32,
}

/// ```text
/// Curve ::= SEQUENCE {
///     a     FieldElement,        -- OCTET STRING
///     b     FieldElement,
///     seed  BIT STRING OPTIONAL  -- present in versions 2 and 3
/// }
/// ```
#[derive(AsnType, Encode)]
pub(super) struct CurveSchema<'a> {
    pub(super) a: der::OctetString<'a>,
    pub(super) b: der::OctetString<'a>,
    pub(super) seed: Option<Any>,
}
