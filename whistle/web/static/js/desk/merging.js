/**
 * Marks are saved whole, and two people may change them at once. So each saving is a change that is
 * made to the newest marks, and made anew when a colleague was faster: nobody's change is lost.
 */

import { ensureKey } from "./notes.js";
import { sendEntry } from "./send.js";

export const NONE = Object.freeze({ title: "", assignee: null, labels: [], linked: [], todos: [] });

/** What may not be saved: faults of fields, [{field, code, values}]. Nothing was sent. */
export class MarksFault extends Error {
  constructor(faults) {
    super(faults.map(({ code }) => code).join(" "));
    this.name = "MarksFault";
    this.faults = faults;
  }
}

const both = (base, mine, newest) => [
  ...newest.filter((one) => mine.includes(one) || !base.includes(one)),
  ...mine.filter((one) => !base.includes(one) && !newest.includes(one)),
];

/**
 * What `mine` changed since `base`, made to the newest marks; and the fields that a colleague has changed
 * to something else meanwhile: {marks, clashes}. Of lists, what each has added or taken away is done. Pure.
 */
export function merged(base, mine, newest) {
  const clashes = [];
  const chosen = (field) => {
    if (mine[field] === base[field]) return newest[field];
    if (newest[field] !== base[field] && newest[field] !== mine[field]) clashes.push(field);
    return mine[field];
  };
  const marks = {
    ...newest,
    title: chosen("title"),
    assignee: chosen("assignee"),
    labels: both(base.labels, mine.labels, newest.labels),
    linked: both(base.linked, mine.linked, newest.linked),
  };
  return { marks, clashes };
}

/**
 * Saves marks: `change(newest)` gives what they become, and throws MarksFault where they may not.
 * @param key  what is changed, as a value: the same change is sent again with the same bytes
 * @returns "sent", "sent_after_news" or "news", as in send.js
 */
export async function saveMarks(desk, place, key, change) {
  await ensureKey(desk, place);
  const { one } = place.current();
  return sendEntry({
    key: JSON.stringify([one.id, "marks", key]),
    unanswered: desk.unanswered,
    make: () => {
      const now = place.current();
      if (now?.one.id !== one.id) throw new MarksFault([]); // another case is open by now
      const marks = now.opened.marks ?? NONE;
      return desk.sealing.ask("note", { kind: "marks", body: change(marks) });
    },
    post: (sealed) => desk.api.append(one.id, sealed),
    reload: place.reload,
    again: true,
  });
}
