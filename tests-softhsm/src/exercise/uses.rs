//! What is done with a default, for each use.

use pkcs11::prelude::*;
use pkcs11::{BigInteger, Unavailable, Usage};

use super::keys::{Keys, Shape, fresh_iv};
use super::{Exercise, Trouble};

type Result<T = (), E = Trouble> = std::result::Result<T, E>;

const MESSAGE: &[u8] = b"INPUT DATA";
const OTHER: &[u8] = b"OTHER DATA";

/// Uses the default with new keys of the shape.
pub(super) fn attempt(exercise: &Exercise, session: &Session, shape: &Shape) -> Result {
    let row = exercise.row;
    let keys = || Keys::of(row, session, shape);
    match exercise.usage {
        Usage::GenerateParameters => parameters(session, row.key_type),
        Usage::GenerateKey => secret(session, row.key_type, *shape),
        Usage::GenerateKeyPair => pair(session, row.key_type, *shape),
        Usage::Encrypt => encryption(session, exercise.mechanism, keys()?),
        Usage::Sign => signature(keys()?),
        Usage::Verify => verification(keys()?),
        Usage::Wrap => wrapping(session, exercise.mechanism, keys()?),
        Usage::Derive => agreement(row.key_type, keys()?, keys()?, keys()?),
        _ => encapsulation(keys()?),
    }
}

fn right(yes: bool, else_say: &'static str) -> Result {
    if yes { Ok(()) } else { Err(Trouble::Wrong(else_say)) }
}

fn has(number: &BigInteger, bits: usize) -> bool {
    usize::try_from(number.bits()) == Ok(bits)
}

fn wrong_keys<T>() -> Result<T> {
    Err(Trouble::Wrong("the keys are not of the class that the use wants"))
}

fn parameters(session: &Session, key_type: KeyType) -> Result {
    let bits = if key_type == KeyType::DH { 512 } else { 1024 };
    let made = session.generate_parameters(key_type).bits(bits).create()?;
    let (class, of, prime) = made.get((attr::CLASS, attr::KEY_TYPE, attr::PRIME))?;
    right(class == ObjectClass::DOMAIN_PARAMETERS && of == key_type, "other parameters")?;
    right(has(&prime, bits), "a prime of another length")?;
    let (public, private) = match key_type {
        KeyType::DH => session.generate_key_pair(made.dh_parameters()?).create()?,
        KeyType::DSA => session.generate_key_pair(made.dsa_parameters()?).create()?,
        _ => session.generate_key_pair(made.x942_parameters()?).create()?,
    };
    right(public.get(attr::PRIME)? == prime, "a pair with another prime")?;
    right(private.get(attr::KEY_TYPE)? == key_type, "a pair of another type")
}

fn secret(session: &Session, key_type: KeyType, shape: Shape) -> Result {
    let Shape::Bits(bits) = shape else { return wrong_keys() };
    let readable = || -> Result<Vec<u8>> {
        let key = session.generate_key(key_type).bits(bits);
        let key = key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
        let (of, local, value) = key.get((attr::KEY_TYPE, attr::LOCAL, attr::VALUE))?;
        right(of == key_type && local, "a key of another type or origin")?;
        right(value.len() == shape.bytes(), "a key of another length")?;
        Ok(value)
    };
    let (one, two) = (readable()?, readable()?);
    right(one != two && one.iter().any(|&byte| byte != 0), "keys that are not random")?;
    let hidden = session.generate_key(key_type).bits(bits).create()?;
    match hidden.get(attr::VALUE) {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::AttributeUnavailable(Unavailable::Sensitive | Unavailable::Unknown)
            ) =>
        {
            Ok(())
        }
        _ => Err(Trouble::Wrong("the value of a secret key can be read")),
    }
}

fn pair(session: &Session, key_type: KeyType, shape: Shape) -> Result {
    let (public, private) = shape.pair(session, key_type).create()?;
    let is = |class: ObjectClass, of: KeyType, wanted| class == wanted && of == key_type;
    let (class, of) = public.get((attr::CLASS, attr::KEY_TYPE))?;
    right(is(class, of, ObjectClass::PUBLIC_KEY), "another public key")?;
    let (class, of, sensitive) = private.get((attr::CLASS, attr::KEY_TYPE, attr::SENSITIVE))?;
    right(is(class, of, ObjectClass::PRIVATE_KEY) && sensitive, "another private key")?;
    match shape {
        Shape::Modulus(bits) if key_type == KeyType::RSA => {
            let (modulus, exponent) = public.get((attr::MODULUS, attr::PUBLIC_EXPONENT))?;
            right(has(&modulus, bits) && has(&exponent, 17), "other numbers")
        }
        Shape::Modulus(bits) => {
            right(has(&public.get(attr::PRIME)?, bits), "a prime of another length")
        }
        Shape::Curve(curve) => {
            let point = public.ec_point()?;
            let wanted = match key_type {
                KeyType::EC => 1 + 2 * curve.field_bytes(),
                // A byte more for the sign (RFC 8032 §5.2.2).
                _ if curve == Curve::ED448 => 57,
                _ => curve.field_bytes(),
            };
            right(point.len() == wanted, "a point of another length")
        }
        Shape::MlDsa(set) => {
            right(public.get(attr::PARAMETER_SET)? == set.into(), "another parameter set")
        }
        Shape::MlKem(set) => {
            right(public.get(attr::PARAMETER_SET)? == set.into(), "another parameter set")
        }
        Shape::SlhDsa(set) => {
            right(public.get(attr::PARAMETER_SET)? == set.into(), "another parameter set")
        }
        Shape::Group(_) => right(public.public_value()?.len() > 200, "a short public value"),
        Shape::Bits(_) | Shape::Plain => Ok(()),
    }
}

fn changed(bytes: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    if let Some(byte) = changed.first_mut() {
        *byte ^= 1;
    }
    changed
}

fn encryption(session: &Session, mechanism: MechanismType, keys: Keys) -> Result {
    let iv = fresh_iv(session, mechanism)?;
    let default = DEFAULT.iv(&iv);
    let lengths: &[usize] =
        if matches!(keys, Keys::Secret(_)) { &[0, 1, 16, 1000] } else { &[1, 16, 100] };
    for &length in lengths {
        let plaintext = vec![7; length];
        let ciphertext = match &keys {
            Keys::Secret(key) => key.encrypt(default, &plaintext)?,
            Keys::Pair(public, _) | Keys::Public(public) => public.encrypt(default, &plaintext)?,
            Keys::Private(_) => return wrong_keys(),
        };
        let decrypt = |ciphertext: &[u8]| -> Result<Vec<u8>> {
            match &keys {
                Keys::Secret(key) => Ok(key.decrypt(default, ciphertext)?),
                Keys::Pair(_, private) => Ok(private.decrypt(default, ciphertext)?),
                _ => wrong_keys(),
            }
        };
        right(ciphertext.len() > length, "a ciphertext without padding or tag")?;
        right(length < 16 || !ciphertext.starts_with(&plaintext), "a ciphertext that is none")?;
        right(decrypt(&ciphertext)? == plaintext, "another plaintext")?;
        let of_another = decrypt(&changed(&ciphertext));
        right(of_another.ok().as_ref() != Some(&plaintext), "a change that does not matter")?;
    }
    Ok(())
}

fn signature(keys: Keys) -> Result {
    for message in [MESSAGE, b"", &[7; 1000]] {
        let signature = match &keys {
            Keys::Secret(key) => key.sign(DEFAULT, message)?,
            Keys::Pair(_, private) | Keys::Private(private) => private.sign(DEFAULT, message)?,
            Keys::Public(_) => return wrong_keys(),
        };
        let verify = |message: &[u8], signature: &[u8]| -> Result {
            match &keys {
                Keys::Secret(key) => Ok(key.verify(DEFAULT, message, signature)?),
                Keys::Pair(public, _) => Ok(public.verify(DEFAULT, message, signature)?),
                _ => wrong_keys(),
            }
        };
        verify(message, &signature)?;
        for (message, signature) in [(OTHER, &signature), (message, &changed(&signature))] {
            match verify(message, signature) {
                Err(Trouble::Refused(error))
                    if matches!(error.kind(), ErrorKind::SignatureInvalid) => {}
                Err(trouble) => return Err(trouble),
                Ok(()) => return Err(Trouble::Wrong("a wrong signature verifies")),
            }
        }
    }
    Ok(())
}

/// Of what verifies only, there is no signature but from elsewhere.
fn verification(keys: Keys) -> Result {
    let Keys::Public(public) = keys else { return wrong_keys() };
    public.verify(DEFAULT, MESSAGE, &[0; 64])?;
    Err(Trouble::Wrong("no signature at all verifies"))
}

fn wrapping(session: &Session, mechanism: MechanismType, keys: Keys) -> Result {
    let iv = fresh_iv(session, mechanism)?;
    let default = DEFAULT.iv(&iv);
    let original = session.generate_key(KeyType::AES).bits(256).with(attr::EXTRACTABLE, true);
    let original = original.create()?;
    let wrapped = match &keys {
        Keys::Secret(key) => key.wrap_key(default, &original)?,
        Keys::Pair(public, _) | Keys::Public(public) => public.wrap_key(default, &original)?,
        Keys::Private(_) => return wrong_keys(),
    };
    right(wrapped.len() >= 32, "a wrapped key that is too short")?;
    let unwrap = |wrapped: &[u8]| -> Result<SecretKey> {
        match &keys {
            Keys::Secret(key) => Ok(key.unwrap_key(default, wrapped, KeyType::AES).create()?),
            Keys::Pair(_, private) => {
                Ok(private.unwrap_key(default, wrapped, KeyType::AES).create()?)
            }
            _ => wrong_keys(),
        }
    };
    let iv = fresh_iv(session, MechanismType::AES_CBC_PAD)?;
    let ciphertext = original.encrypt(DEFAULT.iv(&iv), MESSAGE)?;
    let again = unwrap(&wrapped)?;
    right(again.decrypt(DEFAULT.iv(&iv), &ciphertext)? == MESSAGE, "another key")?;
    right(again.get(attr::SENSITIVE)? && !again.get(attr::EXTRACTABLE)?, "a key that may leave")?;
    if let Ok(other) = unwrap(&changed(&wrapped)) {
        let plaintext = other.decrypt(DEFAULT.iv(&iv), &ciphertext);
        right(plaintext.ok().as_deref() != Some(MESSAGE), "a change that does not matter")?;
    }
    Ok(())
}

/// What the other party is to be told.
fn public_value(key_type: KeyType, public: &PublicKey) -> Result<Vec<u8>> {
    Ok(match key_type {
        KeyType::EC | KeyType::EC_MONTGOMERY => public.ec_point()?,
        _ => public.public_value()?,
    })
}

fn agreement(key_type: KeyType, alice: Keys, bob: Keys, eve: Keys) -> Result {
    let (Keys::Pair(of_alice, alice), Keys::Pair(of_bob, bob), Keys::Pair(of_eve, _)) =
        (alice, bob, eve)
    else {
        return wrong_keys();
    };
    let derive = |mine: &PrivateKey, theirs: &PublicKey| -> Result<Vec<u8>> {
        let peer = public_value(key_type, theirs)?;
        let key = mine.derive_key(DEFAULT.peer(&peer), KeyType::AES).bits(256);
        let key = key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
        Ok(key.get(attr::VALUE)?)
    };
    let (one, two) = (derive(&alice, &of_bob)?, derive(&bob, &of_alice)?);
    right(one == two && one.len() == 32, "the parties have two keys")?;
    right(one != derive(&alice, &of_eve)?, "a third party has the key")
}

fn encapsulation(keys: Keys) -> Result {
    let Keys::Pair(public, private) = keys else { return wrong_keys() };
    let decapsulate = |ciphertext: &[u8]| -> Result<Vec<u8>> {
        let key = private.decapsulate(DEFAULT, ciphertext, KeyType::AES).bits(256);
        let key = key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true).create()?;
        Ok(key.get(attr::VALUE)?)
    };
    let key = public.encapsulate(DEFAULT, KeyType::AES).bits(256);
    let key = key.with(attr::SENSITIVE, false).with(attr::EXTRACTABLE, true);
    let (key, ciphertext) = key.create()?;
    let mine = key.get(attr::VALUE)?;
    right(mine.len() == 32 && decapsulate(&ciphertext)? == mine, "the parties have two keys")?;
    let another = decapsulate(&changed(&ciphertext));
    right(another.is_err() || another.ok() != Some(mine), "a change that does not matter")
}
