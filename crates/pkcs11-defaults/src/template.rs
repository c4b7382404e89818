//! Templates of new objects: secure unless the caller says otherwise.

use pkcs11_core::{Attr, KeyType, ObjectClass, Template, Usage, attr};

/// Attributes of new objects: those of all rows that match are set.
#[derive(Clone, Copy, Debug)]
pub struct TemplateRow {
    /// The class of the object.
    pub class: ObjectClass,
    /// The type of the key; any if there is none.
    pub key_type: Option<KeyType>,
    /// The uses that make the object; any if empty.
    pub usages: &'static [Usage],
    /// Attributes that are yes or no.
    pub flags: &'static [(Attr<bool>, bool)],
    /// Whether the object gets an empty `CKA_LABEL` and `CKA_ID`, so that every token lets them
    /// be read.
    pub named: bool,
    /// The public exponent.
    pub public_exponent: Option<u64>,
}

/// F4, the public exponent of RSA keys (FIPS 186-5 §A.1.1).
const F4: u64 = 65537;

/// The object is gone with its session.
const OF_THE_SESSION: (Attr<bool>, bool) = (attr::TOKEN, false);

/// A secret or private key: only for who logs in, and it does not leave the token. What a key
/// that is unwrapped or derived may do is no more than that: to leave the token again is to be
/// asked for.
const fn secret(class: ObjectClass) -> TemplateRow {
    TemplateRow {
        class,
        key_type: None,
        usages: &[],
        flags: &[
            OF_THE_SESSION,
            (attr::PRIVATE, true),
            (attr::SENSITIVE, true),
            (attr::EXTRACTABLE, false),
        ],
        named: true,
        public_exponent: None,
    }
}

/// The table. An object that the caller describes in full, as data and certificates, gets nothing
/// added: what makes it is no use of a key.
pub const TEMPLATES: &[TemplateRow] = &[
    secret(ObjectClass::SECRET_KEY),
    secret(ObjectClass::PRIVATE_KEY),
    TemplateRow {
        class: ObjectClass::PUBLIC_KEY,
        key_type: None,
        usages: &[],
        flags: &[OF_THE_SESSION],
        named: true,
        public_exponent: None,
    },
    TemplateRow {
        class: ObjectClass::PUBLIC_KEY,
        key_type: Some(KeyType::RSA),
        usages: &[Usage::GenerateKeyPair],
        flags: &[],
        named: false,
        public_exponent: Some(F4),
    },
    TemplateRow {
        class: ObjectClass::DOMAIN_PARAMETERS,
        key_type: None,
        usages: &[Usage::GenerateParameters],
        flags: &[OF_THE_SESSION],
        named: false,
        public_exponent: None,
    },
];

impl TemplateRow {
    fn matches(&self, class: ObjectClass, key_type: KeyType, usage: Usage) -> bool {
        self.class == class
            && self.key_type.is_none_or(|of| of == key_type)
            && (self.usages.is_empty() || self.usages.contains(&usage))
    }
}

pub(crate) fn template(class: ObjectClass, key_type: KeyType, usage: Usage) -> Template<'static> {
    let mut template = Template::new();
    for row in TEMPLATES.iter().filter(|row| row.matches(class, key_type, usage)) {
        if row.named {
            template.set(attr::LABEL, "");
            template.set(attr::ID, b"");
        }
        for &(attribute, yes) in row.flags {
            template.set(attribute, yes);
        }
        if let Some(exponent) = row.public_exponent {
            template.set(attr::PUBLIC_EXPONENT, exponent);
        }
    }
    template
}

#[cfg(test)]
mod tests {
    use super::*;
    use pkcs11_core::AttributeType;

    #[test]
    fn secrets_stay_on_the_token() {
        for class in [ObjectClass::SECRET_KEY, ObjectClass::PRIVATE_KEY] {
            for usage in [Usage::GenerateKey, Usage::Unwrap, Usage::Derive, Usage::Create] {
                let template = template(class, KeyType::AES, usage);
                assert_eq!(template.get(AttributeType::PRIVATE), Some(&[1][..]));
                assert_eq!(template.get(AttributeType::SENSITIVE), Some(&[1][..]));
                assert_eq!(template.get(AttributeType::EXTRACTABLE), Some(&[0][..]));
                assert_eq!(template.get(AttributeType::TOKEN), Some(&[0][..]));
                assert_eq!(template.get(AttributeType::LABEL), Some(&[][..]));
            }
        }
    }

    #[test]
    fn generated_rsa_keys_have_f4_and_others_no_exponent() {
        let of = |class, key_type, usage| {
            template(class, key_type, usage).get(AttributeType::PUBLIC_EXPONENT).map(<[u8]>::to_vec)
        };
        let (public, pair) = (ObjectClass::PUBLIC_KEY, Usage::GenerateKeyPair);
        assert_eq!(of(public, KeyType::RSA, pair), Some(vec![1, 0, 1]));
        assert_eq!(of(ObjectClass::PRIVATE_KEY, KeyType::RSA, pair), None);
        assert_eq!(of(public, KeyType::EC, pair), None);
    }

    #[test]
    fn public_keys_and_parameters_are_left_to_the_token_otherwise() {
        let public = template(ObjectClass::PUBLIC_KEY, KeyType::EC, Usage::GenerateKeyPair);
        assert!(!public.contains(AttributeType::PRIVATE));
        let parameters =
            template(ObjectClass::DOMAIN_PARAMETERS, KeyType::DH, Usage::GenerateParameters);
        assert_eq!(parameters.len(), 1);
        assert!(template(ObjectClass::DATA, KeyType::AES, Usage::GenerateKey).is_empty());
    }
}
