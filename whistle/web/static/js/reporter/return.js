/**
 * /return with scripts: the code never leaves this page, only the mailbox token does. The thread
 * is verified and shown in the same document; a reload asks for the code again.
 */

import { openSealing } from "../sealing-client.js";
import { codePoints, isBlank, TEXT_MAX } from "./answers.js";
import { clearCase, showCase } from "./case.js";
import { checkWhileTyping, properly } from "./code.js";
import { all, focusHeading, focusOn, one, show, showScripted, whileBusy } from "./dom.js";
import { guardText, letLeave } from "./guard.js";
import { watchIdle } from "./idle.js";
import { listenToLanguages } from "./language.js";
import { openMailbox, sendAct } from "./mailbox.js";
import * as net from "./net.js";
import { clearProblems, showAtField, showProblems, tell } from "./problems.js";
import { facts, say } from "./words.js";

const timers = { set: (work, ms) => setTimeout(work, ms), clear: (timer) => clearTimeout(timer) };

const TEXTS = ["message", "meeting"]; // fields that hold unsent text, by id

/** Starts the page; call it once. */
export function startReturn() {
  const { worker, builtOn, rootKey: root } = facts().dataset;
  const visit = {
    sealing: openSealing({ worker, builtOn, root }),
    view: null, // the verified thread and its dates
    since: Infinity, // entries after this number are new
    held: {}, // a sealed message whose answer was lost
    idle: null,
  };
  guardText(() => TEXTS.some((id) => one(`#${id}`)?.value.trim()));
  for (const sign of ["keydown", "pointerdown"]) {
    addEventListener(sign, () => visit.idle?.worked());
  }
  bind(visit);
}

function bind(visit) {
  const code = one("#code");
  const problem = (sentence) => showProblems([{ field: "code", code: sentence }]);
  // First of all, so that no code is ever posted while the page says otherwise.
  submits("[data-enter]", () => enter(visit, problem));
  submits("[data-write]", () => write(visit, "message"));
  for (const box of all("[data-act]")) {
    submits(`[data-act="${box.dataset.act}"] form`, () => write(visit, box.dataset.act));
  }
  code.addEventListener("input", () => visit.sealing.start(), { once: true });
  checkWhileTyping(code, async () => {
    const typed = code.value;
    const { code: wrong } = await properly(visit.sealing, typed);
    if (code.value !== typed || visit.view) return;
    if (wrong) showAtField({ field: "code", code: wrong });
    else clearProblems();
  });
  one("[data-stay]").addEventListener("click", () => visit.idle?.worked());
  letLeave(() => visit.sealing.stop());
  bindLanguages(visit);
  showScripted();
}

/** Lets a form be handled here; a second press while it works does nothing. */
function submits(selector, work) {
  const form = one(selector);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(one("button[type=submit]", form), work);
  });
}

function bindLanguages(visit) {
  let typed;
  listenToLanguages(all(".language button[name]"), {
    before() {
      typed = ["code", ...TEXTS].map((id) => [id, one(`#${id}`).value]);
    },
    after() {
      bind(visit);
      for (const [id, text] of typed) one(`#${id}`).value = text;
      if (visit.view) reveal(visit);
      focusHeading(one("[data-page]:not([hidden])"));
    },
    failed: () => showProblems([{ field: "", code: "language_failed" }]),
  });
}

async function enter(visit, problem) {
  const code = one("#code");
  clearProblems();
  tell("opening", say("opening"));
  const opened = await openMailbox(visit.sealing, net, code.value);
  tell("opening", "");
  if (opened.code) return problem(opened.code);
  code.value = "";
  Object.assign(visit, { view: opened, since: Infinity });
  visit.idle = watchIdle({
    now: () => Date.now(),
    timers,
    warn: () => show(one("[data-idle]"), true),
    calm: () => show(one("[data-idle]"), false),
    end: () => close(visit),
  });
  reveal(visit);
  return focusHeading(one("[data-page=case]"));
}

function reveal(visit) {
  show(one("[data-page=enter]"), false);
  show(one("[data-page=case]"), true);
  showCase({ ...visit.view, since: visit.since }, (act, request) => write(visit, act, request));
}

function problemOf(act, box) {
  if (!box) return null;
  const count = codePoints(box.value);
  if (isBlank(box.value)) return { field: act, code: `${act}_empty` };
  const values = { count, limit: TEXT_MAX };
  return count > TEXT_MAX ? { field: act, code: "message_long", values } : null;
}

/**
 * Does what a button says: `act` is `message`, `meeting`, `waive` or `unwaive`; or `agree` or
 * `refuse` with the request that is answered.
 */
async function write(visit, act, request) {
  const box = TEXTS.includes(act) ? one(`#${act}`) : null;
  clearProblems();
  const problem = problemOf(act, box);
  if (problem) return showProblems([problem]);
  tell("written", say("working"));
  const last = visit.view.entries.at(-1)?.seq ?? 0;
  const asked = box ? { act, text: box.value } : { act, ...(request ? { request } : {}) };
  const outcome = await sendAct(visit.sealing, net, visit.view, asked, visit.held);
  if (!visit.view) return null; // closed meanwhile
  if (box && outcome.said && !outcome.kept) box.value = "";
  if (outcome.view?.entries) {
    Object.assign(visit, { view: outcome.view, since: last });
    reveal(visit);
  }
  tell("written", outcome.said ? say(outcome.said) : "");
  const place = request ? "consent" : "waiver";
  if (outcome.code) return showProblems([{ field: box ? act : place, code: outcome.code }]);
  if (act !== "message") focusOn(one("#written")); // its form is gone
  return null;
}

/** Nobody was here for 30 minutes: the keys are gone, the typed message stays. */
function close(visit) {
  visit.sealing.stop();
  Object.assign(visit, { view: null, held: {}, idle: null });
  clearCase();
  show(one("[data-idle]"), false);
  show(one("[data-page=case]"), false);
  show(one("[data-page=enter]"), true);
  show(one("[data-ended]"), true);
  focusHeading(one("[data-page=enter]"));
}
