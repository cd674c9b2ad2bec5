/** The dated duties of one case, in its view; they are done in the list of all of them. */

import { fill, part, show, stamp } from "./dom.js";

/** Shows the tasks of one case in its view; without an answer nothing is shown. */
export async function showTasksOf(desk, view, id, stillHere) {
  const { tasks } = await desk.api.tasks().catch(() => ({ tasks: [] }));
  if (!stillHere()) return;
  const lines = tasks
    .filter((task) => task.case === id)
    .map((task) =>
      fill(stamp("person"), {
        name: desk.say(`task.${task.kind}`),
        role: desk.say("clock.due", { day: desk.day(task.due_on) }),
      }),
    );
  part(view, "case-tasks").replaceChildren(...lines);
  show(part(view, "case-tasks").parentElement, lines.length > 0);
}
