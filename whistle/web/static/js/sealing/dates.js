// Calendar dates as "YYYY-MM-DD". No clock: every date comes from a signed file, the page
// or the server.

const DAY = 86400000; // milliseconds

const instant = (date) => Date.parse(`${date}T00:00:00Z`);

export const addDays = (date, days) =>
  new Date(instant(date) + days * DAY).toISOString().slice(0, 10);

/** True for a date that exists, written so. */
export const isDate = (date) =>
  typeof date === "string" &&
  /^\d{4}-\d{2}-\d{2}$/.test(date) &&
  !Number.isNaN(instant(date)) &&
  addDays(date, 0) === date;

/** The later of two dates, either of which may be absent. */
export const later = (a, b) => [a, b].filter(Boolean).sort().at(-1);
