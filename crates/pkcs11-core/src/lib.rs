//! The safe PKCS#11 layer: modules, slots, tokens, sessions, objects, operations.
