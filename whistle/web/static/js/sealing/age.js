// The thin face over the vendored age library. Only post-quantum recipients
// (`age1pq1…`, stanza mlkem768x25519) are ever sealed to, and never none of them:
// the library itself would accept both.

import { bech32, Decrypter, Encrypter } from "../../vendor/age-encryption@0.3.1/age.js";
import { randomBytes } from "./bytes.js";
import { refuse } from "./errors.js";
import { Hybrid } from "./hybrid.js";

const PUBLIC_PREFIX = "age1pq1";
const PRIVATE_PREFIX = "AGE-SECRET-KEY-PQ-1";
const HEADER_MAX = 128 * 1024;
const CHUNK = 64 * 1024;
const WORK_MAX = 20; // log2 of scrypt's work, 1 GiB of memory

/** age's text of a 32-byte seed. */
export const privateText = (seed) =>
  bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", seed).toUpperCase();

/** The 32-byte seed of age's text. */
export function privateSeed(written) {
  try {
    const { prefix, bytes } = bech32.decodeToBytes(written);
    if (!written.startsWith(PRIVATE_PREFIX) || bytes.length !== 32) throw new Error(prefix);
    return bytes;
  } catch {
    return refuse("SealError", "private_key");
  }
}

/** The 1216 bytes of a public key's text. */
export function publicBytes(written) {
  try {
    if (!written.startsWith(PUBLIC_PREFIX)) throw new Error("prefix");
    const { words } = bech32.decode(written, false);
    const bytes = bech32.fromWords(words);
    if (bytes.length !== 1216) throw new Error("length");
    return bytes;
  } catch {
    return refuse("SealError", "public_key");
  }
}

/** The text of a public key's 1216 bytes. */
export const publicText = (bytes) => bech32.encode("age1pq", bech32.toWords(bytes), false);

/** A private key `{text, publicText, publicBytes, hybrid}` from its seed; random without one. */
export async function privateKey(seed = randomBytes(32)) {
  const hybrid = await Hybrid.from(seed);
  const { publicBytes: bytes } = hybrid;
  return {
    text: privateText(seed),
    publicBytes: bytes,
    hybrid,
    get publicText() {
      return publicText(bytes);
    },
  };
}

/** The same from age's text of it, or as it is. */
const asKey = (key) => (typeof key === "string" ? privateKey(privateSeed(key)) : key);

/** Seals bytes to public keys given as text. At least one; post-quantum ones only. */
export async function seal(plaintext, publicKeys) {
  if (publicKeys.length === 0) refuse("SealError", "no_keys");
  const encrypter = new Encrypter();
  for (const key of publicKeys) {
    publicBytes(key);
    encrypter.addRecipient(key);
  }
  return encrypter.encrypt(plaintext);
}

/** What can be told of a sealed object without a key: its stanzas, header and plaintext size. */
export function shape(sealed) {
  const header = new TextDecoder("latin1").decode(sealed.subarray(0, HEADER_MAX));
  const found = /\n--- [A-Za-z0-9+/]{43}\n/.exec(header);
  if (!header.startsWith("age-encryption.org/v1\n") || !found) return refuse("SealError", "header");
  const size = found.index + found[0].length;
  const stanzas = [...header.slice(0, size).matchAll(/^-> (\S+)/gm)].map((match) => match[1]);
  const payload = sealed.length - size - 16;
  const chunks = Math.max(1, Math.ceil(payload / (CHUNK + 16)));
  if (payload < chunks * 16) refuse("SealError", "header");
  const work = /^-> scrypt \S+ ([0-9]+)$/m.exec(header.slice(0, size));
  return {
    stanzas,
    work: work && Number(work[1]),
    headerSize: size,
    plaintextSize: payload - chunks * 16,
  };
}

/**
 * Opens a sealed object with one of `privateKeys` (as they are, or as text). It must have exactly
 * `stanzas` hybrid stanzas (or at most `stanzasMax`) and a plaintext size that `sizeAllowed`
 * agrees to. All this is checked before a key is touched.
 */
export async function open(sealed, privateKeys, { stanzas, stanzasMax = stanzas, sizeAllowed }) {
  const told = shape(sealed);
  if (told.stanzas.some((type) => type !== "mlkem768x25519")) refuse("SealError", "stanza_type");
  if (told.stanzas.length < (stanzas ?? 1) || told.stanzas.length > stanzasMax) {
    refuse("SealError", "stanza_count");
  }
  if (!sizeAllowed(told.plaintextSize)) refuse("SealError", "size");
  const decrypter = new Decrypter();
  for (const key of privateKeys) decrypter.addIdentity((await asKey(key)).hybrid);
  return opened(decrypter, sealed);
}

/** Opens a handler's key file. A wrong passphrase and a damaged file have one answer. */
export async function openWithPassphrase(sealed, passphrase) {
  const told = shape(sealed);
  if (told.stanzas.length !== 1 || told.stanzas[0] !== "scrypt") refuse("SealError", "stanza_type");
  if (told.work === null || told.work > WORK_MAX) refuse("SealError", "work");
  if (told.plaintextSize > 4096) refuse("SealError", "size");
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return await decrypter.decrypt(sealed);
  } catch {
    return refuse("SealError", "wrong_passphrase");
  }
}

/** Seals a key file under a passphrase. */
export function sealWithPassphrase(plaintext, passphrase, logN = 16) {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(logN);
  return encrypter.encrypt(plaintext);
}

async function opened(decrypter, sealed) {
  try {
    return await decrypter.decrypt(sealed);
  } catch (error) {
    const foreign = /no identity matched/.test(error.message);
    return foreign ? refuse("NotForMeError", "no_match") : refuse("SealError", "damaged");
  }
}
