/**
 * The reporter's mailbox without the page: open it, read it, write so that each thing arrives
 * once. Sealing and network are given. Every answer is {code} (of a sentence) or a view.
 */

const TRIES = 3; // an entry may come in between

/** The case's rules do not allow it any more: what happened meanwhile is shown. */
const NOT_NOW = new Set([
  "already_acknowledged",
  "already_asked",
  "already_waived",
  "not_waived",
  "closed",
]);

/** Opens with a typed code; only the mailbox token leaves the browser. */
export async function openMailbox(sealing, net, typed) {
  if (!typed.trim()) return { code: "code_empty" };
  let token;
  try {
    ({ token } = await sealing.ask("openMailbox", { code: typed }));
  } catch (error) {
    return { code: error.family === "ReceiptError" ? "code_wrong" : "not_opened" };
  }
  return read(sealing, net, token);
}

/** Fetches and verifies the thread: {token, dates, law, entries, fault}. */
export async function read(sealing, net, token) {
  const answer = await net.getMailbox(token);
  if (answer.status === 404) return { code: "unknown_code" };
  if (answer.status === 0) return { code: "no_connection" };
  if (answer.status !== 200) return { code: net.failure(answer) };
  try {
    const { entries, fault } = await sealing.ask("openThread", { answer: answer.json });
    const { dates, law } = answer.json;
    return { token, dates, law, entries, fault };
  } catch (error) {
    return { code: error.family === "KeyringError" ? "keyring_bad" : "not_opened" };
  }
}

/** What is said when an act has arrived; an act is a button of the page. */
const SAID = {
  message: "sent_now",
  meeting: "meeting_now",
  waive: "waive_now",
  unwaive: "unwaive_now",
  agree: "agree_now",
  refuse: "refuse_now",
};

/** What the Worker is to seal for an act. */
function entryOf({ act, text, request }) {
  if (request) return { kind: "consent", body: {}, request, given: act === "agree" };
  if (act.endsWith("waive")) return { kind: "waiver", body: {}, waive_ack: act === "waive" };
  return { kind: act, body: { text } };
}

/** Whether an entry of the reporter's is this act, done before. */
function isSame({ kind = "message", body, head }, wanted) {
  const asked = entryOf(wanted);
  if (kind !== asked.kind) return false;
  if (kind === "consent") return head.request === asked.request && head.given === asked.given;
  return kind === "waiver" ? head.waive_ack === asked.waive_ack : body.text === asked.body.text;
}

/**
 * Sends a message, a wish for a meeting, a waiver or its withdrawal. `held.made` keeps the sealed
 * bytes of a try whose answer was lost. Returns {view, said} when it arrived, {code} or {view, code}
 * when it was not sent: with the view if something else came first.
 */
export async function sendAct(sealing, net, view, asked, held) {
  const key = JSON.stringify(asked);
  let news = null;
  for (let left = TRIES; left > 0; left -= 1) {
    const known = news === null ? {} : { view: news };
    if (held.made?.key !== key) held.made = { key, entry: await sealed(sealing, asked) };
    if (!held.made.entry) return { ...known, ...forget(held), code: "cannot_seal" };
    const sent = await net.postEntry(view.token, held.made.entry);
    if (sent.status === 201 || sent.status === 200) {
      forget(held);
      const said = news !== null && SAID[asked.act] === "sent_now" ? "sent_after" : SAID[asked.act];
      return { view: await read(sealing, net, view.token), said };
    }
    const outOfTurn = sent.status === 409 && sent.json.error === "out_of_turn";
    const notNow = sent.status === 409 && NOT_NOW.has(sent.json.error);
    if (!outOfTurn && !notNow) return { ...known, code: net.failure(sent) };
    forget(held);
    const newer = await read(sealing, net, view.token);
    if (newer.code) return newer;
    if (notNow) return { view: newer, code: "not_now" };
    if (newer.fault) return { view: newer };
    const before = arrived(news ?? view, newer, asked);
    if (before) return before;
    news = newer;
  }
  return { view: news, code: "send_failed" };
}

/** What to say when an entry of the reporter's own was what came first; null when it was another's. */
function arrived(view, newer, asked) {
  const last = view.entries.at(-1)?.seq ?? 0;
  const own = newer.entries.filter(({ seq, mine }) => mine && seq > last);
  if (own.length === 0) return null;
  const same = own.some((entry) => isSame(entry, asked));
  return { view: newer, said: same ? SAID[asked.act] : "came_before", kept: !same };
}

const sealed = (sealing, asked) => sealing.ask("makeEntry", entryOf(asked)).catch(() => null);

function forget(held) {
  held.made = null;
  return {};
}
