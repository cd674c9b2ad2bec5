/**
 * The sentences of the page, in its language. They stand in `template[data-facts]`, each under
 * its code; scripts hold codes, never sentences.
 */

import { one } from "./dom.js";

const LOCALES = { en: "en-GB", sv: "sv-SE" };
const locale = () => LOCALES[document.documentElement.lang] ?? document.documentElement.lang;

/** What the page tells its script: the Worker's address, the build's day, the root key. */
export const facts = () => one("template[data-facts]");

/** "24 February 2027", "24 februari 2027". The day is a calendar date, so no zone moves it. */
export function inWords(day) {
  const format = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale(), format).format(Date.parse(`${day}T00:00:00Z`));
}

const shown = (value) => {
  if (typeof value === "number") return value.toLocaleString(locale());
  return /^\d{4}-\d{2}-\d{2}$/u.test(value) ? inWords(value) : value;
};

/** Puts values into the places written %(name)s. */
export const fillIn = (text, values) =>
  text.replace(/%\((\w+)\)s/gu, (place, name) => (name in values ? shown(values[name]) : place));

/** Whether the page has words for this code. */
export const knows = (code) => one(`[data-sentence="${code}"]`, facts().content) !== null;

/** The sentence of this code. */
export const say = (code, values = {}) =>
  fillIn(one(`[data-sentence="${code}"]`, facts().content).textContent.trim(), values);
