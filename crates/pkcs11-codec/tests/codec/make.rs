//! DER written by hand, right or wrong.

/// One element; its length in the fewest octets.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let length = u32::try_from(value.len()).unwrap().to_be_bytes();
    let mut der = vec![tag];
    match length {
        [0, 0, 0, short @ ..0x80] => der.push(short),
        _ => {
            let zeros = length.iter().take_while(|octet| **octet == 0).count();
            der.push(0x84 - u8::try_from(zeros).unwrap());
            der.extend(&length[zeros..]);
        }
    }
    der.extend(value);
    der
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

/// The parts of a certificate, each to be replaced; what the defaults make is good.
pub(crate) struct Certificate {
    pub(crate) version: Vec<u8>,
    pub(crate) serial_number: Vec<u8>,
    pub(crate) inner_algorithm: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) validity: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) key: Vec<u8>,
    /// The unique identifiers and the extensions, with their tags.
    pub(crate) rest: Vec<u8>,
    pub(crate) outer_algorithm: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    /// What stands behind the signature.
    pub(crate) after: Vec<u8>,
}

/// id-Ed25519.
const ALGORITHM: &[u8] = &[0x30, 5, 6, 3, 0x2b, 0x65, 0x70];

impl Default for Certificate {
    fn default() -> Self {
        let name = |text| {
            let attribute = sequence(&[&[6, 3, 0x55, 4, 3], &tlv(0x0c, &[text])]);
            sequence(&[&tlv(0x31, &[&attribute])])
        };
        Self {
            version: vec![0xa0, 3, 2, 1, 2],
            serial_number: vec![2, 1, 7],
            inner_algorithm: ALGORITHM.to_vec(),
            issuer: name(b"issuer"),
            validity: sequence(&[b"\x17\x0d250101000000Z", b"\x17\x0d350101000000Z"]),
            subject: name(b"subject"),
            key: sequence(&[ALGORITHM, &tlv(3, &[&[0], &[7; 32]])]),
            rest: Vec::new(),
            outer_algorithm: ALGORITHM.to_vec(),
            signature: tlv(3, &[&[0], &[9; 64]]),
            after: Vec::new(),
        }
    }
}

impl Certificate {
    pub(crate) fn to_der(&self) -> Vec<u8> {
        let tbs = sequence(&[
            &self.version,
            &self.serial_number,
            &self.inner_algorithm,
            &self.issuer,
            &self.validity,
            &self.subject,
            &self.key,
            &self.rest,
        ]);
        sequence(&[&tbs, &self.outer_algorithm, &self.signature, &self.after])
    }
}
