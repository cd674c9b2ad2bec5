/** The conversation: each verified entry with its author, date and text. Text only, never HTML. */

import { fill, part, stamp } from "./dom.js";

const ANSWERS = ["what", "when_where", "ongoing", "topic", "how_known"];
const CODED = { ongoing: "answer", topic: "topic" };

/** [{question, answer}] of a report, as codes and texts; empty answers are left out. Pure. */
export function answersOf({ answers, reporter }) {
  const rows = ANSWERS.filter((name) => answers[name]).map((name) => ({
    question: `question.${name}`,
    text: answers[name],
    code: name in CODED ? `${CODED[name]}.${answers[name]}` : null,
  }));
  for (const name of ["name", "contact"]) {
    const text = reporter?.[name];
    if (text) rows.push({ question: `question.${name}`, text, code: null });
  }
  return rows;
}

/** The headed parts of an entry's body, [{heading: code or null, text}]. Pure. */
export function partsOf({ kind, body }) {
  if (kind === "feedback") {
    return [
      { path: "measures", heading: "part.measures", text: body.measures },
      { path: "reasons", heading: "part.reasons", text: body.reasons },
    ];
  }
  if (kind === "handover" && body.to) {
    return [
      { path: "to", heading: "part.handed_to", text: body.to },
      { path: "basis", heading: "part.basis", text: body.basis },
      ...(body.no_time ? [{ path: "no_time", heading: "part.no_time", text: body.no_time }] : []),
      ...(body.named ? [{ path: "named", heading: "part.named", text: body.named }] : []),
    ];
  }
  if (kind === "person") return [{ path: "name", heading: null, text: body.name }];
  if (kind === "person_ended") return [{ path: "why", heading: "part.why", text: body.why }];
  if (body.recipient) {
    return [
      { path: "recipient", heading: "part.recipient", text: body.recipient },
      { path: "why", heading: "part.why", text: body.why },
    ];
  }
  const parts = body.text ? [{ heading: null, text: body.text }] : [];
  if (kind === "closing") parts.push({ path: "grounds", heading: "part.grounds", text: body.grounds });
  return parts;
}

function bodyOf(desk, entry) {
  if (entry.side === "system") return [textElement(systemLine(desk, entry.body))];
  if (entry.kind === "report") return [answerList(desk, entry.body)];
  if (entry.kind === "access") return changeOf(entry).map((line) => textElement(desk.say(...line)));
  const scope = entry.head.scope?.map((code) => desk.say(`scope.${code}`)).join("\n");
  return [
    ...(scope ? [headed(desk.say("part.scope"), scope)] : []),
    ...partsOf(entry).flatMap(({ heading, text }) =>
      heading === null ? [textElement(text)] : [headed(desk.say(heading), text)],
    ),
  ];
}

/** The lines of a change of access, [code, values]. Pure. */
export function changeOf({ head, changed: { added, removed } }) {
  const named = (code, names) => (names.length > 0 ? [[code, { names: names.join(", ") }]] : []);
  const people = [...named("access.removed", removed), ...named("access.added", added)];
  return [...(head.reason === "recused" ? [] : people), [`access.why.${head.reason}`]];
}

const textElement = (text) => fill(stamp("text"), { text });
const headed = (heading, text) => fill(stamp("headed"), { heading, text });

/** A system line is a code with dates and numbers; the words are this page's. */
export function systemLine(desk, { code, params }) {
  const shown = Object.entries(params ?? {}).map(([name, value]) => [
    name,
    /^\d{4}-\d{2}-\d{2}$/u.test(value) ? desk.day(value) : value,
  ]);
  const line = params?.clock === undefined ? `line.${code}` : `line.${code}.${params.clock}`;
  return desk.say(line, Object.fromEntries(shown));
}

function answerList(desk, body) {
  const list = stamp("answers");
  for (const { question, text, code } of answersOf(body)) {
    const row = { question: desk.say(question), answer: code === null ? text : desk.say(code) };
    list.append(fill(stamp("answer"), row));
  }
  return list;
}

/** The heading of an entry, or null for a message. */
export function headingOf(desk, { kind, side, head, named }) {
  if (side === "system" || kind === "message" || kind === "note") return null;
  if (kind === "closing") {
    return desk.say("kind.closing", { outcome: desk.say(`outcome.${head.outcome}`) });
  }
  if (kind === "person") return desk.say(`kind.person.${head.role}`);
  if (kind === "person_ended") return desk.say("kind.person_ended", { name: named ?? "" });
  if (kind === "person_ground") {
    const values = { name: named ?? "", day: head.given_on && desk.day(head.given_on) };
    return desk.say(`kind.person_ground.${head.duty ? "duty" : head.given}`, values);
  }
  if (kind === "consent") return desk.say(`kind.consent.${head.given ? "yes" : "no"}`);
  const day = head.earliest_on ?? head.answer_by;
  if (day) return desk.say(`kind.${kind}`, { day: desk.day(day) });
  if (kind === "waiver") return desk.say(`kind.waiver.${head.waive_ack ? "yes" : "no"}`);
  if (kind !== "feedback") return desk.say(`kind.${kind}`);
  if (head.final) return desk.say("kind.feedback.final");
  return desk.say("kind.feedback.interim", { day: desk.day(head.next_on) });
}

function authorOf(desk, { side, mine, author_name: name }) {
  if (side !== "handler") return desk.say(`side.${side}`);
  return mine ? desk.say("side.you", { name }) : name;
}

/** One entry as a list item. */
export function entryElement(desk, entry) {
  const made = stamp("entry");
  made.classList.add(entry.chain === "desk" ? "note" : entry.side);
  made.dataset.seq = entry.seq;
  made.dataset.kind = entry.kind;
  fill(made, {
    author: authorOf(desk, entry),
    role: entry.side === "handler" && !entry.mine ? entry.author_role : null,
    heading: headingOf(desk, entry),
    alarm: entry.alarm ? desk.say(`alarm.${entry.alarm}`) : null,
    made: entry.made === "server" && entry.side === "reporter" ? desk.say("made.server") : null,
  });
  const day = part(made, "day");
  day.dateTime = entry.on;
  day.textContent = desk.day(entry.on);
  part(made, "body").append(...bodyOf(desk, entry));
  return made;
}

/** The first words of an entry, to tell it from others. Pure. */
export const firstOf = ({ body }, longest = 40) => {
  const line = Object.values(body).join(" ").trim().replace(/\s+/gu, " ");
  return line.length <= longest ? line : `${line.slice(0, longest).replace(/\s\S*$/u, "")} …`;
};
