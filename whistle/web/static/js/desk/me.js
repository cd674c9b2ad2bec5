/** The handler's own: the calendar, whose address is shown once and taken back, and reminders. */

import { focusOn, part, show, whileBusy } from "./dom.js";
import { codeOf } from "./failures.js";
import { tell, warn } from "./forms.js";
import { wireReminders } from "./reminders.js";

/** Wires the view. Returns {open(), clear()}. */
export function wireMe(desk) {
  const view = desk.view("me");
  const address = view.querySelector("#feed-address");

  function showFeed(made, fresh = "") {
    address.value = fresh;
    show(part(view, "feed-none"), !made);
    show(part(view, "feed-made"), made);
    show(part(view, "feed-address"), fresh !== "");
    show(part(view, "feed-kept"), made && fresh === "");
  }

  const acts = {
    async "make-feed"() {
      const { address: fresh } = await desk.api.makeFeed();
      showFeed(true, fresh);
      tell(view, desk.say("feed.made"));
      focusOn(address);
    },
    async "drop-feed"() {
      await desk.api.dropFeed();
      showFeed(false);
      tell(view, desk.say("feed.dropped"));
      focusOn(view.querySelector(".status"));
    },
    async "copy-feed"() {
      const copied = await navigator.clipboard.writeText(address.value).then(
        () => true,
        () => false,
      );
      if (!copied) address.select();
      tell(view, desk.say(copied ? "feed.copied" : "feed.not-copied"));
    },
  };

  async function trying(work) {
    try {
      await work();
    } catch (error) {
      if (!desk.lost(error)) warn(view, desk.say(codeOf(error)));
    }
  }

  for (const [act, work] of Object.entries(acts)) {
    for (const button of view.querySelectorAll(`[data-act="${act}"]`)) {
      button.addEventListener("click", () => whileBusy(button, () => trying(work)));
    }
  }

  const reminders = wireReminders(desk, view, trying);

  return {
    async open() {
      tell(view, "");
      for (const name of ["feed-none", "feed-made"]) show(part(view, name), false);
      desk.show("me");
      await trying(async () => showFeed((await desk.api.feed()).made));
      await trying(() => reminders.open());
    },
    /** Takes the address off the page. */
    clear: () => showFeed(false),
  };
}
