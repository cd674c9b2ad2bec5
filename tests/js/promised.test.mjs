// The dates that the server tells, against those it has signed: none can be moved later.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addMonths } from "../../whistle/web/static/js/sealing/dates.js";
import { checkPromised } from "../../whistle/web/static/js/sealing/promised.js";

const line = (kind, params) => ({ side: "system", kind, body: { code: kind, params } });
const RECEIVED = line("received", { received_on: "2026-11-22" });
const TOLD = {
  received_on: "2026-11-22",
  acknowledge_due_on: "2026-11-29",
  feedback_due_on: "2027-02-28",
};
const FAULT = { reason: "dates", chain: "case", seq: 2 };

test("months are counted to the same day, or to the month's last", () => {
  assert.equal(addMonths("2026-11-29", 3), "2027-02-28");
  assert.equal(addMonths("2027-11-29", 3), "2028-02-29");
  assert.equal(addMonths("2026-11-30", 3), "2027-02-28");
  assert.equal(addMonths("2026-10-31", 3), "2027-01-31");
  assert.equal(addMonths("2026-12-31", 2), "2027-02-28");
});

test("the law's dates, and earlier ones of a channel, pass", () => {
  assert.equal(checkPromised(TOLD, [RECEIVED]), null);
  const sooner = { ...TOLD, acknowledge_due_on: "2026-11-25", feedback_due_on: "2027-01-20" };
  assert.equal(checkPromised(sooner, [RECEIVED]), null);
});

for (const [name, day] of [
  ["received_on", "2026-11-20"],
  ["received_on", "2026-11-23"],
  ["acknowledge_due_on", "2026-11-30"],
  ["acknowledge_due_on", "2026-11-21"],
  ["acknowledge_due_on", "soon"],
  ["acknowledge_due_on", undefined],
  ["feedback_due_on", "2027-03-01"],
  ["feedback_due_on", "2028-01-01"],
  ["feedback_due_on", null],
]) {
  test(`${name} told as ${day} is a fault`, () => {
    assert.deepEqual(checkPromised({ ...TOLD, [name]: day }, [RECEIVED]), FAULT);
  });
}

test("the system's acknowledgement brings feedback nearer, never further away", () => {
  const at = (day) => [RECEIVED, line("acknowledged", { acknowledged_on: day })];
  assert.deepEqual(checkPromised(TOLD, at("2026-11-22")), FAULT);
  assert.equal(checkPromised({ ...TOLD, feedback_due_on: "2027-02-22" }, at("2026-11-22")), null);
  assert.deepEqual(checkPromised({ ...TOLD, feedback_due_on: "2027-03-05" }, at("2026-12-05")), FAULT);
});

test("only the system's own line counts", () => {
  const forged = { ...RECEIVED, side: "handler" };
  assert.equal(checkPromised({}, [forged]), null);
});

test("no dates at all are a fault, not a crash", () => {
  assert.deepEqual(checkPromised(undefined, [RECEIVED]), FAULT);
});
