// What is checked before an entry is sealed: nobody can check it afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  checkClosing,
  checkDay,
  checkFeedback,
  checkText,
  LONGEST,
  saysNothing,
} from "../../whistle/web/static/js/desk/checks.js";
import { entryOf, faultsOf, kindsFor } from "../../whistle/web/static/js/desk/entries.js";
import { looksLike } from "../../whistle/web/static/js/desk/language.js";

const PHRASES = ["we are working on it", "under investigation", "vi återkommer", "utredning pågår"];
const TODAY = "2026-11-22";
const GOOD = {
  measures: "The drain has been closed and the oil taken away.",
  reasons: "The samples from the drain showed what you reported.",
  final: true,
  nextOn: "",
};
const codes = (faults) => faults.map(({ code }) => code);

test("stock phrases say nothing, however they are written or joined", () => {
  for (const text of [
    "We are working on it.",
    "  WE ARE WORKING ON IT!!  ",
    "Under investigation. We are working on it.",
    "Utredning pågår – vi återkommer.",
    "...",
    "ok",
    "",
  ]) {
    assert.ok(saysNothing(text, PHRASES), text);
  }
});

test("that work goes on says nothing, whatever words fill it up", () => {
  for (const text of [
    "We are currently working on it.",
    "We are working on this matter.",
    "The investigation is still going on.",
    "Work is in progress.",
    "Utredningen fortsätter.",
    "Vi håller på med ärendet.",
    "Vi arbetar fortfarande med ärendet just nu.",
    "aaaaaaaaaaaaaaaaaaaaaaaa",
    "xxxxxxxx xxxxxxxx xxxxxxxx",
  ]) {
    assert.ok(saysNothing(text, PHRASES), text);
    for (const final of [true, false]) {
      const one = { ...GOOD, measures: text, final, nextOn: "2026-12-01" };
      const faults = checkFeedback(one, { phrases: PHRASES, today: TODAY });
      assert.deepEqual(codes(faults), ["measures.nothing_said"]);
    }
  }
  for (const text of [
    "The investigation is still going on. We have heard two witnesses.",
    "Vi arbetar med ärendet. Skyddsombudet har stängt av pressen.",
    "We have stopped the payments.",
  ]) {
    assert.ok(!saysNothing(text, PHRASES), text);
  }
});

test("a measure beside a stock phrase says something", () => {
  assert.ok(!saysNothing("We are working on it: the guard on press 7 is back.", PHRASES));
  assert.ok(!saysNothing("Vi återkommer. Skyddet på press 7 är åter på plats.", PHRASES));
});

test("feedback needs measures and reasons that say something", () => {
  const context = { phrases: PHRASES, today: TODAY };
  assert.deepEqual(checkFeedback(GOOD, context), []);
  assert.deepEqual(codes(checkFeedback({ ...GOOD, measures: " " }, context)), ["measures.empty"]);
  assert.deepEqual(codes(checkFeedback({ ...GOOD, reasons: "Under investigation" }, context)), [
    "reasons.nothing_said",
  ]);
  assert.deepEqual(codes(checkFeedback({ ...GOOD, measures: "a".repeat(LONGEST + 1) }, context)), [
    "measures.too_long",
  ]);
});

test("feedback is final or interim, and interim feedback names a day after today", () => {
  const context = { phrases: PHRASES, today: TODAY };
  const check = (values) => codes(checkFeedback({ ...GOOD, ...values }, context));
  assert.deepEqual(check({ final: null }), ["final.empty"]);
  assert.deepEqual(check({ final: false }), ["next_on.empty"]);
  assert.deepEqual(check({ final: false, nextOn: "2026-02-31" }), ["next_on.empty"]);
  assert.deepEqual(check({ final: false, nextOn: TODAY }), ["next_on.past"]);
  assert.deepEqual(check({ final: false, nextOn: "2026-11-23" }), []);
});

test("a promised day is no later than the last that can be promised, and that day is told", () => {
  const days = { today: TODAY, latest: "2027-02-22" };
  assert.deepEqual(checkDay("next_on", "2027-02-22", days), []);
  assert.deepEqual(checkDay("next_on", "9999-12-31", days), [
    { field: "next_on", code: "next_on.too_far", day: "2027-02-22" },
  ]);
  assert.deepEqual(checkDay("next_on", "9999-12-31", { today: TODAY, latest: null }), []);
});

test("length is counted in code points", () => {
  assert.deepEqual(checkText("message", "😀".repeat(LONGEST)), []);
  assert.deepEqual(codes(checkText("message", "😀".repeat(LONGEST + 1))), ["message.too_long"]);
});

test("a closing needs an outcome, grounds, a text, and a reason when no feedback was given", () => {
  const whole = { outcome: "partly", reason: "", grounds: "Samples.", text: "Thank you." };
  assert.deepEqual(checkClosing(whole, { reasonNeeded: false }), []);
  assert.deepEqual(codes(checkClosing(whole, { reasonNeeded: true })), ["reason.empty"]);
  const nothing = { outcome: "", reason: "", grounds: "", text: "" };
  assert.deepEqual(codes(checkClosing(nothing, { reasonNeeded: false })), [
    "outcome.empty",
    "grounds.empty",
    "closing_text.empty",
  ]);
});

test("what a closing says was done was done before, and its reason fits", () => {
  const whole = { reason: "", grounds: "Samples.", text: "Thank you." };
  const check = (values, context) =>
    codes(checkClosing({ ...whole, ...values }, { reasonNeeded: "reason" in values, ...context }));
  const scope = { outcome: "out_of_scope", reason: "out_of_scope" };
  assert.deepEqual(check(scope, { done: [] }), ["outcome.not_found"]);
  assert.deepEqual(check({ outcome: "out_of_scope" }, {}), ["outcome.not_found"]);
  assert.deepEqual(check(scope, { done: ["out_of_scope"] }), []);
  assert.deepEqual(check({ outcome: "transferred" }, { done: ["out_of_scope"] }), [
    "outcome.not_handed",
  ]);
  assert.deepEqual(check({ outcome: "settled", reason: "transferred" }, { done: ["transferred"] }), [
    "reason.unfit",
  ]);
});

test("a form becomes a body and the facts that the head names", () => {
  const fields = {
    measures: "M",
    reasons: "R",
    final: "no",
    next_on: "2026-12-01",
    outcome: "settled",
    grounds: "G",
    closing_text: "T",
    message: "Hello",
  };
  const value = (name) => fields[name] ?? "";
  assert.deepEqual(entryOf("message", value), { kind: "message", body: { text: "Hello" } });
  assert.deepEqual(entryOf("feedback", value), {
    kind: "feedback",
    body: { measures: "M", reasons: "R" },
    final: false,
    next_on: "2026-12-01",
  });
  fields.final = "yes";
  assert.equal(entryOf("feedback", value).next_on, null);
  assert.deepEqual(entryOf("closing", value), {
    kind: "closing",
    body: { text: "T", grounds: "G" },
    outcome: "settled",
  });
  assert.deepEqual(codes(faultsOf("acknowledgement", value, {})), ["acknowledgement.empty"]);
});

test("only what may happen now is offered", () => {
  const chip = (state) => ({ clock: "acknowledge", state });
  const one = (state, dates, acknowledge) => ({ state, dates, chips: [chip(acknowledge)] });
  const fresh = one("received", {}, "in_time");
  assert.deepEqual(kindsFor(fresh, "handler"), ["message", "acknowledgement", "feedback", "out_of_scope"]);
  assert.deepEqual(kindsFor(fresh, "investigator"), []);
  const waived = one("waived", {}, "none");
  assert.deepEqual(kindsFor(waived, "deputy"), [
    "message",
    "acknowledgement",
    "feedback",
    "closing",
    "out_of_scope",
  ]);
  const day = "2026-11-22";
  const done = one(
    "final_feedback",
    { acknowledged_on: day, final_feedback_on: day, feedback_on: day },
    "done",
  );
  assert.deepEqual(kindsFor(done, "handler"), ["message", "closing", "out_of_scope"]);
  assert.deepEqual(kindsFor({ ...done, state: "closed" }, "handler"), ["message", "reopening"]);
  const asked = { ...done, chips: [...done.chips, { clock: "meeting", state: "soon" }] };
  // Closing would end the clock of the meeting.
  assert.deepEqual(kindsFor(asked, "handler"), ["message", "meeting_offer", "out_of_scope"]);
  const found = { ...done, out_of_scope: true };
  assert.deepEqual(kindsFor(found, "handler"), ["message", "closing"]);
});

test("a text in another language is noticed, a short one is not guessed at", () => {
  assert.equal(looksLike("Vi har sett att det inte är som du skriver."), "sv");
  assert.equal(looksLike("We have seen that this is not what you wrote."), "en");
  assert.equal(looksLike("OK"), null);
  assert.equal(looksLike("12 345"), null);
});
