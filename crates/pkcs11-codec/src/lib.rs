//! Strict ASN.1 for PKCS#11: keys, parameters, signatures, without any FFI.
