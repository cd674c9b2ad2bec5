/** In which language the handler is reminded by mail. */

import { part, show, whileBusy } from "./dom.js";
import { formOf, tell, valueOf } from "./forms.js";

/** Wires the form in a view; `trying` does a work and tells what went wrong. Returns {open()}. */
export function wireReminders(desk, view, trying) {
  const form = formOf(view, "reminders");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const save = async () => {
      await desk.api.chooseReminders({ language: valueOf(form, "reminder_language") });
      tell(view, desk.say("reminders.saved"));
    };
    whileBusy(form.querySelector("button"), () => trying(save));
  });

  return {
    async open() {
      show(part(view, "reminders"), false);
      const { language } = await desk.api.reminders();
      form.elements.reminder_language.value = language;
      show(part(view, "reminders"), true);
    },
  };
}
