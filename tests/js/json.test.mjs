// Signed JSON has one reading only.

import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "../../whistle/web/static/js/sealing/bytes.js";
import { parseJson } from "../../whistle/web/static/js/sealing/json.js";
import { refused } from "./support/refused.mjs";

const read = (source, max = 1000) =>
  parseJson(typeof source === "string" ? utf8(source) : source, max, "ThreadError");

const GOOD = [
  "{}",
  ' { "a" : [ 1 , 2 ] , "b" : { } , "c" : null } ',
  '{"a":"\\u00e5\\ud83d\\ude00\\n\\/","b":true,"c":false}',
  '{"a":9007199254740991,"b":0}',
  '{"a":{"a":{"a":1}},"b":[[],[{}]]}',
  '{"__proto__":1,"constructor":2}',
];
for (const source of GOOD) {
  test(`reads ${source} as JSON.parse does`, () =>
    assert.deepEqual(Object.entries(read(source)), Object.entries(JSON.parse(source))));
}

const BAD = [
  ["duplicate_key", '{"a":1,"a":1}'],
  ["duplicate_key", '{"a":1,"\\u0061":1}'],
  ["duplicate_key", '{"b":{"a":1,"a":2}}'],
  ["number", '{"a":9007199254740992}'],
  ["number", '{"a":1.0}'],
  ["number", '{"a":1e3}'],
  ["number", '{"a":-1}'],
  ["number", '{"a":NaN}'],
  ["utf8", '{"a":"\\ud800"}'],
  ["utf8", '{"\\udc00":1}'],
  ["utf8", Uint8Array.of(0x7b, 0xff, 0x7d)],
  ["json", "[]"],
  ["json", "1"],
  ["json", "null"],
  ["json", ""],
  ["json", '{"a":1}x'],
  ["json", '{"a":1,}'],
  ["json", '{"a":01}'],
  ["json", "{'a':1}"],
  ["json", '{"a":"\t"}'],
  ["json", '{"a":"\\x41"}'],
  ["json", '{"a"}'],
  ["json", '{"a":[1 2]}'],
  ["json", '\ufeff{"a":1}'],
  ["json", `{"a":${"[".repeat(100)}${"]".repeat(100)}}`],
  ["json_size", `{"a":"${"x".repeat(1000)}"}`],
];
for (const [reason, source] of BAD) {
  test(`refuses ${reason}: ${String(source).slice(0, 30)}`, () =>
    refused(() => read(source), "ThreadError", reason));
}
