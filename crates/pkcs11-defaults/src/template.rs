//! Templates of new objects: secure unless the caller says otherwise.

use pkcs11_core::{KeyType, ObjectClass, Template, Usage, attr};

/// F4, the public exponent of RSA keys.
const F4: u64 = 65537;

pub(crate) fn template(class: ObjectClass, key_type: KeyType, _usage: Usage) -> Template<'static> {
    let mut template = Template::new().with(attr::TOKEN, false);
    match class {
        ObjectClass::SECRET_KEY | ObjectClass::PRIVATE_KEY => {
            // A label and an identifier, if empty, so that every token lets them be read.
            template.set(attr::LABEL, "");
            template.set(attr::ID, b"");
            template.set(attr::PRIVATE, true);
            template.set(attr::SENSITIVE, true);
            template.set(attr::EXTRACTABLE, false);
        }
        ObjectClass::PUBLIC_KEY => {
            template.set(attr::LABEL, "");
            template.set(attr::ID, b"");
            if key_type == KeyType::RSA {
                template.set(attr::PUBLIC_EXPONENT, F4);
            }
        }
        _ => {}
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
            let template = template(class, KeyType::AES, Usage::GenerateKey);
            assert_eq!(template.get(AttributeType::PRIVATE), Some(&[1][..]));
            assert_eq!(template.get(AttributeType::SENSITIVE), Some(&[1][..]));
            assert_eq!(template.get(AttributeType::EXTRACTABLE), Some(&[0][..]));
        }
    }

    #[test]
    fn rsa_keys_have_f4() {
        let template = template(ObjectClass::PUBLIC_KEY, KeyType::RSA, Usage::GenerateKeyPair);
        assert_eq!(template.get(AttributeType::PUBLIC_EXPONENT), Some(&[1, 0, 1][..]));
    }
}
