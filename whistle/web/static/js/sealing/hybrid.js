// A private key that opens many files: its parts are made ready once, and where the browser has
// ML-KEM-768 and X25519 itself, it does the work (a desk opens hundreds of case.age files, each with
// a stanza for everybody who may read). What a stanza is and how it opens is age's
// "mlkem768x25519" (HPKE with X-Wing), as in the vendored library; both ways give the same
// answer to every stanza, and the library reads all the rest of the file.

import {
  bech32,
  chacha20poly1305,
  expand,
  extract,
  ml_kem768,
  sha256,
  sha3_256,
  shake256,
  x25519,
} from "../../vendor/age-encryption@0.3.1/age.js";
import { bytesOf } from "./base64.js";
import { concat, utf8 } from "./bytes.js";

const KIND = "mlkem768x25519";
const [KEM_SHARE, SHARE, BODY] = [1088, 1120, 32]; // bytes
const LABEL = utf8("\\.//^\\"); // X-Wing's
const ML_KEM = { name: "ML-KEM-768" };
const X25519 = { name: "X25519" };
const PKCS8 = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32); // RFC 8410

// HPKE (RFC 9180), mode base, with nothing but the shared secret that changes.
const SUITE = concat(utf8("HPKE"), Uint8Array.of(0x64, 0x7a, 0, 1, 0, 3));
const labeled = (name, value) => concat(utf8("HPKE-v1"), SUITE, utf8(name), value);
const labeledExtract = (salt, name, value) => extract(sha256, labeled(name, value), salt);
const NOTHING = new Uint8Array();
const CONTEXT = concat(
  Uint8Array.of(0),
  labeledExtract(undefined, "psk_id_hash", NOTHING),
  labeledExtract(undefined, "info_hash", utf8(`age-encryption.org/${KIND}`)),
);

function fromSecret(secret, name, size) {
  const info = concat(Uint8Array.of(0, size), labeled(name, CONTEXT));
  return expand(sha256, secret, info, size);
}

/** What the stanza's body holds, or null when it is not for this key. */
function fileKey(shared, body) {
  const secret = labeledExtract(shared, "secret", NOTHING);
  const [key, nonce] = [fromSecret(secret, "key", 32), fromSecret(secret, "base_nonce", 12)];
  try {
    return chacha20poly1305(key, nonce).decrypt(body);
  } catch {
    return null;
  }
}

/** The browser's own; null where it has not both of them. */
async function builtIn(kemSeed, scalar) {
  try {
    const { subtle } = globalThis.crypto;
    const [kem, own] = await Promise.all([
      subtle.importKey("raw-seed", kemSeed, ML_KEM, false, ["decapsulateBits"]),
      subtle.importKey("pkcs8", concat(PKCS8, scalar), X25519, false, ["deriveBits"]),
    ]);
    const point = (bytes) => subtle.importKey("raw", bytes, X25519, false, []);
    const publicKem = await subtle.getPublicKey(kem, ["encapsulateBits"]);
    return {
      publicKem: new Uint8Array(await subtle.exportKey("raw-public", publicKem)),
      decapsulate: async (share) =>
        new Uint8Array(await subtle.decapsulateBits(ML_KEM, kem, share)),
      agree: async (bytes) => {
        const asked = { ...X25519, public: await point(bytes) };
        return new Uint8Array(await subtle.deriveBits(asked, own, 256));
      },
    };
  } catch {
    return null;
  }
}

/** The vendored library's. */
function fromLibrary(kemSeed, scalar) {
  const { publicKey, secretKey } = ml_kem768.keygen(kemSeed);
  return {
    publicKem: publicKey,
    decapsulate: (share) => ml_kem768.decapsulate(share, secretKey),
    agree: (bytes) => x25519.getSharedSecret(scalar, bytes),
  };
}

export class Hybrid {
  /** The key of a 32-byte seed. `own: false` leaves the browser's own out. */
  static async from(seed, { own = true } = {}) {
    const key = new Hybrid();
    const expanded = shake256(seed, { dkLen: 96 });
    const [kemSeed, scalar] = [expanded.subarray(0, 64), expanded.subarray(64)];
    key.parts = (own ? await builtIn(kemSeed, scalar) : null) ?? fromLibrary(kemSeed, scalar);
    key.point = await key.parts.agree(x25519.GuBytes);
    key.publicBytes = concat(key.parts.publicKem, key.point);
    return key;
  }

  /** For the library: the file key of the first stanza that is for this key, or null. */
  async unwrapFileKey(stanzas) {
    for (const { args, body } of stanzas) {
      if (args[0] !== KIND) continue;
      const share = args.length === 2 ? shareOf(args[1]) : null;
      if (share?.length !== SHARE || body.length !== BODY) throw new Error("invalid stanza");
      const found = fileKey(await this.shared(share), body);
      if (found !== null) return found;
    }
    return null;
  }

  async shared(share) {
    const theirs = share.subarray(KEM_SHARE);
    const [fromKem, fromPoint] = await Promise.all([
      this.parts.decapsulate(share.subarray(0, KEM_SHARE)),
      this.parts.agree(theirs),
    ]);
    return sha3_256(concat(fromKem, fromPoint, theirs, this.point, LABEL));
  }
}

/** Standard base64 without padding, read strictly. */
function shareOf(written) {
  const bytes = bytesOf(atob(written));
  const again = btoa(String.fromCharCode(...bytes)).replace(/=+$/u, "");
  return again === written ? bytes : null;
}
