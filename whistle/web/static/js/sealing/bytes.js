// Bytes and the few ways they are written: base64url without padding (in a file of its own, which
// needs no hashes), hex, UTF-8, big-endian numbers.

import { sha256 } from "../../vendor/age-encryption@0.3.1/age.js";
import { refuse } from "./errors.js";

export { b64u, fromB64u } from "./base64.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const utf8 = (text) => encoder.encode(text);

/** The text of UTF-8 bytes; a WhistleError `utf8` when they are not. */
export function text(bytes, family = "SealError") {
  try {
    return decoder.decode(bytes);
  } catch {
    return refuse(family, "utf8");
  }
}

export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

export const readU32 = (bytes, at) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);

export const hex = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const equal = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

/** H of the protocol: SHA-256 over the parts joined. */
export const H = (...parts) => sha256(concat(...parts));

/** Bytes of a label of the protocol: UTF-8 and the one zero byte that ends it. */
export const label = (name) => utf8(`${name}\0`);

export const randomBytes = (size) => crypto.getRandomValues(new Uint8Array(size));

/** A fair random order (Fisher-Yates; a draw that would favour some order is thrown away). */
export function shuffled(items) {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    [all[last], all[other]] = [all[other], all[last]];
  }
  return all;
}

function below(count) {
  const limit = Math.floor(2 ** 32 / count) * count;
  for (;;) {
    const [draw] = crypto.getRandomValues(new Uint32Array(1));
    if (draw < limit) return draw % count;
  }
}
