/**
 * Sealing and sending a report so that it arrives once: the same bytes are sent again after a lost
 * answer, a newer keyring means sealing again with the same code, and a report that is there
 * already stays as it is. Without the page: sealing and network are given.
 *
 * Outcomes: {kind: "sent", answer} · {kind: "already"} · {kind: "readers"} (others would read it
 * now) · {kind: "failed", code} (the code of a sentence).
 */

const TRIES = 3;
const BITS_MAX = 24; // nobody's device is kept busy for longer, whatever is asked

/** Everything that decides who could read: the readers as they were shown, and the recovery key. */
const who = ({ readers, keyring }) =>
  JSON.stringify([
    readers.map(({ id, name, role_text }) => [id, name, role_text]),
    keyring?.recovery ?? null,
  ]);

const HASH = /^[A-Za-z0-9_-]{43}$/u; // 32 bytes in base64url
const isDay = (text) => /^\d{4}-\d{2}-\d{2}$/u.test(text);

/** The dates that the page after sending tells. */
export const hasDates = (told) => isDay(told?.received_on) && isDay(told.feedback_due_on);

/** A network's own page ("log in here") may come with 200 as well: it is no answer of this site. */
const isReceipt = ({ status, json }) =>
  (status === 201 || status === 200) && HASH.test(json.head_sha256) && hasDates(json);

/**
 * @param sealing   asks the Worker
 * @param net       getKeyring, postReport, failure
 * @param letter    {code, channel, body, leftOut, waiveAck, oneReaderConfirmed, leaveOutRecovery}
 * @param held      what is kept between tries: {keyringAnswer, readers, made}; changed here
 * @param onPrice   called when the device must work before the report is let in
 */
export async function sendReport(sealing, net, letter, held, onPrice = () => {}) {
  let paid = null;
  for (let left = TRIES; left > 0; left -= 1) {
    const problem = await seal(sealing, letter, held);
    if (problem) return problem;
    const sent = await net.postReport(held.made.filing, paid);
    if (isReceipt(sent)) return { kind: "sent", answer: sent.json };
    if (isPrice(sent)) {
      onPrice();
      // The second time what it can cost at most: the price rises while others pay.
      paid = await pay(sealing, sent.json, paid === null ? sent.json.bits : sent.json.most);
      if (paid === null) return { kind: "failed", code: "busy" };
      continue;
    }
    if (sent.status !== 409) return { kind: "failed", code: net.failure(sent) };
    if (sent.json.error === "already_sent") return { kind: "already" };
    if (sent.json.error !== "keyring_changed") return { kind: "failed", code: net.failure(sent) };
    const changed = await renew(sealing, net, letter, held);
    if (changed) return changed;
  }
  return { kind: "failed", code: "send_failed" };
}

const isPrice = ({ status, json }) => status === 429 && json.error === "price";

async function pay(sealing, { at }, bits) {
  if (!(bits <= BITS_MAX)) return null;
  try {
    return { at, ...(await sealing.ask("pay", { at, bits })) };
  } catch {
    return null;
  }
}

async function seal(sealing, letter, held) {
  const of = JSON.stringify(letter);
  if (held.made?.of === of) return null;
  const { code, ...asked } = letter;
  try {
    // A Worker that had to be started again has forgotten the code that the reporter was shown.
    await sealing.ask("openMailbox", { code });
    const { keyringAnswer } = held;
    const { filing, receipt } = await sealing.ask("prepareFiling", { ...asked, keyringAnswer });
    if (receipt !== code) return { kind: "failed", code: "cannot_seal" };
    held.made = { of, filing };
    return null;
  } catch (error) {
    return refused(error);
  }
}

function refused({ family, reason }) {
  if (family === "KeyringError") return { kind: "failed", code: "keyring_bad" };
  if (family === "FilingError" && ["no_readers", "one_reader"].includes(reason)) {
    return { kind: "readers" };
  }
  return { kind: "failed", code: "cannot_seal" };
}

async function renew(sealing, net, letter, held) {
  held.made = null;
  const answer = await net.getKeyring();
  if (answer.status !== 200) return { kind: "failed", code: net.failure(answer) };
  try {
    const keyring = await sealing.ask("readKeyring", { keyringAnswer: answer.json });
    const readers = keyring.channels[letter.channel] ?? [];
    const before = who(held);
    Object.assign(held, { keyringAnswer: answer.json, keyring, readers });
    const same = who(held) === before;
    return same ? null : { kind: "readers" };
  } catch (error) {
    return refused(error);
  }
}
