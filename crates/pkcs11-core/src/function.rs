//! The functions of PKCS#11, by name.

macro_rules! functions {
    ($($name:ident, $since:literal;)*) => {
        /// A function of PKCS#11; prints as its C name, `C_Sign`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Function {
            $(
                #[doc = concat!("`C_", stringify!($name), "`, since PKCS#11 ", $since, ".")]
                $name,
            )*
        }

        impl Function {
            /// All functions, in the order of the function list.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name in C.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => concat!("C_", stringify!($name)),)*
                }
            }
        }
    };
}

functions! {
    Initialize, "2.40";
    Finalize, "2.40";
    GetInfo, "2.40";
    GetFunctionList, "2.40";
    GetSlotList, "2.40";
    GetSlotInfo, "2.40";
    GetTokenInfo, "2.40";
    GetMechanismList, "2.40";
    GetMechanismInfo, "2.40";
    InitToken, "2.40";
    InitPIN, "2.40";
    SetPIN, "2.40";
    OpenSession, "2.40";
    CloseSession, "2.40";
    CloseAllSessions, "2.40";
    GetSessionInfo, "2.40";
    GetOperationState, "2.40";
    SetOperationState, "2.40";
    Login, "2.40";
    Logout, "2.40";
    CreateObject, "2.40";
    CopyObject, "2.40";
    DestroyObject, "2.40";
    GetObjectSize, "2.40";
    GetAttributeValue, "2.40";
    SetAttributeValue, "2.40";
    FindObjectsInit, "2.40";
    FindObjects, "2.40";
    FindObjectsFinal, "2.40";
    EncryptInit, "2.40";
    Encrypt, "2.40";
    EncryptUpdate, "2.40";
    EncryptFinal, "2.40";
    DecryptInit, "2.40";
    Decrypt, "2.40";
    DecryptUpdate, "2.40";
    DecryptFinal, "2.40";
    DigestInit, "2.40";
    Digest, "2.40";
    DigestUpdate, "2.40";
    DigestKey, "2.40";
    DigestFinal, "2.40";
    SignInit, "2.40";
    Sign, "2.40";
    SignUpdate, "2.40";
    SignFinal, "2.40";
    SignRecoverInit, "2.40";
    SignRecover, "2.40";
    VerifyInit, "2.40";
    Verify, "2.40";
    VerifyUpdate, "2.40";
    VerifyFinal, "2.40";
    VerifyRecoverInit, "2.40";
    VerifyRecover, "2.40";
    DigestEncryptUpdate, "2.40";
    DecryptDigestUpdate, "2.40";
    SignEncryptUpdate, "2.40";
    DecryptVerifyUpdate, "2.40";
    GenerateKey, "2.40";
    GenerateKeyPair, "2.40";
    WrapKey, "2.40";
    UnwrapKey, "2.40";
    DeriveKey, "2.40";
    SeedRandom, "2.40";
    GenerateRandom, "2.40";
    GetFunctionStatus, "2.40";
    CancelFunction, "2.40";
    WaitForSlotEvent, "2.40";
    GetInterfaceList, "3.0";
    GetInterface, "3.0";
    LoginUser, "3.0";
    SessionCancel, "3.0";
    MessageEncryptInit, "3.0";
    EncryptMessage, "3.0";
    EncryptMessageBegin, "3.0";
    EncryptMessageNext, "3.0";
    MessageEncryptFinal, "3.0";
    MessageDecryptInit, "3.0";
    DecryptMessage, "3.0";
    DecryptMessageBegin, "3.0";
    DecryptMessageNext, "3.0";
    MessageDecryptFinal, "3.0";
    MessageSignInit, "3.0";
    SignMessage, "3.0";
    SignMessageBegin, "3.0";
    SignMessageNext, "3.0";
    MessageSignFinal, "3.0";
    MessageVerifyInit, "3.0";
    VerifyMessage, "3.0";
    VerifyMessageBegin, "3.0";
    VerifyMessageNext, "3.0";
    MessageVerifyFinal, "3.0";
    EncapsulateKey, "3.2";
    DecapsulateKey, "3.2";
    VerifySignatureInit, "3.2";
    VerifySignature, "3.2";
    VerifySignatureUpdate, "3.2";
    VerifySignatureFinal, "3.2";
    GetSessionValidationFlags, "3.2";
    AsyncComplete, "3.2";
    AsyncGetID, "3.2";
    AsyncJoin, "3.2";
    WrapKeyAuthenticated, "3.2";
    UnwrapKeyAuthenticated, "3.2";
}

impl std::fmt::Display for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}
