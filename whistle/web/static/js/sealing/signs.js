// Signs that turn the direction of reading. Nobody sees them, and they can make a text read as another: so
// they are shown, here and in packages (protocol section 3.12).

const TURNING = /[\u202a-\u202e\u2066-\u2069]/gu;
const SHOWN = /\[U\+(202[A-E]|206[6-9])\]/gu;

const code = (sign) => sign.codePointAt(0).toString(16);

/** The text with each such sign as a mark that can be seen, such as [U+202E]. */
export const visible = (text) => text.replace(TURNING, (sign) => `[U+${code(sign).toUpperCase()}]`);

/** The text as it was written, from one that was shown. */
export const written = (text) =>
  text.replace(SHOWN, (_, hex) => String.fromCodePoint(parseInt(hex, 16)));

/** The same for a text in a package: an element that says which sign was there, so that it can be proven. */
export const marked = (html) =>
  html.replace(TURNING, (sign) => `<bdi data-sign="${code(sign)}">${visible(sign)}</bdi>`);
