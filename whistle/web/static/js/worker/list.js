// What a list shows of many cases, opened one by one, and searched. It lives in the Worker's memory
// only, and goes with it: nothing of it is kept anywhere (protocol sections 3.11 and 11.3).
//
// Less is checked here than when a case is opened: the report by all rules, the marks by themselves.
// Whatever does not hold is told by its reason, and nothing of it is shown.

import { fromB64u } from "../sealing/bytes.js";
import { openCaseKeys } from "../sealing/case-keys.js";
import { verifyThread } from "../sealing/chain.js";
import { WhistleError } from "../sealing/errors.js";
import { privateKey, privateSeed } from "../sealing/age.js";
import { newestMarks, NO_MARKS, openMarks } from "../sealing/marks.js";

const FIRST = 90; // characters

/** One line, no longer than `longest`, cut between words. */
export function firstLine(text, longest = FIRST) {
  const line = text.trim().replace(/\s+/gu, " ");
  return line.length <= longest ? line : `${line.slice(0, longest).replace(/\s\S*$/u, "")} …`;
}

const plain = (text) => text.normalize("NFC").toLowerCase();

/** Every text in a body, at any depth. */
function textsIn(value) {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
}

const textOf = (entries) => entries.flatMap(({ body }) => textsIn(body)).join("\n");

/** What was opened, by the case's id. */
export class Opened {
  #cases = new Map(); // id -> {said, marked, whole}
  #keyrings = null;

  clear() {
    this.#cases.clear();
    this.#keyrings = null;
  }

  /** Takes the verified keyrings, and forgets the cases that are not listed any more. */
  follow({ chain, keyring }, ids) {
    this.#keyrings = { chain, keyring };
    const listed = new Set(ids);
    for (const id of this.#cases.keys()) if (!listed.has(id)) this.#cases.delete(id);
  }

  get followed() {
    return this.#keyrings !== null;
  }

  /** Opens what a list shows of one case: `{id, fault}` or what `shown` gives; `mine` are private keys. */
  async open(piece, mine) {
    try {
      const { entries, marks } = await this.#verified(piece, mine);
      return this.#keep(piece.id, entries, marks, []);
    } catch (error) {
      if (!(error instanceof WhistleError)) throw error;
      const reason = error.family === "NotForMeError" ? "not_for_me" : error.reason;
      return { id: piece.id, fault: reason };
    }
  }

  async #verified({ channel, thread, case_age, report, desk_age, marks }, mine) {
    const keyrings = this.#keyrings.chain;
    const privateTexts = await openCaseKeys(fromB64u(case_age), mine);
    const found = await verifyThread([report], { keyrings, thread, privateTexts });
    if (found.fault) throw new WhistleError("ThreadError", found.fault.reason);
    const [first] = found.entries;
    if (first.head.channel !== channel) throw new WhistleError("ThreadError", "clear_differs");
    if (marks === null || desk_age === null) return { entries: [first], marks: null };
    const texts = await openCaseKeys(fromB64u(desk_age), mine);
    const keys = await Promise.all(texts.map((one) => privateKey(privateSeed(one))));
    const { access } = found;
    return { entries: [first], marks: await openMarks(marks, { first, keys, keyrings, access }) };
  }

  /** Takes over a case that was opened whole, and verified whole. */
  keepWhole(id, { entries, notes }) {
    if (entries.length === 0) return null;
    return this.#keep(id, entries, newestMarks(notes), notes, true);
  }

  #keep(id, entries, newest, notes, whole = false) {
    const marks = newest ?? NO_MARKS;
    const said = [...entries, ...notes].filter(({ side, kind }) => side !== "system" && kind !== "marks");
    const before = this.#cases.get(id);
    // A case that was opened whole stays so, although the list shows it anew.
    const kept = before?.whole && !whole ? before : { said: plain(textOf(said)), whole };
    const todos = marks.todos.map(({ text }) => text);
    const marked = plain([marks.title, ...marks.labels, ...todos].join("\n"));
    this.#cases.set(id, { ...kept, marked });
    return this.#shown(id, entries[0], marks);
  }

  #shown(id, { body }, { title, assignee, labels, linked, todos }) {
    const { what = "", topic = "" } = body?.answers ?? {};
    return {
      id,
      fault: null,
      title,
      first: firstLine(String(what)),
      topic: typeof topic === "string" ? topic : "",
      assignee: assignee && { id: assignee, name: this.#nameOf(assignee) },
      labels,
      linked,
      todos: todos.filter(({ done, until }) => !done && until).map(({ who, until }) => ({ who, until })),
    };
  }

  /** By the newest keyring that has the handler. */
  #nameOf(id) {
    const known = this.#keyrings?.chain.links.flatMap(({ keyring }) => keyring.handlers) ?? [];
    return known.findLast((one) => one.id === id)?.name ?? id;
  }

  forget(id) {
    this.#cases.delete(id);
  }

  /** The ids of the cases that hold every word; how many were searched, how many of them whole. */
  search(query) {
    const asked = plain(query).split(/\s+/u).filter(Boolean);
    const all = [...this.#cases];
    const ids = all
      .filter(([, { said, marked }]) => asked.every((one) => said.includes(one) || marked.includes(one)))
      .map(([id]) => id);
    return { ids, searched: all.length, whole: all.filter(([, { whole }]) => whole).length };
  }
}
