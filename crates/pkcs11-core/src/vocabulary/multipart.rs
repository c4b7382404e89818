//! How mechanisms take data in parts.

use super::MechanismType as M;

/// Those that the standard restricts to single-part operations (the footnotes of its tables of
/// mechanisms and functions), and on which no module was seen to do otherwise.
const SINGLE_PART: &[M] = &[
    M::RSA_PKCS,
    M::RSA_9796,
    M::RSA_X_509,
    M::RSA_X9_31,
    M::RSA_PKCS_OAEP,
    M::RSA_PKCS_PSS,
    M::RSA_PKCS_TPM_1_1,
    M::RSA_PKCS_OAEP_TPM_1_1,
    M::DSA,
    M::ECDSA,
    M::XMSS,
    M::XMSSMT,
];

/// How the standard's names of mechanisms on whole blocks end.
const BLOCK_MODES: [&str; 4] = ["_ECB", "_CBC", "_CBC_PAD", "_CTS"];

impl M {
    /// Whether it signs, verifies, encrypts and decrypts in single-part operations only: a stream
    /// cannot use it.
    #[must_use]
    pub fn is_single_part(self) -> bool {
        SINGLE_PART.contains(&self)
    }

    /// Whether it works on whole blocks of 8 or 16 bytes.
    pub(crate) fn works_on_blocks(self) -> bool {
        self.name().is_some_and(|name| BLOCK_MODES.iter().any(|end| name.ends_with(end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MechanismFlags;

    #[test]
    fn single_part_mechanisms_are_of_keys_with_two_halves() {
        for mechanism in SINGLE_PART {
            assert!(mechanism.serves().intersects(MechanismFlags::SIGN | MechanismFlags::ENCRYPT));
        }
    }

    #[test]
    fn block_modes_are_those_of_block_ciphers() {
        let found: Vec<String> = M::ALL
            .iter()
            .filter(|mechanism| mechanism.serves().contains(MechanismFlags::ENCRYPT))
            .filter(|mechanism| mechanism.works_on_blocks())
            .map(|mechanism| mechanism.name().unwrap_or_default().replace("CKM_", ""))
            .collect();
        let ciphers = [
            "RC2",
            "DES",
            "DES3",
            "CDMF",
            "CAST",
            "CAST3",
            "CAST128",
            "RC5",
            "IDEA",
            "CAMELLIA",
            "ARIA",
            "SEED",
            "AES",
            "BLOWFISH",
            "TWOFISH",
            "GOST28147",
        ];
        for name in &found {
            let cipher = name.split('_').next().unwrap_or_default();
            assert!(ciphers.contains(&cipher), "{name}");
        }
        for name in ["AES_CBC", "AES_CBC_PAD", "AES_ECB", "AES_CTS", "DES3_CBC_PAD", "SEED_ECB"] {
            assert!(found.iter().any(|found| found == name), "{name}");
        }
    }
}
