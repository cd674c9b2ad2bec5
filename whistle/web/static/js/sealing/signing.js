// Ed25519, read strictly: one signature, one verdict, whoever checks it. RFC 8032 leaves room
// where libraries differ, so the key must be in the prime-order group, S under the group's
// order, and R exactly the bytes that the check computes (no cofactor).

import { ed25519, hkdf, sha256, sha512 } from "../../vendor/age-encryption@0.3.1/age.js";
import { concat, equal, hex, utf8 } from "./bytes.js";
import { refuse } from "./errors.js";

const { Point } = ed25519;

const littleEndian = (bytes) =>
  bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);

const checked = new Map(); // hex of a public key -> its point; the check costs a millisecond

/** The point of a public key: canonically written, in the prime-order group, not neutral. */
function checkedPoint(publicKey) {
  const name = hex(publicKey);
  if (checked.has(name)) return checked.get(name);
  let point;
  try {
    point = Point.fromBytes(publicKey, false); // false: not zip215, RFC 8032's decoding
  } catch {
    return refuse("SignatureError", "key");
  }
  if (point.isSmallOrder() || !point.isTorsionFree()) refuse("SignatureError", "key");
  checked.set(name, point);
  return point;
}

/** Refuses a public key that must not enter a keyring or be trusted from entry 1. */
export function checkPublic(publicKey) {
  checkedPoint(publicKey);
  return publicKey;
}

/** Refuses a key or a signature (64 bytes) that is none, whatever was signed. Returns what it read. */
export function checkSignature(publicKey, signature) {
  const point = checkedPoint(publicKey);
  if (signature.length !== 64) refuse("SignatureError", "signature");
  const s = littleEndian(signature.subarray(32));
  if (s >= Point.Fn.ORDER) refuse("SignatureError", "signature");
  return { point, r: signature.subarray(0, 32), s };
}

/** Refuses unless `signature` (64 bytes) over `message` verifies. */
export function verify(publicKey, signature, message) {
  const { point, r, s } = checkSignature(publicKey, signature);
  const k = littleEndian(sha512(concat(r, publicKey, message))) % Point.Fn.ORDER;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
  if (!equal(expected.toBytes(), r)) refuse("SignatureError", "signature");
}

export class SigningKey {
  #seed;

  constructor(seed) {
    this.#seed = seed;
    this.public = ed25519.getPublicKey(seed);
  }

  sign(message) {
    return ed25519.sign(message, this.#seed);
  }
}

/** The signing key that belongs to a handler's 32-byte seed (protocol section 1). */
export const handlerSigningKey = (seed) =>
  new SigningKey(hkdf(sha256, seed, utf8("whistle/handler/v1"), utf8("sign-ed25519"), 32));
