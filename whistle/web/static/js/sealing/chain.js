// Verifies a thread: every forgery, move, replay, reorder and gap in the middle shows
// (protocol sections 3 and 4). Hiding the newest entries shows only when the other side
// next writes; nothing here claims more.

import { open, privateKey, privateSeed } from "./age.js";
import { b64u, fromB64u, H } from "./bytes.js";
import { readBody } from "./bodies.js";
import { unpack } from "./container.js";
import { refuse, WhistleError } from "./errors.js";
import { threadId } from "./filing.js";
import { validOn } from "./keyring.js";
import { ENTRY_SIZES } from "./padding.js";

const FAMILY = "ThreadError";

const onlyEntries = { stanzas: 1, sizeAllowed: (size) => ENTRY_SIZES.includes(size) };

/** A walk along one chain of a case; holds what the next entry must fit. */
class Walk {
  constructor({ chain, keyrings, keys, thread, reporterSign }) {
    Object.assign(this, { chain, keyrings, keys, thread, reporterSign });
    this.seq = 0;
    this.prev = thread;
    this.serial = 0;
    this.entries = [];
    this.first = null;
  }

  /** Opens, checks and keeps one record as the server gave it. */
  async step(record) {
    const sealed = fromB64u(record.sealed, FAMILY);
    if (record.chain !== this.chain) refuse(FAMILY, "moved");
    if (record.seq !== this.seq + 1) refuse(FAMILY, "gap");
    const container = await this.opened(sealed);
    const { head } = container;
    if (this.seq === 0) await this.begin(head);
    this.place(head, record);
    const author = this.author(head, record.on);
    try {
      container.verify(author.key);
    } catch {
      refuse(FAMILY, "forged");
    }
    const sha256 = b64u(H(sealed));
    this.entries.push(plain(container, record, author, sha256));
    Object.assign(this, { seq: head.seq, prev: sha256, serial: head.keyring.serial });
    if (head.kind === "access") this.admit(head);
  }

  /** Only the key that entry 1 or a verified access entry names is ever used. */
  async opened(sealed) {
    const texts = this.keys.map(({ text }) => text);
    for (const text of this.seq === 0 ? [...texts].reverse() : [texts]) {
      try {
        return await this.openedWith(sealed, [text].flat());
      } catch (error) {
        if (error.family !== "NotForMeError") throw error;
      }
    }
    return refuse(FAMILY, "cannot_open");
  }

  async openedWith(sealed, texts) {
    let container;
    try {
      container = unpack(await open(sealed, texts, onlyEntries));
    } catch (error) {
      if (error.family === "SealError") refuse(FAMILY, "cannot_open", { seal: error.reason });
      throw error;
    }
    this.used = texts.length === 1 ? texts[0] : this.used;
    return container;
  }

  /** What entry 1 of a chain fixes for all that follow. */
  async begin(head) {
    const named = this.chain === "case" ? head.case_key : head.desk_key;
    if (head.kind !== (this.chain === "case" ? "report" : "desk")) refuse(FAMILY, "first_kind");
    const key = this.keys.find(({ text }) => text === this.used);
    if (!key || b64u(key.publicBytes) !== named) refuse(FAMILY, "case_key");
    this.known = this.keys;
    this.keys = [key];
    this.first = head;
    if (this.chain !== "case") return;
    const [age, sign] = [fromB64u(head.reporter_age), fromB64u(head.reporter_sign)];
    if (b64u(threadId(age, sign, key.publicBytes)) !== this.thread) refuse(FAMILY, "moved");
    this.reporterSign = sign;
  }

  /** The head must say the place at which the server shows it. */
  place(head, record) {
    if (head.thread !== this.thread || head.chain !== this.chain) refuse(FAMILY, "moved");
    if (this.first.channel !== head.channel) refuse(FAMILY, "moved");
    const handler = head.author.side === "handler" ? head.author.id : null;
    if (head.seq !== record.seq || head.kind !== record.kind || handler !== record.handler) {
      refuse(FAMILY, "clear_differs");
    }
    if (head.prev !== this.prev) refuse(FAMILY, "fork");
    if (head.keyring.serial < this.serial) refuse(FAMILY, "keyring_fell");
  }

  /** Who wrote it and with which key: from the keyring it names or entry 1, never from it. */
  author(head, on) {
    const keyring = this.keyrings.named(head.keyring);
    if (keyring === null) refuse(FAMILY, "keyring_unknown");
    const { side, id } = head.author;
    if (side === "reporter") {
      if (id !== "reporter" || this.chain !== "case") refuse(FAMILY, "author");
      return { key: this.reporterSign, name: null, role: null };
    }
    if (head.kind === "report") refuse(FAMILY, "author");
    if (side === "system") {
      const key = keyring.service.find((one) => validOn(one, on));
      if (id !== "service" || !key) refuse(FAMILY, "author");
      return { key: key.sign, name: null, role: null };
    }
    const handler = keyring.handlers.find((one) => one.id === id);
    if (!handler || !validOn(handler, on)) refuse(FAMILY, "author");
    return { key: handler.sign, name: handler.name, role: handler.role_text };
  }

  admit(head) {
    const key = this.known.find(({ publicBytes }) => b64u(publicBytes) === head.case_key);
    if (!key) refuse(FAMILY, "case_key");
    if (!this.keys.includes(key)) this.keys.unshift(key);
  }
}

function plain({ head, body }, record, author, sha256) {
  return {
    chain: head.chain,
    seq: head.seq,
    kind: head.kind,
    on: record.on,
    side: head.author.side,
    author_id: head.author.id,
    author_name: author.name,
    author_role: author.role,
    made: head.made,
    body: readBody(body),
    head,
    sealed_sha256: sha256,
  };
}

/**
 * Verifies the records of one chain in the order the server gave them. Gives the entries
 * before the first fault, the fault if there is one, and what the next entry must fit.
 */
export async function verifyThread(records, { chain, keyrings, privateTexts, thread, reporterSign }) {
  const keys = await Promise.all(privateTexts.map((text) => privateKey(privateSeed(text))));
  const walk = new Walk({ chain, keyrings, keys, thread, reporterSign });
  let fault = null;
  for (const record of records) {
    try {
      await walk.step(record);
    } catch (error) {
      if (!(error instanceof WhistleError)) throw error;
      fault = { reason: error.reason, chain, seq: record.seq };
      break;
    }
  }
  const { entries, first, seq, prev, reporterSign: sign } = walk;
  const key = walk.keys[0] ?? null;
  return { entries, fault, first, thread, next: { chain, seq: seq + 1, prev }, key, reporterSign: sign };
}
