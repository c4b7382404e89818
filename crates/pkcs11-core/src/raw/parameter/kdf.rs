//! Key derivation from a key: HKDF and NIST SP 800-108.

use super::*;
use crate::mechanism::{
    Hkdf, HkdfSalt, LengthMethod, NewKey, NumberFormat, PrfData, Sp800108, Sp800108Mode,
};
use crate::raw::{ObjectHandle, PackedTemplate};
use crate::{Error, Template, TokenObject};

impl<'a> Pack<'a> for Hkdf<'a> {
    fn objects(&self) -> Objects<'_> {
        match self.salt {
            HkdfSalt::Key(key) => Objects::from_iter([key.object()]),
            _ => Objects::new(),
        }
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let salt = match self.salt {
            HkdfSalt::None => (CKF_HKDF_SALT_NULL, &[][..], CK_INVALID_HANDLE),
            HkdfSalt::Data(salt) => (CKF_HKDF_SALT_DATA, salt, CK_INVALID_HANDLE),
            HkdfSalt::Key(key) => (CKF_HKDF_SALT_KEY, &[][..], key.handle().0),
        };
        hkdf(&self, salt).map(Packed::new)
    }
}

fn hkdf(hkdf: &Hkdf<'_>, salt: (CK_ULONG, &[u8], CK_OBJECT_HANDLE)) -> Result<Struct> {
    let (salt_type, salt, salt_key) = salt;
    if !hkdf.extract && !hkdf.expand {
        return Err(Error::invalid("HKDF extracts, expands, or both"));
    }
    if !hkdf.extract && salt_type != CKF_HKDF_SALT_NULL {
        return Err(Error::invalid("HKDF takes a salt only where it extracts"));
    }
    if !hkdf.expand && !hkdf.info.is_empty() {
        return Err(Error::invalid("HKDF takes an info only where it expands"));
    }
    let (salt, salt_length) = bytes_or_null(salt)?;
    let (info, info_length) = bytes_or_null(hkdf.info)?;
    Ok(Struct::Hkdf(CK_HKDF_PARAMS {
        bExtract: hkdf.extract.into(),
        bExpand: hkdf.expand.into(),
        prfHashMechanism: hkdf.hash.mechanism().number(),
        ulSaltType: salt_type,
        pSalt: salt,
        ulSaltLen: salt_length,
        hSaltKey: salt_key,
        pInfo: info,
        ulInfoLen: info_length,
    }))
}

/// A piece of input, with a key as its handle.
enum Piece<'a> {
    Plain(PrfData<'a>),
    Key(ObjectHandle),
}

impl<'a> Pack<'a> for Sp800108<'a, '_> {
    fn objects(&self) -> Objects<'_> {
        let key = |data: &PrfData<'a>| match data {
            PrfData::Key(key) => Some(key.object()),
            _ => None,
        };
        self.data.iter().filter_map(key).collect()
    }

    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        check(&self)?;
        let piece = |data: &PrfData<'a>| match *data {
            PrfData::Key(key) => Piece::Key(key.handle()),
            data => Piece::Plain(data),
        };
        let pieces = self.data.iter().map(piece);
        let mut kept = Kept::default();
        let (data, count) = input_data(self.mode, pieces, &mut kept)?;
        let (keys, key_count) = further_keys(self.templates, self.keys, &mut kept)?;
        let value = match self.mode {
            Sp800108Mode::Feedback { iv } => {
                let (iv, iv_length) = bytes_or_null(iv)?;
                Struct::Sp800108Feedback(CK_SP800_108_FEEDBACK_KDF_PARAMS {
                    prfType: self.prf.number(),
                    ulNumberOfDataParams: count,
                    pDataParams: data,
                    ulIVLen: iv_length,
                    pIV: iv,
                    ulAdditionalDerivedKeys: key_count,
                    pAdditionalDerivedKeys: keys,
                })
            }
            Sp800108Mode::Counter | Sp800108Mode::DoublePipeline => {
                Struct::Sp800108(CK_SP800_108_KDF_PARAMS {
                    prfType: self.prf.number(),
                    ulNumberOfDataParams: count,
                    pDataParams: data,
                    ulAdditionalDerivedKeys: key_count,
                    pAdditionalDerivedKeys: keys,
                })
            }
        };
        Ok(Packed::with(value, kept))
    }
}

fn check(kdf: &Sp800108<'_, '_>) -> Result<()> {
    let count = |is: fn(&PrfData<'_>) -> bool| kdf.data.iter().filter(|data| is(data)).count();
    let counters = count(|data| matches!(data, PrfData::Counter(_)));
    let iterations = count(|data| matches!(data, PrfData::Iteration));
    let wrong = if kdf.mode == Sp800108Mode::Counter {
        (counters != 1 || iterations != 0).then_some("counter mode takes the counter once")
    } else {
        (counters > 1 || iterations != 1)
            .then_some("this mode takes the iteration variable once, and a counter at most once")
    };
    if let Some(what) = wrong {
        return Err(Error::invalid(what));
    }
    if count(|data| matches!(data, PrfData::Length(..))) > 1 {
        return Err(Error::invalid("the length of what is derived can stand in the input once"));
    }
    if count(|data| matches!(data, PrfData::Bytes([]))) > 0 {
        return Err(Error::invalid("a piece of the input is empty"));
    }
    if kdf.templates.len() != kdf.keys.len() {
        return Err(Error::invalid("further keys take one template each"));
    }
    Ok(())
}

fn width(format: NumberFormat) -> Result<CK_ULONG> {
    if !(8..=64).contains(&format.bits) || !format.bits.is_multiple_of(8) {
        return Err(Error::invalid("a number in the input has 8, 16, 24, … 64 bits"));
    }
    ck_len(format.bits)
}

fn input_data<'a>(
    mode: Sp800108Mode<'_>,
    pieces: impl Iterator<Item = Piece<'a>>,
    kept: &mut Kept,
) -> Result<(*mut CK_PRF_DATA_PARAM, CK_ULONG)> {
    let mut data = Vec::new();
    for piece in pieces {
        let (kind, (value, length)) = match piece {
            Piece::Plain(PrfData::Iteration) => {
                (CK_SP800_108_ITERATION_VARIABLE, (std::ptr::null_mut(), 0))
            }
            Piece::Plain(PrfData::Counter(format)) => {
                let kind = match mode {
                    Sp800108Mode::Counter => CK_SP800_108_ITERATION_VARIABLE,
                    _ => CK_SP800_108_COUNTER,
                };
                let value = CK_SP800_108_COUNTER_FORMAT {
                    bLittleEndian: format.little_endian.into(),
                    ulWidthInBits: width(format)?,
                };
                (kind, keep_one(value, kept)?)
            }
            Piece::Plain(PrfData::Length(method, format)) => {
                let value = CK_SP800_108_DKM_LENGTH_FORMAT {
                    dkmLengthMethod: match method {
                        LengthMethod::SumOfKeys => CK_SP800_108_DKM_LENGTH_SUM_OF_KEYS,
                        LengthMethod::SumOfSegments => CK_SP800_108_DKM_LENGTH_SUM_OF_SEGMENTS,
                    },
                    bLittleEndian: format.little_endian.into(),
                    ulWidthInBits: width(format)?,
                };
                (CK_SP800_108_DKM_LENGTH, keep_one(value, kept)?)
            }
            Piece::Plain(PrfData::Bytes(slice)) => {
                let (place, length) = bytes(slice)?;
                (CK_SP800_108_BYTE_ARRAY, (place.cast(), length))
            }
            Piece::Plain(PrfData::Key(key)) => {
                (CK_SP800_108_KEY_HANDLE, keep_one(key.handle().0, kept)?)
            }
            Piece::Key(handle) => (CK_SP800_108_KEY_HANDLE, keep_one(handle.0, kept)?),
        };
        data.push(CK_PRF_DATA_PARAM { type_: kind, pValue: value, ulValueLen: length });
    }
    let count = ck_len(data.len())?;
    Ok((kept.keep(data), count))
}

/// A value behind a pointer, and its size.
pub(super) fn keep_one<T: 'static>(value: T, kept: &mut Kept) -> Result<(*mut c_void, CK_ULONG)> {
    Ok((kept.keep(vec![value]).cast(), ck_len(size_of::<T>())?))
}

fn further_keys(
    templates: &[Template<'_>],
    keys: &mut [NewKey],
    kept: &mut Kept,
) -> Result<(*mut CK_DERIVED_KEY, CK_ULONG)> {
    let mut derived = Vec::new();
    for (template, key) in templates.iter().zip(keys) {
        let entries = PackedTemplate::new(template)?.into_entries();
        let count = ck_len(entries.len())?;
        // What an earlier use left is no answer to this one.
        *key = NewKey::new();
        derived.push(CK_DERIVED_KEY {
            pTemplate: kept.keep(entries),
            ulAttributeCount: count,
            // A NewKey is nothing but the handle.
            phKey: std::ptr::from_mut(key).cast(),
        });
    }
    let count = ck_len(derived.len())?;
    Ok((kept.keep(derived), count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::attr;
    use crate::hash::Hash;
    use crate::raw::parameter::read_back::{behind, packed, refused, write};
    use crate::{MechanismType, ObjectClass};

    #[test]
    fn hkdf_with_a_salt_of_bytes() {
        let packed =
            packed(Hkdf::new(Hash::Sha256).salt(HkdfSalt::Data(b"salt")).info(b"information"));
        let found: CK_HKDF_PARAMS = packed.read();
        assert_eq!((found.bExtract, found.bExpand), (1, 1));
        assert_eq!({ found.prfHashMechanism }, CKM_SHA256);
        assert_eq!({ found.ulSaltType }, CKF_HKDF_SALT_DATA);
        assert_eq!(behind(found.pSalt, found.ulSaltLen), b"salt");
        assert_eq!({ found.hSaltKey }, CK_INVALID_HANDLE);
        assert_eq!(behind(found.pInfo, found.ulInfoLen), b"information");
    }

    #[test]
    fn hkdf_with_a_salt_key() {
        let mechanism = Hkdf::new(Hash::Sha384).expand(false);
        let packed = Packed::new(hkdf(&mechanism, (CKF_HKDF_SALT_KEY, &[], 7)).unwrap());
        let found: CK_HKDF_PARAMS = packed.read();
        assert_eq!((found.bExtract, found.bExpand), (1, 0));
        assert_eq!(({ found.ulSaltType }, { found.hSaltKey }), (CKF_HKDF_SALT_KEY, 7));
        assert!({ found.pSalt }.is_null() && { found.pInfo }.is_null());
        assert_eq!(({ found.ulSaltLen }, { found.ulInfoLen }), (0, 0));
    }

    #[test]
    fn hkdf_does_something_with_what_it_is_given() {
        refused(Hkdf::new(Hash::Sha256).extract(false).expand(false));
        refused(Hkdf::new(Hash::Sha256).extract(false).salt(HkdfSalt::Data(b"salt")));
        refused(Hkdf::new(Hash::Sha256).expand(false).info(b"info"));
    }

    const COUNTER: NumberFormat = NumberFormat { bits: 16, little_endian: true };

    #[test]
    fn counter_mode() {
        let data = [
            PrfData::Counter(COUNTER),
            PrfData::Bytes(b"label"),
            PrfData::Length(LengthMethod::SumOfSegments, NumberFormat::big_endian(32)),
        ];
        let prf = MechanismType::SHA256_HMAC;
        let templates = [Template::new().with(attr::CLASS, ObjectClass::SECRET_KEY)];
        let mut keys = [NewKey::new()];
        let mechanism = Sp800108::new(Sp800108Mode::Counter, prf, &data);
        let packed = packed(mechanism.further_keys(&templates, &mut keys));
        let found: CK_SP800_108_KDF_PARAMS = packed.read();
        assert_eq!({ found.prfType }, CKM_SHA256_HMAC);
        let pieces = behind(found.pDataParams, found.ulNumberOfDataParams);
        let kinds: Vec<_> = pieces.iter().map(|piece| piece.type_).collect();
        assert_eq!(
            kinds,
            [CK_SP800_108_ITERATION_VARIABLE, CK_SP800_108_BYTE_ARRAY, CK_SP800_108_DKM_LENGTH]
        );
        let counter: CK_SP800_108_COUNTER_FORMAT = behind(pieces[0].pValue.cast(), 1)[0];
        assert_eq!((counter.bLittleEndian, { counter.ulWidthInBits }), (1, 16));
        assert_eq!(ck_len(size_of_val(&counter)).unwrap(), { pieces[0].ulValueLen });
        assert_eq!(behind::<u8>(pieces[1].pValue.cast(), pieces[1].ulValueLen), b"label");
        let length: CK_SP800_108_DKM_LENGTH_FORMAT = behind(pieces[2].pValue.cast(), 1)[0];
        assert_eq!({ length.dkmLengthMethod }, CK_SP800_108_DKM_LENGTH_SUM_OF_SEGMENTS);
        assert_eq!((length.bLittleEndian, { length.ulWidthInBits }), (0, 32));
        assert_eq!(ck_len(size_of_val(&length)).unwrap(), { pieces[2].ulValueLen });
        let derived = behind(found.pAdditionalDerivedKeys, found.ulAdditionalDerivedKeys);
        let entries = behind(derived[0].pTemplate, derived[0].ulAttributeCount);
        assert_eq!({ entries[0].type_ }, CKA_CLASS);
        assert_eq!(behind::<CK_ULONG>(entries[0].pValue.cast(), 1), [CKO_SECRET_KEY]);
        write(derived[0].phKey, &[9]);
        drop(packed);
        assert_eq!(keys[0].handle(), Some(ObjectHandle::new(9)));
    }

    #[test]
    fn feedback_mode() {
        let data = [PrfData::Iteration, PrfData::Counter(COUNTER)];
        let mode = Sp800108Mode::Feedback { iv: &[5; 3] };
        let packed = packed(Sp800108::new(mode, MechanismType::AES_CMAC, &data));
        let found: CK_SP800_108_FEEDBACK_KDF_PARAMS = packed.read();
        assert_eq!({ found.prfType }, CKM_AES_CMAC);
        assert_eq!(behind(found.pIV, found.ulIVLen), [5; 3]);
        let pieces = behind(found.pDataParams, found.ulNumberOfDataParams);
        assert_eq!({ pieces[0].type_ }, CK_SP800_108_ITERATION_VARIABLE);
        assert!({ pieces[0].pValue }.is_null() && { pieces[0].ulValueLen } == 0);
        assert_eq!({ pieces[1].type_ }, CK_SP800_108_COUNTER);
        assert!({ found.pAdditionalDerivedKeys }.is_null());
        assert_eq!({ found.ulAdditionalDerivedKeys }, 0);
    }

    #[test]
    fn keys_stand_in_the_input_as_handles() {
        let mut kept = Kept::default();
        let pieces = [Piece::Plain(PrfData::Iteration), Piece::Key(ObjectHandle::new(7))];
        let (data, count) =
            input_data(Sp800108Mode::DoublePipeline, pieces.into_iter(), &mut kept).unwrap();
        let key = behind(data, count)[1];
        assert_eq!({ key.type_ }, CK_SP800_108_KEY_HANDLE);
        assert_eq!({ key.ulValueLen }, ck_len(size_of::<CK_OBJECT_HANDLE>()).unwrap());
        assert_eq!(behind::<CK_OBJECT_HANDLE>(key.pValue.cast(), 1), [7]);
    }

    #[test]
    fn wrong_inputs_are_refused() {
        let prf = MechanismType::AES_CMAC;
        let of = |mode, data: &[PrfData<'_>]| refused(Sp800108::new(mode, prf, data));
        let (counter, pipeline) = (Sp800108Mode::Counter, Sp800108Mode::DoublePipeline);
        let length = PrfData::Length(LengthMethod::SumOfKeys, COUNTER);
        of(counter, &[]);
        of(counter, &[PrfData::Iteration, PrfData::Counter(COUNTER)]);
        of(counter, &[PrfData::Counter(NumberFormat::big_endian(12))]);
        of(counter, &[PrfData::Counter(COUNTER), PrfData::Bytes(&[])]);
        of(pipeline, &[PrfData::Counter(COUNTER)]);
        of(pipeline, &[PrfData::Iteration, length, length]);
        let mut keys = [NewKey::new()];
        let data = [PrfData::Counter(COUNTER)];
        refused(Sp800108::new(counter, prf, &data).further_keys(&[], &mut keys));
    }
}
