//! PKCS#11 for Rust: keys, signatures and encryption on HSMs, smart cards and software tokens.
