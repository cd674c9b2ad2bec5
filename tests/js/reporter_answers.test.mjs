// The answers of the form without the page: read, checked, made into the report's body.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bodyOf, fromForm, leftOutIds, lengthOf, persons, problemsOf, remaining, TEXT_MAX, written } from "../../whistle/web/static/js/reporter/answers.js";
import { readVectors } from "./support/paths.mjs";

const READERS = [
  { id: "anna", person: "anna", name: "Anna", role_text: "Lawyer" },
  { id: "bo-1", person: "bo", name: "Bo", role_text: "Safety" },
  { id: "bo-2", person: "bo", name: "Bo", role_text: "Safety" },
];

function form(fields = {}) {
  const data = new FormData();
  const all = { channel: "main", answer_in: "sv", what: "It happened.", ...fields };
  for (const [name, value] of Object.entries(all)) {
    for (const one of [value].flat()) data.append(name, one);
  }
  return fromForm(data);
}

const codes = (answers, readers = READERS) =>
  problemsOf(answers, readers).map(({ field, code }) => `${field}:${code}`);

test("an empty form has one problem: what happened", () => {
  assert.deepEqual(codes(form({ what: " \n" })), ["what:what_empty"]);
});

test("what nobody can see is no answer, and one letter is", () => {
  for (const unseen of ["\u200b\u200d\ufeff", "\u00ad \u2060\n", "\u3164\u2800", "\u{e0100}"]) {
    assert.deepEqual(codes(form({ what: unseen })), ["what:what_empty"], JSON.stringify(unseen));
  }
  for (const seen of ["x", "\u200b.", "👍", "ا"]) {
    assert.deepEqual(codes(form({ what: seen })), [], JSON.stringify(seen));
  }
});

test("the body holds what was answered, without spaces around it", () => {
  const answers = form({
    what: " Paid twice.\r\nSince May. ",
    when_where: "Lund ",
    ongoing: "yes",
    topic: "finance",
    how_known: "",
    meeting: "yes",
  });
  assert.deepEqual(bodyOf(answers), {
    language: "sv",
    answers: {
      what: "Paid twice.\nSince May.",
      when_where: "Lund",
      ongoing: "yes",
      topic: "finance",
      how_known: "",
    },
    reporter: null,
    wishes: { meeting: true },
  });
});

test("a name is in the body only when it was chosen to give one", () => {
  const typed = { name: "Åsa", contact: "070" };
  assert.equal(bodyOf(form({ named: "no", ...typed })).reporter, null);
  assert.deepEqual(bodyOf(form({ named: "yes", ...typed })).reporter, typed);
  assert.deepEqual(codes(form({ named: "yes", name: " ", contact: "" })), ["name:name_empty"]);
  assert.deepEqual(codes(form({ named: "yes", name: "", contact: "070" })), []);
});

for (const { name, form: fields, times = 1, count } of readVectors("report_length.json")) {
  test(`what was typed is counted in code points: ${name}`, () => {
    const answers = form({ ...fields, what: fields.what.repeat(times) });
    assert.equal(lengthOf(answers), count);
    const problems = problemsOf(answers, READERS);
    const told = [{ field: "what", code: "too_long", values: { count, limit: TEXT_MAX } }];
    assert.deepEqual(problems, count > TEXT_MAX ? told : []);
  });
}

test("a person is left out with all keys", () => {
  assert.deepEqual(leftOutIds(READERS, ["bo"]), ["bo-1", "bo-2"]);
  assert.deepEqual(persons(READERS).map(({ person, ids }) => [person, ids]), [
    ["anna", ["anna"]],
    ["bo", ["bo-1", "bo-2"]],
  ]);
  assert.deepEqual(remaining(READERS, ["bo"]).map(({ person }) => person), ["anna"]);
});

test("somebody must be left to read", () => {
  assert.deepEqual(codes(form({ left_out: ["anna", "bo"] })), ["left_out:no_readers"]);
  assert.deepEqual(codes(form({ left_out: ["anna"] })), []);
  assert.deepEqual(codes(form({ left_out: ["anna", "bo"] }), null), []);
});

test("only typed text would be lost", () => {
  assert.equal(Boolean(written(form({ what: " ", ongoing: "yes" }))), false);
  assert.equal(Boolean(written(form({ what: "", contact: "070" }))), true);
});
