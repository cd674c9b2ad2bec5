/**
 * The desk: one document, because the handler's key lives in its Worker's memory only. This file
 * joins the parts and follows the address; each view has a file of its own.
 */

import { openSealing } from "../sealing-client.js";
import { ApiError, openApi } from "./api.js";
import { wireCases } from "./cases.js";
import { wireCosigning } from "./cosign.js";
import { inShort, inWords, momentInWords } from "./dates.js";
import { focusOn, part, show } from "./dom.js";
import { keepDrafts } from "./drafts.js";
import { codeOf } from "./failures.js";
import { tell, warn } from "./forms.js";
import { wireKeys } from "./keys.js";
import { wireMe } from "./me.js";
import { wireReseals } from "./reseals.js";
import { readHash, toCases } from "./routes.js";
import { holdSession } from "./session.js";
import { wireTasks } from "./tasks.js";
import { readWords, speaker } from "./words.js";
import { atDesk } from "./roles.js";

const root = document.querySelector("[data-desk]");
const language = document.documentElement.lang;
let listed = { cases: [] }; // as the server gave it last
let oneCase = null; // the view of one case: its module comes behind the list
let loads = 0;

/** What every view works with; `who`, `key` and `seen` are set when somebody is in. */
const desk = {
  root,
  say: speaker(readWords(root), language),
  day: (iso) => inWords(iso, language),
  moment: (iso) => momentInWords(iso, language),
  shortDay: (iso) => inShort(iso, language),
  view: (name) => root.querySelector(`[data-view="${name}"]`),
  show: showView,
  api: openApi({ token: root.dataset.token }),
  sealing: openSealing({
    worker: root.dataset.worker,
    builtOn: root.dataset.builtOn,
    root: root.dataset.rootKey,
  }),
  channels: new Map(JSON.parse(root.dataset.channels)),
  drafts: keepDrafts(),
  unanswered: new Map(),
  lost: (error) => session.lost(error),
  who: null,
  key: null, // {person, keyFile, passkey}: what the lock opens again
  parting: "", // what the list tells once, when it is shown next
  keyrings: null, // the answer that was verified at the sign-in
  list: null, // what was opened of the listed cases
  cases: () => listed.cases,
  seen: null, // serial and hash of the newest keyring at the sign-in
};

const cases = wireCases(desk);
desk.list = cases.list;
const reseals = wireReseals(desk, { onDone: () => listCases("open") });
const places = {
  keyring: wireCosigning(desk),
  keys: wireKeys(desk),
  me: wireMe(desk),
  tasks: wireTasks(desk),
};
const session = holdSession(desk, { onEnter: followAddress, onLeave: clear });

function showView(name) {
  const shown = desk.view(name);
  for (const one of root.querySelectorAll("[data-view]")) show(one, one === shown);
  document.title = `${shown.dataset.title} – ${root.dataset.site}`;
  if (session.active() || name !== "sign-in") focusOn(shown.querySelector("h1"));
}

async function followAddress() {
  const route = readHash(location.hash);
  if (route === null || !session.active()) return;
  if (!atDesk(desk.who) && route.view !== "keys") {
    session.toOffice();
    return;
  }
  oneCase?.leave();
  places.keys.clear(); // a key that was shown does not stay behind another view
  if (route.view === "missing") showView("missing");
  else if (route.view in places) await places[route.view].open();
  else if (route.view === "cases") await listCases(route.shown);
  else await openNumber(route.number);
}

async function listCases(shown) {
  showView("cases");
  try {
    listed = await desk.api.cases();
    cases.show(listed, shown);
    tell(desk.view("cases"), desk.parting);
    desk.parting = "";
    reseals.offer(listed);
    await places.keyring.offer();
    caseView().catch(() => {}); // a head start: whoever opens a case is told
  } catch (error) {
    listFailed(error);
  }
}

/** The view of one case, loaded once; after a failure under another address: browsers keep failures. */
async function caseView() {
  if (oneCase !== null) return oneCase;
  const address = loads === 0 ? root.dataset.case : `${root.dataset.case}?${loads}`;
  try {
    const { wireCase } = await import(address);
    oneCase ??= wireCase(desk, { onMissing: () => showView("missing") });
    return oneCase;
  } catch {
    loads += 1;
    throw new ApiError(0, "offline");
  }
}

async function openNumber(number) {
  try {
    const named = (one) => one.number === number;
    if (!listed.cases.some(named)) listed = await desk.api.cases();
    const found = listed.cases.find(named);
    const view = found && (await caseView());
    if (!session.active() || readHash(location.hash)?.number !== number) return;
    if (found) await view.open(found);
    else showView("missing");
  } catch (error) {
    showView("cases");
    listFailed(error);
  }
}

function listFailed(error) {
  show(part(desk.view("cases"), "listed"), false);
  if (!desk.lost(error)) warn(desk.view("cases"), desk.say(codeOf(error)));
}

/** Takes everything that was opened off the page. */
function clear() {
  oneCase?.leave();
  listed = { cases: [] };
  desk.parting = "";
  cases.clear();
  part(desk.view("tasks"), "tasks").replaceChildren();
  places.me.clear();
  places.keyring.clear();
  places.keys.clear();
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address after # belongs to the routes
  focusOn(document.querySelector("main"));
});
document.querySelector(".site a").addEventListener("click", (event) => {
  if (!session.active()) return;
  event.preventDefault(); // loading the document anew would lose the key
  location.hash = toCases();
});
window.addEventListener("hashchange", followAddress);
part(root, "starting").remove();
showView("sign-in");
