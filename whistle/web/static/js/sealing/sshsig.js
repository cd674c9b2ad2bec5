// OpenSSH's SSHSIG for plain Ed25519. Everything in the signature's blob but its last
// 64 bytes is known beforehand, so it is rebuilt and compared instead of parsed.

import { sha512 } from "../../vendor/age-encryption@0.3.1/age.js";
import { concat, equal, u32, utf8 } from "./bytes.js";
import { refuse } from "./errors.js";
import { checkPublic, verify as verifyBytes } from "./signing.js";

const ARMOR = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/\n]+={0,2})\n-----END SSH SIGNATURE-----$/;
const MAGIC = utf8("SSHSIG");
const ALGORITHM = utf8("ssh-ed25519");
const HASH = utf8("sha512");

const string = (bytes) => concat(u32(bytes.length), bytes);

const frame = (namespace) => concat(string(utf8(namespace)), string(new Uint8Array()), string(HASH));

function fixedPart(publicKey, namespace) {
  const key = concat(string(ALGORITHM), string(publicKey));
  const signature = concat(string(ALGORITHM), u32(64));
  return concat(MAGIC, u32(1), string(key), frame(namespace), u32(signature.length + 64), signature);
}

function unbase64(written, reason) {
  if (!/^(?:[A-Za-z0-9+/]{4})+$|^[A-Za-z0-9+/]+={1,2}$/.test(written) || written.length % 4) {
    refuse("SignatureError", reason);
  }
  return Uint8Array.from(atob(written), (letter) => letter.charCodeAt(0));
}

function unarmored(armored) {
  const found = ARMOR.exec(String(armored).replaceAll("\r\n", "\n").trim());
  return unbase64(found?.[1].replaceAll("\n", "") ?? "", "armor");
}

/** Refuses unless `armored` is the key's signature over `message` in `namespace`. */
export function verify(publicKey, namespace, message, armored) {
  const blob = unarmored(armored);
  const fixed = fixedPart(publicKey, namespace);
  if (blob.length !== fixed.length + 64 || !equal(blob.subarray(0, fixed.length), fixed)) {
    refuse("SignatureError", "signature");
  }
  const signed = concat(MAGIC, frame(namespace), string(sha512(message)));
  verifyBytes(publicKey, blob.subarray(fixed.length), signed);
}

/** The armored signature of a `SigningKey` over `message` in `namespace`. */
export function sign(key, namespace, message) {
  const signed = concat(MAGIC, frame(namespace), string(sha512(message)));
  const blob = concat(fixedPart(key.public, namespace), key.sign(signed));
  const lines = btoa(String.fromCharCode(...blob)).match(/.{1,70}/g); // as ssh-keygen writes it
  return `-----BEGIN SSH SIGNATURE-----\n${lines.join("\n")}\n-----END SSH SIGNATURE-----\n`;
}

/** The 32 bytes of a line "ssh-ed25519 AAAA… comment". */
export function parsePublicLine(line) {
  const [algorithm, base64] = String(line).trim().split(/\s+/);
  const blob = unbase64(base64 ?? "", "key");
  const fixed = concat(string(ALGORITHM), u32(32));
  const right = algorithm === "ssh-ed25519" && blob.length === fixed.length + 32;
  if (!right || !equal(blob.subarray(0, fixed.length), fixed)) refuse("SignatureError", "key");
  return checkPublic(blob.slice(fixed.length));
}
