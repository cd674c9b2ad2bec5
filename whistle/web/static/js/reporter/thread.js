/** The thread as a list: who wrote, in which role, on which day, and what. Text stays text. */

import { scopeInWords } from "./consents.js";
import { visible } from "../sealing/signs.js";
import { make } from "./dom.js";
import { fillIn, knows, say } from "./words.js";

const authorOf = ({ side, mine, author_name: name, author_role: role }) => {
  if (mine) return say("by.you");
  if (side === "system") return say("by.system");
  return role ? `${name}, ${role}` : name;
};

const paragraph = (text) => make("p", visible(text), "text");

const titled = (code, text) => (text ? [make("h4", say(code)), paragraph(text)] : []);

function report({ answers = {}, reporter, wishes = {} }) {
  const chosen = (name) => (answers[name] ? say(`${name}.${answers[name]}`) : "");
  return [
    ...titled("question.what", answers.what),
    ...titled("question.when_where", answers.when_where),
    ...titled("question.ongoing", chosen("ongoing")),
    ...titled("question.topic", chosen("topic")),
    ...titled("question.how_known", answers.how_known),
    ...titled("question.who", reporter && [reporter.name, reporter.contact].filter(Boolean).join("\n")),
    ...(wishes.meeting ? [paragraph(say("question.meeting"))] : []),
  ];
}

function feedback({ measures, reasons }, { final, next_on: day }) {
  const next = !final && day ? [paragraph(say("date.next_by", { day }))] : [];
  return [...titled("feedback.measures", measures), ...titled("feedback.reasons", reasons), ...next];
}

const TOLD = ["consent_request", "disclosure_notice", "disclosure"];

/** Who is, or may be, told of the reporter; first of all that it was not allowed. */
function told({ recipient, why }, { scope, earliest_on: day }, alarm) {
  return [
    ...(alarm ? [paragraph(say(`alarm.${alarm}`))] : []),
    ...titled("told.recipient", recipient),
    ...titled("told.scope", scopeInWords(scope)),
    ...titled("told.why", why),
    ...(day ? [paragraph(say("told.not_before", { day }))] : []),
  ];
}

/** The sentence of the first code that the page has words for. */
function lineOf(codes, params = {}) {
  const known = [...codes, "other"].map((code) => `line.${code}`).find(knows);
  return say(known, params);
}

function systemLine({ code, params = {} }) {
  return [paragraph(lineOf([`${code}.${params.clock}`, code], params))];
}

/** The code of an entry that may have no text of its own. */
function codeOf(kind, head) {
  if (kind === "consent") return `consent.${head.given ? "yes" : "no"}`;
  return kind === "waiver" ? `waiver.${head.waive_ack ? "yes" : "no"}` : kind;
}

function contentOf({ side, kind, body, head = {}, alarm }) {
  if (side === "system") return systemLine(body);
  if (kind === "report") return report(body);
  if (kind === "feedback") return feedback(body, head);
  if (TOLD.includes(kind)) return told(body, head, alarm);
  if (kind === "handover_preview") {
    return [paragraph(say("told.answer_by", { day: head.answer_by })), paragraph(body.text ?? "")];
  }
  if (kind === "closing") return [paragraph(body.text ?? ""), ...titled("closing.grounds", body.grounds)];
  return [paragraph(body.text || lineOf([codeOf(kind, head)]))];
}

/** One entry; `fresh` marks one that came since the thread was last shown. */
export function entryOf(entry, fresh = false) {
  const item = make("li", "", `entry ${entry.side}`);
  const by = make("p", "", "by");
  by.append(make("strong", authorOf(entry)), " ", make("span", fillIn("%(day)s", { day: entry.on })));
  item.append(by);
  const heading = `kind.${entry.kind}`;
  if (entry.side !== "system" && knows(heading)) item.append(make("h3", say(heading)));
  item.append(...contentOf(entry));
  if (entry.mine && entry.made === "server") item.append(make("p", say("by.server"), "hint"));
  if (fresh) by.append(make("strong", say("by.new")));
  return item;
}
