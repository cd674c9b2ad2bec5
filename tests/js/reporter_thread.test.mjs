// What is shown of a text that turns the direction of reading; the server's pages show the same.

import assert from "node:assert/strict";
import { test } from "node:test";

import { visible } from "../../whistle/web/static/js/sealing/signs.js";
import { readVectors } from "./support/paths.mjs";

for (const { written, shown } of readVectors("signs.json")) {
  test(`is shown: ${shown}`, () => assert.equal(visible(written), shown));
}
