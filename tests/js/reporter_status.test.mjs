// What the two clocks say to the reporter, by the table that the server's pages are tested with.

import assert from "node:assert/strict";
import { test } from "node:test";

import { alarmOf, linesOf } from "../../whistle/web/static/js/reporter/status.js";
import { readVectors } from "./support/paths.mjs";

for (const { name, dates, lines, alarm } of readVectors("reporter_status.json")) {
  test(name, () => {
    const said = linesOf(dates).map(({ code, values }) => [code, values]);
    assert.deepEqual(said, lines);
    assert.deepEqual(alarmOf(dates), alarm);
  });
}
