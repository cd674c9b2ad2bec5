/**
 * The reporter's mailbox without the page: open it, read it, write one message so that it arrives
 * once. Sealing and network are given. Every answer is {code} (of a sentence) or a view.
 */

/** Opens with a typed code; only the mailbox token leaves the browser. */
export async function openMailbox(sealing, net, typed) {
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

/**
 * Sends a message. `held.made` keeps the sealed bytes of a try whose answer was lost. Returns
 * {view, said} when it arrived, {view, code} when something else came first and it was not sent.
 */
export async function writeMessage(sealing, net, view, text, held) {
  if (held.made?.text !== text) held.made = { text, entry: await sealed(sealing, text) };
  if (!held.made.entry) return { ...forget(held), code: "cannot_seal" };
  const sent = await net.postEntry(view.token, held.made.entry);
  if (sent.status === 201 || sent.status === 200) {
    forget(held);
    return { view: await read(sealing, net, view.token), said: "sent_now" };
  }
  if (sent.status !== 409) return { code: net.failure(sent) };
  forget(held);
  return turn(sealing, net, view, text, held);
}

/** Out of turn: what came first is read; the message is sealed again unless it is there already. */
async function turn(sealing, net, view, text, held) {
  const newer = await read(sealing, net, view.token);
  if (newer.code || newer.fault) return newer.code ? newer : { view: newer };
  const last = view.entries.at(-1)?.seq ?? 0;
  const since = newer.entries.filter(({ seq }) => seq > last);
  if (since.some(({ mine }) => mine)) {
    const same = since.some(({ mine, body }) => mine && body.text === text);
    return { view: newer, said: same ? "sent_now" : "came_before", kept: !same };
  }
  const outcome = await writeMessage(sealing, net, newer, text, held);
  return outcome.said === "sent_now" ? { ...outcome, said: "sent_after" } : { view: newer, ...outcome };
}

async function sealed(sealing, text) {
  return sealing.ask("makeEntry", { kind: "message", body: { text } }).catch(() => null);
}

function forget(held) {
  held.made = null;
  return {};
}
