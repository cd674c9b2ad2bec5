/**
 * Proposals to delete something early: shown with what they name, approved by another person, or
 * ended. Nothing is deleted by one person alone.
 */

import { fill, part, show, stamp, whileBusy } from "./dom.js";
import { notThere } from "./failures.js";
import { tell, warn } from "./forms.js";
import { toCases } from "./routes.js";
import { sendEntry } from "./send.js";
import { firstOf } from "./thread.js";

/** What a proposal names, as the verified entries say: [] where nothing is left of it. Pure. */
export function namedIn({ erases, entries: named }, { entries, notes }) {
  const chain = erases === "notes" ? notes : entries;
  return named
    .map(({ seq, sha256 }) =>
      chain.find((one) => one.seq === seq && one.sealed_sha256 === sha256),
    )
    .filter(Boolean);
}

/** Wires the proposals of one case; `place` as in write.js. Returns {offer(writes)}. */
export function wireProposals(desk, place, section) {
  const list = part(section, "proposals");

  /** Shows what stands; `writes`: whether this handler may act on it. */
  function offer(writes) {
    const { opened } = place.current();
    list.replaceChildren(...opened.proposals.map((one) => element(one, opened, writes)));
    show(list.parentElement, opened.proposals.length > 0);
  }

  function element(proposal, opened, writes) {
    const made = stamp("proposal");
    const named = proposal.erases === "case" ? [] : namedIn(proposal, opened);
    fill(made, {
      who: desk.say("proposal.by", { name: proposal.by, day: desk.day(proposal.on) }),
      what: proposal.erases === "case" ? desk.say("proposal.case") : named.map(what).join(" · "),
      why: desk.say(`proposal.why.${proposal.reason}`),
      wait: proposal.own && desk.say("proposal.wait"),
    });
    const [approve, end] = [part(made, "approve"), part(made, "end")];
    end.textContent = desk.say(proposal.own ? "proposal.take-back" : "proposal.refuse");
    approve.textContent = desk.say(`proposal.approve.${proposal.erases === "case" ? "case" : "entry"}`);
    show(approve, writes && !proposal.own && (proposal.erases === "case" || named.length > 0));
    show(end, writes);
    approve.addEventListener("click", () => whileBusy(approve, () => act(() => agree(proposal))));
    end.addEventListener("click", () => whileBusy(end, () => act(() => finish(proposal))));
    return made;
  }

  function what(entry) {
    const author = entry.side === "handler" ? entry.author_name : desk.say(`side.${entry.side}`);
    return `${desk.shortDay(entry.on)}, ${author}: ${firstOf(entry)}`;
  }

  async function act(work) {
    tell(section, desk.say("write.sending"));
    try {
      await work();
    } catch (error) {
      place.failed(error, section);
    }
  }

  async function send(asked) {
    const result = await sendEntry({ unanswered: desk.unanswered, reload: place.reload, again: false, ...asked });
    if (result === "news") warn(section, desk.say("write.news"));
    return result === "sent";
  }

  async function agree({ proposal, erases }) {
    const { one } = place.current();
    try {
      const sent = await send({
        key: JSON.stringify([one.id, "approve", proposal]),
        make: () => desk.sealing.ask("approve", { proposal }),
        post: (approval) => desk.api.approve(one.id, approval),
      });
      if (!sent) return;
    } catch (error) {
      // An answer that was lost: the second time the case is not there any more.
      if (erases !== "case" || !notThere(error)) throw error;
    }
    if (erases === "case") gone(one);
    else await place.sent(section, desk.say("step.done.erased"));
  }

  function gone(one) {
    desk.drafts.drop(one.id);
    desk.list.forget(one.id);
    desk.parting = desk.say("proposal.gone", { number: one.number });
    location.replace(toCases("closed"));
  }

  async function finish({ proposal }) {
    const { one } = place.current();
    const asked = { kind: "erasure_withdrawal", body: {}, proposal };
    const sent = await send({
      key: JSON.stringify([one.id, asked]),
      make: () => desk.sealing.ask("note", asked),
      post: (entry) => desk.api.append(one.id, entry),
    });
    if (sent) await place.sent(section, desk.say("proposal.ended"));
  }

  return { offer };
}
