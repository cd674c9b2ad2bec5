// A case that does not open: when it counts as such, and when there is something to sign.

import assert from "node:assert/strict";
import { test } from "node:test";

import { maySign } from "../../whistle/web/static/js/desk/unopened.js";
import { keysDoNotOpen, reportDoesNotOpen } from "../../whistle/web/static/js/sealing/unreadable.js";

const standing = (signed, waiting, told = false) => ({ signed, waiting, told });

test("who has not signed may, and once more when nobody is waited for any longer", () => {
  assert.equal(maySign(standing([], ["anna", "bo"]), "anna"), true);
  assert.equal(maySign(standing(["anna"], ["bo"]), "anna"), false);
  assert.equal(maySign(standing(["anna"], ["bo"]), "bo"), true);
  assert.equal(maySign(standing(["anna"], []), "anna"), true);
  assert.equal(maySign(standing(["anna"], [], true), "anna"), false);
  assert.equal(maySign(standing(["anna"], ["carin"], true), "carin"), false);
});

test("keys that do not open are no fault of the list of keys, and no lost connection", () => {
  assert.equal(keysDoNotOpen({ family: "NotForMeError" }), true);
  assert.equal(keysDoNotOpen({ family: "SealError" }), true);
  assert.equal(keysDoNotOpen({ family: "KeyringError" }), false);
  assert.equal(keysDoNotOpen({ status: 0 }), false);
});

test("only a report that does not open counts, not a later entry or a forged one", () => {
  const fault = (reason, seq = 1) => ({ entries: [], fault: { reason, chain: "case", seq } });
  for (const reason of ["cannot_open", "case_key", "damaged", "shape"]) {
    assert.equal(reportDoesNotOpen(fault(reason)), true);
  }
  assert.equal(reportDoesNotOpen(fault("forged")), false);
  assert.equal(reportDoesNotOpen({ ...fault("cannot_open", 2), entries: [{}] }), false);
  assert.equal(reportDoesNotOpen({ entries: [{}], fault: null }), false);
});
