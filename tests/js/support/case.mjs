// A case made by hand, so that tests can break one thing at a time.

import { publicText, seal } from "../../../whistle/web/static/js/sealing/age.js";
import { b64u, fromB64u, H, utf8 } from "../../../whistle/web/static/js/sealing/bytes.js";
import { openCaseKeys } from "../../../whistle/web/static/js/sealing/case-keys.js";
import { verifyThread } from "../../../whistle/web/static/js/sealing/chain.js";
import { packBytes } from "../../../whistle/web/static/js/sealing/container.js";
import { makeFiling } from "../../../whistle/web/static/js/sealing/filing.js";
import { verifyChain } from "../../../whistle/web/static/js/sealing/keyrings.js";
import { derive, generate } from "../../../whistle/web/static/js/sealing/receipt.js";
import { CHANNEL, fiveHandlers, TODAY } from "./organisation.mjs";

export const record = (seq, kind, handler, sealed, chain = "case") => ({
  chain,
  seq,
  kind,
  handler,
  on: TODAY,
  sealed: b64u(sealed),
});

/** A case with a report and the server's confirmation. */
export class Case {
  static async filed({ leftOut = [], publish, ...asked } = {}) {
    const made = new Case();
    Object.assign(made, await fiveHandlers());
    publish?.(made);
    made.keyrings = verifyChain(made.organisation.answer());
    made.keyring = made.keyrings.effective(TODAY);
    made.receipt = asked.receipt ?? (await derive(generate()));
    const body = { language: "sv", answers: { what: "what happened" } };
    const shared = { keyring: made.keyring, channel: CHANNEL, on: TODAY, made: "browser" };
    made.filing = await makeFiling({ receipt: made.receipt, body, leftOut, ...shared, ...asked });
    made.privateTexts = await openCaseKeys(made.filing.caseAge, made.receipt.age.text);
    made.thread = made.filing.json.thread;
    made.caseKey = publicText(fromB64u(made.filing.json.case_public_key));
    made.records = [record(1, "report", null, made.filing.entry1)];
    await made.confirm();
    return made;
  }

  get sha256() {
    return b64u(H(fromB64u(this.records.at(-1).sealed)));
  }

  handler(id) {
    return this.people.find((one) => one.id === id);
  }

  /** A head that fits at the end of the case chain, with changes. */
  head(changes = {}) {
    return {
      v: 1,
      channel: CHANNEL,
      thread: this.thread,
      chain: "case",
      seq: this.records.length + 1,
      prev: this.sha256,
      kind: "message",
      author: { side: "handler", id: "anna" },
      keyring: { serial: this.keyring.serial, sha256: b64u(this.keyring.sha256) },
      made: "browser",
      body_type: "application/json",
      ...changes,
    };
  }

  /** Appends an entry whose head has `changes`; other keys and clear columns can be given. */
  async append(changes = {}, { key, to = [this.caseKey], body = { text: "hej" }, clear = {} } = {}) {
    const head = this.head(changes);
    const bytes = utf8(typeof body === "string" ? body : JSON.stringify(body));
    const headBytes = utf8(JSON.stringify({ ...head, body_len: bytes.length }));
    const signing = key ?? this.signer(head.author);
    const sealed = await seal(packBytes(headBytes, bytes, signing), to);
    const handler = head.author.side === "handler" ? head.author.id : null;
    this.records.push({ ...record(head.seq, head.kind, handler, sealed, head.chain), ...clear });
    return this;
  }

  signer({ side, id }) {
    if (side === "system") return this.organisation.service;
    return side === "reporter" ? this.receipt.signing : this.handler(id).signing;
  }

  confirm(changes = {}, params = {}) {
    const head = { kind: "received", author: { side: "system", id: "service" }, made: "server" };
    const body = {
      code: "received",
      params: { received_on: TODAY, entry1_sha256: this.sha256, ...params },
    };
    return this.append({ ...head, ...changes }, { body });
  }

  verify(changes = {}) {
    const { privateTexts, keyrings, thread } = this;
    return verifyThread(this.records, { privateTexts, keyrings, thread, ...changes });
  }

  /** The reason and place of the fault, or null. */
  async fault(changes) {
    const { fault } = await this.verify(changes);
    return fault && [fault.reason, fault.seq];
  }
}
