//! One-time passwords.

use super::kdf::keep_one;
use super::*;
use crate::mechanism::{Otp, OtpFormat, OtpParameter};

impl<'a> Pack<'a> for Otp<'a> {
    fn pack(self, _: Quirks) -> Result<Packed<'a>> {
        let mut kept = Kept::default();
        let mut parameters = Vec::new();
        for parameter in self.parameters {
            let of = |slice: &[u8]| bytes(slice).map(|(place, length)| (place.cast(), length));
            let (kind, (value, length)) = match *parameter {
                OtpParameter::Pin(pin) => (CK_OTP_PIN, of(pin.as_bytes())?),
                OtpParameter::Challenge(challenge) => (CK_OTP_CHALLENGE, of(challenge)?),
                OtpParameter::Time(time) => (CK_OTP_TIME, of(time.as_bytes())?),
                OtpParameter::Counter(counter) => (CK_OTP_COUNTER, of(counter)?),
                OtpParameter::Flags(flags) => {
                    (CK_OTP_FLAGS, keep_one(CK_FLAGS::from(flags), &mut kept)?)
                }
                OtpParameter::Length(length) => {
                    (CK_OTP_OUTPUT_LENGTH, keep_one(ck_len(length)?, &mut kept)?)
                }
                OtpParameter::Format(format) => {
                    let format = match format {
                        OtpFormat::Decimal => CK_OTP_FORMAT_DECIMAL,
                        OtpFormat::Hexadecimal => CK_OTP_FORMAT_HEXADECIMAL,
                        OtpFormat::Alphanumeric => CK_OTP_FORMAT_ALPHANUMERIC,
                        OtpFormat::Binary => CK_OTP_FORMAT_BINARY,
                    };
                    (CK_OTP_OUTPUT_FORMAT, keep_one(format, &mut kept)?)
                }
            };
            parameters.push(CK_OTP_PARAM { type_: kind, pValue: value, ulValueLen: length });
        }
        let count = ck_len(parameters.len())?;
        let value = CK_OTP_PARAMS { pParams: kept.keep(parameters), ulCount: count };
        Ok(Packed::with(Struct::Otp(value), kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanism::OtpKind;
    use crate::raw::parameter::read_back::{behind, packed};

    #[test]
    fn all_parameters() {
        let packed = packed(Otp::new(
            OtpKind::Hotp,
            &[
                OtpParameter::Pin("1234"),
                OtpParameter::Challenge(b"challenge"),
                OtpParameter::Time("20260102030405"),
                OtpParameter::Counter(&[0, 0, 0, 0, 0, 0, 0, 9]),
                OtpParameter::Flags(0x21),
                OtpParameter::Length(6),
                OtpParameter::Format(OtpFormat::Binary),
            ],
        ));
        let found: CK_OTP_PARAMS = packed.read();
        let parameters = behind(found.pParams, found.ulCount);
        let kinds: Vec<_> = parameters.iter().map(|parameter| parameter.type_).collect();
        assert_eq!(kinds, [1, 2, 3, 4, 5, 6, 7]);
        let texts = [&b"1234"[..], b"challenge", b"20260102030405", &[0, 0, 0, 0, 0, 0, 0, 9]];
        for (parameter, text) in parameters.iter().zip(texts) {
            assert_eq!(behind::<u8>(parameter.pValue.cast(), parameter.ulValueLen), text);
        }
        let numbers = parameters[4..].iter().map(|parameter| {
            assert_eq!({ parameter.ulValueLen }, ck_len(size_of::<CK_ULONG>()).unwrap());
            behind::<CK_ULONG>(parameter.pValue.cast(), 1)[0]
        });
        assert_eq!(numbers.collect::<Vec<_>>(), [0x21, 6, CK_OTP_FORMAT_BINARY]);
    }

    #[test]
    fn pins_are_not_printed() {
        let pin = OtpParameter::Pin("1234");
        assert_eq!(format!("{pin:?}"), "OtpParameter { .. }");
    }
}
