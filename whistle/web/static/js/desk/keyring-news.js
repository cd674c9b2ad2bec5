/** The signed list of keys at each sign-in: verified, compared with what this browser saw, told. */

import { fill, part, show, stamp } from "./dom.js";
import { lastSeen, remember } from "./keyring.js";
import { atDesk } from "./roles.js";

/**
 * Verifies the published keyrings against what this browser saw last, and remembers them; where
 * somebody was let in unannounced, only when that has been read. A chain that is refused fails with
 * the Worker's error, and nothing is remembered.
 */
export async function readNews(desk, storage) {
  const seen = lastSeen(storage);
  const answer = await desk.api.keyring();
  const keyring = await desk.sealing.ask("readKeyring", {
    keyringAnswer: answer,
    outside: !atDesk(desk.who),
    ...(seen === null ? {} : { seen }),
  });
  const { newest, news } = keyring;
  const keep = () => remember(storage, newest);
  if (news.unannounced.length === 0) keep();
  return { answer, keyring, newest, ...news, first: seen === null, keep };
}

/** The lines that tell changes, [code, name]. Pure. */
export const linesOf = (changes) =>
  changes.length > 0 ? changes.map(({ what, name }) => [`draft.${what}`, name]) : [["keyring.other", ""]];

function notice(desk, heading, changes, kind, text = null) {
  const made = fill(stamp("news"), { heading, text });
  made.classList.add(kind);
  made
    .querySelector("ul")
    .replaceChildren(
      ...linesOf(changes).map(([code, name]) =>
        fill(stamp("news-line"), { text: `${desk.say(code)} ${name}`.trim() }),
      ),
    );
  return made;
}

function notices(desk, { keyring, coming, since, unannounced, first }) {
  const day = (iso) => ({ day: desk.day(iso) });
  const made = [];
  if (unannounced.length > 0) {
    const why = desk.say("keyring.unannounced.why");
    made.push(notice(desk, desk.say("keyring.unannounced"), unannounced, "bad", why));
    made[0].setAttribute("role", "alert");
  }
  if (keyring.state !== "good") {
    const sentence = desk.say(`keyring.${keyring.state}`, day(keyring.expires_on));
    made.push(fill(stamp("news-short"), { text: sentence }));
    made.at(-1).classList.add("warn");
  }
  if (coming) {
    const heading = desk.say("keyring.coming", day(coming.takes_effect_on));
    made.push(notice(desk, heading, coming.changes, "warn"));
  }
  if (since) made.push(notice(desk, desk.say("keyring.since"), since, "warn"));
  if (first) made.push(fill(stamp("news-short"), { text: desk.say("keyring.first") }));
  return made;
}

/** Shows the news above the list of cases until it is put away. */
export function showNews(desk, news) {
  const place = part(desk.view("cases"), "keyring-news");
  const made = notices(desk, news);
  part(place, "list").replaceChildren(...made);
  show(place, made.length > 0);
  show(part(place, "unknown"), Boolean(news.since ?? news.coming));
  place.querySelector("[data-act='put-away']").onclick = () => {
    news.keep();
    show(place, false);
  };
}
