// The page's side of the sealing Worker: starts it, asks, and kills it when an answer takes
// too long (protocol section 7). It knows no keys, no words and no network.
//
//   const sealing = openSealing({ worker, builtOn, root });
//   const { receipt } = await sealing.ask("newReceipt");

const ANSWER_MS = 10000; // or between two signs of life
const WHOLE_MS = 120000;
const SLOW_MS = { unlock: 60000, writeOut: 60000, newPassphrase: 60000, sealToPassphrase: 60000, sealKey: 60000 };
const LOAD_MS = 90000;

export class SealingError extends Error {
  constructor({ family = "SealingError", reason, facts = {} }) {
    super(`${family}: ${reason}`);
    this.name = "SealingError";
    this.family = family;
    this.reason = reason;
    this.facts = facts;
  }
}

let policy; // a page may create a policy of one name only once

function scriptUrl(url) {
  const factory = globalThis.trustedTypes;
  if (!factory) return url;
  policy ??= factory.createPolicy("whistle", {
    createScriptURL(asked) {
      const { origin } = new URL(asked, location.href);
      if (origin !== location.origin) throw new TypeError("foreign script");
      return asked;
    },
  });
  return policy.createScriptURL(url);
}

class Sealing {
  #options;
  #ready = null; // a promise of the running Worker
  #kill = () => {};
  #pending = new Map();
  #last = 0;

  constructor(options) {
    this.#options = options;
  }

  /** Fetches and starts the Worker, unless it runs. */
  start() {
    this.#ready ??= new Promise((resolve, reject) => {
      const failed = () => this.#end("not_loaded");
      const clock = setTimeout(failed, LOAD_MS);
      const worker = new Worker(scriptUrl(this.#options.worker), { type: "module" });
      worker.onerror = failed;
      worker.onmessage = ({ data }) => {
        if (data.alive) return this.#wind(data.id);
        if (!data.ready) return this.#settle(data);
        clearTimeout(clock);
        return resolve(worker);
      };
      this.#kill = (reason) => {
        clearTimeout(clock);
        worker.terminate();
        reject(new SealingError({ reason }));
      };
    });
    this.#ready.catch(() => {}); // told to whoever asks; start() alone is only a head start
    return this.#ready;
  }

  /** Asks for one thing of the closed list; resolves with its value or rejects with SealingError. */
  async ask(name, params = {}) {
    const ready = this.start();
    const worker = await ready;
    if (ready !== this.#ready) throw new SealingError({ reason: "restarted" });
    const { builtOn, root } = this.#options;
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      const end = setTimeout(() => this.#expire(id), WHOLE_MS);
      this.#pending.set(id, { resolve, reject, end, limit: SLOW_MS[name] ?? ANSWER_MS });
      this.#wind(id);
      worker.postMessage({ id, ask: name, params: { builtOn, root, ...params } });
    });
  }

  /** Kills the Worker: every key is gone. The next request starts a new one. */
  stop() {
    this.#end("restarted");
  }

  /** Starts a request's clock anew. */
  #wind(id) {
    const waiting = this.#pending.get(id);
    if (!waiting) return;
    clearTimeout(waiting.clock);
    waiting.clock = setTimeout(() => this.#expire(id), waiting.limit);
  }

  #settle({ id, ok, value, ...error }) {
    const waiting = this.#pending.get(id);
    if (!waiting) return;
    this.#pending.delete(id);
    clearTimeout(waiting.clock);
    clearTimeout(waiting.end);
    if (ok) waiting.resolve(value);
    else waiting.reject(new SealingError(error));
  }

  #expire(id) {
    this.#settle({ id, ok: false, reason: "timeout" });
    this.#end("restarted");
  }

  #end(reason) {
    this.#kill(reason);
    [this.#kill, this.#ready] = [() => {}, null];
    for (const id of [...this.#pending.keys()]) this.#settle({ id, ok: false, reason });
  }
}

/** `{worker: URL, builtOn: "YYYY-MM-DD", root?: "ssh-ed25519 …"}`, as the page holds them. */
export const openSealing = (options) => new Sealing(options);
