#!/bin/sh
# Makes the files of this directory anew, with OpenSSL 3.0; the keys are other ones each time.
#
# NAME.key is a private key in PKCS#8, NAME.pub its SubjectPublicKeyInfo, NAME.sig a signature of
# `message`; NAME.peer is another's public key, NAME.secret what both agree on. All in DER.
set -eu
cd "$(dirname "$0")"
printf message > message.tmp

# Reads a private key in PEM and writes it with its public key.
key() {
    cat > key.tmp
    openssl pkcs8 -topk8 -nocrypt -in key.tmp -outform DER -out "$1.key"
    openssl pkey -in key.tmp -pubout -outform DER -out "$1.pub"
}
# With SHA-256.
signed() {
    key "$1"
    openssl dgst -sha256 -sign key.tmp -out "$1.sig" message.tmp
}
# By an algorithm that hashes itself.
signed_raw() {
    key "$1"
    openssl pkeyutl -sign -rawin -inkey key.tmp -in message.tmp -out "$1.sig"
}
# Reads the other's private key.
agreed() {
    cat > peer.tmp
    openssl pkey -in peer.tmp -pubout -out peer_public.tmp
    openssl pkey -pubin -in peer_public.tmp -outform DER -out "$1.peer"
    openssl pkeyutl -derive -inkey key.tmp -peerkey peer_public.tmp -out "$1.secret"
}
# Two parties with the same options.
agreeing() {
    name=$1
    shift
    openssl genpkey "$@" | key "$name"
    openssl genpkey "$@" | agreed "$name"
}

openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 | signed rsa
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3 | signed rsa3
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 | key rsa_pss
openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -sign key.tmp -out rsa_pss.sig message.tmp
openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 -pkeyopt dsa_paramgen_q_bits:256 -out parameters.tmp
openssl pkeyparam -in parameters.tmp -out dsa_parameters.pem
openssl genpkey -paramfile parameters.tmp | signed dsa
for curve in prime256v1 secp384r1 secp521r1 secp256k1 brainpoolP256r1; do
    openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$curve" | signed "$curve"
done
openssl genpkey -algorithm ED25519 | signed_raw ed25519
openssl genpkey -algorithm ED448 | signed_raw ed448
agreeing x25519 -algorithm X25519
agreeing x448 -algorithm X448
agreeing ecdh -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1
agreeing dh -algorithm DH -pkeyopt dh_param:ffdhe2048
openssl genpkey -genparam -algorithm DHX -pkeyopt dh_rfc5114:3 -out x942_parameters.pem
agreeing x942 -paramfile x942_parameters.pem
openssl rsa -inform DER -in rsa.key -traditional -out rsa_pkcs1.pem
openssl ec -inform DER -in prime256v1.key -out prime256v1_sec1.pem
rm ./*.tmp
