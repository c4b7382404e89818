//! Which mechanism, parameters and template a key type gets when the caller names none.
