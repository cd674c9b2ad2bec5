// What the vendored age.js offers: typage's two verbs, and the parts of noble that
// typage brings with it anyway, so that a page loads one copy of each.
//
// armor and webauthn are left out as namespaces on purpose: a namespace cannot be
// shaken off a bundle that does not use it, and Whistle uses neither in the browser.

import { armor } from "age-encryption";

export { Decrypter, Encrypter, identityToRecipient } from "age-encryption";
export { chacha20poly1305 } from "@noble/ciphers/chacha.js";
export { ed25519, x25519 } from "@noble/curves/ed25519.js";
export { expand, extract, hkdf } from "@noble/hashes/hkdf.js";
export { sha256, sha512 } from "@noble/hashes/sha2.js";
export { sha3_256, shake256 } from "@noble/hashes/sha3.js";
export { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
export { bech32 } from "@scure/base";
export const dearmor = armor.decode;
