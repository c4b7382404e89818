#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pkcs11_codec_fuzz::check("requests", bytes));
