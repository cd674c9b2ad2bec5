// The container inside every sealed entry (protocol section 3):
// "WHISTLE1\n" ‖ u32 length ‖ JSON{head, sig} ‖ body ‖ zeros up to a pad size.
// The signature covers the head's bytes as they were received, never a re-serialised head.
//
// Reasons: those of json.js, fields.js and head.js, magic · size · body_len · padding

import { b64u, concat, equal, fromB64u, H, label, readU32, u32, utf8 } from "./bytes.js";
import { refuse } from "./errors.js";
import { binary, object } from "./fields.js";
import { parseHead } from "./head.js";
import { parseJson } from "./json.js";
import { ENTRY_SIZES, entrySize } from "./padding.js";
import { verifySoon } from "./verifying.js";

const FAMILY = "ThreadError";
const MAGIC = utf8("WHISTLE1\n");
const JSON_MAX = 32 * 1024; // bytes
const SIGNED = label("whistle/entry/v1");

const outer = object({ head: binary(), sig: binary(64) });

const signed = (headBytes, body) => concat(SIGNED, H(headBytes), H(body));

/** A padded container of `head` (body_len is set here) and `body`, signed with `key`. */
export function pack(head, body, key) {
  const headBytes = utf8(JSON.stringify({ ...head, body_len: body.length }));
  parseHead(headBytes);
  return packBytes(headBytes, body, key);
}

/** A container of head bytes as they are, right or wrong. Use `pack`. */
export function packBytes(headBytes, body, key) {
  const sig = key.sign(signed(headBytes, body));
  const json = utf8(JSON.stringify({ head: b64u(headBytes), sig: b64u(sig) }));
  if (json.length > JSON_MAX) refuse(FAMILY, "json_size");
  const used = concat(MAGIC, u32(json.length), json, body);
  const padded = new Uint8Array(entrySize(used.length));
  padded.set(used);
  return padded;
}

/** Reads a container; `await verify(publicKey)` of the result refuses a forged one. */
export function unpack(container) {
  if (!equal(container.subarray(0, MAGIC.length), MAGIC)) refuse(FAMILY, "magic");
  if (!ENTRY_SIZES.includes(container.length)) refuse(FAMILY, "size");
  const start = MAGIC.length + 4;
  const length = readU32(container, MAGIC.length);
  if (length > JSON_MAX) refuse(FAMILY, "json_size");
  const json = container.subarray(start, start + length);
  const { head: written, sig } = outer(parseJson(json, JSON_MAX, FAMILY), FAMILY);
  const headBytes = fromB64u(written, FAMILY);
  const signature = fromB64u(sig, FAMILY);
  const head = parseHead(headBytes);
  const end = start + length + head.body_len;
  if (end > container.length) refuse(FAMILY, "body_len");
  if (container.subarray(end).some((byte) => byte !== 0)) refuse(FAMILY, "padding");
  const body = container.slice(start + length, end);
  return {
    head,
    headBytes,
    body,
    signature,
    verify: (publicKey) => verifySoon(publicKey, signature, signed(headBytes, body)),
  };
}
