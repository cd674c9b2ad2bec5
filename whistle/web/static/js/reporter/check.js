/** The check page: every question with its answer, and a way to change it. */

import { visible } from "../sealing/signs.js";
import { remaining } from "./answers.js";
import { all, fill, one, stamp, wordsOf } from "./dom.js";

// Not a notice's heading, which may stand before the question.
const QUESTION = "legend > h2, label > h2, :scope > h2";
const questionOf = (section) => one(QUESTION, section).firstChild.textContent.trim();

const labelOf = (input) => one(`label[for="${input.id}"]`).textContent.trim();

const chosen = (name) => all(`[data-form] [name="${name}"]:checked`).map(labelOf).join(", ");

function rowsOf(answers, readers, recovery) {
  const section = (step) => one(`#step-${step}`);
  const row = (step, answer) => ({ step, question: questionOf(section(step)), answer });
  const who = answers.named
    ? [answers.name, answers.contact].map((part) => part.trim()).filter(Boolean).join("\n")
    : wordsOf("anonymous");
  const reading = remaining(readers, answers.leftOut).map(({ name }) => name).join(", ");
  return [
    row("what", answers.what.trim()),
    row("when", answers.when_where.trim()),
    row("ongoing", chosen("ongoing")),
    row("topic", chosen("topic")),
    row("how", answers.how_known.trim()),
    row("readers", chosen("left_out") || wordsOf("nobody")),
    { step: "readers", question: wordsOf("they-read"), answer: reading },
    ...(recovery ? [{ step: "readers", question: wordsOf("recovery-key"), answer: recovery }] : []),
    row("who", who),
    ...replyRows(answers, section("reply")),
  ];
}

function replyRows(answers, section) {
  const spoken = { question: one("legend", section).textContent.trim(), answer: chosen("answer_in") };
  const asked = all("input[type=checkbox]:checked", section).map(labelOf).join("\n");
  const wishes = { question: questionOf(section), answer: asked };
  return [spoken, ...(asked ? [wishes] : [])].map((row) => ({ step: "reply", ...row }));
}

/** Builds the list; `change` is called with the step of the link that was pressed. */
export function showAnswers(answers, { readers, recovery }, change) {
  const rows = rowsOf(answers, readers, recovery).map(({ step, question, answer }) => {
    const row = fill(stamp("answer"), {
      question,
      answer: visible(answer) || wordsOf("unanswered"),
      which: question,
    });
    const link = one("a", row);
    link.href = `#step-${step}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      change(`step-${step}`);
    });
    return row;
  });
  one("[data-answers]").replaceChildren(...rows);
}
