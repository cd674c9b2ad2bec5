// The container refuses what does not follow protocol section 3 to the letter.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";

import { b64u, concat, readU32, u32, utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { pack, packBytes, unpack } from "../../whistle/web/static/js/sealing/container.js";
import { SigningKey } from "../../whistle/web/static/js/sealing/signing.js";
import { Case } from "./support/case.mjs";
import { refused } from "./support/refused.mjs";

const key = new SigningKey(new Uint8Array(32).fill(1));
const other = new SigningKey(new Uint8Array(32).fill(2));
const body = utf8('{"text":"hej"}');
let made;

before(async () => {
  made = await Case.filed();
});

const head = (changes) => ({ ...made.head(changes), body_len: body.length });
const withHead = (written) =>
  packBytes(utf8(typeof written === "string" ? written : JSON.stringify(written)), body, key);
const refusedHead = (written, reason) =>
  refused(() => unpack(withHead(written)), "ThreadError", reason);
const outer = (json) => {
  const bytes = utf8(json);
  const padded = new Uint8Array(4096);
  padded.set(concat(utf8("WHISTLE1\n"), u32(bytes.length), bytes));
  return padded;
};

test("what is packed comes back, and only its author's key verifies it", async () => {
  const found = unpack(pack(head(), body, key));
  assert.deepEqual(found.body, body);
  assert.deepEqual(found.head, head());
  await found.verify(key.public);
  await refused(() => found.verify(other.public), "SignatureError", "signature");
});

test("a change of one byte of head or body is noticed", async () => {
  const changed = [JSON.stringify(head()).replace('"seq":3', '"seq":4'), "head"];
  const packed = pack(head(), body, key);
  const start = 13 + readU32(packed, 9);
  const inBody = packed.slice();
  inBody[start + 9] += 1;
  await refused(() => unpack(inBody).verify(key.public), "SignatureError", "signature");
  const sig = JSON.parse(new TextDecoder().decode(packed.subarray(13, start))).sig;
  const json = JSON.stringify({ head: b64u(utf8(changed[0])), sig });
  const moved = new Uint8Array(4096);
  moved.set(concat(utf8("WHISTLE1\n"), u32(json.length), utf8(json), body));
  await refused(() => unpack(moved).verify(key.public), "SignatureError", "signature");
});

describe("the outer shape", () => {
  test("magic", () => refused(() => unpack(new Uint8Array(4096)), "ThreadError", "magic"));
  test("size", () => {
    const packed = pack(head(), body, key);
    return refused(() => unpack(packed.subarray(0, 4095)), "ThreadError", "size");
  });
  test("padding", () => {
    const packed = pack(head(), body, key);
    packed[4095] = 1;
    return refused(() => unpack(packed), "ThreadError", "padding");
  });
  test("json_size", () => {
    const packed = pack(head(), body, key);
    packed.set(u32(32 * 1024 + 1), 9);
    return refused(() => unpack(packed), "ThreadError", "json_size");
  });
  test("json", () => refused(() => unpack(outer("{")), "ThreadError", "json"));
  test("duplicate keys", () =>
    refused(() => unpack(outer('{"head":"","head":"","sig":""}')), "ThreadError", "duplicate_key"));
  test("a key too few", () =>
    refused(() => unpack(outer('{"head":""}')), "ThreadError", "missing_key"));
  test("a key too many", () => {
    const sig = b64u(new Uint8Array(64));
    const json = JSON.stringify({ head: "", sig, more: 1 });
    return refused(() => unpack(outer(json)), "ThreadError", "unknown_key");
  });
  test("a signature of another length", () =>
    refused(() => unpack(outer('{"head":"","sig":"AAAA"}')), "ThreadError", "value"));
});

describe("the head", () => {
  test("more body than there is", () => refusedHead({ ...head(), body_len: 5000 }, "body_len"));
  test("another version", () => refusedHead({ ...head(), v: 2 }, "version"));
  test("a key too many", () => refusedHead({ ...head(), more: 1 }, "unknown_key"));
  test("a key too few", () => {
    const { prev, ...rest } = head();
    assert.ok(prev);
    return refusedHead(rest, "missing_key");
  });
  test("duplicate keys", () =>
    refusedHead(JSON.stringify(head()).replace("{", '{"v":1,'), "duplicate_key"));
  test("a number of 2^53", () =>
    refusedHead(JSON.stringify(head()).replace('"seq":3', '"seq":9007199254740992'), "number"));
  test("an unknown kind", () => refusedHead(head({ kind: "gossip", extra: 1 }), "kind"));
  test("a kind in the wrong chain", () => refusedHead(head({ kind: "note" }), "kind"));
  test("a kind of the wrong side", () =>
    refusedHead(head({ author: { side: "reporter", id: "reporter" }, kind: "closing", outcome: "x" }), "kind"));
  test("a system line by somebody", () =>
    refusedHead(head({ kind: "late", author: { side: "system", id: "anna" } }), "value"));
  test("feedback without its facts", () => refusedHead(head({ kind: "feedback" }), "missing_key"));
  test("a date that does not exist", () =>
    refusedHead(head({ kind: "feedback", final: false, next_on: "2027-02-29" }), "value"));
  test("a hash too short", () => refusedHead(head({ prev: "AAAA" }), "value"));
  test("no sequence number 0", () => refusedHead(head({ seq: 0 }), "value"));
  test("too long", () => refused(() => withHead(head({ body_type: "x".repeat(30000) })), "ThreadError", "json_size"));
});
