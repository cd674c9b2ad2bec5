// How a Worker answers: a closed list of requests, each `{id, ask, params}`, each answered
// by `{id, ok: true, value}` or `{id, ok: false, family, reason, facts}`. A fault that
// nobody named is told as `fault`, without its text, because a text could hold content.
// Long work says `{id, alive: true}` after each step, so that the page knows it goes on.

import { refuse, WhistleError } from "../sealing/errors.js";

async function answered(requests, { id, ask, params }, alive) {
  try {
    if (!Object.hasOwn(requests, ask)) refuse("SealingError", "unknown_request");
    const { transfer = [], ...value } = (await requests[ask](params ?? {}, alive)) ?? {};
    return [{ id, ok: true, value }, transfer];
  } catch (error) {
    const named = error instanceof WhistleError;
    const { family, reason, facts } = named ? error : { family: "SealingError", reason: "fault" };
    return [{ id, ok: false, family, reason, facts: facts ?? {} }, []];
  }
}

/**
 * Serves `requests` one at a time, in the order they came; those named in `between` at once, while
 * another one waits for the browser: they only read.
 */
export function serve(scope, requests, between = []) {
  let last = Promise.resolve();
  async function answer(data) {
    const alive = () => scope.postMessage({ id: data.id, alive: true });
    const [message, transfer] = await answered(requests, data, alive);
    scope.postMessage(message, transfer);
  }
  scope.addEventListener("message", ({ data }) => {
    if (between.includes(data.ask)) answer(data);
    else last = last.then(() => answer(data));
  });
  scope.postMessage({ ready: true });
}
