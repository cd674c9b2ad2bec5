/**
 * Sending one sealed entry (protocol section 5). When something newer is there, it is shown first;
 * then a message is sealed again by itself, and everything else waits for the handler to press
 * again: an acknowledgement, feedback or closing may no longer be meant.
 *
 * When no answer came, the entry may have arrived all the same. So the same bytes are sent again at
 * the next try: the server knows them, and nothing stands there twice.
 */

import { noAnswer, outOfTurn } from "./failures.js";

const TRIES = 3;

/**
 * @param key  what is to be sent, as a text: the same key means the same entry
 * @param unanswered  a Map in which entries wait whose answer was lost
 * @param make  seals the entry: returns what to post
 * @param post  posts it
 * @param reload  reads and shows the case as it is now
 * @param again  whether it may be sealed again by itself
 * @returns "sent", "sent_after_news", or "news": nothing was sent
 */
export async function sendEntry({ key, unanswered, make, post, reload, again }) {
  for (let turn = 0; turn < TRIES; turn += 1) {
    const entry = unanswered.get(key) ?? (await make());
    unanswered.delete(key);
    try {
      await post(entry);
      return turn === 0 ? "sent" : "sent_after_news";
    } catch (error) {
      if (noAnswer(error)) unanswered.set(key, entry);
      if (!outOfTurn(error)) throw error;
      await reload();
      if (!again) return "news";
    }
  }
  return "news";
}
