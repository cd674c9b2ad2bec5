/**
 * Who is in, from the opened key to the lock: the keyring is checked first, then the desk is
 * watched for idleness, and when the key or the session is gone it locks.
 */

import { fill, part, show } from "./dom.js";
import { codeOf, keysGone, newKeyCounts, signedOut } from "./failures.js";
import { watchIdle } from "./idle.js";
import { readNews, showNews } from "./keyring-news.js";
import { forget } from "./keyring.js";
import { wireLock } from "./lock.js";
import { atDesk } from "./roles.js";
import { toKeys } from "./routes.js";
import { wireSignIn } from "./sign-in.js";

const SIGNS_OF_WORK = ["pointerdown", "pointermove", "keydown", "wheel"];
const TIMERS = { set: (work, ms) => setTimeout(work, ms), clear: (id) => clearTimeout(id) };

/**
 * @param onEnter  shows the place that the address names
 * @param onLeave  takes everything that was opened off the page
 * @returns {active(), lost(error), toOffice()}: whether somebody is in; whether a failure means
 *   the lock; leaving for the office, without a key
 */
export function holdSession(desk, { onEnter, onLeave }) {
  const person = document.querySelector("[data-part='person']");
  const warning = part(desk.root, "warning");
  const unsent = part(desk.root, "unsent");
  const locked = wireLock(desk, { onIn: enter });
  let idle = null;

  async function enter(who, key) {
    if (!atDesk(who) && location.hash !== toKeys()) {
      toOffice();
      return;
    }
    Object.assign(desk, { who, key });
    try {
      const news = await readNews(desk, localStorage);
      desk.seen = news.newest;
      desk.keyrings = news.answer;
      showNews(desk, news);
    } catch (error) {
      if (error.family === "KeyringError") stopFor(error);
      else locked.lock("failed");
      return;
    }
    fill(person, { name: who.name });
    show(part(person, "office"), atDesk(who) && who.roles.includes("officer"));
    for (const link of person.querySelectorAll("[data-desk-only]")) show(link, atDesk(who));
    showWho(true);
    idle = watchIdle({
      now: Date.now,
      timers: TIMERS,
      onWarn: () => show(warning, true),
      onBack: () => show(warning, false),
      onLock: () => lock("idle"),
      onPing: () => desk.api.session().then(isStillOurs).catch(lost),
    });
    await onEnter();
  }

  /** Who has no place at the desk needs no open key: the office asks for none. */
  function toOffice() {
    desk.sealing.stop();
    location.assign(desk.root.dataset.office);
  }

  /** Another tab of this browser may have signed somebody else in: then this one is out. */
  function isStillOurs({ person: signedIn }) {
    if (signedIn.id !== desk.who.id) lock("ended");
  }

  function leave() {
    idle?.stop();
    idle = null;
    onLeave();
    showWho(false);
    show(warning, false);
    show(unsent, false);
  }

  /** Another language is another document: going there would lose the key. */
  function showWho(isIn) {
    show(person, isIn);
    show(document.querySelector(".top .language"), !isIn);
  }

  function lock(reason) {
    if (idle === null) return;
    leave();
    locked.lock(reason);
  }

  /** Locks when the session or the keys are gone; tells whether that was it. */
  function lost(error) {
    if (newKeyCounts(error)) lock("new-key");
    else if (signedOut(error)) lock("ended");
    else if (keysGone(error)) lock("restarted");
    else return false;
    return true;
  }

  /** The list of keys is refused: nothing is done with it, and the key goes out of memory. */
  function stopFor(error) {
    leave();
    desk.sealing.stop();
    const view = desk.view("alarm");
    part(view, "fault").textContent = desk.say(codeOf(error));
    show(part(view, "accept"), ["rollback", "fork"].includes(error.reason));
    desk.show("alarm");
  }

  /** The lock keeps an unsent text, signing out cannot: so it asks first. */
  function askToSignOut({ currentTarget }) {
    if (!desk.drafts.any()) return signOut();
    show(unsent, true);
    const [keep] = unsent.querySelectorAll("button");
    keep.onclick = () => {
      show(unsent, false);
      currentTarget.focus();
    };
    keep.focus();
    return undefined;
  }

  async function signOut() {
    desk.sealing.stop();
    window.removeEventListener("beforeunload", keepTexts);
    await desk.api.signOut().catch(() => {});
    location.replace(location.pathname);
  }

  function keepTexts(event) {
    if (desk.drafts.any()) event.preventDefault();
  }

  /** The warning's own button answers for itself, when it has been pressed and let go. */
  function noticeWork({ type, target }) {
    if (type === "pointerdown" && warning.contains(target)) return;
    idle?.worked({ moved: type === "pointermove" });
  }

  const acts = {
    lock: () => lock("asked"),
    "sign-out": askToSignOut,
    "sign-out-anyway": signOut,
    stay: () => idle?.worked(),
    "forget-keyring": () => {
      forget(localStorage);
      signOut();
    },
  };
  for (const [act, work] of Object.entries(acts)) {
    for (const button of document.querySelectorAll(`[data-act="${act}"]`)) {
      button.addEventListener("click", work);
    }
  }
  for (const sign of SIGNS_OF_WORK) {
    window.addEventListener(sign, noticeWork, { passive: true });
  }
  window.addEventListener("beforeunload", keepTexts);
  wireSignIn(desk, { onIn: enter });
  return { active: () => idle !== null, lost, toOffice };
}
