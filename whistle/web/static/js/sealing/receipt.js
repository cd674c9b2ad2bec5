// The receipt code (protocol section 1): 15 random bytes as 24 Crockford symbols and one
// check symbol over GF(32). Everything the reporter holds is derived from those bytes.
// Nothing here talks to a server; whether a code is known to one is never told.

import { hkdf, sha256 } from "../../vendor/age-encryption@0.3.1/age.js";
import { privateKey } from "./age.js";
import { H, randomBytes, utf8 } from "./bytes.js";
import { refuse } from "./errors.js";
import { SigningKey } from "./signing.js";

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LOOKS_LIKE = { O: "0", o: "0", I: "1", i: "1", L: "1", l: "1" };
// White space, invisible characters that pasting brings along, and dashes.
const IGNORED =
  /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u00ad\u200b-\u200f\u2060\ufeff\u2010-\u2015\u2212\ufe58\ufe63\uff0d-]/g;
const RAW_SIZE = 15;
const SYMBOLS = 25;

/** The check symbol: Horner over GF(32) with x^5 + x^2 + 1. It tells that, not where. */
function check(values) {
  return values.reduce((sum, value) => {
    const doubled = (sum ^ value) << 1;
    return doubled & 32 ? doubled ^ 0x25 : doubled;
  }, 0);
}

/** A symbol's value, or -1. Only ASCII letters have a small form here. */
function valueOf(symbol) {
  const capital = /[a-z]/.test(symbol) ? symbol.toUpperCase() : symbol;
  return ALPHABET.indexOf(LOOKS_LIKE[symbol] ?? capital);
}

function toValues(raw) {
  let number = raw.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const values = [];
  for (let at = 0; at < SYMBOLS - 1; at += 1) {
    values.unshift(Number(number & 31n));
    number >>= 5n;
  }
  return values;
}

function toRaw(values) {
  let number = values.reduce((sum, value) => (sum << 5n) | BigInt(value), 0n);
  const raw = new Uint8Array(RAW_SIZE);
  for (let at = RAW_SIZE - 1; at >= 0; at -= 1) {
    raw[at] = Number(number & 255n);
    number >>= 8n;
  }
  return raw;
}

/** How the code of 15 bytes is written: XXXXX-XXXXX-XXXXX-XXXXX-XXXXX. */
export function write(raw) {
  const values = toValues(raw);
  const symbols = [...values, check(values)].map((value) => ALPHABET[value]).join("");
  return symbols.match(/.{5}/g).join("-");
}

/** The 15 bytes of what was typed. Case, spaces and dashes are free; O is 0, I and L are 1. */
export function parse(typed) {
  const symbols = [...typed.replace(IGNORED, "")];
  if (symbols.length !== SYMBOLS) refuse("ReceiptError", "length");
  const values = symbols.map(valueOf);
  if (values.includes(-1)) refuse("ReceiptError", "symbol");
  if (check(values.slice(0, -1)) !== values.at(-1)) refuse("ReceiptError", "check");
  return toRaw(values.slice(0, -1));
}

export const generate = () => randomBytes(RAW_SIZE);

/** What the server stores: H of a label without zero byte, and the token. */
export const mailboxId = (token) => H(utf8("whistle/mailbox/v1"), token);

/** Everything a receipt code stands for. */
export async function derive(raw) {
  const derived = (info) => hkdf(sha256, raw, utf8("whistle/receipt/v1"), utf8(info), 32);
  const token = derived("mailbox-token");
  return {
    written: write(raw),
    age: await privateKey(derived("age-identity")),
    signing: new SigningKey(derived("sign-ed25519")),
    token,
    mailboxId: mailboxId(token),
  };
}
