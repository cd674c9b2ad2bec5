// Calendar dates as "YYYY-MM-DD". No clock: every date comes from a signed file, the page
// or the server.

const DAY = 86400000; // milliseconds

const instant = (date) => Date.parse(`${date}T00:00:00Z`);

export const addDays = (date, days) =>
  new Date(instant(date) + days * DAY).toISOString().slice(0, 10);

/** The same day so many months later, or the month's last day (Regulation 1182/71 Art. 3(2)(c)). */
export function addMonths(date, months) {
  const [year, month, day] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10);
}

/** True for a date that exists, written so. */
export const isDate = (date) =>
  typeof date === "string" &&
  /^\d{4}-\d{2}-\d{2}$/.test(date) &&
  !Number.isNaN(instant(date)) &&
  addDays(date, 0) === date;

/** The later of two dates, either of which may be absent. */
export const later = (a, b) => [a, b].filter(Boolean).sort().at(-1);
