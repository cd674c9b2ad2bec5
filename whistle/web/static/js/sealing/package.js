// A package of a case for somebody outside (protocol section 3.12): chosen entries with words covered,
// and a record by which they can be checked. Texts come from verified entries only; the words around
// them, and how people inside are called, from the page.

import { b64u, H, label, utf8 } from "./bytes.js";
import { contactRule, cover, idRule, nameRule, phrase } from "./covering.js";
import { refuse } from "./errors.js";
import { visible } from "./signs.js";

const TEXT = label("whistle/export-text/v1");
const SIGNED = label("whistle/export/v1");
const ODD = /[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]/gu; // what a page cannot hold

/** The texts of a body, [path, text], in the order in which they are written. */
function textsOf(value, path = "") {
  if (typeof value === "string") return value === "" ? [] : [[path, value]];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, one]) =>
    textsOf(one, path === "" ? name : `${path}.${name}`),
  );
}

const IDENTITY = { "reporter.name": "name", "reporter.contact": "contact" };
const UNTOLD = new Set(["language", "code"]); // no text of anybody's

/** What is covered in every text: typed words, others who are named, people inside, the reporter unless told. */
function rulesOf({ phrases, others, people, number, reporter, scope, words }) {
  return [
    ...phrases.map((one) => phrase(one, words.covered)),
    ...rulesOfReporter(reporter ?? {}, scope, words.covered),
    ...others.map((one) => nameRule(one, words.covered)),
    ...people.flatMap(({ id, name, called }) => [nameRule(name, called), idRule(id, called)]),
    phrase(number, words.covered),
  ];
}

/** What may not be told of the reporter; a name that may be told is not covered because the address has it too. */
function rulesOfReporter(reporter, scope, covered) {
  const [name, contact] = ["name", "contact"].map((one) => (typeof reporter[one] === "string" ? reporter[one] : ""));
  const told = scope.includes("name") ? name : "";
  return [
    ...(told === "" ? [nameRule(name, covered)] : []),
    ...(scope.includes("contact") ? [] : [contactRule(contact, covered, told)]),
  ];
}

/** How each handler is called, by the order in which they come. */
function calledOf(handlers, words) {
  return handlers.map(({ id, name }, at) => ({ id, name, called: `${words.handler} ${at + 1}` }));
}

function authorOf({ side, author_id: id }, people, words) {
  if (side !== "handler") return words[side];
  return people.find((one) => one.id === id).called;
}

/**
 * The parts of one entry as they go: [{path, label, text}], and whether anything of it was covered.
 * `frame` {heading, line, labels: {path: label}, coded: {path: word}} has the words of the page.
 */
function partsOf(entry, frame, rules, scope, words) {
  if (entry.side === "system") return { parts: [{ path: "", label: "", text: frame.line }], covered: false };
  let covered = false;
  const parts = [];
  for (const [path, text] of textsOf(entry.body)) {
    if (UNTOLD.has(path)) continue;
    const coded = frame.coded[path];
    if (coded !== undefined) {
      parts.push({ path: "", label: frame.labels[path] ?? "", text: coded });
      continue;
    }
    const identity = IDENTITY[path];
    const kept = identity !== undefined && scope.includes(identity);
    let shown = kept ? text : cover(text, rules);
    if (identity !== undefined && !kept) shown = words.covered;
    shown = shown.replace(ODD, " ");
    covered ||= shown !== text;
    parts.push({ path, label: frame.labels[path] ?? "", text: shown });
  }
  return { parts, covered };
}

const shownHash = (parts) => b64u(H(TEXT, utf8(parts.map(({ text }) => text).join("\0"))));

/**
 * Builds the items of a package. `chosen` are {entry, proof, frame}; `handlers` everybody inside
 * who is to be called by a number; `others` the names of others to cover; `scope` what of the reporter may be told.
 */
export function itemsOf({ chosen, handlers, phrases, others, number, reporter, scope, signatures, words }) {
  const people = calledOf(handlers, words);
  const rules = rulesOf({ phrases, others, people, number, reporter, scope, words });
  return chosen.map(({ entry, proof, frame }, at) => {
    const { parts, covered } = partsOf(entry, frame, rules, scope, words);
    const proven = !covered && entry.side !== "system" && (signatures || entry.side === "reporter");
    return {
      number: at + 1,
      heading: frame.heading,
      author: authorOf(entry, people, words),
      on: entry.on,
      day: frame.day,
      parts,
      record: {
        number: at + 1,
        kind: entry.kind,
        on: entry.on,
        sealed_sha256: entry.sealed_sha256,
        covered,
        shown: shownHash(parts),
        proof: proven ? proof : null,
      },
    };
  });
}

/** The verification record, signed by who makes the package. */
export function recordOf(items, { madeOn, to, identity, key }) {
  const record = {
    v: 1,
    made_on: madeOn,
    to,
    identity,
    entries: items.map((item) => item.record),
  };
  const bytes = utf8(JSON.stringify(record));
  return { record: b64u(bytes), sig: b64u(key.sign(H(SIGNED, bytes))), key: b64u(key.public) };
}

/** The package as plain text: what the reporter is shown before it goes. */
export const plainText = (items) =>
  visible(asText(items));

const asText = (items) =>
  items
    .map(({ number, heading, author, day, parts }) =>
      [
        `${number}. ${[heading, author, day].filter(Boolean).join(", ")}`,
        ...parts.map(({ label: name, text }) => (name ? `${name}\n${text}` : text)),
      ].join("\n"),
    )
    .join("\n\n");

/** Refuses a package of nothing. */
export const someOf = (items) => (items.length > 0 ? items : refuse("SealingError", "no_entries"));
