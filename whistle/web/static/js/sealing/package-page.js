// A package as one HTML file: no scripts, nothing fetched, every text escaped. Its policy allows its own
// style and nothing else.

import { H, utf8 } from "./bytes.js";
import { marked, visible } from "./signs.js";

const STYLE =
  "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}" +
  "article{border-top:1px solid #999;padding:1rem 0;break-inside:avoid}h1{font-size:1.5rem}h2{font-size:1.1rem;margin:0}" +
  "h3{font-size:1rem;margin:.8rem 0 0}.by{color:#444;margin:0}.text{white-space:pre-wrap;overflow-wrap:anywhere;margin:.2rem 0 0}" +
  "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.7rem}";

const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const safe = (text) => text.replace(/[&<>"']/gu, (sign) => SIGNS[sign]);
const escaped = (text) => safe(visible(text));

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const policy = () =>
  `default-src 'none'; style-src 'sha256-${base64(H(utf8(STYLE)))}'; base-uri 'none'; form-action 'none'`;

const part = ({ path, label, text }) =>
  `${label ? `<h3>${escaped(label)}</h3>\n` : ""}<p class="text" dir="auto" data-path="${escaped(path)}">${marked(safe(text))}</p>\n`;

const article = ({ number, heading, author, on, day, parts }) =>
  `<article>\n<h2>${number}. ${escaped(heading)}</h2>\n` +
  `<p class="by">${escaped(author)}, <time datetime="${escaped(on)}">${escaped(day)}</time></p>\n` +
  `${parts.map(part).join("")}</article>\n`;

/** The whole file. `words` {language, title, about, verification, how} are the page's. */
export const pageOf = (items, verification, words) =>
  `<!doctype html>\n<html lang="${escaped(words.language)}">\n<head>\n<meta charset="utf-8">\n` +
  `<meta http-equiv="Content-Security-Policy" content="${policy()}">\n` +
  `<meta name="referrer" content="no-referrer">\n<meta name="viewport" content="width=device-width">\n` +
  `<title>${escaped(words.title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n` +
  `<main>\n<h1>${escaped(words.title)}</h1>\n<p>${escaped(words.about)}</p>\n` +
  `${items.map(article).join("")}` +
  `<details>\n<summary>${escaped(words.verification)}</summary>\n<p>${escaped(words.how)}</p>\n` +
  `<pre id="verification">${escaped(JSON.stringify(verification))}</pre>\n</details>\n</main>\n</body>\n</html>\n`;
