//! The kinds of parameters that mechanisms take.

/// The table of parameters that are a struct or a number of the standard: one row each, given
/// to the macro `$then`.
macro_rules! parameters {
    ($then:ident) => {
        $then! {
            // RSA (PKCS#11 §6.1)
            Oaep: CK_RSA_PKCS_OAEP_PARAMS;
            Pss: CK_RSA_PKCS_PSS_PARAMS;
            RsaAesKeyWrap: CK_RSA_AES_KEY_WRAP_PARAMS;
            // Elliptic curves (§6.3)
            EdDsa: CK_EDDSA_PARAMS;
            XEdDsa: CK_XEDDSA_PARAMS;
            Ecdh1: CK_ECDH1_DERIVE_PARAMS;
            Ecdh2: CK_ECDH2_DERIVE_PARAMS;
            EcMqv: CK_ECMQV_DERIVE_PARAMS;
            EcdhAesKeyWrap: CK_ECDH_AES_KEY_WRAP_PARAMS;
            // Diffie-Hellman, DSA (§6.4, §6.2)
            X942Dh1: CK_X9_42_DH1_DERIVE_PARAMS;
            X942Dh2: CK_X9_42_DH2_DERIVE_PARAMS;
            X942Mqv: CK_X9_42_MQV_DERIVE_PARAMS;
            DsaParameterGen: CK_DSA_PARAMETER_GEN_PARAM;
            // ML-DSA, SLH-DSA (§6.67, §6.69)
            SignContext: CK_SIGN_ADDITIONAL_CONTEXT;
            HashSignContext: CK_HASH_SIGN_ADDITIONAL_CONTEXT;
            // Block ciphers
            MacLength: CK_MAC_GENERAL_PARAMS;
            Ctr: CK_AES_CTR_PARAMS;
            CamelliaCtr: CK_CAMELLIA_CTR_PARAMS;
            Gcm: CK_GCM_PARAMS;
            GcmMessage: CK_GCM_MESSAGE_PARAMS;
            GcmWrap: CK_GCM_WRAP_PARAMS;
            Ccm: CK_CCM_PARAMS;
            CcmMessage: CK_CCM_MESSAGE_PARAMS;
            CcmWrap: CK_CCM_WRAP_PARAMS;
            AesCbcData: CK_AES_CBC_ENCRYPT_DATA_PARAMS;
            DesCbcData: CK_DES_CBC_ENCRYPT_DATA_PARAMS;
            CamelliaCbcData: CK_CAMELLIA_CBC_ENCRYPT_DATA_PARAMS;
            AriaCbcData: CK_ARIA_CBC_ENCRYPT_DATA_PARAMS;
            SeedCbcData: CK_SEED_CBC_ENCRYPT_DATA_PARAMS;
            // Stream ciphers
            ChaCha20: CK_CHACHA20_PARAMS;
            Salsa20: CK_SALSA20_PARAMS;
            Poly1305: CK_SALSA20_CHACHA20_POLY1305_PARAMS;
            Poly1305Message: CK_SALSA20_CHACHA20_POLY1305_MSG_PARAMS;
            // Key derivation
            StringData: CK_KEY_DERIVATION_STRING_DATA;
            OtherKey: CK_OBJECT_HANDLE;
            FirstBit: CK_EXTRACT_PARAMS;
            Hkdf: CK_HKDF_PARAMS;
            Sp800108: CK_SP800_108_KDF_PARAMS;
            Sp800108Feedback: CK_SP800_108_FEEDBACK_KDF_PARAMS;
            Pbkdf2: CK_PKCS5_PBKD2_PARAMS2;
            Pbe: CK_PBE_PARAMS;
            // TLS and its elders
            Version: CK_VERSION;
            Ssl3MasterKey: CK_SSL3_MASTER_KEY_DERIVE_PARAMS;
            Ssl3KeyMaterial: CK_SSL3_KEY_MAT_PARAMS;
            Tls12MasterKey: CK_TLS12_MASTER_KEY_DERIVE_PARAMS;
            Tls12ExtendedMasterKey: CK_TLS12_EXTENDED_MASTER_KEY_DERIVE_PARAMS;
            Tls12KeyMaterial: CK_TLS12_KEY_MAT_PARAMS;
            TlsKdf: CK_TLS_KDF_PARAMS;
            TlsMac: CK_TLS_MAC_PARAMS;
            TlsPrf: CK_TLS_PRF_PARAMS;
            WtlsVersion: CK_BYTE;
            WtlsMasterKey: CK_WTLS_MASTER_KEY_DERIVE_PARAMS;
            WtlsPrf: CK_WTLS_PRF_PARAMS;
            WtlsKeyMaterial: CK_WTLS_KEY_MAT_PARAMS;
            // IKE
            IkePrf: CK_IKE_PRF_DERIVE_PARAMS;
            Ike1Prf: CK_IKE1_PRF_DERIVE_PARAMS;
            Ike1Extended: CK_IKE1_EXTENDED_DERIVE_PARAMS;
            Ike2PrfPlus: CK_IKE2_PRF_PLUS_DERIVE_PARAMS;
            // GOST
            GostDerive: CK_GOSTR3410_DERIVE_PARAMS;
            GostKeyWrap: CK_GOSTR3410_KEY_WRAP_PARAMS;
            // One-time passwords, CMS, CT-KIP
            Otp: CK_OTP_PARAMS;
            CmsSig: CK_CMS_SIG_PARAMS;
            Kip: CK_KIP_PARAMS;
            // X3DH and the double ratchet
            X3dhInitiate: CK_X3DH_INITIATE_PARAMS;
            X3dhRespond: CK_X3DH_RESPOND_PARAMS;
            X2RatchetInitialize: CK_X2RATCHET_INITIALIZE_PARAMS;
            X2RatchetRespond: CK_X2RATCHET_RESPOND_PARAMS;
            // The historical mechanisms
            Rc2Bits: CK_RC2_PARAMS;
            Rc2Cbc: CK_RC2_CBC_PARAMS;
            Rc2Mac: CK_RC2_MAC_GENERAL_PARAMS;
            Rc5: CK_RC5_PARAMS;
            Rc5Cbc: CK_RC5_CBC_PARAMS;
            Rc5Mac: CK_RC5_MAC_GENERAL_PARAMS;
            Kea: CK_KEA_DERIVE_PARAMS;
            SkipjackPrivateWrap: CK_SKIPJACK_PRIVATE_WRAP_PARAMS;
            SkipjackRelayx: CK_SKIPJACK_RELAYX_PARAMS;
            SetOaep: CK_KEY_WRAP_SET_OAEP_PARAMS;
        }
    };
}
pub(crate) use parameters;

macro_rules! kinds {
    ($($name:ident: $raw:ident;)*) => {
        /// A parameter that a mechanism takes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Parameter {
            /// None: `pParameter` is NULL.
            Nothing,
            /// An initialisation vector of this many bytes.
            Iv(usize),
            /// Plain bytes: a public value, big-endian, or the DER of an OID.
            Bytes,
            $(
                #[doc = concat!("`", stringify!($raw), "`.")]
                $name,
            )*
        }

        impl Parameter {
            /// The struct, or the number, of the standard that the parameter is; `None` for
            /// plain bytes.
            #[must_use]
            pub const fn struct_name(self) -> Option<&'static str> {
                match self {
                    Self::Nothing | Self::Iv(_) | Self::Bytes => None,
                    $(Self::$name => Some(stringify!($raw)),)*
                }
            }

            /// Whether it goes with each message to encrypt or decrypt, and holds the tag.
            pub(crate) const fn is_of_message(self) -> bool {
                matches!(self, Self::GcmMessage | Self::CcmMessage | Self::Poly1305Message)
            }

            /// All that are a struct or a number of the standard.
            pub const STRUCTS: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

parameters!(kinds);

impl std::fmt::Display for Parameter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self, self.struct_name()) {
            (_, Some(name)) => f.write_str(name),
            (Self::Iv(length), _) => write!(f, "an initialisation vector of {length} bytes"),
            (Self::Bytes, _) => f.write_str("plain bytes"),
            _ => f.write_str("no parameter"),
        }
    }
}
