//! DER made with OpenSSL 3.0; the command stands above each.
//!
//! Where a command reads a file, the fixture before it, or the one that it names, made it:
//! `rsa.pem`, `ec.pem`, `dsa.pem` and `dsaparam.pem` are the PEM forms of the keys here.

pub(crate) mod ec;
pub(crate) mod private_keys;
pub(crate) mod spki;
pub(crate) mod x509;

use hex_literal::hex;

/// `openssl genrsa -traditional 1024 > rsa.pem`
/// `openssl rsa -in rsa.pem -traditional -outform DER`
pub(crate) const RSA_PRIVATE_KEY: &[u8] = &hex!(
    "
    3082025e02010002818100dfb02e25349d5668e142ab1fe9a207f11ea05e60bf35fcce62e6aeb57ee1952a39c47d
    77739c5dff79d446b6954f5b42600d188b50a4d32b3d762242407cd5f1b0333504f7ba62be7971c5e41e31636653
    17dd7d4d116ece203ca1e38661cb9dd44693862aa02ccb3eefc06b1dd44bae9f710f724a02d5ec80ab95e8f69484
    6b0203010001028181008c922a1da577eed29025166742aa59b5545ad19498f5337efbb61e3ade96a2e7db4fb8cd
    357121bd27f197d2abf827d0898e114b938d514b4e1f8c1df86abb032f7672c62f652a979452f4a2132a62fa4263
    0cf9b0a6f155638ad02284654f8d23170892ea305b56e605546deda36881aefa024c1ba0b916d40a108d62d87f41
    024100fa4d1afcc02c1ff42452c83629a04f0e0439abc4a6342ba646954c1ddc0a70ddde6a0516d751416625075e
    9179d41ebe6a04e34326ea2a8f50d1665e6c7ed721024100e4c7f5a3faa4f47f3d414be7e69a60a3fbdd9ebfbf15
    643f2f6ffa88a41b987872ff829e6ca7a42f3b7bfff14f68326d24f56abef8f29c892836b2e5e5c6860b02407945
    ac82b3756d91f39b6c47d9c943244e65c6d48396996379a55278d128f9e075a7b689878f65f9608d7e834b9cbbbc
    944f83f10044ca941f9b255730881021024100b6835b50ed3549a4747eb20a982a926c601346811bf4f9db7a81af
    f1f051df8a3fdbdd1d7bfb257d54cc30bc17283e0a5a90bb0f0d55a751b85622d44b41dc4f024100ce5e69efc13f
    242cde10dd5dc50b271630ad4d5d8614f9ed08632910f641d9657a96a3d6e06f0ae022750f49ebf029c2dba4de6d
    f8944090da3fea079541e13b
    "
);

/// `openssl rsa -in rsa.pem -RSAPublicKey_out -outform DER`
pub(crate) const RSA_PUBLIC_KEY: &[u8] = &hex!(
    "
    30818902818100dfb02e25349d5668e142ab1fe9a207f11ea05e60bf35fcce62e6aeb57ee1952a39c47d77739c5d
    ff79d446b6954f5b42600d188b50a4d32b3d762242407cd5f1b0333504f7ba62be7971c5e41e3163665317dd7d4d
    116ece203ca1e38661cb9dd44693862aa02ccb3eefc06b1dd44bae9f710f724a02d5ec80ab95e8f694846b020301
    0001
    "
);

/// `openssl rsa -in rsa.pem -pubout -outform DER`
pub(crate) const RSA_SPKI: &[u8] = &hex!(
    "
    30819f300d06092a864886f70d010101050003818d0030818902818100dfb02e25349d5668e142ab1fe9a207f11e
    a05e60bf35fcce62e6aeb57ee1952a39c47d77739c5dff79d446b6954f5b42600d188b50a4d32b3d762242407cd5
    f1b0333504f7ba62be7971c5e41e3163665317dd7d4d116ece203ca1e38661cb9dd44693862aa02ccb3eefc06b1d
    d44bae9f710f724a02d5ec80ab95e8f694846b0203010001
    "
);

/// `openssl genrsa -traditional -primes 3 1024 | openssl rsa -traditional -outform DER`
pub(crate) const RSA_THREE_PRIMES: &[u8] = &hex!(
    "
    3082027d02010102818100bcb9dbca7c4182a84fe31781d31749badba33d643fef5670d85572bcf42149131d90f4
    5d03104681910e7f25c1478925dd3238c97554349a7ee673ff9acdfd896163a4c5e801022b6bd2293ca2c6c3d482
    96d300855085c2e8cd58f1b0804ace23558d69de4fb985be2d57e2b1f5b612b4a9a8f09921c89e954bccedb627c8
    93020301000102818065aa1964729b37af4399a9c81dd6a5b92b283ca20c6ef9b9c0500787125bfbe9783be5e755
    072774149819b6a775487b1d590678cdba1b8143b84fc99db25a50fef5794548c50f132e618bcc0c8bdf96dd83ff
    f8681885d01f84ea6c3d419d29257d20491ba25840caefa15967826fb7d9b69efa39b57ae12aef2d0a16ef010102
    2b3b610c4ce2f7a083bb20e29592bdf2ab67abfeefb086096ff7f0e21a6d857697e2c02d402966fa6217c81d022b
    1f6acdf63f3ae7a87026cf5d574a8c18ac6fec5b920970d8ee9c734f89b45a3e9a997e416d2ec136b8cb3d022b01
    18a79b7bcd4a9f6403156be18bb44149e6b90c3fdc19ac818d66ff49ea5ee82afd95584beb64d00ed459022b0bc9
    1c347929d6c7783306ed4416c2116b769d1b08e0a3c5ad5561688006f927ad0551b8a785b79398a51d022b040ca6
    c2a314bf8cfe75754507eeb720f4a1b012b17e088546460c72394758e92ebed1b38ba93b2858098b30818a308187
    022b19e5f473958fec16dec55924dc835c87320438f69b0c9e1d70a77e6653a60fc20968f313fcf010f6db491b02
    2b1153b7bc493954646cc12e8629febd3e3aa9768f0f675eb625b3fa2e6e12b18249976ce2579d2a4c6ea437022b
    12b82533ddb025cf81f334aef597ea2bff22338892a75ecf6433c1b4ec7271b8b9143ad889ceaecacf1fc1
    "
);

/// `openssl ecparam -name prime192v1 -outform DER`
pub(crate) const P192_PARAMETERS: &[u8] = &hex!("06082a8648ce3d030101");

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime192v1 | openssl pkey -pubout -outform DER`
pub(crate) const P192_SPKI: &[u8] = &hex!(
    "
    3049301306072a8648ce3d020106082a8648ce3d03010103320004ef756a8d53c4eaefb5858080b065ddf9e86476
    83da3f7c4fc2732759b6a317f14b2ca26b18aeed92561c5c624b424cbf
    "
);

/// `openssl ecparam -name secp224r1 -outform DER`
pub(crate) const P224_PARAMETERS: &[u8] = &hex!("06052b81040021");

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp224r1 | openssl pkey -pubout -outform DER`
pub(crate) const P224_SPKI: &[u8] = &hex!(
    "
    304e301006072a8648ce3d020106052b81040021033a0004cae8da0311a67a1e33383999b05770e1bbb417fa7648
    bd8d294682411d17b5d124b813bb00630b05ea9b133577c4148d01de77d68a016213
    "
);

/// `openssl ecparam -name prime256v1 -outform DER`
pub(crate) const P256_PARAMETERS: &[u8] = &hex!("06082a8648ce3d030107");

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 | openssl pkey -pubout -outform DER`
pub(crate) const P256_SPKI: &[u8] = &hex!(
    "
    3059301306072a8648ce3d020106082a8648ce3d030107034200041a0e98c63fee73de040e1342f6f0ad4885267b
    ec7c36859447d50f09e898b25889f0749ce897a867fd0d2b675fcde233e445e43472466eb287ac7d3569064a68
    "
);

/// `openssl ecparam -name secp384r1 -outform DER`
pub(crate) const P384_PARAMETERS: &[u8] = &hex!("06052b81040022");

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp384r1 | openssl pkey -pubout -outform DER`
pub(crate) const P384_SPKI: &[u8] = &hex!(
    "
    3076301006072a8648ce3d020106052b810400220362000439083380bca82de48f8bfb014a64bb1528783837130a
    d630ae5ac7a3e839ef4cbda2aa19121cdea5ad97aab261753901889bf861c7123c2cfe3503e442138d94d5c80476
    4cb7f52bff2cf778d8adde77a093ca8f7c5af16dc9e4076b4f2ee894
    "
);

/// `openssl ecparam -name secp521r1 -outform DER`
pub(crate) const P521_PARAMETERS: &[u8] = &hex!("06052b81040023");

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp521r1 | openssl pkey -pubout -outform DER`
pub(crate) const P521_SPKI: &[u8] = &hex!(
    "
    30819b301006072a8648ce3d020106052b8104002303818600040078b4d01f2189c267608af9ceffb280bda2eb3a
    53a1a8fe2eb4ee82eaf927a7b9a03ef4446c17ed510d9c63edc78a65463e5dc93b1f14bf8fa4f33b3f592e6a75a0
    010546e70bd995479378262f8cdd6d40275637dc7eaddd1f7ad5f4c37f70944f3abad67122a3c5676ac3858e2221
    f335ba9f77ce7531e8dd34bbe018192a984209f8
    "
);

/// `openssl ecparam -name secp256k1 -outform DER`
pub(crate) const SECP256K1_PARAMETERS: &[u8] = &hex!("06052b8104000a");

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 | openssl pkey -pubout -outform DER`
pub(crate) const SECP256K1_SPKI: &[u8] = &hex!(
    "
    3056301006072a8648ce3d020106052b8104000a03420004f70339ed22cd8384f7e406cc6ca4cf3fb37cc8f3f1e2
    127190d552ab3b6658cf1245f106a48977b890bd1a18ac93c5b4cad7e346cbc6489d78c453385cbec5ea
    "
);

/// `openssl ecparam -name brainpoolP256r1 -outform DER`
pub(crate) const BRAINPOOL_P256R1_PARAMETERS: &[u8] = &hex!("06092b2403030208010107");

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1 | openssl pkey -pubout -outform DER`
pub(crate) const BRAINPOOL_P256R1_SPKI: &[u8] = &hex!(
    "
    305a301406072a8648ce3d020106092b2403030208010107034200046f0299e51318a10f1d1082cfa03f1e816279
    2a5f35cf1b49f122a2c9910040e469297965ff572ababd283e3d0897fce0ed5f1580843be2cc48f1d6be5f11990f
    "
);

/// `openssl ecparam -name brainpoolP384r1 -outform DER`
pub(crate) const BRAINPOOL_P384R1_PARAMETERS: &[u8] = &hex!("06092b240303020801010b");

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP384r1 | openssl pkey -pubout -outform DER`
pub(crate) const BRAINPOOL_P384R1_SPKI: &[u8] = &hex!(
    "
    307a301406072a8648ce3d020106092b240303020801010b036200044e13f090904e7b0a1d8d8d0b09054f2ef456
    4f3eeca231242e4b88e4679d79fc4a53951644ade2ea8fd7d8ef2496555357362fb51d8e6a20beee35994f19c505
    a64c409e01f2befbb711d5b6bbd210291d0173cb7f0e17fbbc0278f016301611
    "
);

/// `openssl ecparam -name brainpoolP512r1 -outform DER`
pub(crate) const BRAINPOOL_P512R1_PARAMETERS: &[u8] = &hex!("06092b240303020801010d");

/// `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP512r1 | openssl pkey -pubout -outform DER`
pub(crate) const BRAINPOOL_P512R1_SPKI: &[u8] = &hex!(
    "
    30819b301406072a8648ce3d020106092b240303020801010d038182000477cf3527045e29d5c91ee6aed89f4f52
    9c33df2404fe6f060e1fbfd93dc919c94311fcc15a572623c79b5b434cdf70645ad0349168feec44a1bb2496f3c6
    f60246b7ae4582d3662b7e27526b4618d2d14ae02635052ae7dcaf7a7da4ebb1f62977f371a5f0b4e53e090c68a9
    e93a28a5fbc684a2724c7c20e8b2cda7fe1298b5
    "
);

/// `openssl ecparam -name prime256v1 -genkey -noout > ec.pem`
/// `openssl ec -in ec.pem -pubout -conv_form compressed -outform DER`
pub(crate) const P256_COMPRESSED_SPKI: &[u8] = &hex!(
    "
    3039301306072a8648ce3d020106082a8648ce3d0301070322000336226d0d140ef2e7075bbba73751652eec2ab2
    dd6c1e5fbd46175047d79343e1
    "
);

/// `openssl ec -in ec.pem -pubout -param_enc explicit -outform DER`
pub(crate) const P256_EXPLICIT_SPKI: &[u8] = &hex!(
    "
    3082014b3082010306072a8648ce3d02013081f7020101302c06072a8648ce3d0101022100ffffffff0000000100
    0000000000000000000000ffffffffffffffffffffffff305b0420ffffffff000000010000000000000000000000
    00fffffffffffffffffffffffc04205ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d260
    4b031500c49d360886e704936a6678e1139d26b7819f7e900441046b17d1f2e12c4247f8bce6e563a440f277037d
    812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f502
    2100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325510201010342000436226d0d14
    0ef2e7075bbba73751652eec2ab2dd6c1e5fbd46175047d79343e1740dd653d86a750e4c62f87e096f02dc222535
    106060199f616458fd7ce3505d
    "
);

/// `openssl ecparam -name secp521r1 -param_enc explicit -outform DER`
pub(crate) const P521_EXPLICIT_PARAMETERS: &[u8] = &hex!(
    "
    308201c3020101304d06072a8648ce3d0101024201ffffffffffffffffffffffffffffffffffffffffffffffffff
    ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff30819f044201
    ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
    fffffffffffffffffffffffffffffffffffffc04420051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315
    f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00031500d09e
    8800291cb85396cc6717393284aaa0da64ba0481850400c6858e06b70404e9cd9e3ecb662395b4429c648139053f
    b521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd6601183929
    6a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761
    353c7086a272c24088be94769fd16650024201ffffffffffffffffffffffffffffffffffffffffffffffffffffff
    fffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409020101
    "
);

/// `openssl genpkey -algorithm ED25519 | openssl pkey -pubout -outform DER`
pub(crate) const ED25519_SPKI: &[u8] = &hex!(
    "
    302a300506032b657003210097e3cba31daaea2337afbd1016390e94f254008b1c18478a2141c2cf9d1f1898
    "
);

/// `openssl genpkey -algorithm ED448 | openssl pkey -pubout -outform DER`
pub(crate) const ED448_SPKI: &[u8] = &hex!(
    "
    3043300506032b6571033a00138c49b96ec2b33f2089fce4f7e6ec94d5ea776173c64c8662d8371a44fe9648c26e
    74ad80873e41dfde99c21923352a7f80e413d61c11d580
    "
);

/// `openssl genpkey -algorithm X25519 | openssl pkey -pubout -outform DER`
pub(crate) const X25519_SPKI: &[u8] = &hex!(
    "
    302a300506032b656e03210021b288c68e2fe60839fc1c19c1696b2db6a3ab22ffe6d24e5178e6ae05f60d63
    "
);

/// `openssl genpkey -algorithm X448 | openssl pkey -pubout -outform DER`
pub(crate) const X448_SPKI: &[u8] = &hex!(
    "
    3042300506032b656f033900fcdf5dbdf69e43fa3aac8ea0a2e99bd2d4877c038115be9b256ed7c68c0a242add4d
    277baab4d6c9672a1016af46a1dd129309dc39d56a7a
    "
);

/// `openssl dsaparam -out dsaparam.pem 1024`
/// `openssl dsaparam -in dsaparam.pem -outform DER`
pub(crate) const DSA_PARAMETERS: &[u8] = &hex!(
    "
    3082012602818100c35c4a636514c49ca13f16c894a7dcc9018ace0b173dce25f50f63a920dda3185c27e00e527f
    2dfcc03602bb6025018d29fbf6477450db5b8b595f2b8810d45f59d17642e532f874a175c28c8bd7774d715060e6
    b973ead7e543a4e413da82d54e99194fb213893751bc6050c2a69e0fb5299297e4a27edc3e1dc8224a9c5d81021d
    00aeb30f8fb7ea9a5ecbf73d07e0a094894d7ed8631b0731e249a6457d0281801d2d21e0bd7a8bb9dbfb8b3c25ba
    f8e83d9560842a9877abc68875daca5064548809fb3976b683a7564f0cafa12add1fdb67591adddf6594b7173983
    ce80cd534aeaee0de174ff99b35f13aaeac4f65521507e355a25ee10c497b1cd79614846c055662a247c1730c7ce
    54f448c4c1c345e6114a3ba2c890f13bfdee3de2bff1
    "
);

/// `openssl gendsa dsaparam.pem > dsa.pem`
/// `openssl pkey -in dsa.pem -pubout -outform DER`
pub(crate) const DSA_SPKI: &[u8] = &hex!(
    "
    308201be3082013306072a8648ce3804013082012602818100c35c4a636514c49ca13f16c894a7dcc9018ace0b17
    3dce25f50f63a920dda3185c27e00e527f2dfcc03602bb6025018d29fbf6477450db5b8b595f2b8810d45f59d176
    42e532f874a175c28c8bd7774d715060e6b973ead7e543a4e413da82d54e99194fb213893751bc6050c2a69e0fb5
    299297e4a27edc3e1dc8224a9c5d81021d00aeb30f8fb7ea9a5ecbf73d07e0a094894d7ed8631b0731e249a6457d
    0281801d2d21e0bd7a8bb9dbfb8b3c25baf8e83d9560842a9877abc68875daca5064548809fb3976b683a7564f0c
    afa12add1fdb67591adddf6594b7173983ce80cd534aeaee0de174ff99b35f13aaeac4f65521507e355a25ee10c4
    97b1cd79614846c055662a247c1730c7ce54f448c4c1c345e6114a3ba2c890f13bfdee3de2bff103818400028180
    1a0ba432b8a9372a5bb560bc87889ed316e598f1e914dc0f172bed6f48647ff10962bb7f03579fa122ff636af8d2
    c19559aa3a79735be12f4cc277ac60a1364af152fe050ba14afd00e990e69aa88b78917405a3b71dd7b18311dfc8
    2586d5cca76ad8415fb4d468302cc85ed59bd3583ecdc05681dd00cc4ed59fbf40eb3859
    "
);

/// `printf abc | openssl dgst -sha256 -sign dsa.pem`
pub(crate) const DSA_SIGNATURE: &[u8] = &hex!(
    "
    303d021c6a6a1a9e52977749596364965a20c2153527cec9fe4453834a5889d3021d008146520907580b053ca23b
    abf3874dbd68e62fa83b65653bf3ff2a0c
    "
);

/// `openssl dhparam -outform DER 512`
pub(crate) const DH_PARAMETERS: &[u8] = &hex!(
    "
    3046024100bf03b976ce50fd76ff7db3c6c5737b45a523af9b0f15363ab6cc8aefb940899e5e1cdb0c20096f942b
    8abddc2c3b78ec9a6a679a5af40d535efd91d85392b24f020102
    "
);

/// `printf 'asn1=SEQUENCE:dh\n[dh]\np=INTEGER:0xFFFFFFFFFFFFFFC5\ng=INTEGER:2\nl=INTEGER:160' > dh.cnf`
/// `openssl asn1parse -genconf dh.cnf -noout -out dh.der`
pub(crate) const DH_PARAMETERS_WITH_LENGTH: &[u8] = &hex!(
    "
    3012020900ffffffffffffffc5020102020200a0
    "
);

/// `openssl dhparam -dsaparam -outform DER 512`
///
/// Not PKCS#3: the third number is the subprime.
pub(crate) const X942_PARAMETERS: &[u8] = &hex!(
    "
    3081a5024100d82f766abfaebe3796b1526e3d42d7d299451ee3e41b9cd4f5e83863c9905eeb531214f44bbbe158
    2be41fe2822c0a5f9b6a494f8d918a05147d6dfd23fb3519024100ba2c1a9c5dc4dda1719e29dfa18cb880b24ea5
    f542e939b4b783ea75f2a1d0299e78c6b41642cd1d44107539bfa0f1b2bca8aa7b771c52c350a6cdc50312b5ec02
    1d00d78aae79666399e60309d0bcaf65c7513e41376f63e6f8d30f7ea4a9
    "
);

/// `printf abc | openssl dgst -sha256 -sign ec.pem`
///
/// Repeated until r had 31 bytes.
pub(crate) const ECDSA_SHORT_R: &[u8] = &hex!(
    "
    3043021f62cc7306fc3af2902dcd4299ff26f58dc76da286cd5f11d80c537fd83cf0cd02205bac079bf4ad1182e9
    3c04ebeea8110d0780191a5813001d6a3b56072c85b7e7
    "
);

/// `printf abc | openssl dgst -sha1 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha1 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA1: &[u8] = &hex!(
    "
    3021300906052b0e03021a05000414a9993e364706816aba3e25717850c26c9cd0d89d
    "
);

/// `printf abc | openssl dgst -sha224 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha224 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA224: &[u8] = &hex!(
    "
    302d300d06096086480165030402040500041c23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9d
    a7
    "
);

/// `printf abc | openssl dgst -sha256 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha256 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA256: &[u8] = &hex!(
    "
    3031300d060960864801650304020105000420ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff
    61f20015ad
    "
);

/// `printf abc | openssl dgst -sha384 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha384 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA384: &[u8] = &hex!(
    "
    3041300d060960864801650304020205000430cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b60
    5a43ff5bed8086072ba1e7cc2358baeca134c825a7
    "
);

/// `printf abc | openssl dgst -sha512 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha512 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA512: &[u8] = &hex!(
    "
    3051300d060960864801650304020305000440ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eee
    e64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
    "
);

/// `printf abc | openssl dgst -sha512-224 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha512-224 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA512_224: &[u8] = &hex!(
    "
    302d300d06096086480165030402050500041c4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924
    aa
    "
);

/// `printf abc | openssl dgst -sha512-256 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha512-256 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA512_256: &[u8] = &hex!(
    "
    3031300d06096086480165030402060500042053048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f1
    3107e7af23
    "
);

/// `printf abc | openssl dgst -sha3-224 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha3-224 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA3_224: &[u8] = &hex!(
    "
    302d300d06096086480165030402070500041ce642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46f
    df
    "
);

/// `printf abc | openssl dgst -sha3-256 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha3-256 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA3_256: &[u8] = &hex!(
    "
    3031300d0609608648016503040208050004203a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe2
    4511431532
    "
);

/// `printf abc | openssl dgst -sha3-384 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha3-384 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA3_384: &[u8] = &hex!(
    "
    3041300d060960864801650304020905000430ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7c
    f0e49be4b298d88cea927ac7f539f1edf228376d25
    "
);

/// `printf abc | openssl dgst -sha3-512 -binary > hash`
/// `openssl pkeyutl -sign -inkey rsa.pem -pkeyopt digest:sha3-512 -in hash > signature`
/// `openssl pkeyutl -verifyrecover -inkey rsa.pem -in signature`
pub(crate) const DIGEST_INFO_SHA3_512: &[u8] = &hex!(
    "
    3051300d060960864801650304020a05000440b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d
    0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0
    "
);
