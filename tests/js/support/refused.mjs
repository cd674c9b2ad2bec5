// One way to say that something is refused, and for which reason.

import assert from "node:assert/strict";

/** Asserts that `task` fails with this family and reason. */
export async function refused(task, family, reason) {
  let done;
  try {
    done = await task();
  } catch (error) {
    if (!error.family) throw error;
    assert.deepEqual([error.family, error.reason], [family, reason]);
    return error;
  }
  return assert.fail(`not refused: ${JSON.stringify(done)}`);
}
