/**
 * Notes to the other handlers: a chain of their own under a key that the reporter does not have.
 * That key is made by the first browser that needs it.
 */

import { focusOn, part, show, whileBusy } from "./dom.js";
import { checkText } from "./checks.js";
import { outOfTurn } from "./failures.js";
import { clearFaults, formOf, showFaults, tell, valueOf, warn } from "./forms.js";
import { sendEntry } from "./send.js";
import { entryElement } from "./thread.js";

/** Shows what the handlers have noted; the entry that only names the key is left out. */
export function showNotes(desk, view, opened) {
  const notes = opened.notes.filter(({ kind }) => !["desk", "marks"].includes(kind));
  part(view, "notes").replaceChildren(...notes.map((one) => entryElement(desk, one)));
  show(part(view, "notes"), notes.length > 0);
  const fault = opened.notes_fault;
  const sentence = fault && desk.say(`fault.${fault.reason}`, { n: fault.seq - 1 });
  part(view, "notes-fault").textContent = sentence ?? "";
  show(part(view, "notes-fault"), fault !== null);
  show(formOf(view, "note"), fault === null && opened.fault === null);
}

/** Makes the handlers' key of the case if it has none; when a colleague was faster, theirs is used. */
export async function ensureKey(desk, place) {
  const { one, opened } = place.current();
  if (!opened.needs_desk) return;
  const { desk_age: deskAge, entry } = await desk.sealing.ask("makeDesk");
  try {
    await desk.api.append(one.id, { ...entry, desk_age: deskAge });
  } catch (error) {
    if (!outOfTurn(error)) throw error;
  }
  await place.reload();
}

/** Wires the form for a new note; `place` as in write.js. */
export function wireNotes(desk, place) {
  const form = formOf(place.view, "note");
  const box = form.closest("section");

  async function add() {
    const text = valueOf(form, "note");
    tell(box, "");
    if (showFaults(form, checkText("note", text), desk.say)) return;
    tell(box, desk.say("write.sending"));
    try {
      await ensureKey(desk, place);
      const { one } = place.current();
      const result = await sendEntry({
        key: JSON.stringify([one.id, "note", text]),
        unanswered: desk.unanswered,
        make: () => desk.sealing.ask("note", { body: { text } }),
        post: (sealed) => desk.api.append(one.id, sealed),
        reload: place.reload,
        again: false,
      });
      if (result === "news") {
        warn(box, desk.say("write.news"));
        return;
      }
      form.reset();
      clearFaults(form);
      await place.sent(box, desk.say("write.sent.note"));
      const last = part(box, "notes").lastElementChild;
      if (last) focusOn(last);
    } catch (error) {
      place.failed(error, box);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form.querySelector("button"), add);
  });
}
