/** The reporter's page script: finds out which page it is on, and starts it if it can work here. */

import { one } from "./dom.js";
import { startReport } from "./report.js";
import { startReturn } from "./return.js";

// Without these nothing could be sealed here; the page then stays as it is without scripts.
const able = Boolean(globalThis.Worker && globalThis.crypto?.getRandomValues);

if (able && one("[data-form]")) startReport();
if (able && one("[data-enter]")) startReturn();
