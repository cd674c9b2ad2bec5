/** The signed list of keys at each sign-in: verified, compared with what this browser saw, told. */

import { fill, part, show, stamp } from "./dom.js";
import { changesSince, lastSeen, remember } from "./keyring.js";
import { atDesk } from "./roles.js";

/**
 * Verifies the published keyrings against what this browser saw last, and remembers them.
 * A chain that is refused fails with the Worker's error, and nothing is remembered.
 */
export async function readNews(desk, storage) {
  const seen = lastSeen(storage);
  const answer = await desk.api.keyring();
  const keyring = await desk.sealing.ask("readKeyring", {
    keyringAnswer: answer,
    outside: !atDesk(desk.who),
    ...(seen === null ? {} : { seen }),
  });
  const newest = keyring.newest ?? keyring;
  const changes = seen === null ? null : changesSince(answer, seen.serial, newest.serial);
  remember(storage, newest);
  return { answer, keyring, newest, changes, first: seen === null };
}

/** The lines that tell changes, [code, name]. Pure. */
export function linesOf(changes) {
  const lines = ["added", "removed", "keys", "role", "changed"].flatMap((what) =>
    (changes[what] ?? []).map(({ name }) => [
      `keyring.${what === "changed" ? "keys" : what}`,
      name,
    ]),
  );
  return lines.length > 0 ? lines : [["keyring.other", ""]];
}

function notice(desk, heading, lines, kind) {
  const made = fill(stamp("news"), { heading });
  made.classList.add(kind);
  made
    .querySelector("ul")
    .replaceChildren(
      ...lines.map(([code, name]) => fill(stamp("news-line"), { text: desk.say(code, { name }) })),
    );
  return made;
}

function notices(desk, { keyring, changes, first }) {
  const day = (iso) => ({ day: desk.day(iso) });
  const made = [];
  if (keyring.state !== "good") {
    const sentence = desk.say(`keyring.${keyring.state}`, day(keyring.expires_on));
    made.push(fill(stamp("news-short"), { text: sentence }));
    made.at(-1).classList.add("warn");
  }
  if (keyring.coming) {
    const heading = desk.say("keyring.coming", day(keyring.coming.takes_effect_on));
    made.push(notice(desk, heading, linesOf(keyring.coming), "warn"));
  }
  if (changes) made.push(notice(desk, desk.say("keyring.since"), linesOf(changes), "warn"));
  if (first) made.push(fill(stamp("news-short"), { text: desk.say("keyring.first") }));
  return made;
}

/** Shows the news above the list of cases until it is put away. */
export function showNews(desk, news) {
  const place = part(desk.view("cases"), "keyring-news");
  const made = notices(desk, news);
  part(place, "list").replaceChildren(...made);
  show(place, made.length > 0);
  show(part(place, "unknown"), Boolean(news.changes ?? news.keyring.coming));
  place.querySelector("[data-act='put-away']").onclick = () => show(place, false);
}
