// What the desk shows, as far as it is decided without a page: words, dates, places, lists.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chipCode, isPast, lookOf } from "../../whistle/web/static/js/desk/chips.js";
import { chosen, count } from "../../whistle/web/static/js/desk/cases.js";
import { daysBetween, inWords, isDay } from "../../whistle/web/static/js/desk/dates.js";
import { canAct, factsOf } from "../../whistle/web/static/js/desk/facts.js";
import { lastSeen, remember } from "../../whistle/web/static/js/desk/keyring.js";
import { linesOf } from "../../whistle/web/static/js/desk/keyring-news.js";
import { readHash, toCase } from "../../whistle/web/static/js/desk/routes.js";
import { snippetText } from "../../whistle/web/static/js/desk/snippets.js";
import { answersOf, partsOf } from "../../whistle/web/static/js/desk/thread.js";
import { fillIn, speaker } from "../../whistle/web/static/js/desk/words.js";

const chip = (clock, state, more = {}) => ({ clock, state, days: 0, kept: null, ...more });

test("a sentence has its form for the number, and an unknown reason its family's words", () => {
  const say = speaker(
    new Map([
      ["left.one", "{n} day"],
      ["left.other", "{n} days"],
      ["fault", "Not verified."],
    ]),
    "en",
  );
  assert.equal(say("left", { n: 1 }), "1 day");
  assert.equal(say("left", { n: 0 }), "0 days");
  assert.equal(say("fault.never_heard_of"), "Not verified.");
  assert.equal(say("nothing"), "nothing");
});

test("only named places are filled in, and what is filled in is not read again", () => {
  assert.equal(fillIn("{a} {b} {c}", { a: "{b}", b: 2 }), "{b} 2 {c}");
});

test("dates are days: no zone moves them", () => {
  assert.equal(inWords("2027-02-24", "en"), "24 February 2027");
  assert.equal(inWords("2027-02-24", "sv"), "24 februari 2027");
  assert.equal(daysBetween("2026-03-28", "2026-03-30"), 2);
  assert.equal(daysBetween("2026-11-22", "2026-11-20"), -2);
  assert.ok(isDay("2028-02-29"));
  for (const text of ["2027-02-29", "2027-2-1", "", "24 February"]) assert.ok(!isDay(text), text);
});

test("the address names a list, a case, or nothing that is here", () => {
  assert.deepEqual(readHash(""), { view: "cases", shown: "open" });
  assert.deepEqual(readHash("#/"), { view: "cases", shown: "open" });
  assert.deepEqual(readHash("#/past"), { view: "cases", shown: "past" });
  assert.deepEqual(readHash(toCase("K7Q-2MX")), { view: "case", number: "K7Q-2MX" });
  assert.deepEqual(readHash("#/case/k7q-2mx"), { view: "case", number: "K7Q-2MX" });
  assert.deepEqual(readHash("#/case/../x"), { view: "missing" });
  assert.equal(readHash("#main"), null);
});

test("chips take the server's word: what was late stays late when it is done", () => {
  assert.equal(chipCode(chip("feedback", "in_time")), "chip.feedback.in_time");
  assert.equal(
    chipCode(chip("feedback", "done", { kept: "missed" })),
    "chip.feedback.done.late",
  );
  assert.equal(chipCode(chip("feedback", "done", { kept: "in_time" })), "chip.feedback.done");
  assert.deepEqual(
    ["done", "none", "in_time", "soon", "today", "late", "missed"].map(lookOf),
    ["done", "none", "in_time", "soon", "soon", "late", "late"],
  );
});

const listed = {
  today: "2026-11-22",
  cases: [
    { state: "received", unread: true, dates: { due_on: "2026-11-20" }, chips: [chip("acknowledge", "late")] },
    { state: "received", unread: false, dates: { due_on: "2026-11-29" }, chips: [chip("acknowledge", "in_time")] },
    { state: "acknowledged", unread: true, dates: { due_on: "2026-11-30" }, chips: [] },
    { state: "final_feedback", unread: false, dates: { due_on: null }, chips: [] },
    { state: "closed", unread: true, dates: { due_on: null }, chips: [chip("feedback", "late"), chip("erase", "soon")] },
  ],
};

test("each counter counts the cases that its list shows", () => {
  assert.deepEqual(count(listed), { past: 1, week: 1, unread: 3, open: 4, closed: 1, all: 5 });
  for (const [shown, number] of Object.entries(count(listed))) {
    assert.equal(chosen(listed, shown).length, number);
  }
});

test("a closed case is past nothing, and erasure is no date of the handlers'", () => {
  assert.ok(!isPast(listed.cases[4]));
  assert.ok(!isPast({ state: "received", chips: [chip("erase", "late")] }));
});

test("a clock has its button until it has stopped", () => {
  const open = { state: "received" };
  assert.ok(canAct(open, chip("acknowledge", "late")));
  assert.ok(canAct(open, chip("acknowledge", "none")));
  assert.ok(!canAct(open, chip("acknowledge", "done")));
  assert.ok(!canAct({ state: "closed" }, chip("feedback", "late")));
});

const report = {
  language: "sv",
  answers: { what: "Olja", when_where: "", ongoing: "yes", topic: "environment", how_known: "" },
  reporter: { name: "Eva", contact: "" },
  wishes: { meeting: true },
};

test("a report is shown with the questions that were answered", () => {
  assert.deepEqual(answersOf(report), [
    { question: "question.what", text: "Olja", code: null },
    { question: "question.ongoing", text: "yes", code: "answer.yes" },
    { question: "question.topic", text: "environment", code: "topic.environment" },
    { question: "question.name", text: "Eva", code: null },
  ]);
});

test("feedback shows measures and reasons, a closing its text and grounds", () => {
  const feedback = { kind: "feedback", body: { measures: "M", reasons: "R" } };
  assert.deepEqual(
    partsOf(feedback).map(({ text }) => text),
    ["M", "R"],
  );
  const closing = { kind: "closing", body: { text: "T", grounds: "G" } };
  assert.deepEqual(
    partsOf(closing).map(({ heading }) => heading),
    [null, "part.grounds"],
  );
});


test("facts say whether a name was given, and what only some cases have", () => {
  const one = { received_on: "2026-11-22", outcome: null, dates: { waived: false } };
  const names = (rows) => rows.map(([fact]) => fact);
  assert.deepEqual(names(factsOf(one, report, false)), ["received", "language", "named", "meeting"]);
  const closed = { ...one, outcome: "partly", dates: { waived: true, closed_on: "2026-11-23" } };
  assert.deepEqual(names(factsOf(closed, { ...report, wishes: {} }, true)), [
    "received",
    "language",
    "named",
    "waived",
    "outcome",
    "closed",
    "recovery",
  ]);
});

test("a ready text gets its dates in its own language, and nothing else", () => {
  const snippet = {
    texts: new Map([
      ["en", "By {feedback_due_on}, {name}."],
      ["sv", "Senast {feedback_due_on}."],
    ]),
  };
  const dates = { feedback_due_on: "2027-02-24", waived: false };
  assert.equal(snippetText(snippet, "sv", dates), "Senast 24 februari 2027.");
  assert.equal(snippetText(snippet, "en", dates), "By 24 February 2027, {name}.");
  assert.equal(snippetText(snippet, "fi", dates), "By 24 February 2027, {name}.");
});

test("each change of the list of keys is told by what it is; none, as that", () => {
  const changes = [{ what: "added", id: "eva", name: "Eva Ny" }, { what: "service", name: "" }];
  assert.deepEqual(linesOf(changes), [
    ["draft.added", "Eva Ny"],
    ["draft.service", ""],
  ]);
  assert.deepEqual(linesOf([]), [["keyring.other", ""]]);
});

test("the browser keeps a serial and a hash, and nothing else", () => {
  const kept = new Map();
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => kept.set(name, text),
  };
  assert.equal(lastSeen(storage), null);
  remember(storage, { serial: 3, sha256: "abc", org: "Example" });
  assert.deepEqual([...kept.values()], ['{"serial":3,"sha256":"abc"}']);
  assert.deepEqual(lastSeen(storage), { serial: 3, sha256: "abc" });
  kept.set([...kept.keys()][0], "not json");
  assert.equal(lastSeen(storage), null);
});
