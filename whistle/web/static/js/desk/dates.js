/**
 * Calendar dates as the server gives them ("2026-11-22"): shown in words and counted in days.
 * They are days, not instants, so they are read and shown in UTC and no zone moves them.
 */

const LOCALES = { en: "en-GB", sv: "sv-SE" };
const DAY = 86_400_000;

const instant = (day) => Date.parse(`${day}T00:00:00Z`);

/** "24 February 2027", "24 februari 2027". */
export function inWords(day, language) {
  const format = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(LOCALES[language] ?? language, format).format(instant(day));
}

/** "24 Feb 2027", "24 feb. 2027": for tables. */
export function inShort(day, language) {
  const format = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(LOCALES[language] ?? language, format).format(instant(day));
}

/** "22 Nov 2026, 12:05": an instant, in this browser's own zone. */
export function momentInWords(at, language) {
  const format = { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(LOCALES[language] ?? language, format).format(Date.parse(at));
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from, to) => Math.round((instant(to) - instant(from)) / DAY);

/** The day `days` after `day`. */
export const after = (day, days) => new Date(instant(day) + days * DAY).toISOString().slice(0, 10);

/** Whether `text` is a day of the calendar, written as 2026-11-22. */
export function isDay(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const read = instant(text);
  return !Number.isNaN(read) && new Date(read).toISOString().startsWith(text);
}
