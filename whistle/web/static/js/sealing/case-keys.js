// case.age and desk.age: a case's private keys, newest first, one a line, sealed to exactly so
// many stanzas. Keys that nobody holds stand in for who is left out, so that no count tells.

import { open, privateKey, seal } from "./age.js";
import { shuffled, text, utf8 } from "./bytes.js";
import { refuse } from "./errors.js";

const PLAINTEXT_MAX = 2048; // bytes
const STANZAS_MAX = 80; // as many as 128 KiB of header hold

/** Seals private keys (text) to public keys (text) and as many dummies as `count` asks for. */
export async function sealCaseKeys(privateTexts, publicTexts, count) {
  if (publicTexts.length > count) refuse("FilingError", "stanzas");
  const plaintext = utf8(privateTexts.map((line) => `${line}\n`).join(""));
  if (plaintext.length > PLAINTEXT_MAX) refuse("FilingError", "case_age");
  const missing = Array.from({ length: count - publicTexts.length }, () => privateKey());
  const dummies = (await Promise.all(missing)).map(({ publicText }) => publicText);
  return seal(plaintext, shuffled([...publicTexts, ...dummies]));
}

/**
 * The private keys within, as text; only candidates until a signed entry names them.
 * @param mine  a private key, or several of which one opens it
 */
export async function openCaseKeys(sealed, mine) {
  const sizeAllowed = (size) => size <= PLAINTEXT_MAX;
  const plain = text(await open(sealed, [mine].flat(), { sizeAllowed, stanzasMax: STANZAS_MAX }));
  const lines = plain.split("\n").filter(Boolean);
  return lines.length > 0 ? lines : refuse("SealError", "private_key");
}
